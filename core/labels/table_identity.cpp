#include "core/labels/table_identity.h"

#include <algorithm>

#include "core/base/text_decoding.h"

namespace gadolin {
namespace {

enum class Letter { Other, Upper, Lower };

/// Of Latin letters, with accents, and of Greek and Cyrillic ones; `at` moves behind the letter.
/// Scripts without capitals count as lower case.
Letter letterAt(std::string_view text, std::size_t& at) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at++);
  if (first < 0x80) {
    if (first >= 'A' && first <= 'Z') return Letter::Upper;
    return first >= 'a' && first <= 'z' ? Letter::Lower : Letter::Other;
  }
  unsigned code = first & (first >= 0xF0 ? 0x07U : first >= 0xE0 ? 0x0FU : 0x1FU);
  while (at < text.size() && (byte(at) & 0xC0U) == 0x80U) code = code << 6 | (byte(at++) & 0x3FU);
  if (code < 0xC0 || code == 0xD7 || code == 0xF7 || (code >= 0x2000 && code < 0x2070))
    return Letter::Other;
  if (code <= 0xDE) return Letter::Upper;
  if (code >= 0x100 && code < 0x180) {  // Latin Extended-A: capitals and small letters in turn
    if (code == 0x178) return Letter::Upper;
    const bool odd_is_upper = (code >= 0x139 && code <= 0x148) || code >= 0x179;
    return (code % 2 == 1) == odd_is_upper ? Letter::Upper : Letter::Lower;
  }
  const bool capital =
      (code >= 0x386 && code <= 0x3AB && code != 0x390) || (code >= 0x400 && code <= 0x42F);
  return capital ? Letter::Upper : Letter::Lower;
}

/// "Hans", "O'Neill", "Müller-Lüdenscheidt", "MEIER"; not "LAD", which is as short as
/// abbreviations are.
bool isNameWord(std::string_view word) {
  int upper = 0, lower = 0;
  for (std::size_t at = 0; at < word.size();) {
    const char c = word[at];
    const Letter letter = letterAt(word, at);
    if (letter == Letter::Other && c != '-' && c != '\'' && c != '.') return false;
    if (upper == 0 && letter != Letter::Upper) return false;
    upper += letter == Letter::Upper ? 1 : 0;
    lower += letter == Letter::Lower ? 1 : 0;
  }
  constexpr int longest_abbreviation = 3;
  return lower > 0 || upper > longest_abbreviation;
}

bool looksLikeName(std::string_view cell) {
  int words = 0;
  for (std::size_t begin = 0; begin < cell.size();) {
    const std::size_t end = std::min(cell.find_first_of(" ,^", begin), cell.size());
    if (end > begin) {
      if (!isNameWord(cell.substr(begin, end - begin))) return false;
      ++words;
    }
    begin = end + 1;
  }
  constexpr int most_words = 4;
  return words >= 2 && words <= most_words;
}

bool looksLikeAddress(std::string_view cell) {
  const std::size_t at = cell.find('@');
  return at != std::string_view::npos && at > 0 && cell.find(' ') == std::string_view::npos &&
         cell.find('.', at + 2) != std::string_view::npos && cell.back() != '.';
}

std::string ofThem(int count, int filled, const std::string& what) {
  return std::to_string(count) + " of its " + std::to_string(filled) +
         (count == 1 ? " values looks like " : " values look like ") + what;
}

}  // namespace

void noteSigns(std::string_view cell, IdentitySigns& signs) {
  const std::string_view text = trimmedText(cell);
  if (text.empty()) return;
  constexpr std::size_t record_digits = 6;
  signs.addresses += looksLikeAddress(text) ? 1 : 0;
  signs.names += looksLikeName(text) ? 1 : 0;
  signs.records +=
      text.size() >= record_digits && text.find_first_not_of("0123456789") == std::string_view::npos
          ? 1
          : 0;
}

std::string identityReason(const IdentitySigns& signs, int filled, std::size_t distinct) {
  const int different = static_cast<int>(distinct);
  if (signs.addresses > 0) return ofThem(signs.addresses, filled, "e-mail addresses");
  if (2 * signs.names > filled && 4 * different > 3 * filled)
    return ofThem(signs.names, filled, "names of people");
  if (signs.records > 0 && 10 * signs.records >= 9 * filled && 10 * different >= 9 * filled)
    return ofThem(signs.records, filled, "record numbers");
  return {};
}

}  // namespace gadolin
