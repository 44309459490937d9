#include "core/base/id.h"

#include <algorithm>
#include <random>

namespace gadolin {
namespace {

bool isSafeCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

std::string newId(std::string_view prefix) {
  std::random_device device;
  constexpr char digits[] = "0123456789abcdef";
  std::string id(prefix);
  id.push_back('-');
  for (int i = 0; i < 12; ++i) id.push_back(digits[device() & 15U]);
  return id;
}

bool isSafeName(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), isSafeCharacter);
}

std::string toSafeName(std::string_view text) {
  std::string name(text.substr(0, 128));
  for (char& c : name) {
    if (!isSafeCharacter(c)) c = '_';
  }
  if (name.empty() || name.front() == '.') name.insert(name.begin(), '_');
  return name;
}

}  // namespace gadolin
