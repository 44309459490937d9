#include <QCoreApplication>
#include <QEventLoop>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>

#include "app/ctl/interrupt.h"
#include "app/files/pacs_command.h"
#include "core/pacs/send.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

/// Files as named, and every file below named folders, in the order of their names.
Result<std::vector<fs::path>> filesOf(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code code;
    if (fs::is_regular_file(path, code)) {
      files.emplace_back(path);
      continue;
    }
    if (!fs::is_directory(path, code))
      return Error{ErrorCode::NotFound, path + " is neither a file nor a folder."};
    std::vector<fs::path> below;
    auto at = fs::recursive_directory_iterator(path, code);
    for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
      std::error_code gone;
      if (at->is_regular_file(gone)) below.push_back(at->path());
    }
    if (code) return systemError(code.value(), "look through", path);
    std::ranges::sort(below);
    files.insert(files.end(), below.begin(), below.end());
  }
  if (files.empty()) return Error{ErrorCode::NotFound, "There is no file in what was named."};
  return files;
}

Result<pacs::SendOutcome> sendHere(const SendArguments& arguments,
                                   const std::vector<fs::path>& files, Output& output) {
  GADOLIN_TRY(const auto peer, peerNamed(arguments.peer, arguments.own_ae_title));
  std::atomic<bool> cancelled = false;
  QEventLoop loop;  // for Ctrl-C
  const Interrupt interrupt([&cancelled] { cancelled = true; });
  auto answer = std::async(std::launch::async, [&] {
    auto result = pacs::send(
        peer, files,
        [&](int done, int all) {
          QMetaObject::invokeMethod(
              &loop, [&output, done, all] { output.progress("Sending", done, all); },
              Qt::QueuedConnection);
        },
        cancelled);
    QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
    return result;
  });
  loop.exec();
  return answer.get();
}

}  // namespace

int sendTo(const SendArguments& arguments, Output& output) {
  const auto files = filesOf(arguments.paths);
  if (!files) return output.fail(files.error());
  const auto outcome = sendHere(arguments, *files, output);
  if (!outcome) return output.fail(outcome.error());
  nlohmann::json refused = nlohmann::json::array();
  for (const pacs::NotSent& one : outcome->refused) {
    refused.push_back({{"path", one.file.string()}, {"reason", one.why}, {"code", "not-sent"}});
    if (!output.json) output.warn(one.why);
  }
  const std::size_t answered = static_cast<std::size_t>(outcome->sent) + outcome->refused.size();
  const int failed = outcome->ended_early ? output.fail(*outcome->ended_early) : exit_done;
  output.summary({{"type", "summary"},
                  {"sent", outcome->sent},
                  {"refused", refused},
                  {"without_answer", files->size() - answered}},
                 arguments.peer + " stored " + std::to_string(outcome->sent) + " of " +
                     std::to_string(files->size()) + " files" +
                     (outcome->ended_early && outcome->sent > 0 ? "; those are there." : "."));
  if (outcome->ended_early) return failed;
  if (outcome->sent == 0) return exit_failed;
  return outcome->refused.empty() ? exit_done : exit_part;
}

}  // namespace gadolin::ctl
