#include "app/files/dicom_images.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include "app/files/export_cases.h"
#include "core/base/hash.h"
#include "core/imaging/display_orientation.h"
#include "core/imaging/io/dicom_pixels.h"
#include "core/imaging/io/dicom_writer.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

/// The pseudonym, in at most 64 characters.
std::string identityOf(const std::string& patient) {
  if (patient.size() <= 64) return patient;
  return patient.substr(0, 57) + "-" + sha256Hex(patient).substr(0, 6);
}

/// 16 bits hold every stack of whole numbers exactly, and others to half of a step.
Result<void> compareImage(const fs::path& file, const Stack& stack, int z) {
  GADOLIN_TRY(const auto pixels, io::DicomPixels::open(file));
  const auto wanted = stack.image.slice(z);
  std::vector<float> back(wanted.size());
  if (pixels.rows() != stack.image.geometry.size[1] ||
      pixels.columns() != stack.image.geometry.size[0])
    return differsFromWritten(file);
  GADOLIN_CHECK(pixels.frame(0, back));
  const auto [low, high] = std::ranges::minmax(stack.image.voxels);
  const double range = std::max(0.0, double{high}) - std::min(0.0, double{low});
  const bool whole = range <= 65535 && std::ranges::all_of(stack.image.voxels, [](float value) {
                       return value == std::floor(value);
                     });
  const double most = whole ? 0 : range / 65535 * 0.51 + 1e-6 * range;
  for (std::size_t i = 0; i < back.size(); ++i)
    if (std::abs(double{back[i]} - double{wanted[i]}) > most) return differsFromWritten(file);
  return {};
}

Result<std::vector<io::SourceImage>> writeImages(ExportFolder& folder,
                                                 const db::StackRecord& record,
                                                 const Stack& stack) {
  io::DicomSeries series;
  series.patient_id = identityOf(record.patient);
  series.patient_name = series.patient_id;
  series.study_key = "export " + record.patient + " " + record.content_hash;
  series.study_date.clear();
  series.study_description = "Late gadolinium enhancement";
  series.series_description = ("LGE " + record.id).substr(0, 64);
  series.manufacturer = "Gadolin";
  series.bits = 16;
  series.derived = true;
  // The names are asked for first: those of the writer must be these.
  std::vector<fs::path> wanted;
  for (int z = 0; z < stack.sliceCount(); ++z) {
    char name[32];
    std::snprintf(name, sizeof name, "/images/IM%04d.dcm", z + 1);
    GADOLIN_TRY(wanted.emplace_back(), folder.file(record.id + name));
  }
  GADOLIN_TRY(const auto files, io::writeDicomSeries(wanted.front().parent_path(), stack, series));
  if (files != wanted)
    return Error{ErrorCode::Internal, "The images of " + record.id + " got other names."};
  std::vector<io::SourceImage> images;
  for (std::size_t z = 0; z < files.size(); ++z) {
    GADOLIN_CHECK(compareImage(files[z], stack, static_cast<int>(z)));
    GADOLIN_TRY(const auto image, io::readSourceImage(files[z]));
    if (!image) return differsFromWritten(files[z]);
    images.push_back(*image);
  }
  return images;
}

}  // namespace

Result<ReferredImages> ReferredImages::find(session::Project& project, const fs::path& folder) {
  ReferredImages images;
  images.below_ = folder;
  if (!folder.empty()) {
    GADOLIN_TRY(images.originals_, DicomOriginals::find(project, folder));
  }
  return images;
}

Result<std::vector<io::SourceImage>> ReferredImages::of(ExportFolder& folder,
                                                        const db::StackRecord& record,
                                                        const Stack& stack) {
  if (!displayOrientation(stack.image.geometry).known) unoriented_.push_back(record.id);
  if (originals_) {
    auto images = originals_->of(record.id, stack);
    if (!images.empty()) return images;
    not_found_.push_back(record.id);
  }
  return writeImages(folder, record, stack);
}

std::vector<std::string> ReferredImages::sentences() const {
  std::vector<std::string> sentences;
  if (!not_found_.empty())
    sentences.push_back(
        "Not all of their images are below " + below_.string() +
        ", or they are frames of one file, of several studies, or without one frame "
        "of reference; images were written anew for: " +
        listOfNames(not_found_) + ".");
  if (!unoriented_.empty())
    sentences.push_back("Nobody knows how the patient lay, because their files did not say it: " +
                        listOfNames(unoriented_) +
                        ". DICOM has to state an orientation; sides (left, anterior, head) that a "
                        "viewer shows of them are made up, as ImageComments says.");
  return sentences;
}

}  // namespace gadolin::ctl
