#pragma once
// Bytes in, lines out. A pipe hands over whatever happens to be in it: half a line, a thousand
// lines, a line without end. Memory stays bounded whatever a broken worker sends.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gadolin::run {

class LineBuffer {
 public:
  explicit LineBuffer(std::size_t max_line_bytes = std::size_t{1} << 20)
      : max_line_bytes_(max_line_bytes) {}

  void feed(std::string_view bytes);
  /// The next whole line without its newline (and without '\r' before it), or nothing. A line
  /// longer than the limit comes out as its first max_line_bytes bytes; the rest of it is dropped.
  std::optional<std::string> next();
  /// True when next() would give a line.
  [[nodiscard]] bool hasLine() const {
    return bytes_.find('\n', std::max(searched_, position_)) != std::string::npos;
  }
  /// What has come since the last newline; for the end of a stream.
  [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(position_); }
  void clear();

 private:
  std::size_t max_line_bytes_;
  std::string bytes_;
  std::size_t position_ = 0;    // start of the first line not yet handed out
  std::size_t searched_ = 0;    // no newline between position_ and here
  std::size_t line_bytes_ = 0;  // of the unfinished line, dropped ones included
};

}  // namespace gadolin::run
