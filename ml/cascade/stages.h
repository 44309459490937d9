#pragma once
// The four trainings as plans for the common loop.

#include <string>
#include <vector>

#include "ml/cascade/bags.h"
#include "ml/data/samples.h"
#include "ml/train/trainer.h"

namespace gadolin::ml {

/// Stacks and slices of one run, grouped for its stages.
struct Cohort {
  std::vector<PreparedStack> stacks;
  std::vector<SliceRef> heart_train, heart_val;        // with a reference heart
  std::vector<Bag> bags_train, bags_val;               // answers that B learns
  std::vector<SliceRef> target_train, target_val;      // with a target of C or D
};

/// Stack and slice, counted from 1.
std::string nameOf(const SliceRef& slice);

/// Epochs of stage "myocardium", "classifier" or "fibrosis": as set, or as many as make its
/// minimum_steps out of `items` an epoch, `batch` of them in a step (0: train.batch).
int epochsFor(const std::string& stage, std::size_t items, const run::Settings& settings,
              std::size_t batch = 0);

/// How many of a step's `batch` slices stage A trains on. A step costs by its pixels: of the large
/// square it shows as many slices as have the pixels of `batch` small ones, at least one. A learns no
/// less from that (docs/results.md).
std::size_t slicesInStep(Look look, std::size_t batch, const run::Settings& settings);

StagePlan myocardiumPlan(Cohort& cohort, const TrainContext& context);
StagePlan classifierPlan(Cohort& cohort, const TrainContext& context);
/// with_myocardium: two channels. heart: the trained network of stage A, with whose weights this one
/// begins when fibrosis.start says so; a warning is emitted when their widths do not allow it.
StagePlan fibrosisPlan(Cohort& cohort, const TrainContext& context, bool with_myocardium,
                       NetworkPtr heart);

}  // namespace gadolin::ml
