#include "core/imaging/io/dicom_encoding.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <span>
#include <vector>

#include "core/base/files.h"

namespace gadolin::io {
namespace {

/// The file as bytes, so that it can be written whole or not at all.
Result<std::vector<std::byte>> encoded(DcmFileFormat& file) {
  const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  if (const auto checked = file.validateMetaInfo(syntax); checked.bad()) {
    return Error{ErrorCode::Internal, std::string("DICOM file header: ") + checked.text()};
  }
  std::vector<std::byte> bytes(file.calcElementLength(syntax, EET_UndefinedLength) + 4096);
  DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  file.transferInit();
  const auto written = file.write(stream, syntax, EET_UndefinedLength, nullptr);
  file.transferEnd();
  if (written.bad()) {
    return Error{ErrorCode::Internal, std::string("DICOM encoding: ") + written.text()};
  }
  bytes.resize(static_cast<std::size_t>(stream.tell()));
  return bytes;
}

}  // namespace

std::string decimal(double value) {
  if (value == 0) return "0";
  std::array<char, 32> text{};
  const auto shortest = std::to_chars(text.data(), text.data() + text.size(), value);
  if (shortest.ptr - text.data() <= 16) return {text.data(), shortest.ptr};
  for (int digits = 15; digits > 0; --digits) {
    const int length = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    if (length <= 16) return {text.data(), static_cast<std::size_t>(length)};
  }
  return "0";
}

std::string decimals(std::initializer_list<double> values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : "\\") + decimal(value);
  return text;
}

Result<void> prepareDcmtk() {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  if (dcmDataDict.isDictionaryLoaded()) return {};
  return Error{ErrorCode::Unsupported,
               "DCMTK finds no DICOM dictionary: install libdcmtk or set DCMDICTPATH."};
}

Result<void> writeDicomFile(const std::filesystem::path& path, DcmFileFormat& file) {
  GADOLIN_TRY(const auto bytes, encoded(file));
  return writeFileAtomically(path, std::span<const std::byte>(bytes));
}

}  // namespace gadolin::io
