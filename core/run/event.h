#pragma once
// What a worker says while it works: one JSON object a line, on stdout and in events.jsonl. The file
// is the truth behind every curve; the pipe is the fast path. Protocol version 1.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace gadolin::run {

inline constexpr int protocol_version = 1;

/// What a worker was started for. Both leave their lives in one events.jsonl.
enum class Work { Train, Predict };
std::string_view toText(Work work);

/// First event of every life, also of one that fails at once: who works, with what, at what.
struct Hello {
  std::string program_version;
  std::string torch_version;
  std::string device;  // "cpu", "cuda:0 NVIDIA ..."; empty when there is none to work on
  int threads = 0;
  std::int64_t pid = 0;
  Work work = Work::Train;
};
/// A stage of the cascade begins: "myocardium", "classifier", "pseudo-masks", "fibrosis", "predict".
struct StageBegin {
  std::string stage;
  int index = 0;           // 0-based among `count`
  int count = 0;
  int epochs = 0;          // 0 for stages without epochs
  std::int64_t items = 0;  // slices (or stacks) per epoch
};
/// At most ten a second.
struct Batch {
  std::string stage;
  int epoch = 0;           // 1-based
  int step = 0;            // 1-based within the epoch
  int steps = 0;
  double loss = 0;
  double images_per_s = 0;
};
struct Epoch {
  std::string stage;
  int epoch = 0;           // 1-based
  int epochs = 0;
  double train_loss = 0;
  std::optional<double> val_loss;
  std::optional<double> val_dice;    // per-patient 3D mean on validation, 0..1
  std::optional<double> val_auroc;   // 0..1; classifier only
  double learning_rate = 0;
  double images_per_s = 0;
  double seconds = 0;
  double data_wait_s = 0;            // part of `seconds` in which the net waited for data
};
/// A picture of fixed validation slices: one row of square tiles a slice.
struct Preview {
  std::string stage;
  int epoch = 0;
  std::string path;        // PNG or PPM below the run folder, relative
  std::vector<std::string> columns;  // of "image", "reference" ("pseudo-mask", "target"), "cam", "prediction"
};
struct CheckpointSaved {
  std::string stage;
  int epoch = 0;
  std::string role;        // "latest" or "best"
  std::string path;        // relative to the run folder
  std::optional<double> metric;
};
struct PredictionSaved {
  std::string stack;
  std::string path;        // relative to the run folder
  int done = 0;
  int total = 0;
};
struct Warning {
  std::string code;
  std::string text;
};
/// Once a second.
struct Heartbeat {
  double memory_mb = 0;
  std::optional<double> device_memory_mb;
};
struct Done {
  std::string status;      // "finished", "cancelled", "failed"
  std::string message;     // for a person; empty when finished
  std::string code;        // codeName() of the error; empty when finished
};

using EventBody = std::variant<Hello, StageBegin, Batch, Epoch, Preview, CheckpointSaved,
                               PredictionSaved, Warning, Heartbeat, Done>;

struct Event {
  std::uint64_t seq = 0;   // gapless within one life of a worker, from 1
  std::string time_utc;
  EventBody body;
};

/// One line without the newline. Type names on the wire: hello, stage, batch, epoch, preview,
/// checkpoint, prediction, warning, heartbeat, done. NaN and infinities become null.
std::string encode(const Event& event);
/// InvalidInput for anything that is not an event of this protocol; Unsupported for another version.
Result<Event> decode(std::string_view line);

/// What a worker is told: "cancel", "stop-after-epoch", "checkpoint-now", one word a line on stdin or
/// as the content of the file `control`.
enum class Command { Cancel, StopAfterEpoch, CheckpointNow };
std::string_view toText(Command command);
std::optional<Command> commandFromText(std::string_view text);

/// Exit status of a worker.
enum ExitStatus : int {
  exit_finished = 0,
  exit_cancelled = 10,
  exit_bad_input = 20,
  exit_out_of_memory = 30,
  exit_internal = 40,
};

}  // namespace gadolin::run
