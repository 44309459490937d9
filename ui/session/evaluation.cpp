#include "ui/session/evaluation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "core/base/time.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/current_predictions.h"
#include "ui/session/drawings.h"

namespace gadolin::session {
namespace {

/// "a, b, c and 4 more"
std::string listed(const std::vector<std::string>& names, std::size_t most = 5) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i ? ", " : "") + names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

/// Highest value of each slice of a uint8 map [slices, rows, columns], as 0..1; empty when absent.
std::vector<float> highestOfSlices(const TensorView* map, std::size_t slices) {
  if (map == nullptr || map->dtype != Dtype::U8 || map->shape.size() != 3 ||
      static_cast<std::size_t>(map->shape[0]) != slices || slices == 0) {
    return {};
  }
  const auto values = map->as<std::uint8_t>();
  const std::size_t size = values.size() / slices;
  std::vector<float> result;
  for (std::size_t z = 0; z < slices; ++z) {
    const auto slice = values.subspan(z * size, size);
    result.push_back(
        slice.empty() ? 0.F
                      : static_cast<float>(*std::max_element(slice.begin(), slice.end())) / 255.F);
  }
  return result;
}

/// Both kinds of score of one stack; the choice is made when all stacks are known.
struct Scores {
  analysis::SliceScores highest;
  std::vector<float> classifier;
  std::optional<float> classifier_stack;
};

Scores readScores(const std::filesystem::path& path, std::size_t slices) {
  Scores scores;
  auto file = SafetensorsFile::open(path);
  if (!file) return scores;
  scores.highest.myocardium = highestOfSlices(file->find("p_myocardium"), slices);
  scores.highest.fibrosis = highestOfSlices(file->find("p_fibrosis"), slices);
  const TensorView* classifier = file->find("slice_probability");
  if (classifier != nullptr && classifier->dtype == Dtype::F32 &&
      classifier->elementCount() == slices) {
    const auto values = classifier->as<float>();
    scores.classifier.assign(values.begin(), values.end());
  }
  const TensorView* whole = file->find("stack_probability");
  if (whole != nullptr && whole->dtype == Dtype::F32 && whole->elementCount() == 1)
    scores.classifier_stack = whole->as<float>()[0];
  return scores;
}

/// One stack to evaluate: everything is known to exist before the first voxel is read.
struct Job {
  db::StackRecord stack;
  db::MaskRecord reference;
  std::string prediction_sha256;
};

Result<std::vector<Job>> collectJobs(const ProjectPaths& paths, db::Database& database,
                                     const std::string& run, const std::string& split,
                                     const std::vector<db::StackRecord>& stacks,
                                     std::vector<std::string>& warnings) {
  GADOLIN_TRY(const auto predictions, currentPredictions(database, paths, run));
  std::map<std::string, std::int64_t> prediction_mask;
  for (const auto& prediction : predictions) prediction_mask[prediction.stack] = prediction.mask;

  std::vector<Job> jobs;
  std::vector<std::string> without_reference;
  std::vector<std::string> without_prediction;
  std::vector<std::string> circular;
  for (const db::StackRecord& stack : stacks) {
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack.id));
    const auto reference = chooseReference(masks);
    if (!reference) {
      without_reference.push_back(stack.id);
      continue;
    }
    const auto found = prediction_mask.find(stack.id);
    if (found == prediction_mask.end()) {
      without_prediction.push_back(stack.id);
      continue;
    }
    if (reference->began_as_prediction) circular.push_back(stack.id);
    GADOLIN_TRY(const auto prediction, db::maskById(database, found->second));
    jobs.push_back({stack, reference->record, prediction.sha256});
  }
  if (!without_prediction.empty()) {
    return Error{ErrorCode::NotFound,
                 "Run " + run + " has no prediction for " +
                     std::to_string(without_prediction.size()) + " of " +
                     std::to_string(stacks.size() - without_reference.size()) +
                     " stacks with a reference: " + listed(without_prediction) +
                     ". Run: gadolinctl predict PROJECT --run " + run +
                     (dataset::partFromText(split) ? " --split " + split : " --all")};
  }
  if (jobs.empty()) {
    return Error{ErrorCode::NotFound, "No stack of '" + split +
                                          "' has a reference mask to compare with. Import "
                                          "masks or contour some stacks first."};
  }
  if (!without_reference.empty()) {
    warnings.push_back(
        std::to_string(without_reference.size()) +
        " stacks without a reference mask are left out: " + listed(without_reference) + ".");
  }
  if (!circular.empty()) {
    warnings.push_back("The reference of " + std::to_string(circular.size()) +
                       " stacks began as a prediction that a reader accepted or edited, which "
                       "flatters the scores: " +
                       listed(circular) + ".");
  }
  return jobs;
}

