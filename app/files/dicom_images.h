#pragma once
// The DICOM images that objects on a stack refer to: those it was imported from, or its voxels
// anew.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/files/dicom_originals.h"
#include "app/files/export_folder.h"
#include "database/records.h"

namespace gadolin::ctl {

class ReferredImages {
 public:
  /// Looks for the images that stacks were imported from below `folder`; an empty name: for none.
  /// Errors of DicomOriginals::find().
  static Result<ReferredImages> find(session::Project& project,
                                     const std::filesystem::path& folder);

  /// One image for each slice: found, or else written as `<stack>/images/IM0001.dcm` and so on
  /// under the pseudonym, in 16 bits, without a date, and held against the stack voxel by voxel.
  Result<std::vector<io::SourceImage>> of(ExportFolder& folder, const db::StackRecord& record,
                                          const Stack& stack);

  /// Whose images were looked for and could not be referred to, and whose orientation is not known,
  /// so that DICOM's is made up; a sentence for each that there are.
  [[nodiscard]] std::vector<std::string> sentences() const;

 private:
  std::filesystem::path below_;
  std::optional<DicomOriginals> originals_;
  std::vector<std::string> not_found_, unoriented_;  // stacks
};

}  // namespace gadolin::ctl
