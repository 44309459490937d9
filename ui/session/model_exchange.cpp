#include "ui/session/model_exchange.h"

#include <sys/stat.h>

#include <QProcess>
#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/safetensors.h"
#include "core/base/time.h"
#include "core/run/run_config.h"
#include "database/runs.h"
#include "ui/session/model_card.h"
#include "ui/session/project.h"
#include "ui/session/run_history.h"
#include "ui/session/run_preparation.h"
#include "ui/session/worker_locator.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr int model_patience_ms = 120'000;
constexpr std::size_t most_card_bytes = std::size_t{4} << 20;
constexpr std::uintmax_t most_weight_bytes = std::uintmax_t{4} << 30;
constexpr std::array<const char*, 3> stages{"myocardium", "classifier", "fibrosis"};

ErrorCode codeOf(const QProcess& ended) {
  if (ended.exitStatus() != QProcess::NormalExit) return ErrorCode::WorkerLost;
  switch (ended.exitCode()) {
    case run::exit_bad_input:
      return ErrorCode::InvalidInput;
    case run::exit_out_of_memory:
      return ErrorCode::OutOfMemory;
    case run::exit_internal:
      return ErrorCode::Internal;
    default:
      return ErrorCode::WorkerLost;
  }
}

/// stdout of `gadolin-worker words...`; its own sentence when it refuses.
Result<QByteArray> tellWorker(const QStringList& words) {
  GADOLIN_TRY(const fs::path worker, findWorker());
  QProcess process;
  process.start(QString::fromStdString(worker.string()), words);
  if (!process.waitForFinished(model_patience_ms)) {
    process.kill();
    process.waitForFinished(5'000);
    return Error{ErrorCode::WorkerLost, worker.string() + " did not answer within two minutes."};
  }
  if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != run::exit_finished) {
    const std::string said = process.readAllStandardError().trimmed().toStdString();
    return Error{codeOf(process), said.empty() ? worker.string() + " ended without a word." : said};
  }
  return process.readAllStandardOutput();
}

