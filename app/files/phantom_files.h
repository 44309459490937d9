#pragma once
// The synthetic cohort as files, the way a scanner and a lab would hand it over.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::ctl {

/// Where one subject lies.
struct PhantomFiles {
  std::string patient;  // also PatientID
  bool dicom = false;   // else NIfTI with its mask beside it
  bool healthy = true;
  std::filesystem::path mask;  // NIfTI in both cases
  std::string description;     // series description, of DICOM
};

/// Every second subject as a DICOM series (dicom/<patient>/IM0001.dcm ..., the mask under masks/),
/// the others as NIfTI (nifti/<patient>.nii.gz and <patient>_mask.nii.gz). The same seed gives the
/// same files. `progress` is called after each subject, in this thread.
Result<std::vector<PhantomFiles>> writePhantomCohort(const std::filesystem::path& folder,
                                                     std::uint64_t seed, int patients,
                                                     const std::function<void(int)>& progress);

}  // namespace gadolin::ctl
