#include "core/run/run_config.h"

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/files.h"

namespace gadolin::run {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> supervision_names{"pixel", "slice", "stack", "mixed"};

struct Former {
  std::string_view key, value;
};
/// What a run did that was prepared before a setting existed, where that is not the preset's value
/// of today: its networks were trained that way.
constexpr std::array<Former, 10> former_values{{{"myocardium.close_side_px", "0"},
                                               {"pseudo.threshold_pixels", "myocardium"},
                                               {"augment.second_sampling", "off"},
                                               {"normalise.padding", "edge"},
                                               {"myocardium.look_again", "on"},
                                               {"myocardium.soft_target", "off"},
                                               {"roi.centre", "largest-part"},
                                               {"classifier.minimum_steps", "0"},
                                               {"fibrosis.start", "random"},
                                               {"predict.doubted_ml", "0"}}};

Error wrong(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::InvalidInput, path.string() + ": " + what};
}

}  // namespace

std::string_view toText(Supervision supervision) {
  return supervision_names[static_cast<std::size_t>(supervision)];
}

std::optional<Supervision> supervisionFromText(std::string_view text) {
  for (std::size_t i = 0; i < supervision_names.size(); ++i)
    if (supervision_names[i] == text) return static_cast<Supervision>(i);
  return std::nullopt;
}

Result<Settings> settingsBefore(std::string_view preset) {
  GADOLIN_TRY(Settings settings, Settings::preset(preset));
  for (const Former& former : former_values) GADOLIN_CHECK(settings.set(former.key, former.value));
  return settings;
}

Result<void> writeRunConfig(const std::filesystem::path& path, const RunConfig& config) {
  json settings = json::object();
  for (const auto& [key, value] : config.settings.values()) settings[key] = value;
  json document{{"version", 1},
                {"id", config.id},
                {"created_utc", config.created_utc},
                {"gadolin_version", config.gadolin_version},
                {"supervision", toText(config.supervision)},
                {"preset", config.preset},
                {"stage", config.stage},
                {"device", config.device},
                {"seed", config.seed},
                {"threads", config.threads},
                {"settings", std::move(settings)},
                {"dataset_sha256", config.dataset_sha256}};
  // Absent unless it was asked for: earlier versions know no such key.
  if (config.extra_epochs > 0) document["extra_epochs"] = config.extra_epochs;
  return writeFileAtomically(path,
                             document.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<RunConfig> readRunConfig(const std::filesystem::path& path) {
  GADOLIN_TRY(const std::string text, readFile(path, std::size_t{1} << 24));
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return wrong(path, "this is not the JSON object of a run.");
  RunConfig config;
  try {
    if (document.value("version", 0) > 1)
      return Error{ErrorCode::NewerVersion,
                   path.string() + ": this run was prepared by a newer Gadolin."};
    config.preset = document.at("preset").get<std::string>();
    GADOLIN_TRY(config.settings, settingsBefore(config.preset));
    for (const auto& [key, value] : document.items()) {
      if (key == "version" || key == "preset") continue;
      if (key == "id")
        config.id = value.get<std::string>();
      else if (key == "created_utc")
        config.created_utc = value.get<std::string>();
      else if (key == "gadolin_version")
        config.gadolin_version = value.get<std::string>();
      else if (key == "supervision") {
        const auto supervision = supervisionFromText(value.get<std::string>());
        if (!supervision)
          return wrong(path, "supervision '" + value.get<std::string>() +
                                 "' is not pixel, slice, stack or mixed.");
        config.supervision = *supervision;
      } else if (key == "stage") {
        config.stage = value.get<std::string>();
        if (config.stage != "all" && config.stage != "myocardium" && config.stage != "classifier" &&
            config.stage != "fibrosis")
          return wrong(
              path, "stage '" + config.stage + "' is not all, myocardium, classifier or fibrosis.");
      } else if (key == "device") {
        config.device = value.get<std::string>();
        if (config.device != "auto" && config.device != "cpu" && config.device != "cuda")
          return wrong(path, "device '" + config.device + "' is not auto, cpu or cuda.");
      } else if (key == "seed")
        config.seed = value.get<std::uint64_t>();
      else if (key == "threads") {
        config.threads = value.get<int>();
        if (config.threads < 0 || config.threads > 1024)
          return wrong(path, "threads must be from 0 (all cores) to 1024.");
      } else if (key == "extra_epochs") {
        config.extra_epochs = value.get<int>();
        if (config.extra_epochs < 0 || config.extra_epochs > most_extra_epochs)
          return wrong(path,
                       "extra_epochs must be from 0 to " + std::to_string(most_extra_epochs) + ".");
      } else if (key == "settings") {
        for (const auto& [name, setting] : value.items()) {
          const Result<void> taken = config.settings.set(name, setting.get<std::string>());
          if (!taken) return taken.error().within(path.string());
        }
      } else if (key == "dataset_sha256")
        config.dataset_sha256 = value.get<std::string>();
      else
        return wrong(path, "the key '" + key + "' is not known.");
    }
  } catch (const json::exception& fault) {
    return wrong(path,
                 std::string("a value is missing or of the wrong type (") + fault.what() + ").");
  }
  return config;
}

}  // namespace gadolin::run
