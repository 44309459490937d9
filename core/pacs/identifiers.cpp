#include "core/pacs/identifiers.h"

#include <algorithm>

namespace gadolin::pacs {

bool isUid(std::string_view text) {
  constexpr std::size_t longest = 64;
  if (text.empty() || text.size() > longest) return false;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const auto component = text.substr(begin, end - begin);
    if (component.empty() || (component.size() > 1 && component.front() == '0')) return false;
    if (!std::ranges::all_of(component, [](char c) { return c >= '0' && c <= '9'; })) return false;
    if (end == text.size()) return true;
    begin = end + 1;
  }
}

std::string trimmed(std::string_view text) {
  const auto padding = [](char c) { return c == ' ' || c == '\0'; };
  while (!text.empty() && padding(text.front())) text.remove_prefix(1);
  while (!text.empty() && padding(text.back())) text.remove_suffix(1);
  return std::string(text);
}

Result<std::string> aeTitle(std::string_view text, std::string_view whose) {
  constexpr std::size_t longest = 16;
  const std::string title = trimmed(text);
  const bool printable =
      std::ranges::all_of(title, [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
  if (title.empty() || title.size() > longest || !printable) {
    return Error{ErrorCode::InvalidInput,
                 "'" + shown(title) + "' cannot be the AE title " + std::string(whose) +
                     ": it needs 1 to 16 letters, digits or signs of ASCII and no backslash."};
  }
  return title;
}

std::string shown(std::string_view bytes) {
  constexpr std::size_t longest = 64;
  std::string text(bytes.substr(0, longest));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

}  // namespace gadolin::pacs