/// A folder of an export, removed again unless it was given its name.
struct Scratch {
  fs::path path;
  ~Scratch() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

Result<void> checkExportable(db::Database& database, const ProjectPaths& paths,
                             const std::string& run, const fs::path& out) {
  GADOLIN_CHECK(db::runById(database, run));
  const run::RunFolder folder = paths.run(run);
  if (run::isImported(folder))
    return Error{ErrorCode::Conflict, "Run " + run +
                                          " is an imported model. Copy the folder that it was "
                                          "imported from."};
  if (workerAlive(folder))
    return Error{ErrorCode::Busy, "A worker is at run " + run + ". Wait for its end, or stop it."};
  if (run::trainedOf(folder) != run::Trained::Whole)
    return Error{ErrorCode::Conflict, "Run " + run +
                                          " was not trained to its end, so that there is no model "
                                          "of it to give away. `gadolinctl runs resume` goes on."};
  std::error_code code;
  if (fs::exists(out, code) && !(fs::is_directory(out, code) && fs::is_empty(out, code)))
    return Error{ErrorCode::Conflict, out.string() +
                                          " exists already. Choose an empty folder; an export "
                                          "never replaces a file."};
  return {};
}

Error wrong(const fs::path& path, const std::string& what) {
  return {ErrorCode::InvalidInput, path.string() + ": " + what};
}

/// A plain file of the folder itself: no link that leads elsewhere.
Result<void> checkPlain(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return systemError(errno, "read", path.string());
  if (!S_ISREG(status.st_mode)) return wrong(path, "this is not a plain file.");
  if (static_cast<std::uintmax_t>(status.st_size) > most_weight_bytes)
    return wrong(path, "this is larger than any network of Gadolin.");
  return {};
}

/// What is read of a card, each value of its kind.
struct Card {
  run::RunConfig config;
  double threshold = 0.5;
  std::string cohort;  // its profile, for the domain alarm; empty where the model has none
  std::map<std::string, std::string> sha256;  // of the weights, by stage
};

Result<Card> readCard(const fs::path& path) {
  GADOLIN_CHECK(checkPlain(path));
  GADOLIN_TRY(const std::string text, readFile(path, most_card_bytes));
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object() || document.value("format", json()) != json(model_format))
    return wrong(path, "this is not the card of a model of Gadolin.");
  Card card;
  try {
    if (document.at("version").get<int>() > model_format_version)
      return Error{
          ErrorCode::NewerVersion,
          path.string() + ": this model was exported by a newer Gadolin. Update this one."};
    card.config.gadolin_version = document.at("trained_with").get<std::string>();
    const auto supervision = document.at("supervision").get<std::string>();
    const auto known = run::supervisionFromText(supervision);
    if (!known) return wrong(path, "supervision '" + supervision + "' is not known.");
    card.config.supervision = *known;
    card.config.preset = document.at("preset").get<std::string>();
    card.config.seed = document.at("seed").get<std::uint64_t>();
    auto settings = run::settingsBefore(card.config.preset);
    if (!settings) return settings.error().within(path.string());
    card.config.settings = *settings;
    for (const auto& [key, value] : document.at("settings").items()) {
      const auto taken = card.config.settings.set(key, value.get<std::string>());
      if (!taken) return taken.error().within(path.string());
    }
    if (const json& calibration = document.at("calibration"); calibration.is_object())
      card.threshold = calibration.at("fibrosis_threshold").get<double>();
    if (const json& cohort = document.at("cohort"); cohort.is_object())
      card.cohort = cohort.dump(2, ' ', false, json::error_handler_t::replace);
    if (!(card.threshold > 0 && card.threshold < 1))
      return wrong(path, "the threshold is not between 0 and 1.");
    for (const json& network : document.at("networks")) {
      const auto stage = network.at("stage").get<std::string>();
      if (std::ranges::find(stages, stage) == stages.end() || card.sha256.contains(stage))
        return wrong(path,
                     "the network '" + stage.substr(0, 80) + "' is not known or there twice.");
      // Never a path of the file's own choosing.
      if (network.at("weights").get<std::string>() != stage + ".safetensors")
        return wrong(path, "the weights of " + stage + " must be in " + stage +
                               ".safetensors in the same folder.");
      card.sha256[stage] = network.at("weights_sha256").get<std::string>();
    }
  } catch (const json::exception& fault) {
    return wrong(path,
                 std::string("a value is missing or of the wrong kind (") + fault.what() + ").");
  }
  for (const char* needed : {"myocardium", "fibrosis"})
    if (!card.sha256.contains(needed))
      return wrong(path, std::string("the model has no ") + needed + " network.");
  return card;
}

/// The weights as a checkpoint to predict with.
Result<void> takeWeights(const fs::path& from, const std::string& sha256, const fs::path& to) {
  GADOLIN_CHECK(checkPlain(from));
  GADOLIN_TRY(const std::string hash, sha256HexOfFile(from));
  if (hash != sha256)
    return Error{ErrorCode::Corrupt, from.string() +
                                         ": these are not the weights that model.json speaks of "
                                         "(another SHA-256). Copy the folder again."};
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(from));
  std::vector<TensorView> tensors;
  for (TensorView tensor : file.tensors()) {
    if (tensor.dtype != Dtype::F32 && tensor.dtype != Dtype::I64)
      return wrong(
          from, "'" + tensor.name.substr(0, 80) + "' is of a type that no network of Gadolin has.");
    tensor.name.insert(0, "average.");
    tensors.push_back(std::move(tensor));
  }
  return writeSafetensors(to, tensors, {{"imported", "gadolin-model"}});
}

Result<void> fillRun(const run::RunFolder& run, const fs::path& model, Card& card) {
  GADOLIN_CHECK(makePrivateFolder(run.checkpoints()));
  for (const auto& [stage, sha256] : card.sha256)
    GADOLIN_CHECK(
        takeWeights(model / (stage + ".safetensors"), sha256, run.checkpoint(stage, "best")));
  GADOLIN_CHECK(run::writeRunConfig(run.config(), card.config));
  const json calibration{{"source", "model"}, {"fibrosis_threshold", card.threshold}};
  GADOLIN_CHECK(writeFileAtomically(run.calibration(), calibration.dump(2) + "\n"));
  if (!card.cohort.empty())
    GADOLIN_CHECK(writeFileAtomically(run.cohortProfile(), card.cohort + "\n"));
  GADOLIN_TRY(const std::string text, readFile(model / "model.json", most_card_bytes));
  GADOLIN_CHECK(writeFileAtomically(run.modelCard(), text));
  GADOLIN_CHECK(tellWorker({QStringLiteral("check-model"), QStringLiteral("--run-dir"),
                            QString::fromStdString(run.root.string())}));
  return syncFolder(run.root);
}

}  // namespace

