#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "app/ctl/command.h"
#include "core/base/printable_text.h"

namespace gadolin::ctl {
namespace {

std::int64_t nowMs() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string dump(const nlohmann::json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void Output::event(const nlohmann::json& object) const {
  if (json) std::cout << dump(object) << std::endl;
}

void Output::progress(const std::string& what, std::int64_t done, std::int64_t total) {
  const std::int64_t now = nowMs();
  if ((done < total || total == 0) && now - last_progress_ms_ < 100) return;
  last_progress_ms_ = now;
  if (json) {
    event({{"type", "progress"}, {"what", what}, {"done", done}, {"total", total}});
    return;
  }
  if (!::isatty(STDERR_FILENO)) return;
  if (total == 0) {  // how many there will be is not known yet
    std::fprintf(stderr, "\r%s: %lld ", printableLine(what).c_str(), static_cast<long long>(done));
    bar_shown_ = true;
    return;
  }
  constexpr std::int64_t width = 30;
  const std::int64_t filled =
      std::clamp<std::int64_t>(width * done / total, 0, width);
  std::fprintf(stderr, "\r%s [%s%s] %lld/%lld ", printableLine(what).c_str(),
               std::string(static_cast<std::size_t>(filled), '#').c_str(),
               std::string(static_cast<std::size_t>(width - filled), '.').c_str(),
               static_cast<long long>(done), static_cast<long long>(total));
  bar_shown_ = true;
  if (done >= total) clearBar();
}

void Output::clearBar() {
  if (bar_shown_) std::fputs("\r\033[K", stderr);
  bar_shown_ = false;
}

void Output::summary(const nlohmann::json& object, const std::string& text) {
  clearBar();
  if (json) {
    std::cout << dump(object) << std::endl;
  } else {
    std::cout << printableText(text) << std::endl;
  }
}

void Output::note(const std::string& line) {
  if (json) return;
  clearBar();
  std::cout << printableText(line) << std::endl;
}

void Output::warn(const std::string& sentence) {
  clearBar();
  std::cerr << "gadolinctl: " << printableLine(sentence) << std::endl;
}

int Output::fail(const Error& error) {
  warn(error.message);
  if (json) {
    event({{"type", "error"}, {"code", codeName(error.code)}, {"message", error.message}});
  }
  const bool usage = error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Unsupported;
  return usage ? exit_usage : exit_failed;
}

}  // namespace gadolin::ctl
