#include "ui/session/mask_agreement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/analysis/quantification.h"
#include "core/dataset/frozen_dataset.h"
#include "core/imaging/stack_file.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/current_predictions.h"
#include "ui/session/drawings.h"

namespace gadolin::session {
namespace {

/// A mask with the revisions that it began as.
struct Standing {
  db::MaskRecord record;
  std::set<std::int64_t> began_as;
  /// What those hold that were not drawn: content of predictions and imported masks, and whose
  /// predictions they are. The same model predicts the same twice.
  std::set<std::string> made_of;
  bool from_prediction = false;
};

struct StackMasks {
  db::StackRecord stack;
  std::map<std::string, Standing, std::less<>> by_reader;
  std::optional<Standing> model;
  dataset::Part part = dataset::Part::None;  // to which the training of that model dealt it

  [[nodiscard]] const Standing* find(const MaskPair& pair, bool second) const {
    if (second && pair.model) return model ? &*model : nullptr;
    const auto found = by_reader.find(second ? pair.second : pair.first);
    return found == by_reader.end() ? nullptr : &found->second;
  }
};

Standing withOrigin(const db::MaskRecord& mask, const std::vector<db::MaskRecord>& all) {
  Standing standing{mask, {}, {}, false};
  std::optional<std::int64_t> parent = mask.parent;
  while (parent) {
    const auto found = std::ranges::find(all, *parent, &db::MaskRecord::id);
    if (found == all.end() || !standing.began_as.insert(found->id).second) break;
    if (found->source != db::MaskSource::Reader) standing.made_of.insert(found->sha256);
    if (found->source == db::MaskSource::Prediction) {
      standing.from_prediction = true;
      standing.made_of.insert("run " + found->run);
    }
    parent = found->parent;
  }
  return standing;
}

bool dependent(const Standing& first, const Standing& second) {
  if (second.record.source == db::MaskSource::Prediction) return first.from_prediction;
  std::set<std::int64_t> of_first = first.began_as;
  of_first.insert(first.record.id);
  if (std::ranges::any_of(second.made_of, [&](const std::string& origin) {
        return first.made_of.contains(origin);
      }))
    return true;
  return of_first.contains(second.record.id) ||
         std::ranges::any_of(second.began_as,
                             [&](std::int64_t id) { return of_first.contains(id); });
}

struct Predicted {
  std::int64_t mask = 0;
  std::string run;
};
using PredictedMasks = std::map<std::string, Predicted, std::less<>>;

Result<PredictedMasks> modelMasks(const ProjectPaths& paths, db::Database& database,
                                  const std::string& run) {
  PredictedMasks masks;
  if (!run.empty()) {
    GADOLIN_CHECK(db::runById(database, run));
    GADOLIN_TRY(const auto predictions, currentPredictions(database, paths, run));
    for (const auto& one : predictions) masks[one.stack] = {one.mask, run};
    return masks;
  }
  GADOLIN_TRY(const auto predictions, db::latestPredictions(database));
  std::map<std::string, std::set<std::int64_t>> current;
  for (const auto& one : predictions) {
    auto known = current.find(one.run);
    if (known == current.end()) {
      GADOLIN_TRY(const auto of_run, currentPredictions(database, paths, one.run));
      known = current.emplace(one.run, std::set<std::int64_t>()).first;
      for (const auto& each : of_run) known->second.insert(each.id);
    }
    if (known->second.contains(one.id)) masks[one.stack] = {one.mask, one.run};
  }
  return masks;
}

/// Where patients belong: what a run learnt from is what it was given, whatever the split is now.
class Parts {
 public:
  static Result<Parts> read(const ProjectPaths& paths, db::Database& database) {
    GADOLIN_TRY(const auto split, db::split(database));
    Parts parts(paths);
    for (const db::SplitRecord& one : split) parts.now_[one.patient] = one.part;
    return parts;
  }

  dataset::Part of(const std::string& run, const std::string& patient) {
    const Dealt& then = of_run(run);
    if (const auto found = then.find(patient); found != then.end()) return found->second;
    const auto found = now_.find(patient);
    return found == now_.end() ? dataset::Part::None : found->second;
  }

