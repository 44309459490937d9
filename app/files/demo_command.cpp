#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/files_command.h"
#include "app/ctl/import_run.h"
#include "app/files/phantom_files.h"
#include "core/base/files.h"
#include "core/base/id.h"
#include "database/stacks.h"
#include "ui/session/decode_client.h"
#include "ui/session/project.h"
#include "ui/session/reference_mask.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

struct DemoArguments {
  std::string project;
  int patients = 24;
  std::uint64_t seed = 1;
  std::string files;
};

/// The cohort's files, gone with the object unless they are to be kept.
class CohortFolder {
 public:
  CohortFolder(fs::path path, bool kept) : path_(std::move(path)), kept_(kept) {}
  CohortFolder(const CohortFolder&) = delete;
  CohortFolder& operator=(const CohortFolder&) = delete;
  ~CohortFolder() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  bool kept_;
};

/// The masks of the DICOM series lie in files of their own. Returns how many stacks now have one.
Result<int> importMasks(session::Project& project, const std::vector<PhantomFiles>& cohort,
                        Output& output) {
  session::DecodeClient reader(session::gadolinctlProgram());
  int masks = 0, done = 0;
  for (const PhantomFiles& files : cohort) {
    output.progress("Reading masks", done++, static_cast<std::int64_t>(cohort.size()));
    if (!files.dicom) continue;
    GADOLIN_TRY(const auto stacks, db::stacksOfPatient(project.reader(), files.patient));
    const auto stack = std::ranges::find(stacks, files.description, &db::StackRecord::description);
    if (stack == stacks.end()) {
      return Error{ErrorCode::Internal, "The series " + files.description + " of " + files.patient +
                                            " was not imported."};
    }
    GADOLIN_CHECK(session::importReferenceMask(project, reader, stack->id, files.mask, "phantom"));
    ++masks;
  }
  output.progress("Reading masks", done, static_cast<std::int64_t>(cohort.size()));
  return masks;
}

struct Made {
  session::ImportSummary imported;
  int healthy = 0;
};

Result<Made> makeDemo(const DemoArguments& arguments, Output& output) {
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  const bool kept = !arguments.files.empty();
  const fs::path place =
      kept ? fs::path(arguments.files) : project->paths().scratch() / newId("phantom");
  std::error_code ignored;
  if (kept && fs::exists(place, ignored) && !fs::is_empty(place, ignored)) {
    return Error{ErrorCode::Conflict, place.string() +
                                          " is not empty. Choose another folder; files "
                                          "are never replaced."};
  }
  const CohortFolder folder(place, kept);
  GADOLIN_CHECK(makePrivateFolder(folder.path()));
  GADOLIN_TRY(const auto cohort,
              writePhantomCohort(folder.path(), arguments.seed, arguments.patients, [&](int done) {
                output.progress("Drawing", done, arguments.patients);
              }));
  session::ImportRequest request;
  request.identity = session::Identity::Keep;  // nobody is behind these names
  for (const char* part : {"dicom", "nifti"}) {
    if (fs::exists(folder.path() / part, ignored)) request.paths.push_back(folder.path() / part);
  }
  Made made;
  GADOLIN_TRY(made.imported, runImport(*project, request, output));
  if (made.imported.ended_by) return made;
  GADOLIN_TRY(const int masks, importMasks(*project, cohort, output));
  made.imported.masks += masks;
  for (const PhantomFiles& files : cohort) made.healthy += files.healthy ? 1 : 0;
  return made;
}

int demo(const DemoArguments& arguments, Output& output) {
  const auto made = makeDemo(arguments, output);
  if (!made) return output.fail(made.error());
  const session::ImportSummary& imported = made->imported;
  nlohmann::json refused = nlohmann::json::array();
  for (const auto& refusal : imported.refused) {
    refused.push_back({{"path", refusal.path}, {"reason", refusal.reason}, {"code", refusal.code}});
  }
  output.summary({{"type", "summary"},
                  {"patients", imported.patients},
                  {"stacks", imported.stacks},
                  {"slices", imported.slices},
                  {"masks", imported.masks},
                  {"healthy", made->healthy},
                  {"new_stacks", imported.new_stacks},
                  {"seed", arguments.seed},
                  {"refused", refused},
                  {"warnings", imported.warnings}},
                 std::to_string(imported.patients) + " synthetic patients (" +
                     std::to_string(made->healthy) + " healthy), " +
                     std::to_string(imported.slices) + " slices, " +
                     std::to_string(imported.masks) + " reference masks." +
                     (imported.new_stacks == 0 ? " All were already there." : ""));
  if (imported.ended_by) output.fail(*imported.ended_by);
  return imported.refused.empty() && !imported.ended_by ? exit_done : exit_part;
}

}  // namespace

void addDemo(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<DemoArguments>();
  auto* command = app.add_subcommand(demo_words.name, demo_words.meaning);
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--patients", arguments->patients, "How many, 1 to 999")
      ->check(CLI::Range(1, 999));
  command->add_option("--seed", arguments->seed, "The same seed gives the same cohort");
  command->add_option("--files", arguments->files,
                      "Keep the DICOM and NIfTI files in this (empty) folder");
  command->callback([arguments, &context] { context.status = demo(*arguments, context.output); });
}

}  // namespace gadolin::ctl
