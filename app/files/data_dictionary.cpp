#include "app/files/data_dictionary.h"

#include <cstdlib>
#include <filesystem>

namespace gadolin::ctl {

void useDictionaryBesideProgram() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto file = self.parent_path().parent_path() / "share/gadolin/dicom.dic";
  if (std::filesystem::is_regular_file(file, ignored)) ::setenv("DCMDICTPATH", file.c_str(), 0);
}

}  // namespace gadolin::ctl