/// Fills in the scores of all stacks from one source, so that slices can be compared.
std::string chooseScores(std::vector<analysis::EvaluatedStack>& stacks, std::vector<Scores>& scores,
                         std::vector<std::string>& warnings) {
  const auto all = [&](auto&& has) { return std::all_of(scores.begin(), scores.end(), has); };
  const bool classifier = all([](const Scores& s) { return !s.classifier.empty(); });
  const bool highest = all([](const Scores& s) { return !s.highest.fibrosis.empty(); });
  if (!classifier && !highest) {
    warnings.push_back(
        "The run folder lacks probability maps of some stacks, so there is no AUROC. Predict again "
        "to have them.");
    return {};
  }
  // The same for whole stacks: a probability of the classifier and the highest of some slices are
  // not on one scale.
  const bool whole =
      classifier && all([](const Scores& s) { return s.classifier_stack.has_value(); });
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    stacks[i].scores = std::move(scores[i].highest);
    if (classifier) stacks[i].scores.fibrosis = std::move(scores[i].classifier);
    if (whole) stacks[i].scores.stack_fibrosis = scores[i].classifier_stack;
  }
  return classifier ? "classifier" : "max-probability";
}

Result<EvaluatedRun> evaluateStacks(const ProjectPaths& paths, db::Database& database,
                                    const std::string& run, const std::string& split,
                                    const std::vector<db::StackRecord>& chosen,
                                    const std::string& gadolin_version,
                                    const std::function<void(int, int)>& progress) {
  EvaluatedRun result;
  analysis::Evaluation& evaluation = result.evaluation;
  evaluation.run = run;
  evaluation.split = split;
  evaluation.gadolin_version = gadolin_version;
  evaluation.created_utc = utcNow();
  GADOLIN_TRY(const auto jobs,
              collectJobs(paths, database, run, split, chosen, evaluation.warnings));

  std::vector<analysis::EvaluatedStack>& stacks = result.stacks;
  std::vector<Scores> scores;
  for (const Job& job : jobs) {
    GADOLIN_TRY(const Stack stack, readStack(paths.stack(job.stack.id)));
    const Geometry& grid = stack.image.geometry;
    GADOLIN_TRY(const Mask reference, readMaskOn(paths.mask(job.reference.sha256), grid));
    GADOLIN_TRY(Mask prediction, readMaskOn(paths.mask(job.prediction_sha256), grid));
    // Where nobody has drawn yet there is nothing to be right or wrong about.
    GADOLIN_TRY(const auto undrawn, undrawnSlices(database, job.reference, reference));
    for (const int z : undrawn) std::ranges::fill(prediction.slice(z), std::uint8_t{0});
    std::vector<double> extent_mm;
    for (const SliceInfo& slice : stack.slices) extent_mm.push_back(slice.extent_mm);
    GADOLIN_TRY(auto evaluated, analysis::evaluateStack(job.stack.patient, job.stack.id, reference,
                                                        prediction, extent_mm, {}));
    scores.push_back(readScores(paths.run(run).prediction(job.stack.id), extent_mm.size()));
    stacks.push_back(std::move(evaluated));
    if (progress) progress(static_cast<int>(stacks.size()), static_cast<int>(jobs.size()));
  }
  evaluation.slice_score = chooseScores(stacks, scores, evaluation.warnings);
  for (std::size_t i = 0; i < evaluation.targets.size(); ++i) {
    evaluation.targets[i] = analysis::summarise(stacks, analysis::all_targets[i]);
  }
  return result;
}

}  // namespace

