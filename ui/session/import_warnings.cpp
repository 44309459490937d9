#include "ui/session/import_warnings.h"

namespace gadolin::session {

void ImportWarnings::add(const std::string& who, const std::string& sentence) {
  std::string kind;
  for (const char c : sentence) {
    if ((c < '0' || c > '9') && c != '.') kind += c;
  }
  auto& same = kinds_[kind];
  if (same.empty()) order_.push_back(kind);
  same.push_back(who.empty() ? sentence : who + ": " + sentence);
}

std::vector<std::string> ImportWarnings::list() const {
  std::vector<std::string> lines;
  for (const auto& kind : order_) {
    const auto& same = kinds_.at(kind);
    if (same.size() <= 3)
      lines.insert(lines.end(), same.begin(), same.end());
    else
      lines.push_back(same.front() + " (And " + std::to_string(same.size() - 1) +
                      " more like this.)");
  }
  return lines;
}

}  // namespace gadolin::session
