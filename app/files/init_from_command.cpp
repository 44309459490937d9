#include <cstdio>
#include <memory>

#include "app/ctl/files_command.h"
#include "app/files/project_archive.h"

namespace gadolin::ctl {

void addInitFrom(CLI::App& app, Context& context) {
  struct Arguments {
    std::string project, archive;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("init", "Make an empty project, or one out of an archive");
  command->add_option("project", arguments->project, "Folder to make, by custom NAME.gadolin")
      ->required();
  command->add_option("--from", arguments->archive, init_from_meaning)->required();
  command->callback([arguments, &context] {
    Output& output = context.output;
    const auto done =
        openArchive(arguments->archive, arguments->project,
                    [&output](auto at, auto all) { output.progress("Reading", at, all); });
    if (!done) {
      context.status = output.fail(done.error());
      return;
    }
    char size[32];
    std::snprintf(size, sizeof size, "%.1f MB", static_cast<double>(done->bytes) * 1e-6);
    output.summary({{"type", "summary"},
                    {"project", arguments->project},
                    {"files", done->files},
                    {"bytes", done->bytes}},
                   "Made the project " + arguments->project + " out of " + arguments->archive +
                       ": " + std::to_string(done->files) + " files, " + size +
                       ", every one as its list says.");
  });
}

}  // namespace gadolin::ctl
