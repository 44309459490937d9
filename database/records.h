#pragma once
// Plain rows of project.sqlite as the rest of the tree sees them. Times are UTC in ISO 8601.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/dataset/frozen_dataset.h"
#include "core/imaging/stack.h"
#include "core/labels/slice_label.h"

namespace gadolin::db {

struct StackRecord {
  std::string id;       // safe file name, e.g. "Case_P001-s1"
  std::string patient;  // pseudonym
  ImageKind kind = ImageKind::Unknown;
  std::array<int, 3> size{0, 0, 0};  // columns, rows, slices
  std::array<double, 3> spacing_mm{1, 1, 1};
  bool apex_first = false;
  std::string content_hash;  // of voxels and geometry
  std::string description;   // series description or file name
  std::string imported_utc;
  std::vector<std::string> notes;
};

/// The present label of one slice by one reader.
struct SliceLabelRecord {
  std::string stack;
  int slice = 0;  // 0-based, in stored order
  SliceLabel label = SliceLabel::Unlabelled;
  std::string reader;
  std::string at_utc;
};

/// One line of the append-only history of labels.
struct LabelEventRecord {
  std::int64_t id = 0;
  std::string stack;
  int slice = 0;
  SliceLabel from = SliceLabel::Unlabelled;
  SliceLabel to = SliceLabel::Unlabelled;
  std::string reader;
  std::string at_utc;
  double seconds = 0;  // how long the reader looked before deciding
  std::string origin;  // "key", "fill", "undo", "redo", "import", "derived"
};

enum class MaskSource { Reference, Reader, Prediction };
std::string_view toText(MaskSource source);  // "reference", "reader", "prediction"
std::optional<MaskSource> maskSourceFromText(std::string_view text);

/// A revision of a mask. Never changed, only followed by another.
struct MaskRecord {
  std::int64_t id = 0;
  std::string stack;
  MaskSource source = MaskSource::Reference;
  std::string author;
  std::string run;  // of predictions
  std::optional<std::int64_t> parent;
  std::string sha256;  // name of the blob below masks/
  std::string created_utc;
  /// An accepted prediction whose verdict was taken back: history, and nobody's mask. Read only.
  bool withdrawn = false;
};

enum class RunState { Prepared, Running, Finished, Cancelled, Failed };
std::string_view toText(RunState state);
std::optional<RunState> runStateFromText(std::string_view text);

struct RunRecord {
  std::string id;
  std::string supervision;
  std::string preset;
  std::string stage;
  std::string device;
  std::uint64_t seed = 0;
  RunState state = RunState::Prepared;
  std::string message;  // why it failed
  std::string created_utc;
  std::string ended_utc;
};

struct PredictionRecord {
  std::int64_t id = 0;
  std::string run;
  std::string stack;
  std::int64_t mask = 0;  // revision with source Prediction
  double myocardium_ml = 0;
  double scar_ml = 0;  // scar and MVO together
  double uncertainty =
      0;  // 0..1, mean binary entropy of the fibrosis probability inside the myocardium
  std::string created_utc;
};

enum class Verdict { None, Accepted, Rejected };
std::string_view toText(Verdict verdict);
std::optional<Verdict> verdictFromText(std::string_view text);

struct ReviewRecord {
  std::int64_t prediction = 0;
  Verdict verdict = Verdict::None;
  std::string comment;
  std::string reader;
  std::string at_utc;
};

/// One row of the cohort table: a stack with what is known of it.
struct CohortRow {
  StackRecord stack;
  dataset::Part part = dataset::Part::None;
  int labelled_slices = 0;  // any label but Unlabelled
  int positive_slices = 0;
  SliceLabel stack_label = SliceLabel::Unlabelled;
  bool has_reference = false;  // a mask that a person made
  std::string last_prediction_run;
  Verdict verdict = Verdict::None;
};

/// A file that an import did not take.
struct RefusalRecord {
  std::string path;  // below the imported folder, for a person
  std::string reason;
  std::string code;
  std::string at_utc;
  /// By what it is known: a salted hash of where the file lies. In projects from before there were places,
  /// and where addRefusal() gets none, the path.
  std::string place = {};
};

}  // namespace gadolin::db