 private:
  using Dealt = std::map<std::string, dataset::Part, std::less<>>;
  explicit Parts(const ProjectPaths& paths) : paths_(paths) {}

  const Dealt& of_run(const std::string& run) {
    const auto [at, is_new] = of_runs_.try_emplace(run);
    if (!is_new) return at->second;
    // A run that was imported, or whose dataset was removed, has none.
    if (const auto data = dataset::FrozenDataset::open(paths_.run(run).dataset()))
      for (const dataset::FrozenStack& stack : data->stacks())
        at->second[stack.patient] = stack.part;
    return at->second;
  }

  ProjectPaths paths_;
  Dealt now_;
  std::map<std::string, Dealt> of_runs_;
};

Result<std::vector<StackMasks>> collect(const ProjectPaths& paths, db::Database& database,
                                        const std::string& run) {
  GADOLIN_TRY(const auto model, modelMasks(paths, database, run));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(auto parts, Parts::read(paths, database));
  std::vector<StackMasks> all;
  for (const db::StackRecord& stack : stacks) {
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack.id));
    StackMasks of{stack, {}, {}, {}};
    for (const db::MaskRecord& mask : masks) {  // oldest first: the newest stays
      if (mask.withdrawn || mask.source == db::MaskSource::Prediction) continue;
      const std::string name = mask.source == db::MaskSource::Reference
                                   ? std::string(db::reference_reader)
                                   : mask.author;
      of.by_reader.insert_or_assign(name, withOrigin(mask, masks));
    }
    if (const auto predicted = model.find(stack.id); predicted != model.end()) {
      GADOLIN_TRY(const auto mask, db::maskById(database, predicted->second.mask));
      of.model = Standing{mask, {}, {}, true};
      of.part = parts.of(predicted->second.run, stack.patient);
    }
    if (!of.by_reader.empty()) all.push_back(std::move(of));
  }
  std::ranges::sort(
      all, {}, [](const StackMasks& one) { return std::pair(one.stack.patient, one.stack.id); });
  return all;
}

/// Values of one patient while stacks are added up.
struct Sum {
  double first = 0;
  double second = 0;
  int stacks = 0;
  double largest = -1;  // difference that was met, in the measure's unit
  std::string stack;
  int slice = 0;
};

std::optional<double> valueOf(const analysis::TissueVolumes& volumes, Measure measure) {
  switch (measure) {
    case Measure::MyocardiumMl:
      return volumes.drawnMyocardium_ml();
    case Measure::ScarMl:
      return volumes.scar_ml;
    case Measure::ScarPercent:
      return volumes.scarPercentLvm();
  }
  return std::nullopt;
}

/// The slice on which the volumes behind a measure differ most.
int worstSlice(const analysis::StackVolumes& first, const analysis::StackVolumes& second,
               Measure measure) {
  const auto at = [&](std::size_t z) {
    return measure == Measure::MyocardiumMl
               ? std::abs(first.slices[z].myocardium_ml - second.slices[z].myocardium_ml)
               : std::abs(first.slices[z].scar_ml - second.slices[z].scar_ml);
  };
  std::size_t worst = first.slices.size() / 2;
  for (std::size_t z = 0; z < first.slices.size(); ++z)
    if (at(z) > at(worst)) worst = z;
  return static_cast<int>(worst);
}

TissueOverlap overlapOf(std::span<const analysis::EvaluatedStack> stacks, analysis::Target target) {
  analysis::TargetMetrics metrics = analysis::summarise(stacks, target);
  TissueOverlap overlap;
  overlap.target = target;
  std::vector<double> dice;
  for (const analysis::PatientMetrics& patient : metrics.per_patient) {
    if (!patient.dice) {
      ++overlap.both_empty;
      continue;
    }
    dice.push_back(*patient.dice);
    if (patient.reference_voxels == 0 || patient.prediction_voxels == 0) ++overlap.one_empty;
  }
  overlap.patients = static_cast<int>(dice.size());
  overlap.dice_mean = analysis::mean(dice);
  overlap.dice_sd = analysis::standardDeviation(dice);
  overlap.dice_median = analysis::median(dice);
  if (overlap.dice_sd.value_or(0) > 0) overlap.dice_ci95 = analysis::bootstrapMean95(dice);
  overlap.hd95_mm_mean = metrics.hd95_mm_mean;
  overlap.per_patient = std::move(metrics.per_patient);
  return overlap;
}

