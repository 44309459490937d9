#include "core/run/line_buffer.h"

#include <algorithm>

namespace gadolin::run {

void LineBuffer::feed(std::string_view bytes) {
  if (position_ > 0) {
    bytes_.erase(0, position_);
    searched_ -= position_;
    position_ = 0;
  }
  // Line by line, so that only the unfinished last line is ever cut.
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    const std::size_t room = max_line_bytes_ - std::min(line_bytes_, max_line_bytes_);
    bytes_.append(piece.substr(0, room));
    line_bytes_ += piece.size();
    if (end == std::string_view::npos) return;
    bytes_.push_back('\n');
    line_bytes_ = 0;
    bytes.remove_prefix(end + 1);
  }
}

std::optional<std::string> LineBuffer::next() {
  const std::size_t end = bytes_.find('\n', std::max(searched_, position_));
  if (end == std::string::npos) {
    searched_ = bytes_.size();
    return std::nullopt;
  }
  std::string line = bytes_.substr(position_, end - position_);
  position_ = end + 1;
  searched_ = position_;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

void LineBuffer::clear() {
  bytes_.clear();
  position_ = searched_ = line_bytes_ = 0;
}

}  // namespace gadolin::run
