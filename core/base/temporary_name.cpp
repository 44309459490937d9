#include "core/base/temporary_name.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "core/base/hash.h"

namespace gadolin {
namespace {

constexpr std::string_view temporary_prefix = ".tmp-";

/// The machine's name as a part of a file's: without '-', which ends it, and not long, as names
/// have 255 characters.
const std::string& hostMark() {
  static const std::string mark = [] {
    constexpr std::size_t most = 24;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
      return std::string("_");
    const std::string whole(name.data());
    std::string text = whole;
    std::ranges::replace_if(
        text,
        [](char c) {
          return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.';
        },
        '_');
    if (text == whole && text.size() <= most) return text;
    // Two names may not become one.
    return text.substr(0, most - 9) + "_" + sha256Hex(std::string_view(whole)).substr(0, 8);
  }();
  return mark;
}

}  // namespace

std::string temporaryName(std::string_view rest) {
  return std::string(temporary_prefix) + std::to_string(::getpid()) + "@" + hostMark() + "-" +
         std::string(rest);
}

std::optional<std::string> deadTemporary(std::string_view name) {
  if (!name.starts_with(temporary_prefix)) return std::nullopt;
  name.remove_prefix(temporary_prefix.size());
  pid_t pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (parsed.ec != std::errc{} || pid <= 0) return std::nullopt;
  name.remove_prefix(static_cast<std::size_t>(parsed.ptr - name.data()));
  if (name.starts_with('@')) {
    if (!name.substr(1).starts_with(hostMark())) return std::nullopt;
    name.remove_prefix(1 + hostMark().size());
  }
  if (!name.starts_with('-')) return std::nullopt;
  if (::kill(pid, 0) == 0 || errno != ESRCH) return std::nullopt;
  return std::string(name.substr(1));
}

}  // namespace gadolin
