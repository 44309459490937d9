#include "ui/session/provenance_run.h"

#include <algorithm>
#include <array>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/imaging/volume.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "ui/session/evaluation.h"
#include "ui/session/label_origin.h"
#include "ui/session/model_card.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

using nlohmann::json;

constexpr std::size_t most_document_bytes = std::size_t{1} << 26;

/// Null where there is no such file or it is no JSON object.
json documentIn(const std::filesystem::path& path) {
  const auto text = readFile(path, most_document_bytes);
  json document = text ? json::parse(*text, nullptr, false) : json();
  return document.is_object() ? document : json();
}

json weightsOf(const run::RunFolder& folder) {
  json weights = json::array();
  for (const char* stage : {"myocardium", "classifier", "fibrosis"}) {
    const auto file = folder.weights(stage);
    const auto hash = sha256HexOfFile(file);
    if (!hash) continue;
    auto sheet = file;
    sheet.replace_extension(".json");
    const json state = documentIn(sheet);
    weights.push_back({{"stage", stage},
                       {"file", "checkpoints/" + file.filename().string()},
                       {"sha256", *hash},
                       {"epoch", state.is_object() ? state.value("epoch", json()) : json()}});
  }
  return weights;
}

json countsOf(const LabelGivers::Count& count) {
  return {{"slices", count.slices}, {"fibrosis", count.fibrosis}, {"decided", count.decided}};
}

/// Who gave the labels that the training part holds.
Result<json> giversOf(db::Database& database, const dataset::FrozenDataset& dataset,
                      const std::string& created_utc) {
  GADOLIN_TRY(const auto givers,
              labelGivers(database, dataset, dataset::Part::Train, created_utc));
  json list = json::array();
  for (const auto& [reader, count] : givers.readers) {
    json row = countsOf(count);
    row["reader"] = reader;
    list.push_back(row);
  }
  return json{{"readers", list}, {"not_traced", countsOf(givers.untraced)}};
}

json evaluationOf(const ProjectPaths& paths, const std::string& run) {
  const auto evaluation = loadEvaluation(paths, run);
  if (!evaluation) return {};
  json figures = json::parse(analysis::figuresToJson(*evaluation));
  figures["created"] = evaluation->created_utc;
  figures["gadolin_version"] = evaluation->gadolin_version;
  return figures;
}

void addConfig(json& object, const run::RunConfig& config) {
  object["made"] = config.created_utc;
  object["gadolin_version"] = config.gadolin_version;
  object["threads"] = config.threads == 0 ? json() : json(config.threads);
  object["dataset_sha256"] = config.dataset_sha256;
  json changed = json::array();
  for (const ChangedSetting& one : changedSettings(config))
    changed.push_back({{"key", one.key}, {"value", one.value}, {"of_preset", one.of_preset}});
  object["settings_changed"] = changed;
  if (config.extra_epochs > 0) object["extra_epochs"] = config.extra_epochs;
}

}  // namespace

std::vector<ChangedSetting> changedSettings(const run::RunConfig& config) {
  std::vector<ChangedSetting> changed;
  auto preset = run::Settings::preset(config.preset);
  if (!preset) return changed;
  if (!preset->suit(config.preset, run::toText(config.supervision))) return changed;
  for (const auto& [key, value] : config.settings.values()) {
    const auto known = preset->values().find(key);
    if (known == preset->values().end() || known->second == value) continue;
    changed.push_back({key, value, known->second});
  }
  return changed;
}

Result<LabelGivers> labelGivers(db::Database& database, const dataset::FrozenDataset& dataset,
                                dataset::Part part, const std::string& created_utc) {
  GADOLIN_TRY(const auto given, givenLabels(database, {}, created_utc));
  LabelGivers givers;
  for (const dataset::FrozenStack& stack : dataset.stacks()) {
    if (stack.part != part) continue;
    const auto known = given.find(stack.stack);
    for (std::size_t z = 0; z < stack.labels.size(); ++z) {
      const SliceLabel label = stack.labels[z];
      if (label != SliceLabel::Fibrosis && label != SliceLabel::None) continue;
      const GivenLabel* origin =
          known != given.end() && z < known->second.size() && known->second[z].label == label
              ? &known->second[z]
              : nullptr;
      auto& count = origin != nullptr ? givers.readers[origin->by] : givers.untraced;
      ++count.slices;
      count.fibrosis += label == SliceLabel::Fibrosis;
      count.decided += origin != nullptr && origin->decided;
    }
  }
  return givers;
}

Result<json> runProvenance(const ProjectPaths& paths, db::Database& database,
                           const std::string& run) {
  GADOLIN_TRY(const db::RunRecord row, db::runById(database, run));
  const run::RunFolder folder = paths.run(run);
  const bool imported = run::isImported(folder);
  json object{{"run", row.id},
              {"state", imported ? "imported" : toText(row.state)},
              {"supervision", row.supervision},
              {"preset", row.preset},
              {"stage", row.stage},
              {"device", row.device},
              {"seed", row.seed},
              {"made", row.created_utc},
              {"ended", row.ended_utc.empty() ? json() : json(row.ended_utc)}};
  json missing = json::array();
  const auto config = run::readRunConfig(folder.config());
  if (config)
    addConfig(object, *config);
  else
    missing.push_back(config.error().message);
  if (const auto history = readCurves(folder); history && history->hello) {
    object["device"] = history->hello->device.empty() ? row.device : history->hello->device;
    object["torch_version"] = history->hello->torch_version;
    object["trained_with"] = history->hello->program_version;
  }
  json card = imported ? documentIn(folder.modelCard()) : json();
  if (!imported && config) {
    const auto facts = modelFacts(folder, config->gadolin_version);
    if (facts)
      card = json::parse(*facts);
    else
      missing.push_back(facts.error().message);
  }
  if (card.is_object()) {
    object["data"] = card.value("data", json());
    object["threshold"] = card.value("calibration", json());
  }
  if (!imported && config) {
    if (const auto dataset = dataset::FrozenDataset::open(folder.dataset())) {
      GADOLIN_TRY(object["labels_by"], giversOf(database, *dataset, config->created_utc));
    }
  }
  object["weights"] = weightsOf(folder);
  GADOLIN_TRY(const auto predictions, db::predictionsOfRun(database, run));
  object["predicted_stacks"] = predictions.size();
  object["evaluation"] = evaluationOf(paths, run);
  object["missing"] = missing;
  return object;
}

json seenInTraining(const ProjectPaths& paths, const std::string& run, const std::string& stack) {
  const auto dataset = dataset::FrozenDataset::open(paths.run(run).dataset());
  if (!dataset) return {};
  for (const dataset::FrozenStack& one : dataset->stacks()) {
    if (one.stack != stack) continue;
    int labelled = 0;
    for (const SliceLabel label : one.labels)
      labelled += label == SliceLabel::Fibrosis || label == SliceLabel::None;
    return {{"part", toText(one.part)},
            {"mask", !one.mask.empty()},
            {"mask_of_fibrosis", !one.mask.empty() && one.mask_shows_fibrosis},
            {"labelled_slices", labelled}};
  }
  return {{"part", "none"}, {"mask", false}, {"mask_of_fibrosis", false}, {"labelled_slices", 0}};
}

}  // namespace gadolin::session
