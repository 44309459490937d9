// A run that is killed, again and again, is the run that was left alone.

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "core/base/safetensors.h"
#include "tests/ml/worker_process.h"

namespace gadolin {
namespace {

using namespace std::chrono_literals;
using test::RingCohort;
using test::ringConfig;
using test::Worker;
using test::WorkerTest;

constexpr std::array<const char*, 3> stages{"myocardium", "classifier", "fibrosis"};

class SurvivalTest : public WorkerTest {
 protected:
  /// The same run in a folder of its own.
  run::RunFolder copyAs(const std::string& name, const run::RunConfig& config) {
    const run::RunFolder copy{temporary_.path() / name};
    folder_ = copy;
    auto alone = config;
    alone.threads = 1;  // networks this small only wait for a second one
    prepare(alone);
    return copy;
  }

  static void expectSame(const run::RunFolder& a, const run::RunFolder& b) {
    for (const char* stage : stages) {
      for (const char* role : {"latest", "best"}) {
        const auto left = SafetensorsFile::open(a.checkpoint(stage, role));
        const auto right = SafetensorsFile::open(b.checkpoint(stage, role));
        ASSERT_TRUE(left && right) << stage << " " << role;
        ASSERT_EQ(left->tensors().size(), right->tensors().size());
        for (const TensorView& tensor : left->tensors()) {
          const TensorView* other = right->find(tensor.name);
          ASSERT_NE(other, nullptr) << tensor.name;
          EXPECT_TRUE(std::ranges::equal(tensor.bytes, other->bytes))
              << stage << " " << role << " " << tensor.name;
        }
      }
    }
    EXPECT_EQ(readFile(a.calibration()).value(), readFile(b.calibration()).value());
    for (const auto& file : std::filesystem::directory_iterator(a.pseudoMasks()))
      EXPECT_EQ(readFile(file.path()).value(),
                readFile(b.pseudoMasks() / file.path().filename()).value());
  }
};

std::uint64_t seedOfThisTest() {
  if (const char* given = std::getenv("GADOLIN_TEST_SEED")) return std::stoull(given);
  return std::random_device{}();
}

TEST_F(SurvivalTest, KilledAtRandomMomentsItEndsWithTheWeightsOfTheRunLeftAlone) {
  const auto config = ringConfig(run::Supervision::Slice);
  const run::RunFolder calm = copyAs("calm", config);
  std::size_t events = 0;
  {
    Worker worker = start();
    ASSERT_EQ(worker.exitStatus(), run::exit_finished) << said();
    events = worker.events.size();
  }
  const run::RunFolder killed = copyAs("killed", config);
  const std::uint64_t seed = seedOfThisTest();
  SCOPED_TRACE("GADOLIN_TEST_SEED=" + std::to_string(seed));
  std::printf("GADOLIN_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  int deaths = 0;
  for (int life = 0; life < 6; ++life) {
    Worker worker = start({"--resume"});
    // A share of the run: the lives after this one have less to do.
    const std::size_t moment = 2 + random() % (events / 5);
    // A checkpoint in the middle of an epoch now and then, so that the next life begins there.
    const std::size_t checkpoint = 2 + random() % moment;
    while (worker.events.size() < moment && worker.next())
      if (worker.events.size() == checkpoint) worker.say("checkpoint-now");
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
    ::kill(worker.pid(), SIGKILL);
    if (worker.exitStatus() == -SIGKILL) ++deaths;
  }
  EXPECT_GE(deaths, 3) << "most lives must end by the signal, or the test says little";
  Worker last = start({"--resume"});
  ASSERT_EQ(last.exitStatus(), run::exit_finished) << said();
  expectSame(calm, killed);
}

TEST_F(SurvivalTest, KilledWhileItMakesPseudoMasksAndBetweenTwoCheckpointFiles) {
  const auto config = ringConfig(run::Supervision::Slice);
  const run::RunFolder calm = copyAs("calm", config);
  {
    Worker worker = start();
    ASSERT_EQ(worker.exitStatus(), run::exit_finished) << said();
  }
  const run::RunFolder killed = copyAs("killed", config);
  const auto killAt = [&](auto&& moment) {
    Worker worker = start({"--resume"});
    while (const auto event = worker.next())
      if (moment(*event)) break;
    ::kill(worker.pid(), SIGKILL);
    EXPECT_EQ(worker.exitStatus(), -SIGKILL);
  };
  // "best" is written, "latest" of the same epoch is not.
  for (const char* stage : stages) {
    if (std::string(stage) == "fibrosis")
      killAt([](const run::Event& event) {
        const auto* begin = std::get_if<run::StageBegin>(&event.body);
        return begin != nullptr && begin->stage == "pseudo-masks";
      });
    killAt([stage](const run::Event& event) {
      const auto* saved = std::get_if<run::CheckpointSaved>(&event.body);
      return saved != nullptr && saved->stage == stage && saved->role == "best";
    });
  }
  // The file is there and the .json beside it is still that of an earlier epoch.
  std::ofstream(killed.checkpoints() / "myocardium.latest.json") << "{}\n";
  Worker last = start({"--resume"});
  ASSERT_EQ(last.exitStatus(), run::exit_finished) << said();
  expectSame(calm, killed);
  std::ifstream sidecar(killed.checkpoints() / "myocardium.latest.json");
  EXPECT_EQ(nlohmann::json::parse(sidecar).value("epoch", 0), 3) << "the next life mends it";
}

TEST_F(SurvivalTest, AFinishedRunTrainedLongerIsTheLongRunWhereTheRateIsConstant) {
  auto config = ringConfig(run::Supervision::Pixel);
  ASSERT_TRUE(config.settings.set("train.schedule", "constant"));
  ASSERT_TRUE(config.settings.set("train.validate_every", "1"));
  auto longer = config;
  ASSERT_TRUE(longer.settings.set("fibrosis.epochs", "5"));
  const run::RunFolder planned = copyAs("planned", longer);
  Worker one = start();
  ASSERT_EQ(one.exitStatus(), run::exit_finished) << said();

  const run::RunFolder extended = copyAs("extended", config);
  Worker two = start();
  ASSERT_EQ(two.exitStatus(), run::exit_finished) << said();
  config.extra_epochs = 2;
  config.threads = 1;
  config.dataset_sha256 = sha256HexOfFile(extended.dataset()).value();
  ASSERT_TRUE(run::writeRunConfig(extended.config(), config));
  ASSERT_TRUE(makePrivateFolder(extended.predictions()));
  for (const auto& path : {extended.metrics(), extended.prediction("s0")})
    std::ofstream(path) << "of the weights as they were";
  {
    Worker worker = start({"--resume"});
    ASSERT_TRUE(worker.waitFor<run::Epoch>()) << said();
    EXPECT_EQ(std::get<run::Epoch>(worker.events.back().body).stage, "fibrosis");
    EXPECT_EQ(std::get<run::Epoch>(worker.events.back().body).epoch, 4);
    EXPECT_EQ(std::get<run::Epoch>(worker.events.back().body).epochs, 5);
    EXPECT_FALSE(std::filesystem::exists(extended.calibration()))
        << "the old threshold is not that of the new weights";
    EXPECT_FALSE(std::filesystem::exists(extended.metrics())) << "nor are these their figures";
    EXPECT_FALSE(std::filesystem::exists(extended.prediction("s0"))) << "nor their predictions";
  }  // killed: it goes on all the same
  Worker three = start({"--resume"});
  ASSERT_EQ(three.exitStatus(), run::exit_finished) << said();
  for (const char* role : {"latest", "best"}) {
    const auto left = SafetensorsFile::open(planned.checkpoint("fibrosis", role));
    const auto right = SafetensorsFile::open(extended.checkpoint("fibrosis", role));
    ASSERT_TRUE(left && right);
    for (const TensorView& tensor : left->tensors())
      EXPECT_TRUE(std::ranges::equal(tensor.bytes, right->find(tensor.name)->bytes)) << tensor.name;
  }
  EXPECT_EQ(readFile(planned.calibration()).value(), readFile(extended.calibration()).value());
}

/// A file system of a few megabytes; the test that needs it skips where none may be mounted.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path at, const char* size) : at_(std::move(at)) {
    std::filesystem::create_directories(at_);
    mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, size) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool mounted() const { return mounted_; }
  /// Leaves so many bytes free.
  void fill(std::uintmax_t leave) const {
    const auto free = std::filesystem::space(at_).available;
    if (free <= leave) return;
    std::ofstream file(at_ / "ballast", std::ios::binary);
    const std::string block(4096, 'x');
    for (std::uintmax_t n = 0; n + block.size() <= free - leave; n += block.size()) file << block;
  }
  void empty() const { std::filesystem::remove(at_ / "ballast"); }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

TEST_F(SurvivalTest, AFullDiskPausesTheTrainingAndItGoesOnWhenThereIsRoom) {
  const auto config = ringConfig(run::Supervision::Pixel);
  const run::RunFolder calm = copyAs("calm", config);
  {
    Worker worker = start();
    ASSERT_EQ(worker.exitStatus(), run::exit_finished) << said();
  }
  const SmallDisk disk(temporary_.path() / "disk", "size=16m");
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount the small file system of this test";
  folder_ = {temporary_.path() / "disk" / "run"};
  auto alone = config;
  alone.threads = 1;
  prepare(alone);
  const auto waitForWarning = [](Worker& worker, const char* code) {
    while (const auto event = worker.next())
      if (const auto* warning = std::get_if<run::Warning>(&event->body))
        if (warning->code == code) return true;
    return false;
  };
  {
    Worker worker = start();
    ASSERT_TRUE(worker.waitFor<run::StageBegin>()) << said();
    disk.fill(8192);
    ASSERT_TRUE(waitForWarning(worker, "disk-full")) << said();
    ASSERT_TRUE(worker.waitFor<run::Heartbeat>()) << "it lives";
    disk.empty();
    ASSERT_TRUE(waitForWarning(worker, "disk-room"));
    ASSERT_EQ(worker.exitStatus(), run::exit_finished) << said();
  }
  for (const char* stage : {"myocardium", "fibrosis"}) {
    const auto left = SafetensorsFile::open(calm.checkpoint(stage, "latest"));
    const auto right = SafetensorsFile::open(folder_.checkpoint(stage, "latest"));
    ASSERT_TRUE(left && right);
    for (const TensorView& tensor : left->tensors())
      EXPECT_TRUE(std::ranges::equal(tensor.bytes, right->find(tensor.name)->bytes)) << tensor.name;
  }
  // Every line of the file is an event, and the pause is one of them.
  std::ifstream file(folder_.events());
  bool told = false;
  for (std::string line; std::getline(file, line);) {
    const auto event = run::decode(line);
    ASSERT_TRUE(event) << line;
    const auto* warning = std::get_if<run::Warning>(&event->body);
    told = told || (warning != nullptr && warning->code == "disk-full");
  }
  EXPECT_TRUE(told);
}

TEST_F(SurvivalTest, AFullDiskDoesNotKeepAWorkerThatIsToldToLeave) {
  const SmallDisk disk(temporary_.path() / "disk", "size=16m");
  if (!disk.mounted()) GTEST_SKIP() << "only root can mount the small file system of this test";
  folder_ = {temporary_.path() / "disk" / "run"};
  prepare(longConfig());
  {
    Worker worker = start();
    ASSERT_TRUE(worker.waitFor<run::Epoch>()) << said();
    worker.say("checkpoint-now");
    ASSERT_TRUE(worker.waitFor<run::CheckpointSaved>());
    worker.say("cancel");
    ASSERT_EQ(worker.exitStatus(), run::exit_cancelled);
  }
  const auto before = readFile(folder_.checkpoint("myocardium", "latest")).value();
  Worker worker = start({"--resume"});
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  disk.fill(0);
  worker.say("checkpoint-now");
  while (const auto event = worker.next())
    if (const auto* warning = std::get_if<run::Warning>(&event->body))
      if (warning->code == "disk-full") break;
  const auto asked = std::chrono::steady_clock::now();
  worker.say("cancel");
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled) << said();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 10s);
  EXPECT_EQ(readFile(folder_.checkpoint("myocardium", "latest")).value(), before)
      << "the checkpoint before is whole";
}

}  // namespace
}  // namespace gadolin
