#include "core/imaging/io/dicom_elements.h"

#include <gdcmSequenceOfItems.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace gadolin::io {
namespace {

std::string trimmed(std::string text) {
  const auto is_padding = [](char c) {
    return c == ' ' || c == '\0' || c == '\t' || c == '\r' || c == '\n';
  };
  while (!text.empty() && is_padding(text.back())) text.pop_back();
  const auto begin = std::ranges::find_if_not(text, is_padding);
  text.erase(text.begin(), begin);
  return text;
}

/// Bytes of a binary value; GDCM keeps them in the machine's order once a file is read.
template <typename T>
std::vector<T> binaryAt(const gdcm::DataSet& set, const gdcm::Tag& tag) {
  std::vector<T> values;
  if (!set.FindDataElement(tag)) return values;
  const auto* bytes = set.GetDataElement(tag).GetByteValue();
  if (bytes == nullptr || bytes->GetPointer() == nullptr) return values;
  values.resize(bytes->GetLength() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes->GetPointer(), values.size() * sizeof(T));
  return values;
}

}  // namespace

std::string textAt(const gdcm::DataSet& set, const gdcm::Tag& tag) {
  if (!set.FindDataElement(tag)) return {};
  const auto* bytes = set.GetDataElement(tag).GetByteValue();
  if (!bytes || bytes->GetPointer() == nullptr) return {};
  return trimmed(std::string(bytes->GetPointer(), bytes->GetLength()));
}

Result<std::vector<double>> numbersAt(const gdcm::DataSet& set, const gdcm::Tag& tag,
                                      const char* name) {
  std::vector<double> values;
  const std::string text = textAt(set, tag);
  if (text.empty()) return values;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('\\', begin), text.size());
    std::string part = trimmed(text.substr(begin, end - begin));
    if (part.starts_with('+')) part.erase(0, 1);
    double value = 0;
    const auto [stop, fault] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (fault != std::errc() || stop != part.data() + part.size() || !std::isfinite(value)) {
      return Error{ErrorCode::InvalidInput,
                   std::string(name) + " is '" + text +
                       "', which is not a number (decimal comma?). Correct the header."};
    }
    values.push_back(value);
    begin = end + 1;
  }
  return values;
}

int unsignedShortAt(const gdcm::DataSet& set, const gdcm::Tag& tag, int otherwise) {
  const auto values = binaryAt<std::uint16_t>(set, tag);
  return values.empty() ? otherwise : values.front();
}

std::vector<double> doublesAt(const gdcm::DataSet& set, const gdcm::Tag& tag) {
  auto values = binaryAt<double>(set, tag);
  if (!std::ranges::all_of(values, [](double v) { return std::isfinite(v); })) values.clear();
  return values;
}

std::vector<gdcm::DataSet> itemsAt(const gdcm::DataSet& set, const gdcm::Tag& tag) {
  std::vector<gdcm::DataSet> items;
  if (!set.FindDataElement(tag)) return items;
  const auto sequence = set.GetDataElement(tag).GetValueAsSQ();
  if (!sequence) return items;
  for (gdcm::SequenceOfItems::SizeType i = 1; i <= sequence->GetNumberOfItems(); ++i)
    items.push_back(sequence->GetItem(i).GetNestedDataSet());
  return items;
}

}  // namespace gadolin::io
