#pragma once
// The DICOM images that stacks were imported from, found again by what the project keeps of them.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/io/dicom_source.h"
#include "core/imaging/stack.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

/// Images below a folder whose UIDs the project has a mark of, by stack.
class DicomOriginals {
 public:
  /// Reads every header below `folder`. NotFound: no such folder. InvalidInput: the project keeps
  /// no mark of any image, because no stack came from DICOM.
  static Result<DicomOriginals> find(session::Project& project,
                                     const std::filesystem::path& folder);

  /// One image for each slice, in the stack's order; empty when any is missing, lies in a file of
  /// many frames or has no frame of reference, or when they are of several studies or frames of
  /// reference: no object could refer to them (core/imaging/io/dicom_object.h, checkSources()).
  [[nodiscard]] std::vector<io::SourceImage> of(const std::string& stack,
                                                const Stack& voxels) const;

 private:
  std::map<std::string, std::vector<io::SourceImage>> by_stack_;
};

}  // namespace gadolin::ctl
