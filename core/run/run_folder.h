#pragma once
// Names inside a run folder. Nothing else in the tree spells them.

#include <filesystem>
#include <string>

namespace gadolin::run {

struct RunFolder {
  std::filesystem::path root;

  [[nodiscard]] std::string id() const { return root.filename().string(); }
  [[nodiscard]] std::filesystem::path config() const { return root / "run.json"; }
  [[nodiscard]] std::filesystem::path dataset() const { return root / "dataset.safetensors"; }
  [[nodiscard]] std::filesystem::path events() const { return root / "events.jsonl"; }
  [[nodiscard]] std::filesystem::path log() const { return root / "worker.log"; }
  [[nodiscard]] std::filesystem::path control() const { return root / "control"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "worker.lock"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  [[nodiscard]] std::filesystem::path previews() const { return root / "previews"; }
  [[nodiscard]] std::filesystem::path predictions() const { return root / "predictions"; }
  [[nodiscard]] std::filesystem::path prediction(const std::string& stack) const {
    return predictions() / (stack + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path pseudoMasks() const { return root / "pseudo-masks"; }
  /// Stacks to predict that are not part of the frozen dataset; same format as dataset().
  [[nodiscard]] std::filesystem::path predictInput() const { return root / "predict.safetensors"; }
  [[nodiscard]] std::filesystem::path metrics() const { return root / "metrics.json"; }
  /// role: "latest" or "best"
  [[nodiscard]] std::filesystem::path checkpoint(const std::string& stage,
                                                 const std::string& role) const {
    return checkpoints() / (stage + "." + role + ".safetensors");
  }
};

}  // namespace gadolin::run