void explain(const std::vector<StackMasks>& stacks, MaskAgreement& result) {
  const auto has = [&](auto&& what) { return std::ranges::any_of(stacks, what); };
  if (result.readers.empty()) {
    result.sentences.push_back("Nobody has drawn or imported a mask yet.");
    return;
  }
  if (result.readers.size() == 1 && result.pairs.empty()) {
    const bool model = has([](const StackMasks& s) { return s.model.has_value(); });
    result.sentences.push_back("Only " + result.readers.front() + " has masks" +
                               (model ? "."
                                      : ". A second reader who draws the same stacks independently "
                                        "(a choice in Contour), or a "
                                        "prediction, makes agreement measurable."));
  } else if (result.pairs.empty()) {
    result.sentences.push_back(
        "No stack has masks of two readers, so there is nothing to compare.");
  }
  const auto stacksOf = [](int count) {
    return std::to_string(count) + (count == 1 ? " stack is" : " stacks are");
  };
  for (const MaskPair& pair : result.pairs) {
    const std::string both = pair.first + " and " + pair.second + ": ";
    if (pair.other_parts > 0)
      result.sentences.push_back(both + stacksOf(pair.other_parts) +
                                 " not compared, because the patient is not of the part '" +
                                 pair.part + "'.");
    if (pair.learnt > 0)
      result.sentences.push_back(both + stacksOf(pair.learnt) +
                                 " of patients from whom the model learnt, or by whom its weights "
                                 "were chosen, which flatters it.");
    if (pair.dependent.empty()) continue;
    const bool one = pair.dependent.size() == 1;
    result.sentences.push_back(pair.first + " and " + pair.second + ": " +
                               std::to_string(pair.dependent.size()) +
                               (one ? " stack is" : " stacks are") + " not compared, because " +
                               (pair.model ? "the mask of " + pair.first + " began as a prediction."
                                           : "one mask began as the other, or both as the same."));
  }
}

}  // namespace

std::string_view toText(Measure measure) {
  switch (measure) {
    case Measure::MyocardiumMl:
      return "myocardium_ml";
    case Measure::ScarMl:
      return "scar_ml";
    case Measure::ScarPercent:
      return "scar_percent_lvm";
  }
  return "";
}