Result<ModelExport> exportModel(db::Database& database, const ProjectPaths& paths,
                                const std::string& run, const fs::path& out,
                                const std::string& gadolin_version) {
  GADOLIN_CHECK(checkExportable(database, paths, run, out));
  const run::RunFolder folder = paths.run(run);
  std::error_code code;
  const fs::path target = fs::absolute(out, code).lexically_normal();
  const fs::path place = target.has_filename() ? target : target.parent_path();
  Scratch scratch{place.parent_path() / (".new-" + place.filename().string() + "-" + run)};
  fs::remove_all(scratch.path, code);
  GADOLIN_CHECK(makePrivateFolder(scratch.path));
  GADOLIN_TRY(const std::string facts, modelFacts(folder, gadolin_version));
  GADOLIN_TRY(const QByteArray said,
              tellWorker({QStringLiteral("export"), QStringLiteral("--run-dir"),
                          QString::fromStdString(folder.root.string()), QStringLiteral("--out"),
                          QString::fromStdString(scratch.path.string())}));
  const json answer = json::parse(said.trimmed().toStdString(), nullptr, false);
  if (!answer.is_object() || !answer.contains("networks"))
    return Error{ErrorCode::WorkerLost, "The worker did not say what it has written."};
  json card = json::parse(facts);
  card["torch"] = answer.value("torch", "");
  card["networks"] = answer["networks"];
  ModelExport done;
  for (json& network : card["networks"]) {
    for (const char* file : {"weights", "torchscript"}) {
      const fs::path path = scratch.path / network.at(file).get<std::string>();
      GADOLIN_TRY(network[std::string(file) + "_sha256"], sha256HexOfFile(path));
      done.files.push_back((place / path.filename()).string());
    }
  }
  const std::string text = card.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  GADOLIN_CHECK(writeFileAtomically(scratch.path / "model.json", text));
  GADOLIN_CHECK(writeFileAtomically(scratch.path / "MODEL.md", modelCardText(text)));
  for (const char* name : {"model.json", "MODEL.md"}) done.files.push_back((place / name).string());
  // The card is read as an import would read it, before the export counts as done.
  GADOLIN_CHECK(readCard(scratch.path / "model.json"));
  fs::rename(scratch.path, place, code);
  if (code) return systemError(code.value(), "write", place.string());
  scratch.path.clear();
  GADOLIN_CHECK(syncFolder(place.parent_path()));
  return done;
}

Result<std::string> importModel(Project& project, const fs::path& folder) {
  GADOLIN_TRY(Card card, readCard(folder / "model.json"));
  const ProjectPaths paths = project.paths();
  PreparedRun prepared;
  prepared.id = newRunId("imported");
  prepared.temporary = paths.runs() / (".new-" + prepared.id);
  prepared.row.id = card.config.id = prepared.id;
  prepared.row.created_utc = card.config.created_utc = utcNow();
  prepared.row.supervision = toText(card.config.supervision);
  prepared.row.preset = card.config.preset;
  prepared.row.stage = card.config.stage;
  prepared.row.device = card.config.device;
  prepared.row.seed = card.config.seed;
  prepared.row.state = db::RunState::Finished;
  prepared.row.ended_utc = prepared.row.created_utc;
  if (const auto filled = fillRun({prepared.temporary}, folder, card); !filled) {
    prepared.discard();
    return filled.error();
  }
  const auto admitted = project.writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_CHECK(admitRun(database, paths, prepared));
    return true;
  });
  if (!admitted) return admitted.error();
  return prepared.id;
}

}  // namespace gadolin::session
