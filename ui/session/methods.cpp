#include "ui/session/methods.h"

#include "core/analysis/quantification.h"
#include "core/report/wording.h"
#include "database/runs.h"
#include "database/set_aside.h"
#include "database/stacks.h"
#include "ui/session/methods_parts.h"
#include "ui/session/report_builder.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

MethodsRun readRun(const ProjectPaths& paths, db::RunRecord record) {
  const run::RunFolder folder = paths.run(record.id);
  MethodsRun run;
  run.record = std::move(record);
  run.imported = run::isImported(folder);
  if (auto config = run::readRunConfig(folder.config())) run.config = std::move(config).value();
  if (!run.imported) {
    if (auto dataset = dataset::FrozenDataset::open(folder.dataset()))
      run.dataset.emplace(std::move(dataset).value());
  }
  return run;
}

report::MethodsSection measuringSection() {
  return {"Measurement",
          "The volume of a slice is its pixels times their area times the part of the stack's axis "
          "that it stands for: half the way to each neighbour. Mass is volume times " +
              report::fixed(analysis::myocardium_g_per_ml, 2) +
              " g/ml. The share of scar is scar over LV myocardium, both with microvascular "
              "obstruction."};
}

report::MethodsSection softwareSection(const ProjectPaths& paths, const MethodsRun* run,
                                       const std::string& version) {
  std::string text = "Measurements and this text: Gadolin " + version + ".";
  if (run == nullptr || !run->config) return {"Software", text};
  text += " Training: Gadolin " + run->config->gadolin_version;
  if (const auto history = readCurves(paths.run(run->record.id)); history && history->hello) {
    text += ", LibTorch " + history->hello->torch_version;
    if (!history->hello->device.empty()) text += ", on " + history->hello->device;
  }
  return {"Software", text + "."};
}

}  // namespace

Result<std::vector<report::MethodsSection>> collectMethods(const ProjectPaths& paths,
                                                           db::Database& database,
                                                           const std::optional<std::string>& run,
                                                           const std::string& gadolin_version) {
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  if (stacks.empty()) {
    return Error{ErrorCode::Conflict,
                 "The project holds no stack yet, so there is nothing to describe. Import some "
                 "first: gadolinctl import PROJECT FOLDER"};
  }
  GADOLIN_TRY(const auto aside, db::asideStacks(database));
  GADOLIN_TRY(const auto chosen, runToReport(paths, database, run));
  std::optional<MethodsRun> described;
  if (chosen) {
    GADOLIN_TRY(auto record, db::runById(database, *chosen));
    described = readRun(paths, std::move(record));
  }
  const MethodsRun* known = described ? &*described : nullptr;

  std::vector<report::MethodsSection> sections;
  sections.push_back(imagesSection(stacks, static_cast<int>(aside.size())));
  GADOLIN_TRY(auto labels, labelsSection(database, stacks));
  sections.push_back(std::move(labels));
  GADOLIN_TRY(auto masks, masksSection(database, stacks));
  sections.push_back(std::move(masks));
  GADOLIN_TRY(auto split, splitSection(database, known));
  sections.push_back(std::move(split));
  if (known != nullptr) {
    GADOLIN_TRY(auto training, trainingSections(paths, database, *known));
    for (auto& section : training) sections.push_back(std::move(section));
    sections.push_back(evaluationSection(paths, *known));
  } else {
    sections.push_back({"Training", "No training has finished in this project."});
  }
  sections.push_back(measuringSection());
  sections.push_back(softwareSection(paths, known, gadolin_version));
  return sections;
}

}  // namespace gadolin::session
