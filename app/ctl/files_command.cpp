#include "app/ctl/files_command.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

namespace gadolin::ctl {
namespace {

bool isFilesCommand(std::string_view word) {
  if (std::ranges::find(child_commands, word) != child_commands.end()) return true;
  return std::ranges::any_of(std::array{pacs_words, demo_words, report_words, export_words},
                             [&](const FilesCommand& one) { return one.name == word; });
}

}  // namespace

std::optional<int> becomeFiles(int argc, char** argv) {
  const auto word = std::find_if(argv + std::min(argc, 1), argv + argc,
                                 [](std::string_view one) { return one != "--json"; });
  if (word == argv + argc) return std::nullopt;
  const auto isFrom = [](std::string_view one) {
    return one == init_from_option || one.starts_with(std::string(init_from_option) + "=");
  };
  const bool from_archive =
      std::string_view(*word) == "init" && std::any_of(word, argv + argc, isFrom);
  if (!from_archive && !isFilesCommand(*word)) return std::nullopt;

  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::string program = (self.parent_path() / "gadolin-files").string();
  ::execv(program.c_str(), argv);
  std::fprintf(
      stderr,
      "gadolinctl: '%s' needs the program gadolin-files beside gadolinctl: %s could not be "
      "started (%s). Install Gadolin again; nothing was changed.\n",
      *word, program.c_str(), std::strerror(errno));
  return exit_failed;
}

void addFilesCommand(CLI::App& app, const FilesCommand& command) {
  app.add_subcommand(command.name, command.meaning);
}

}  // namespace gadolin::ctl
