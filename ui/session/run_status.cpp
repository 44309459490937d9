#include "ui/session/run_status.h"

namespace gadolin::session {

bool isOver(const RunStatus& status) {
  return std::holds_alternative<Finished>(status) || std::holds_alternative<Cancelled>(status) ||
         std::holds_alternative<Failed>(status);
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
