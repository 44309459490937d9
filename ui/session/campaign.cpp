#include "ui/session/campaign.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/current_predictions.h"
#include "ui/session/run_history.h"
#include "ui/session/split_planner.h"

namespace gadolin::session {
namespace {

using dataset::Part;
using nlohmann::json;

/// Where no time was recorded: a contour of a slice, a label of a slice, a label of a stack.
constexpr double mask_seconds = 100, slice_seconds = 2, stack_seconds = 3;

constexpr int plan_version = 1;

/// Short and the same for the same request: what a person typed decides, not the hour.
std::string idOf(const std::string& kind, const RunRequest& request, const std::string& what) {
  std::string text = kind + '\n' + what + '\n' + std::string(toText(request.supervision)) + '\n' +
                     request.preset + '\n' + request.stage + '\n' + request.device + '\n' +
                     std::to_string(request.seed) + '\n' + std::to_string(request.threads);
  for (const auto& [key, value] : request.settings) text += '\n' + key + '=' + value;
  for (const auto& [patient, sight] : request.at_most)
    text += "\nlevel of " + patient + ": " + std::string(toText(sight));
  return kind + "-" + request.preset + "-" + what + "-" + sha256Hex(text).substr(0, 6);
}

/// The parts of the split that exist; Conflict without one.
Result<PatientParts> splitOf(db::Database& database) {
  GADOLIN_TRY(PatientParts parts, partsOf(database, {}));
  std::erase_if(parts, [](const auto& one) { return one.second == Part::None; });
  if (parts.empty())
    return Error{ErrorCode::Conflict,
                 "The patients are not split yet. Make a split first: gadolinctl split PROJECT"};
  return parts;
}

Result<std::vector<std::string>> orderOf(db::Database& database, std::uint64_t seed,
                                         const std::function<bool(const std::string&)>& wanted) {
  GADOLIN_TRY(auto patients, splitPatients(database));
  std::erase_if(patients, [&](const dataset::SplitPatient& one) { return !wanted(one.patient); });
  return dataset::spreadPatients(std::move(patients), seed);
}

/// Those of whom a prediction can be scored.
Result<std::set<std::string>> patientsWithReference(db::Database& database) {
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  std::set<std::string> patients;
  for (const db::StackRecord& stack : stacks)
    if (masks.contains(stack.id)) patients.insert(stack.patient);
  return patients;
}

/// Many runs one after another wait for nobody.
Result<void> refuseReview(const RunRequest& request) {
  GADOLIN_TRY(const run::Settings settings, settingsOf(request));
  if (settings.flag("pseudo.review"))
    return Error{ErrorCode::InvalidInput,
                 "With pseudo.review every run would stop for a person. Leave it off for folds and "
                 "studies."};
  return {};
}

json toJson(const PlannedRun& run) {
  json parts = json::object(), settings = json::array(), levels = json::object();
  for (const auto& [patient, part] : run.request.parts) parts[patient] = toText(part);
  for (const auto& [key, value] : run.request.settings) settings.push_back({key, value});
  for (const auto& [patient, sight] : run.request.at_most) levels[patient] = toText(sight);
  return {{"name", run.name},
          {"run", run.request.id},
          {"supervision", toText(run.request.supervision)},
          {"preset", run.request.preset},
          {"stage", run.request.stage},
          {"device", run.request.device},
          {"seed", run.request.seed},
          {"threads", run.request.threads},
          {"settings", settings},
          {"levels", levels},
          {"label_minutes", run.label_minutes},
          {"parts", parts}};
}

PlannedRun plannedFrom(const json& row) {
  PlannedRun run;
  run.name = row.at("name").get<std::string>();
  RunRequest& request = run.request;
  request.id = row.at("run").get<std::string>();
  request.supervision = run::supervisionFromText(row.at("supervision").get<std::string>()).value();
  request.preset = row.at("preset").get<std::string>();
  request.stage = row.at("stage").get<std::string>();
  request.device = row.at("device").get<std::string>();
  request.seed = row.at("seed").get<std::uint64_t>();
  request.threads = row.at("threads").get<int>();
  for (const json& setting : row.at("settings"))
    request.settings.emplace_back(setting.at(0).get<std::string>(),
                                  setting.at(1).get<std::string>());
  const json levels = row.value("levels", json::object());  // absent: of a plan without any
  for (const auto& [patient, level] : levels.items())
    request.at_most[patient] = sightFromText(level.get<std::string>()).value();
  run.label_minutes = row.at("label_minutes").get<double>();
  for (const auto& [patient, part] : row.at("parts").items())
    request.parts[patient] = dataset::partFromText(part.get<std::string>()).value();
  return run;
}

/// Seconds of people for the labels of these patients under a supervision.
class LabelTime {
 public:
  static Result<LabelTime> of(db::Database& database) {
    LabelTime time;
    GADOLIN_TRY(const auto stacks, db::allStacks(database));
    for (const db::StackRecord& stack : stacks) time.stacks_[stack.patient].push_back(stack);
    GADOLIN_TRY(const auto history, db::labelHistory(database, ""));
    for (const db::LabelEventRecord& event : history)
      if (event.origin == "key") time.recorded_[event.stack] += event.seconds;
    return time;
  }
  [[nodiscard]] double minutes(const std::set<std::string>& patients,
                               run::Supervision supervision) {
    double seconds = 0;
    for (const std::string& patient : patients)
      for (const db::StackRecord& stack : stacks_[patient]) seconds += of(stack, supervision);
    return seconds / 60;
  }
  [[nodiscard]] std::string assumption() const {
    std::string text = "Minutes are assumed: " + std::to_string(static_cast<int>(mask_seconds)) +
                       " s for the mask of a slice, " +
                       std::to_string(static_cast<int>(slice_seconds)) +
                       " s for the label of a slice, " +
                       std::to_string(static_cast<int>(stack_seconds)) + " s for that of a stack";
    return recorded_.empty() ? text + "."
                             : text +
                                   "; of stacks that were labelled in the window the recorded "
                                   "reading time counts for slice labels.";
  }

