#include "ui/session/run_history.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string_view>
#include <utility>

#include "core/base/files.h"
#include "core/run/line_buffer.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

template <typename Item>
void putEpoch(std::vector<Item>& items, const Item& item) {
  const auto same = [&item](const Item& other) {
    return other.stage == item.stage && other.epoch == item.epoch;
  };
  // A resumed stage goes on from a checkpoint: what came after that epoch is trained anew.
  std::erase_if(items, same);
  items.push_back(item);
}

/// Where the reading stands.
struct Reading {
  RunHistory history;
  bool predicting = false;  // this life is no training
  std::optional<run::Hello> hello_before;
  std::optional<run::Done> done_before;
};

void takeHello(Reading& reading, const run::Hello& hello) {
  reading.predicting = hello.work == run::Work::Predict;
  if (reading.predicting) return;
  RunHistory& history = reading.history;
  reading.hello_before = std::exchange(history.hello, hello);
  reading.done_before = std::exchange(history.done, std::nullopt);
  ++history.lives;
}

/// A life that turns out to predict only: the hello of older workers does not say it.
void forgetLife(Reading& reading) {
  reading.predicting = true;
  RunHistory& history = reading.history;
  if (history.lives == 0) return;
  --history.lives;
  history.hello = reading.hello_before;
  history.done = reading.done_before;
}

void take(Reading& reading, const run::Event& event) {
  if (const auto* hello = std::get_if<run::Hello>(&event.body)) {
    takeHello(reading, *hello);
    return;
  }
  if (reading.predicting) return;
  if (const auto* stage = std::get_if<run::StageBegin>(&event.body);
      stage != nullptr && stage->stage == "predict") {
    forgetLife(reading);
    return;
  }
  std::visit(
      [&history = reading.history](const auto& body) {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, run::StageBegin>) {
          history.planned_epochs.try_emplace(body.stage, body.epochs);
          std::erase_if(history.stages, [&body](const run::StageBegin& other) {
            return other.stage == body.stage;
          });
          history.stages.push_back(body);
        } else if constexpr (std::is_same_v<Body, run::Epoch>) {
          putEpoch(history.epochs, body);
        } else if constexpr (std::is_same_v<Body, run::Preview>) {
          putEpoch(history.previews, body);
        } else if constexpr (std::is_same_v<Body, run::CheckpointSaved>) {
          history.checkpoints.push_back(body);
        } else if constexpr (std::is_same_v<Body, run::Warning>) {
          history.warnings.push_back(body);
        } else if constexpr (std::is_same_v<Body, run::Done>) {
          history.done = body;
        }
      },
      event.body);
}

/// The lock's descriptor when somebody else holds it, else -1. The caller closes it.
int openHeldLock(const run::RunFolder& folder) {
  const int descriptor = ::open(folder.lock().c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  // A shared lock for an instant: two lookers do not see one another as a worker.
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

Result<RunHistory> readCurves(const run::RunFolder& folder) {
  Reading reading;
  std::ifstream file(folder.events(), std::ios::binary);
  if (!file) {
    std::error_code code;
    if (!fs::exists(folder.events(), code)) return reading.history;
    return Error{ErrorCode::Io, folder.events().string() + " cannot be read."};
  }
  run::LineBuffer lines;
  std::string piece(1 << 16, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    lines.feed({piece.data(), static_cast<std::size_t>(file.gcount())});
    while (auto line = lines.next()) {
      auto event = run::decode(*line);
      if (event) {
        take(reading, *event);
      } else if (event.error().code == ErrorCode::Unsupported) {
        return event.error().within(folder.events().string());
      } else {
        ++reading.history.bad_lines;
      }
    }
  }
  return std::move(reading.history);
}

std::optional<run::Work> workAt(const run::RunFolder& folder) {
  const int descriptor = openHeldLock(folder);
  if (descriptor < 0) return std::nullopt;
  char text[64] = {};
  const ssize_t got = ::pread(descriptor, text, sizeof text - 1, 0);
  ::close(descriptor);
  const std::string_view holder(text, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  const std::string predicts = "\n" + std::string(toText(run::Work::Predict)) + "\n";
  return holder.find(predicts) == std::string_view::npos ? run::Work::Train : run::Work::Predict;
}

bool workerAlive(const run::RunFolder& folder) {
  return workAt(folder).has_value();
}

std::optional<std::int64_t> workerPid(const run::RunFolder& folder) {
  const int descriptor = openHeldLock(folder);
  if (descriptor < 0) return std::nullopt;
  char digits[32] = {};
  const ssize_t got = ::pread(descriptor, digits, sizeof digits - 1, 0);
  ::close(descriptor);
  std::int64_t pid = 0;
  if (got <= 0 || std::from_chars(digits, digits + got, pid).ec != std::errc{} || pid <= 1) {
    return std::nullopt;
  }
  return pid;
}

bool hasCheckpoint(const run::RunFolder& folder) {
  std::error_code code;
  for (fs::directory_iterator at(folder.checkpoints(), code), end; !code && at != end;
       at.increment(code)) {
    if (at->path().filename().string().ends_with(".latest.safetensors")) return true;
  }
  return false;
}

std::string logTail(const run::RunFolder& folder, std::size_t at_most_bytes) {
  std::ifstream file(folder.log(), std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  const std::size_t from = size > at_most_bytes ? size - at_most_bytes : 0;
  file.seekg(static_cast<std::streamoff>(from));
  std::string text(size - from, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (from > 0) text.erase(0, text.find('\n') + 1);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace gadolin::session
