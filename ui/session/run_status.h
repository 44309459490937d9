#pragma once
// The one state of a run as the window shows it.

#include <QString>
#include <optional>
#include <variant>

#include "core/base/result.h"
#include "core/run/run_folder.h"

namespace gadolin::session {

struct RunProgress {
  QString device;       // as the worker names it: "cpu", "cuda:0 NVIDIA ..."
  QString stage;        // "myocardium", "classifier", "pseudo-masks", "fibrosis", "predict"
  int stage_index = 0;  // 0-based among stage_count
  int stage_count = 0;
  int epoch = 0;   // 1-based; 0 before the first
  int epochs = 0;  // 0 for stages without epochs
  int step = 0;    // 1-based within the epoch
  int steps = 0;
  double loss = 0;  // of the last batch
  double images_per_s = 0;
  double memory_mb = 0;  // of the worker
  std::optional<double> device_memory_mb;
  /// Of this stage, from the epochs so far; absent before the first epoch's end.
  std::optional<double> stage_seconds_left;
  /// False when the worker has said nothing for 10 s.
  bool responding = true;
};

struct Preparing {
  int done = 0;  // stacks frozen so far
  int total = 0;
};
struct Starting {};  // the process was started and has not said hello yet
struct Running {
  RunProgress progress;
};
struct Stopping {  // asked to stop; a worker that is deaf is ended after 15 s
  RunProgress progress;
};
struct Finished {
  run::Trained trained = run::Trained::Whole;  // less when only some stages were asked for
};
struct Cancelled {
  bool resumable = false;
  run::Trained trained = run::Trained::Nothing;
};
struct Failed {
  Error error;
  bool resumable = false;  // a checkpoint is there to go on from
  run::Trained trained = run::Trained::Nothing;
};
using RunStatus = std::variant<Preparing, Starting, Running, Stopping, Finished, Cancelled, Failed>;

/// True for the last three.
[[nodiscard]] bool isOver(const RunStatus& status);
/// What the run can be predicted with; Nothing while it is not over.
[[nodiscard]] run::Trained trainedOf(const RunStatus& status);
/// "preparing", "starting", "running", "not-responding", "stopping", "finished", "cancelled",
/// "failed"
[[nodiscard]] QString statusName(const RunStatus& status);

}  // namespace gadolin::session
