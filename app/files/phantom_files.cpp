#include "app/files/phantom_files.h"

#include "core/base/files.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/io/nifti_writer.h"
#include "core/phantom/subject.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

Result<PhantomFiles> writeDicom(const fs::path& folder, const phantom::Subject& subject,
                                PhantomFiles files) {
  io::DicomSeries series;
  series.patient_id = files.patient;
  series.patient_name = "Phantom^" + files.patient;
  series.study_key =
      "phantom " + std::to_string(subject.seed) + " " + std::to_string(subject.index);
  series.study_description = "Cardiac MR, simulated";
  series.series_description = subject.psir ? "LGE SAX PSIR" : "LGE SAX MAG";
  series.series_number = subject.psir ? 12 : 11;
  files.description = series.series_description;
  GADOLIN_CHECK(io::writeDicomSeries(folder / "dicom" / files.patient, subject.shown(), series));
  files.mask = folder / "masks" / (files.patient + "_mask.nii.gz");
  GADOLIN_CHECK(makePrivateFolder(files.mask.parent_path()));
  GADOLIN_CHECK(io::writeNifti(files.mask, subject.truth));
  return files;
}

Result<PhantomFiles> writeNifti(const fs::path& folder, const phantom::Subject& subject,
                                PhantomFiles files) {
  GADOLIN_CHECK(makePrivateFolder(folder / "nifti"));
  GADOLIN_CHECK(
      io::writeNifti(folder / "nifti" / (files.patient + ".nii.gz"), subject.shown().image));
  files.mask = folder / "nifti" / (files.patient + "_mask.nii.gz");
  GADOLIN_CHECK(io::writeNifti(files.mask, subject.truth));
  return files;
}

}  // namespace

Result<std::vector<PhantomFiles>> writePhantomCohort(const fs::path& folder, std::uint64_t seed,
                                                     int patients,
                                                     const std::function<void(int)>& progress) {
  std::vector<PhantomFiles> cohort;
  for (int i = 0; i < patients; ++i) {
    const phantom::Subject subject = phantom::makeSubject(seed, i);
    PhantomFiles files;
    // Cohorts of several seeds can live in one project.
    files.patient = seed == 1 ? subject.name : subject.name + "-seed" + std::to_string(seed);
    files.dicom = i % 2 == 0;
    files.healthy = subject.healthy;
    GADOLIN_TRY(files, files.dicom ? writeDicom(folder, subject, files)
                                   : writeNifti(folder, subject, files));
    cohort.push_back(std::move(files));
    progress(i + 1);
  }
  return cohort;
}

}  // namespace gadolin::ctl
