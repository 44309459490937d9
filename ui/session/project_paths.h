#pragma once
// Names inside a project folder (NAME.gadolin). Nothing else in the tree spells them.

#include <filesystem>
#include <string>

#include "core/run/run_folder.h"

namespace gadolin::session {

struct ProjectPaths {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path database() const { return root / "project.sqlite"; }
  [[nodiscard]] std::filesystem::path stacks() const { return root / "stacks"; }
  [[nodiscard]] std::filesystem::path stack(const std::string& id) const {
    return stacks() / (id + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path masks() const { return root / "masks"; }
  [[nodiscard]] std::filesystem::path mask(const std::string& sha256) const {
    return masks() / (sha256 + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path runs() const { return root / "runs"; }
  [[nodiscard]] run::RunFolder run(const std::string& id) const { return {runs() / id}; }
  /// Plans and reports of several runs that belong together: folds, learning curves.
  [[nodiscard]] std::filesystem::path studies() const { return root / "studies"; }
  [[nodiscard]] std::filesystem::path backups() const { return root / "backups"; }
  /// Planes of segmentations whose images are not in the project yet.
  [[nodiscard]] std::filesystem::path waiting() const { return root / "waiting"; }
  /// Segmentations that are one mask together with others.
  [[nodiscard]] std::filesystem::path segmentations() const { return root / "segmentations"; }
  [[nodiscard]] std::filesystem::path segmentation(const std::string& sha256) const {
    return segmentations() / (sha256 + ".safetensors");
  }
  /// Scratch space inside the project, so that nothing of a patient lands in /tmp.
  [[nodiscard]] std::filesystem::path scratch() const { return root / "scratch"; }
};

}  // namespace gadolin::session
