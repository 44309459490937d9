// A trained model leaves one project and predicts in another, through the real programs.

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/safetensors.h"
#include "core/run/run_config.h"
#include "tests/e2e/ctl.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

using test::Answer;
using test::ctl;

QStringList words(const QString& text) {
  return test::wordsOf(text);
}

class Model : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::TempFolder>();
    home = at("home.gadolin");
    away = at("away.gadolin");
    for (const QString& project : {home, away}) ctl({QStringLiteral("init"), project});
    ctl(words(QStringLiteral("demo %1 --patients 6 --seed 2").arg(home)));
    ctl(words(QStringLiteral("demo %1 --patients 3 --seed 9").arg(away)));
    ctl(words(QStringLiteral("labels derive ") + home));
    ctl(words(QStringLiteral("split %1 --test 0.34 --val 0.17 --seed 1").arg(home)));
    const Answer trained = ctl(words(
        QStringLiteral(
            "train %1 --supervision slice --seed 3 --threads 1 --set myocardium.epochs=1 "
            "--set classifier.epochs=1 --set fibrosis.epochs=1 --set myocardium.minimum_steps=0 "
            "--set fibrosis.minimum_steps=0 --set classifier.minimum_steps=0 "
            "--set myocardium.width=4 --set fibrosis.width=4 --set classifier.width_factor=0.0625 "
            "--set predict.flips=1 --set predict.minimum_ml=0")
            .arg(home)));
    EXPECT_EQ(trained.status, 0) << trained.said();
    trained_run = trained.summary().value(QLatin1String("run")).toString();
  }
  static void TearDownTestSuite() { folder.reset(); }

  static QString at(const char* name) {
    return QString::fromStdString((folder->path() / name).string());
  }
  static fs::path path(const QString& text) { return text.toStdString(); }

  /// The exported model in a fresh folder, for a test to spoil.
  static fs::path copyOf(const char* name) {
    const fs::path copy = folder->path() / name;
    fs::copy(path(at("model")), copy, fs::copy_options::recursive);
    return copy;
  }
  /// The refusal of an import, and that nothing of it stayed.
  static std::string refusal(const fs::path& model) {
    const auto before =
        QDir(away + QStringLiteral("/runs")).entryList(QDir::AllEntries | QDir::Hidden);
    const Answer said = ctl({QStringLiteral("models"), QStringLiteral("import"), away,
                             QString::fromStdString(model.string())});
    EXPECT_NE(said.status, 0);
    EXPECT_EQ(QDir(away + QStringLiteral("/runs")).entryList(QDir::AllEntries | QDir::Hidden),
              before);
    return said.said();
  }
  static void replaceInCard(const fs::path& model, const std::string& from, const std::string& to) {
    std::string text = readFile(model / "model.json").value();
    const auto found = text.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    text.replace(found, from.size(), to);
    ASSERT_TRUE(writeFileAtomically(model / "model.json", text));
  }
  /// Weights that someone changed, with a card that vouches for them.
  static void putWeights(const fs::path& model, const char* stage,
                         std::vector<TensorView> tensors) {
    const fs::path file = model / (std::string(stage) + ".safetensors");
    const std::string before = sha256HexOfFile(file).value();
    ASSERT_TRUE(writeSafetensors(file, tensors, {}));
    replaceInCard(model, before, sha256HexOfFile(file).value());
  }

  static inline std::unique_ptr<test::TempFolder> folder;
  static inline QString home, away, trained_run;
};

TEST_F(Model, A_IsExportedWithACardThatNamesNoPatient) {
  const Answer done = ctl(words(QStringLiteral("export %1 --format torchscript --run %2 --out %3")
                                    .arg(home, trained_run, at("model"))));
  ASSERT_EQ(done.status, 0) << done.said();
  EXPECT_EQ(done.summary().value(QLatin1String("files")).toArray().size(), 8);
  const auto card = QJsonDocument::fromJson(QByteArray::fromStdString(
                                                readFile(path(at("model")) / "model.json").value()))
                        .object();
  const auto train =
      card.value(QLatin1String("data")).toObject().value(QLatin1String("train")).toObject();
  EXPECT_EQ(train.value(QLatin1String("patients")).toInt(), 3);
  EXPECT_GT(train.value(QLatin1String("labelled_slices")).toInt(), 0);
  EXPECT_EQ(card.value(QLatin1String("networks")).toArray().size(), 3);
  EXPECT_EQ(card.value(QLatin1String("settings"))
                .toObject()
                .value(QLatin1String("fibrosis.width"))
                .toString(),
            QStringLiteral("4"));
  const std::string page = readFile(path(at("model")) / "MODEL.md").value();
  for (const char* word :
       {"Not a medical device", "## Threshold", "| train | 3 |", "U-Net", "DRN-D-22"})
    EXPECT_NE(page.find(word), std::string::npos) << word;
  for (const auto& patient :
       QDir(home + QStringLiteral("/stacks")).entryList({QStringLiteral("*.safetensors")}))
    EXPECT_FALSE(page.find(patient.chopped(15).toStdString()) != std::string::npos)
        << patient.toStdString();
  const Answer again = ctl(words(QStringLiteral("export %1 --format torchscript --run %2 --out %3")
                                     .arg(home, trained_run, at("model"))));
  EXPECT_EQ(again.status, 3) << "an export never replaces a file";
}

