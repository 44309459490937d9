#include "ui/session/account.h"

#include <QString>
#include <QtGlobal>

namespace gadolin::session {

std::string accountName() {
  const std::string name = qEnvironmentVariable("USER").toStdString();
  return name.empty() ? "unknown" : name;
}

}  // namespace gadolin::session