 private:
  [[nodiscard]] double of(const db::StackRecord& stack, run::Supervision supervision) const {
    if (supervision == run::Supervision::Stack) return stack_seconds;
    if (supervision == run::Supervision::Pixel) return mask_seconds * stack.size[2];
    const auto recorded = recorded_.find(stack.id);
    return recorded != recorded_.end() && recorded->second > 0 ? recorded->second
                                                               : slice_seconds * stack.size[2];
  }
  std::map<std::string, std::vector<db::StackRecord>> stacks_;
  std::map<std::string, double> recorded_;
};

}  // namespace

std::set<std::string> PlannedRun::patients(Part part) const {
  std::set<std::string> found;
  for (const auto& [patient, his] : request.parts)
    if (his == part) found.insert(patient);
  return found;
}

Result<Campaign> planFolds(db::Database& database, const RunRequest& request, int folds) {
  GADOLIN_CHECK(refuseReview(request));
  if (folds < 3 || folds > 20)
    return Error{
        ErrorCode::InvalidInput,
        "The number of folds is 3 to 20: one is held out, one validates, the others train."};
  GADOLIN_CHECK(checkLevels(database, request.at_most));
  GADOLIN_TRY(const PatientParts parts, splitOf(database));
  GADOLIN_TRY(const auto order, orderOf(database, request.seed, [&](const std::string& patient) {
                const auto part = parts.find(patient);
                return part != parts.end() && part->second != Part::Test;
              }));
  const auto count = static_cast<std::size_t>(folds);
  if (order.size() < count)
    return Error{ErrorCode::InvalidInput,
                 std::to_string(order.size()) + " patients outside the test part cannot fill " +
                     std::to_string(folds) + " folds. Ask for fewer folds."};
  GADOLIN_TRY(const auto referenced, patientsWithReference(database));
  Campaign campaign;
  campaign.kind = "folds";
  campaign.id = idOf("folds", request,
                     std::string(toText(request.supervision)) + "-" + std::to_string(folds));
  for (std::size_t held_out = 0; held_out < count; ++held_out) {
    PlannedRun run;
    run.name = "fold " + std::to_string(held_out + 1);
    run.request = request;
    run.request.id = campaign.id + "-" + std::to_string(held_out + 1);
    for (std::size_t i = 0; i < order.size(); ++i)
      run.request.parts[order[i]] = i % count == held_out                 ? Part::Test
                                    : i % count == (held_out + 1) % count ? Part::Validation
                                                                          : Part::Train;
    const auto held = run.patients(Part::Test);
    if (std::ranges::none_of(held, [&](const auto& one) { return referenced.contains(one); }))
      return Error{ErrorCode::InvalidInput,
                   "None of the " + std::to_string(held.size()) + " patients that " + run.name +
                       " holds out has a reference mask, so that it could not be scored. Ask for "
                       "fewer folds or another --seed, or import or draw masks of more patients."};
    campaign.runs.push_back(std::move(run));
  }
  return campaign;
}

Result<Campaign> planStudy(db::Database& database, const RunRequest& request,
                           const std::vector<run::Supervision>& supervisions,
                           const std::vector<int>& patients) {
  GADOLIN_CHECK(refuseReview(request));
  if (std::ranges::find(supervisions, run::Supervision::Mixed) != supervisions.end())
    return Error{
        ErrorCode::InvalidInput,
        "A learning curve is of pixel, slice or stack supervision. What a mixed run sees of "
        "each patient is a choice of its own, and no number of patients says how long its "
        "labels took. Leave mixed away, or train such runs one by one."};
  GADOLIN_TRY(const PatientParts parts, splitOf(database));
  GADOLIN_TRY(const auto order, orderOf(database, request.seed, [&](const std::string& patient) {
                const auto part = parts.find(patient);
                return part != parts.end() && part->second == Part::Train;
              }));
  GADOLIN_TRY(LabelTime time, LabelTime::of(database));
  Campaign campaign;
  campaign.kind = "study";
  std::string what;
  for (const auto supervision : supervisions) what += std::string(toText(supervision)) + "-";
  for (const int count : patients)
    what += std::to_string(count) + (count == patients.back() ? "" : "-");
  campaign.id = idOf("study", request, what);
  campaign.assumption = time.assumption();
  for (const auto supervision : supervisions) {
    for (const int count : patients) {
      if (count < 1 || static_cast<std::size_t>(count) > order.size())
        return Error{ErrorCode::InvalidInput,
                     "The training part has " + std::to_string(order.size()) + " patients; " +
                         std::to_string(count) + " of them cannot be trained on."};
      PlannedRun run;
      run.name = std::string(toText(supervision)) + ", " + std::to_string(count) + " patients";
      run.request = request;
      run.request.supervision = supervision;
      run.request.id = campaign.id + "-" + std::string(toText(supervision)) + std::to_string(count);
      for (const auto& [patient, part] : parts)
        if (part != Part::Train) run.request.parts[patient] = part;
      for (int i = 0; i < count; ++i)
        run.request.parts[order[static_cast<std::size_t>(i)]] = Part::Train;
      run.label_minutes = time.minutes(run.patients(Part::Train), supervision);
      GADOLIN_CHECK(settingsOf(run.request));
      campaign.runs.push_back(std::move(run));
    }
  }
  return campaign;
}

std::filesystem::path campaignFolder(const ProjectPaths& paths, const std::string& id) {
  return paths.studies() / id;
}

Result<Campaign> keepPlan(const ProjectPaths& paths, const Campaign& campaign) {
  const auto file = campaignFolder(paths, campaign.id) / "plan.json";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    json document{{"version", plan_version},
                  {"id", campaign.id},
                  {"kind", campaign.kind},
                  {"assumption", campaign.assumption},
                  {"runs", json::array()}};
    for (const PlannedRun& run : campaign.runs) document["runs"].push_back(toJson(run));
    GADOLIN_CHECK(makePrivateFolder(file.parent_path()));
    GADOLIN_CHECK(writeFileAtomically(
        file, document.dump(1, ' ', false, json::error_handler_t::replace) + "\n"));
  }
  GADOLIN_TRY(const std::string text, readFile(file, std::size_t{1} << 26));
  const json document = json::parse(text, nullptr, false);
  Campaign kept;
  try {
    if (document.at("version").get<int>() > plan_version)
      return Error{ErrorCode::NewerVersion,
                   file.string() + ": this plan was made by a newer Gadolin. Update this one."};
    kept.id = document.at("id").get<std::string>();
    kept.kind = document.at("kind").get<std::string>();
    kept.assumption = document.at("assumption").get<std::string>();
    for (const json& row : document.at("runs")) kept.runs.push_back(plannedFrom(row));
  } catch (const std::exception&) {
    return Error{ErrorCode::Corrupt, file.string() +
                                         ": this is not the plan of several runs. Move it "
                                         "away and ask again for a new plan."};
  }
  return kept;
}

