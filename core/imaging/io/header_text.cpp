#include "core/imaging/io/header_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace gadolin::io {
namespace {

bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

template <typename T>
std::optional<T> valueIn(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  T value{};
  const auto [stop, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (fault != std::errc() || stop != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

Error refuseHeader(std::string why) {
  return {ErrorCode::InvalidInput, std::move(why)};
}

Error unsupportedHeader(std::string why) {
  return {ErrorCode::Unsupported, std::move(why)};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::optional<std::string_view> nextLine(std::string_view text, std::size_t& at) {
  const std::size_t end = text.find('\n', at);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(at, end - at);
  if (line.ends_with('\r')) line.remove_suffix(1);
  at = end + 1;
  return line;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> list;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto end = std::ranges::find_if(text, isSpace);
    const auto length = static_cast<std::size_t>(end - text.begin());
    list.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return list;
}

std::optional<double> numberIn(std::string_view word) {
  return valueIn<double>(word);
}

std::optional<long long> wholeIn(std::string_view word) {
  return valueIn<long long>(word);
}

Result<std::string> nameBeside(std::string_view text) {
  text = trimmed(text);
  while (text.starts_with("./")) text.remove_prefix(2);
  if (text.empty() || text == "." || text == ".." || text.find('/') != std::string_view::npos ||
      text.find('\\') != std::string_view::npos || text.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::InvalidInput,
                 "It names a file of voxels outside its own folder ('" + std::string(text) +
                     "'), which is not read. Put both into one folder."};
  }
  return std::string(text);
}

}  // namespace gadolin::io
