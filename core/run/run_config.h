#pragma once
// run.json: everything a worker must know, frozen before it starts.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/run/settings.h"

namespace gadolin::run {

enum class Supervision { Pixel, Slice, Stack, Mixed };
std::string_view toText(Supervision supervision);
std::optional<Supervision> supervisionFromText(std::string_view text);

/// As many as a stage can have by its settings.
inline constexpr int most_extra_epochs = 10000;

struct RunConfig {
  std::string id;
  std::string created_utc;
  std::string gadolin_version;
  Supervision supervision = Supervision::Pixel;
  std::string preset;           // "quick", "standard", "paper"
  std::string stage = "all";    // "all", "myocardium", "classifier", "fibrosis"
  std::string device = "auto";  // "auto", "cpu", "cuda"
  std::uint64_t seed = 42;
  int threads = 0;       // 0: all cores
  int extra_epochs = 0;  // of the last stage, asked for after the run was made
  Settings settings;
  std::string dataset_sha256;  // of dataset.safetensors
};

/// What a run of that preset did before any of the settings that came later existed: where they are
/// missing in a file, its networks were trained that way. InvalidInput for an unknown preset.
Result<Settings> settingsBefore(std::string_view preset);

Result<void> writeRunConfig(const std::filesystem::path& path, const RunConfig& config);
/// A key that is not known is an error that names it.
Result<RunConfig> readRunConfig(const std::filesystem::path& path);

}  // namespace gadolin::run
