#pragma once
// Names inside a run folder, and what is said by a file's being there. Nothing else in the tree
// spells them.

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace gadolin::run {

struct RunFolder {
  std::filesystem::path root;

  [[nodiscard]] std::string id() const { return root.filename().string(); }
  [[nodiscard]] std::filesystem::path config() const { return root / "run.json"; }
  [[nodiscard]] std::filesystem::path dataset() const { return root / "dataset.safetensors"; }
  [[nodiscard]] std::filesystem::path events() const { return root / "events.jsonl"; }
  [[nodiscard]] std::filesystem::path log() const { return root / "worker.log"; }
  [[nodiscard]] std::filesystem::path control() const { return root / "control"; }
  /// The name that `control` has while the worker reads it.
  [[nodiscard]] std::filesystem::path controlTaken() const { return root / ".control-taken"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "worker.lock"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  [[nodiscard]] std::filesystem::path previews() const { return root / "previews"; }
  [[nodiscard]] std::filesystem::path predictions() const { return root / "predictions"; }
  [[nodiscard]] std::filesystem::path prediction(const std::string& stack) const {
    return predictions() / (stack + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path pseudoMasks() const { return root / "pseudo-masks"; }
  [[nodiscard]] std::filesystem::path pseudoMask(const std::string& stack) const {
    return pseudoMasks() / (stack + ".safetensors");
  }
  /// What a person left of them.
  [[nodiscard]] std::filesystem::path trimmedPseudoMasks() const {
    return root / "pseudo-masks-trimmed";
  }
  [[nodiscard]] std::filesystem::path trimmedPseudoMask(const std::string& stack) const {
    return trimmedPseudoMasks() / (stack + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path pseudoReview() const { return root / "pseudo-review.json"; }
  /// Stacks to predict that are not part of the frozen dataset; same format as dataset().
  [[nodiscard]] std::filesystem::path predictInput() const { return root / "predict.safetensors"; }
  [[nodiscard]] std::filesystem::path metrics() const { return root / "metrics.json"; }
  /// role: "latest" or "best"
  [[nodiscard]] std::filesystem::path checkpoint(const std::string& stage,
                                                 const std::string& role) const {
    return checkpoints() / (stage + "." + role + ".safetensors");
  }
  /// The checkpoint whose weights predict: the best, or the latest where there is no best.
  [[nodiscard]] std::filesystem::path weights(const std::string& stage) const {
    std::error_code ignored;
    const auto best = checkpoint(stage, "best");
    return std::filesystem::exists(best, ignored) ? best : checkpoint(stage, "latest");
  }
  /// What the stacks of training and validation look like, to know a strange one by.
  [[nodiscard]] std::filesystem::path cohortProfile() const { return root / "cohort.json"; }
  /// The card of a model that was made elsewhere and imported; such a run predicts and is never
  /// trained.
  [[nodiscard]] std::filesystem::path modelCard() const { return root / "model.json"; }
  /// The threshold of the fibrosis network; the last file that a training writes.
  [[nodiscard]] std::filesystem::path calibration() const {
    return checkpoints() / "calibration.json";
  }
};

/// What a training has left to predict with, from less to more.
enum class Trained {
  Nothing,  // no fibrosis network: every prediction would say that there is no scar
  InPart,   // one that was not trained to its end, and no threshold chosen for it
  Whole,
};
inline std::string_view toText(Trained trained) {
  return trained == Trained::Whole ? "whole" : trained == Trained::InPart ? "in-part" : "nothing";
}
/// From the files that are there, so that it holds whoever wrote the run's row. Thread: any, but
/// for the GUI's: it looks at the disk.
inline Trained trainedOf(const RunFolder& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder.checkpoint("fibrosis", "best"), ignored) &&
      !std::filesystem::exists(folder.checkpoint("fibrosis", "latest"), ignored))
    return Trained::Nothing;
  return std::filesystem::exists(folder.calibration(), ignored) ? Trained::Whole : Trained::InPart;
}

/// True for a run that is an imported model. Thread: as above.
inline bool isImported(const RunFolder& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder.modelCard(), ignored);
}

}  // namespace gadolin::run
