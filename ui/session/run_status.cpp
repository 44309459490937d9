#include "ui/session/run_status.h"

namespace gadolin::session {

bool isOver(const RunStatus& status) {
  return std::holds_alternative<Finished>(status) || std::holds_alternative<Cancelled>(status) ||
         std::holds_alternative<Failed>(status);
}

run::Trained trainedOf(const RunStatus& status) {
  if (const auto* finished = std::get_if<Finished>(&status)) return finished->trained;
  if (const auto* cancelled = std::get_if<Cancelled>(&status)) return cancelled->trained;
  if (const auto* failed = std::get_if<Failed>(&status)) return failed->trained;
  return run::Trained::Nothing;
}

QString statusName(const RunStatus& status) {
  if (std::holds_alternative<Preparing>(status)) return QStringLiteral("preparing");
  if (std::holds_alternative<Starting>(status)) return QStringLiteral("starting");
  if (const auto* running = std::get_if<Running>(&status)) {
    return running->progress.responding ? QStringLiteral("running")
                                        : QStringLiteral("not-responding");
  }
  if (std::holds_alternative<Stopping>(status)) return QStringLiteral("stopping");
  if (std::holds_alternative<Finished>(status)) return QStringLiteral("finished");
  if (std::holds_alternative<Cancelled>(status)) return QStringLiteral("cancelled");
  return QStringLiteral("failed");
}

}  // namespace gadolin::session
