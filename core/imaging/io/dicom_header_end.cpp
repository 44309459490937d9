#include "core/imaging/io/dicom_header_end.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gadolin::io {
namespace {

constexpr std::uint64_t preamble_bytes = 132;
constexpr std::uint64_t usual_header_bytes = 16384;
constexpr std::uint32_t undefined_length = 0xffffffff;
constexpr std::uint32_t transfer_syntax_tag = 0x00020010, first_pixel_tag = 0x7fe00010;
constexpr std::string_view short_lengths =
    "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US";
constexpr std::string_view long_lengths = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";

bool isOneOf(std::string_view vrs, std::string_view vr) {
  for (std::size_t i = 0; i + 2 <= vrs.size(); i += 3)
    if (vrs.substr(i, 2) == vr) return true;
  return false;
}

struct Element {
  std::uint32_t tag = 0, length = 0;
  std::uint64_t value = 0;  // where it begins
};

enum class Met { Element, End, SomethingElse };

class Headers {
 public:
  explicit Headers(const std::filesystem::path& path) : file_(path, std::ios::binary) {
    file_.seekg(0, std::ios::end);
    size_ = static_cast<std::uint64_t>(std::max<std::streamoff>(0, file_.tellg()));
    start_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size_, usual_header_bytes)));
    file_.seekg(0);
    if (!file_.read(start_.data(), static_cast<std::streamsize>(start_.size()))) start_.clear();
    file_.clear();
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  bool hasPreamble() {
    std::array<char, 4> mark{};
    return size_ >= preamble_bytes && bytesAt(128, mark.data(), mark.size()) &&
           std::string_view(mark.data(), mark.size()) == "DICM";
  }

  Met read(std::uint64_t at, bool explicit_vr, Element& element) {
    std::array<char, 12> head{};
    if (size_ - at < 8) return Met::End;
    if (!bytesAt(at, head.data(), 8)) return Met::SomethingElse;
    element.tag = whole(head, 0, 2) << 16 | whole(head, 2, 2);
    const std::string_view vr(head.data() + 4, 2);
    if (!explicit_vr) {
      element.length = whole(head, 4, 4);
      element.value = at + 8;
    } else if (isOneOf(short_lengths, vr)) {
      element.length = whole(head, 6, 2);
      element.value = at + 8;
    } else if (isOneOf(long_lengths, vr)) {
      if (size_ - at < 12) return Met::End;
      if (!bytesAt(at, head.data(), 12)) return Met::SomethingElse;
      element.length = whole(head, 8, 4);
      element.value = at + 12;
    } else {
      return Met::SomethingElse;
    }
    return Met::Element;
  }

  // Padding behind the last element: no element has the group 0.
  bool onlyZerosFrom(std::uint64_t at) {
    std::array<char, 12> rest{};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size_ - at, rest.size()));
    return bytesAt(at, rest.data(), count) &&
           std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count),
                       [](char byte) { return byte == 0; });
  }

  std::string text(const Element& element) {
    std::string value(element.length, '\0');
    if (!bytesAt(element.value, value.data(), value.size())) return {};
    while (!value.empty() && (value.back() == '\0' || value.back() == ' ')) value.pop_back();
    return value;
  }

 private:
  bool bytesAt(std::uint64_t at, char* to, std::size_t count) {
    if (at <= start_.size() && count <= start_.size() - at) {
      std::copy_n(start_.begin() + static_cast<std::ptrdiff_t>(at), count, to);
      return true;
    }
    file_.seekg(static_cast<std::streamoff>(at));
    return static_cast<bool>(file_.read(to, static_cast<std::streamsize>(count)));
  }
  static std::uint32_t whole(const std::array<char, 12>& bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value |= std::uint32_t{static_cast<unsigned char>(bytes.at(at + i))} << (8 * i);
    return value;
  }

  std::ifstream file_;
  std::vector<char> start_;  // every seek of a stream reads a whole buffer anew
  std::uint64_t size_ = 0;
};

}  // namespace

bool endsWithinHeader(const std::filesystem::path& path) {
  Headers headers(path);
  if (!headers.hasPreamble()) return false;
  std::optional<std::string> syntax;
  std::uint32_t last_tag = 0;
  for (std::uint64_t at = preamble_bytes;;) {
    if (at == headers.size())
      return last_tag >> 16 <= 2;  // else it may be whole, and hold no image
    Element element;
    Met met = headers.read(at, false, element);  // for its tag
    const bool in_meta = met == Met::Element && element.tag >> 16 == 2;
    if (met == Met::Element && !in_meta &&
        (!syntax || *syntax == "1.2.840.10008.1.2.2" || *syntax == "1.2.840.10008.1.2.1.99"))
      return false;
    if (in_meta || syntax != "1.2.840.10008.1.2") met = headers.read(at, true, element);
    if (met == Met::End) return last_tag >> 16 <= 2 || !headers.onlyZerosFrom(at);
    if (met == Met::SomethingElse || element.tag <= last_tag) return false;
    if (element.tag >= first_pixel_tag || element.length == undefined_length) return false;
    if (element.length > headers.size() - element.value) return true;
    if (element.tag == transfer_syntax_tag) syntax = headers.text(element);
    last_tag = element.tag;
    at = element.value + element.length;
  }
}

}  // namespace gadolin::io