TEST_F(Model, B_OpensInPythonWithoutGadolin) {
  const QString python = QStringLiteral("/usr/bin/python3");
  if (QProcess::execute(python, {QStringLiteral("-c"), QStringLiteral("import torch, numpy")}) != 0)
    GTEST_SKIP() << "python3-torch and python3-numpy are not installed";
  QProcess process;
  process.start(python,
                {QStringLiteral(GADOLIN_SOURCE_DIR "/tests/e2e/compare_model.py"), at("model")});
  ASSERT_TRUE(process.waitForFinished(240'000));
  ASSERT_EQ(process.exitCode(), 0) << process.readAllStandardError().toStdString();
  int networks = 0;
  for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
    const auto said = QJsonDocument::fromJson(line).object();
    if (said.isEmpty()) continue;
    ++networks;
    EXPECT_TRUE(said.value(QLatin1String("same_weights")).toBool()) << line.toStdString();
    EXPECT_TRUE(said.value(QLatin1String("finite")).toBool()) << line.toStdString();
    EXPECT_LT(said.value(QLatin1String("apart")).toDouble(1), 1e-4) << line.toStdString();
  }
  EXPECT_EQ(networks, 3);
}

TEST_F(Model, C_PredictsInAnotherProjectWhatItPredictsAtHome) {
  const Answer taken = ctl({QStringLiteral("models"), QStringLiteral("import"), away, at("model")});
  ASSERT_EQ(taken.status, 0) << taken.said();
  const QString imported = taken.summary().value(QLatin1String("run")).toString();
  const auto listed =
      ctl({QStringLiteral("runs"), away}).summary().value(QLatin1String("runs")).toArray();
  ASSERT_EQ(listed.size(), 1);
  EXPECT_EQ(listed[0].toObject().value(QLatin1String("state")).toString(),
            QStringLiteral("imported"));
  const Answer predicted =
      ctl(words(QStringLiteral("predict %1 --run %2 --all").arg(away, imported)));
  ASSERT_EQ(predicted.status, 0) << predicted.said();
  // Beside the run that it came from, on the same stacks: the same to the last byte.
  const QString beside =
      ctl({QStringLiteral("models"), QStringLiteral("import"), home, at("model")})
          .summary()
          .value(QLatin1String("run"))
          .toString();
  for (const QString& one : {trained_run, beside})
    ASSERT_EQ(ctl(words(QStringLiteral("predict %1 --run %2 --split test").arg(home, one))).status,
              0);
  int compared = 0;
  const fs::path runs = path(home) / "runs";
  for (const auto& entry :
       fs::directory_iterator(runs / trained_run.toStdString() / "predictions")) {
    const auto ours = SafetensorsFile::open(entry.path());
    const auto theirs = SafetensorsFile::open(runs / beside.toStdString() / "predictions" /
                                              entry.path().filename());
    ASSERT_TRUE(ours && theirs);
    for (const TensorView& tensor : ours->tensors())
      EXPECT_TRUE(std::ranges::equal(tensor.bytes, theirs->find(tensor.name)->bytes))
          << tensor.name;
    ++compared;
  }
  EXPECT_EQ(compared, 2);
  const Answer resumed = ctl({QStringLiteral("runs"), QStringLiteral("resume"), away, imported});
  EXPECT_EQ(resumed.status, 3);
  EXPECT_TRUE(resumed.errors.contains("imported model")) << resumed.said();
  EXPECT_EQ(ctl({QStringLiteral("check"), away}).status, 0);
}

TEST_F(Model, D_OneThatLiesIsRefusedWithTheReason) {
  const auto tensorsOf = [](const fs::path& file) {
    auto opened = SafetensorsFile::open(file);
    EXPECT_TRUE(opened);
    return std::move(opened).value();
  };
  const fs::path cut = copyOf("cut");
  fs::resize_file(cut / "fibrosis.safetensors", fs::file_size(cut / "fibrosis.safetensors") / 2);
  EXPECT_NE(refusal(cut).find("another SHA-256"), std::string::npos);

  const fs::path elsewhere = copyOf("elsewhere");
  replaceInCard(elsewhere, "\"fibrosis.safetensors\"", "\"../../etc/passwd\"");
  EXPECT_NE(refusal(elsewhere).find("in the same folder"), std::string::npos);

  const fs::path link = copyOf("link");
  fs::remove(link / "fibrosis.safetensors");
  fs::create_symlink(path(at("model")) / "fibrosis.safetensors", link / "fibrosis.safetensors");
  EXPECT_NE(refusal(link).find("not a plain file"), std::string::npos);

  const fs::path shapes = copyOf("shapes");
  {
    const SafetensorsFile whole = tensorsOf(path(at("model")) / "fibrosis.safetensors");
    auto tensors = whole.tensors();
    for (TensorView& tensor : tensors)
      if (tensor.name == "head.weight") std::swap(tensor.shape[0], tensor.shape[1]);
    putWeights(shapes, "fibrosis", tensors);
  }
  const std::string wrong_shape = refusal(shapes);
  EXPECT_NE(wrong_shape.find("head.weight"), std::string::npos) << wrong_shape;

  const fs::path more = copyOf("more");
  {
    const SafetensorsFile whole = tensorsOf(path(at("model")) / "fibrosis.safetensors");
    auto tensors = whole.tensors();
    tensors.push_back(tensors.front());
    tensors.back().name = "stowaway";
    putWeights(more, "fibrosis", tensors);
  }
  EXPECT_NE(refusal(more).find("tensors where"), std::string::npos);

  const fs::path numbers = copyOf("numbers");
  {
    const SafetensorsFile whole = tensorsOf(path(at("model")) / "fibrosis.safetensors");
    auto tensors = whole.tensors();
    const std::vector<float> nan(1, std::numeric_limits<float>::quiet_NaN());
    for (TensorView& tensor : tensors)
      if (tensor.name == "head.bias") tensor.bytes = std::as_bytes(std::span(nan));
    putWeights(numbers, "fibrosis", tensors);
  }
  EXPECT_NE(refusal(numbers).find("no numbers"), std::string::npos);

  const fs::path setting = copyOf("setting");
  replaceInCard(setting, "\"fibrosis.width\": \"4\"", "\"fibrosis.width\": \"5000\"");
  EXPECT_NE(refusal(setting).find("fibrosis.width"), std::string::npos);

  const fs::path newer = copyOf("newer");
  replaceInCard(newer, "\n  \"version\": 1", "\n  \"version\": 2");  // of the card itself
  EXPECT_NE(refusal(newer).find("newer Gadolin"), std::string::npos);

  const fs::path other = copyOf("other");
  ASSERT_TRUE(writeFileAtomically(other / "model.json", std::string_view("[1, 2]")));
  EXPECT_NE(refusal(other).find("not the card"), std::string::npos);
  EXPECT_NE(refusal(folder->path() / "nothing").find("model.json"), std::string::npos);
}

TEST_F(Model, E_TheTorchScriptIsNeverOpenedByAnImport) {
  const fs::path model = copyOf("foreign");
  // Whatever it holds, it is not read: the import succeeds with a file that would not load.
  ASSERT_TRUE(
      writeFileAtomically(model / "fibrosis.torchscript.pt", std::string_view("import os")));
  EXPECT_EQ(ctl({QStringLiteral("models"), QStringLiteral("import"), away,
                 QString::fromStdString(model.string())})
                .status,
            0);
}

TEST_F(Model, F_ACardFromBeforeASettingPredictsAsItWasTrained) {
  const fs::path old = copyOf("old");
  auto card =
      QJsonDocument::fromJson(QByteArray::fromStdString(readFile(old / "model.json").value()))
          .object();
  auto settings = card.value(QLatin1String("settings")).toObject();
  // Settings that came later, and whose value in the preset of today is another than what was done.
  for (const char* later : {"myocardium.close_side_px", "fibrosis.start"}) {
    ASSERT_TRUE(settings.contains(QLatin1String(later))) << later;
    settings.remove(QLatin1String(later));
  }
  card[QLatin1String("settings")] = settings;
  ASSERT_TRUE(writeFileAtomically(old / "model.json", QJsonDocument(card).toJson().toStdString()));
  const Answer taken = ctl({QStringLiteral("models"), QStringLiteral("import"), away,
                            QString::fromStdString(old.string())});
  ASSERT_EQ(taken.status, 0) << taken.said();
  const auto config = run::readRunConfig(
      path(away) / "runs" / taken.summary().value(QLatin1String("run")).toString().toStdString() /
      "run.json");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->settings.integer("myocardium.close_side_px"), 0) << "64 in the preset of today";
  EXPECT_EQ(config->settings.choice("fibrosis.start"), "random");
  EXPECT_EQ(config->settings.integer("fibrosis.width"), 4) << "what the card says counts";
}

}  // namespace
}  // namespace gadolin

GADOLIN_QT_TEST_MAIN();