Result<Standing> standingOf(db::Database& database, const ProjectPaths& paths,
                            const PlannedRun& planned) {
  const auto row = db::runById(database, planned.request.id);
  if (!row && row.error().code == ErrorCode::NotFound) return Standing::Absent;
  if (!row) return row.error();
  const run::RunFolder folder = paths.run(planned.request.id);
  if (workerAlive(folder))
    return Error{ErrorCode::Busy, "A worker is at run " + planned.request.id +
                                      ". Wait for its end, then ask again."};
  return run::trainedOf(folder) == run::Trained::Whole ? Standing::Trained : Standing::Broken;
}

Result<std::vector<std::string>> unpredicted(db::Database& database, const ProjectPaths& paths,
                                             const PlannedRun& planned) {
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto predictions, currentPredictions(database, paths, planned.request.id));
  std::set<std::string> known;
  for (const auto& prediction : predictions) known.insert(prediction.stack);
  const auto held_out = planned.patients(Part::Test);
  std::vector<std::string> missing;
  for (const auto& stack : stacks)
    if (held_out.contains(stack.patient) && !known.contains(stack.id)) missing.push_back(stack.id);
  return missing;
}

Result<std::vector<EvaluatedRun>> evaluateCampaign(const ProjectPaths& paths,
                                                   db::Database& database, const Campaign& campaign,
                                                   const std::string& gadolin_version) {
  std::vector<EvaluatedRun> all;
  for (const PlannedRun& run : campaign.runs) {
    GADOLIN_TRY(auto evaluated,
                evaluatePatients(paths, database, run.request.id, run.patients(Part::Test),
                                 run.name, gadolin_version));
    GADOLIN_CHECK(saveEvaluation(paths, evaluated.evaluation));
    all.push_back(std::move(evaluated));
  }
  return all;
}

}  // namespace gadolin::session