std::optional<ReferenceMask> chooseReference(const std::vector<db::MaskRecord>& masks_of_stack) {
  std::map<std::int64_t, const db::MaskRecord*> by_id;
  for (const db::MaskRecord& mask : masks_of_stack) by_id[mask.id] = &mask;
  const auto beganAsPrediction = [&](const db::MaskRecord& mask) {
    const db::MaskRecord* at = &mask;
    // A parent is older than its child, so the walk ends.
    while (at->parent) {
      const auto found = by_id.find(*at->parent);
      if (found == by_id.end() || found->second->id >= at->id) return false;
      at = found->second;
      if (at->source == db::MaskSource::Prediction) return true;
    }
    return false;
  };
  std::optional<ReferenceMask> best;
  for (const db::MaskRecord& mask : masks_of_stack) {
    if (mask.source == db::MaskSource::Prediction || mask.withdrawn) continue;
    const bool began = beganAsPrediction(mask);
    const bool better = !best || (best->began_as_prediction && !began) ||
                        (best->began_as_prediction == began && mask.id > best->record.id);
    if (better) best = ReferenceMask{mask, began};
  }
  return best;
}

Result<std::vector<db::StackRecord>> stacksOfSplit(db::Database& database,
                                                   const std::string& split) {
  GADOLIN_TRY(auto stacks, db::allStacks(database));
  if (split != "all") {
    const auto part = dataset::partFromText(split);
    if (!part || *part == dataset::Part::None) {
      return Error{ErrorCode::InvalidInput,
                   "'" + split + "' is not a part of a split. Use train, val, test or all."};
    }
    GADOLIN_TRY(const auto records, db::split(database));
    std::set<std::string> patients;
    for (const db::SplitRecord& record : records) {
      if (record.part == *part) patients.insert(record.patient);
    }
    std::erase_if(stacks, [&](const db::StackRecord& s) { return !patients.contains(s.patient); });
  }
  if (stacks.empty()) {
    return Error{ErrorCode::Conflict,
                 split == "all" ? std::string("The project holds no stack yet. Import some first: "
                                              "gadolinctl import PROJECT FOLDER")
                                : "No patient belongs to the part '" + split +
                                      "'. Split the cohort first: gadolinctl split PROJECT"};
  }
  std::sort(stacks.begin(), stacks.end(), [](const auto& a, const auto& b) {
    return std::pair(a.patient, a.id) < std::pair(b.patient, b.id);
  });
  return stacks;
}

Result<analysis::Evaluation> evaluateRun(const ProjectPaths& paths, db::Database& database,
                                         const std::string& run, const std::string& split,
                                         const std::string& gadolin_version,
                                         const std::function<void(int, int)>& progress) {
  GADOLIN_CHECK(db::runById(database, run));
  GADOLIN_TRY(const auto stacks, stacksOfSplit(database, split));
  GADOLIN_TRY(auto evaluated,
              evaluateStacks(paths, database, run, split, stacks, gadolin_version, progress));
  return std::move(evaluated.evaluation);
}

Result<EvaluatedRun> evaluatePatients(const ProjectPaths& paths, db::Database& database,
                                      const std::string& run, const std::set<std::string>& patients,
                                      const std::string& label,
                                      const std::string& gadolin_version) {
  GADOLIN_CHECK(db::runById(database, run));
  GADOLIN_TRY(auto stacks, stacksOfSplit(database, "all"));
  std::erase_if(stacks, [&](const db::StackRecord& s) { return !patients.contains(s.patient); });
  return evaluateStacks(paths, database, run, label, stacks, gadolin_version, {});
}

Result<void> saveEvaluation(const ProjectPaths& paths, const analysis::Evaluation& evaluation) {
  return writeFileAtomically(paths.run(evaluation.run).metrics(),
                             analysis::toJson(evaluation) + "\n");
}

Result<analysis::Evaluation> loadEvaluation(const ProjectPaths& paths, const std::string& run) {
  const auto file = paths.run(run).metrics();
  if (!std::filesystem::exists(file)) {
    return Error{ErrorCode::NotFound, "Run " + run +
                                          " has not been evaluated yet. Run: gadolinctl evaluate "
                                          "PROJECT --run " +
                                          run};
  }
  GADOLIN_TRY(const std::string json, readFile(file));
  auto evaluation = analysis::evaluationFromJson(json);
  if (!evaluation) return evaluation.error().within(file.string());
  return evaluation;
}

}  // namespace gadolin::session