Result<MaskAgreement> maskAgreement(const ProjectPaths& paths, db::Database& database,
                                    const ModelChoice& model,
                                    const std::function<void(int, int)>& progress,
                                    const std::atomic<bool>* cancel) {
  const auto wanted = dataset::partFromText(model.part);
  if (model.part != "all" && (!wanted || *wanted == dataset::Part::None)) {
    return Error{ErrorCode::InvalidInput, "'" + model.part +
                                              "' is not a part of a split. Use train, val, test or "
                                              "all."};
  }
  GADOLIN_TRY(const auto stacks, collect(paths, database, model.run));
  MaskAgreement result;
  result.part = model.part;
  std::set<std::string> names;
  for (const StackMasks& of : stacks)
    for (const auto& [name, standing] : of.by_reader) names.insert(name);
  result.readers.assign(names.begin(), names.end());
  std::vector<std::string> sides = result.readers;
  sides.emplace_back(model_reader);

  struct Job {
    std::size_t pair;
    const StackMasks* of;
  };
  std::vector<Job> jobs;
  for (std::size_t a = 0; a < sides.size(); ++a) {
    for (std::size_t b = a + 1; b < sides.size(); ++b) {
      MaskPair pair;
      pair.first = sides[a];
      pair.second = sides[b];
      pair.model = b + 1 == sides.size();
      if (pair.model) pair.part = model.part;
      bool together = false;
      for (const StackMasks& of : stacks) {
        const Standing* first = of.find(pair, false);
        const Standing* second = of.find(pair, true);
        if (first == nullptr || second == nullptr) continue;
        together = true;
        if (pair.model && wanted && of.part != *wanted) {
          ++pair.other_parts;
          continue;
        }
        if (dependent(*first, *second)) {
          pair.dependent.push_back(of.stack.id);
          continue;
        }
        if (pair.model && (of.part == dataset::Part::Train || of.part == dataset::Part::Validation))
          ++pair.learnt;
        pair.stacks.push_back(
            {of.stack.patient, of.stack.id, first->record.sha256, second->record.sha256});
        jobs.push_back({result.pairs.size(), &of});
      }
      if (together) result.pairs.push_back(std::move(pair));
    }
  }

  std::vector<std::vector<analysis::EvaluatedStack>> evaluated(result.pairs.size());
  std::vector<std::array<std::map<std::string, Sum>, 3>> sums(result.pairs.size());
  int done = 0;
  for (const Job& job : jobs) {
    if (cancel != nullptr && *cancel)
      return Error{ErrorCode::Cancelled, "Cancelled while comparing masks."};
    const MaskPair& pair = result.pairs[job.pair];
    const db::StackRecord& record = job.of->stack;
    const Standing& one = *job.of->find(pair, false);
    const Standing& other = *job.of->find(pair, true);
    GADOLIN_TRY(const Stack stack, readStack(paths.stack(record.id)));
    const Geometry& grid = stack.image.geometry;
    GADOLIN_TRY(Mask first, readMaskOn(paths.mask(one.record.sha256), grid));
    GADOLIN_TRY(Mask second, readMaskOn(paths.mask(other.record.sha256), grid));
    GADOLIN_TRY(auto undrawn, undrawnSlices(database, one.record, first));
    GADOLIN_TRY(const auto also, undrawnSlices(database, other.record, second));
    undrawn.insert(undrawn.end(), also.begin(), also.end());
    for (const int z : undrawn) {
      std::ranges::fill(first.slice(z), std::uint8_t{0});
      std::ranges::fill(second.slice(z), std::uint8_t{0});
    }
    std::vector<double> extent_mm;
    for (const SliceInfo& slice : stack.slices) extent_mm.push_back(slice.extent_mm);
    GADOLIN_TRY(auto compared,
                analysis::evaluateStack(record.patient, record.id, first, second, extent_mm, {}));
    evaluated[job.pair].push_back(std::move(compared));
    GADOLIN_TRY(const auto of_first, analysis::measureVolumes(stack, first));
    GADOLIN_TRY(const auto of_second, analysis::measureVolumes(stack, second));
    for (std::size_t m = 0; m < all_measures.size(); ++m) {
      const auto x = valueOf(of_first.total, all_measures[m]);
      const auto y = valueOf(of_second.total, all_measures[m]);
      if (!x || !y) continue;
      Sum& sum = sums[job.pair][m][record.patient];
      sum.first += *x;
      sum.second += *y;
      ++sum.stacks;
      if (std::abs(*x - *y) <= sum.largest) continue;
      sum.largest = std::abs(*x - *y);
      sum.stack = record.id;
      sum.slice = worstSlice(of_first, of_second, all_measures[m]);
    }
    if (progress) progress(++done, static_cast<int>(jobs.size()));
  }

  for (std::size_t p = 0; p < result.pairs.size(); ++p) {
    MaskPair& pair = result.pairs[p];
    for (std::size_t t = 0; t < pair.tissues.size(); ++t)
      pair.tissues[t] = overlapOf(evaluated[p], analysis::all_targets[t]);
    for (std::size_t m = 0; m < all_measures.size(); ++m) {
      MeasureAgreement& measure = pair.measures[m];
      measure.measure = all_measures[m];
      std::vector<double> x, y;
      for (const auto& [patient, sum] : sums[p][m]) {
        x.push_back(sum.first / sum.stacks);
        y.push_back(sum.second / sum.stacks);
        measure.patients.push_back({patient, x.back(), y.back(), sum.stack, sum.slice});
      }
      measure.figures = analysis::compareMeasurements(x, y);
    }
  }
  explain(stacks, result);
  return result;
}

}  // namespace gadolin::session
