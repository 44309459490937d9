#include "core/report/methods.h"

namespace gadolin::report {

std::string methodsText(const std::vector<MethodsSection>& sections) {
  std::string text;
  for (const MethodsSection& section : sections) {
    if (!text.empty()) text += '\n';
    text += section.title + "\n\n" + section.text + '\n';
  }
  return text;
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

}  // namespace gadolin::report
