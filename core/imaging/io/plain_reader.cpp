#include "core/imaging/io/plain_reader.h"

#include <fcntl.h>
#include <gdcmDataSet.h>
#include <gdcmFile.h>
#include <gdcmTransferSyntax.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <string>
#include <vector>

#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/grey_values.h"

namespace gadolin::io {
namespace {

std::int64_t timeOf(const struct stat& status) {
  return status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
}

Result<void> readAll(int descriptor, std::span<char> into, std::uint64_t at,
                     const std::string& name) {
  while (!into.empty()) {
    const ssize_t got = ::pread(descriptor, into.data(), into.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return systemError(errno, "read", name);
    if (got == 0) return Error{ErrorCode::Conflict, name + " changed while it was imported."};
    into = into.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return {};
}

/// The file's own descriptor, closed with it.
struct OpenFile {
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
  const int descriptor;
};

}  // namespace

std::optional<PlainPixels> findPlainPixels(const gdcm::File& file, std::istream& stream,
                                           const std::filesystem::path& path, int rows, int columns,
                                           int frames) {
  const auto& set = file.GetDataSet();
  const gdcm::TransferSyntax syntax = file.GetHeader().GetDataSetTransferSyntax();
  const std::string interpretation = textAt(set, {0x0028, 0x0004});
  const int representation = unsignedShortAt(set, {0x0028, 0x0103}, 0);
  PlainPixels found;
  found.bits_allocated = unsignedShortAt(set, {0x0028, 0x0100}, 0);
  found.bits_stored = unsignedShortAt(set, {0x0028, 0x0101}, 0);
  found.is_signed = representation == 1;
  found.inverted = interpretation == "MONOCHROME1";
  const bool plain = (syntax == gdcm::TransferSyntax::ImplicitVRLittleEndian ||
                      syntax == gdcm::TransferSyntax::ExplicitVRLittleEndian) &&
                     (found.inverted || interpretation == "MONOCHROME2") &&
                     unsignedShortAt(set, {0x0028, 0x0002}, 1) == 1 &&
                     (found.bits_allocated == 8 || found.bits_allocated == 16) &&
                     found.bits_stored >= 1 && found.bits_stored <= found.bits_allocated &&
                     unsignedShortAt(set, {0x0028, 0x0102}, -1) == found.bits_stored - 1 &&
                     representation <= 1 && rows > 0 && columns > 0 && frames > 0;
  if (!plain) return std::nullopt;
  const auto slopes = numbersAt(set, {0x0028, 0x1053}, "RescaleSlope");
  const auto intercepts = numbersAt(set, {0x0028, 0x1052}, "RescaleIntercept");
  if (!slopes || !intercepts) return std::nullopt;
  if (!slopes->empty()) found.slope = slopes->front();
  if (!intercepts->empty()) found.intercept = intercepts->front();
  // The last four bytes before the value are its length.
  const auto at = static_cast<std::streamoff>(stream.tellg());
  struct stat status{};
  if (at < 4 || ::stat(path.c_str(), &status) != 0) return std::nullopt;
  found.at = static_cast<std::uint64_t>(at);
  found.file_bytes = static_cast<std::uint64_t>(status.st_size);
  found.file_time_ns = timeOf(status);
  const std::uint64_t bytes = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) *
                              static_cast<std::uint64_t>(frames) *
                              static_cast<std::uint64_t>(found.bits_allocated / 8);
  std::uint32_t length = 0;
  stream.seekg(at - 4);
  stream.read(reinterpret_cast<char*>(&length), sizeof length);
  if (!stream || length != bytes + bytes % 2 || found.file_bytes < found.at + bytes)
    return std::nullopt;
  return found;
}

namespace {

/// The bytes of a frame as they lie in the file, which must be the one in which the pixels were found.
Result<void> readStored(const std::filesystem::path& path, const PlainPixels& pixels, int frame,
                        std::span<char> into) {
  const std::string name = path.filename().string();
  const OpenFile file(path);
  struct stat status{};
  if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0)
    return systemError(errno, "read", name);
  if (static_cast<std::uint64_t>(status.st_size) != pixels.file_bytes ||
      timeOf(status) != pixels.file_time_ns)
    return Error{ErrorCode::Conflict, name + " changed while it was imported."};
  return readAll(file.descriptor, into,
                 pixels.at + static_cast<std::uint64_t>(frame) * into.size(), name);
}

}  // namespace

Result<void> readPlainFrame(const std::filesystem::path& path, const PlainPixels& pixels, int frame,
                            std::span<float> out) {
  if (pixels.slope == 0)
    return Error{ErrorCode::InvalidInput, path.filename().string() + ": its RescaleSlope is 0."};
  thread_local std::vector<char> stored;
  stored.resize(out.size() * static_cast<std::size_t>(pixels.bits_allocated / 8));
  GADOLIN_CHECK(readStored(path, pixels, frame, stored));
  GreyScale scale;
  scale.unused_bits = pixels.bits_allocated - pixels.bits_stored;
  scale.inverted = pixels.inverted;
  scale.mirror = mirrorOf(pixels.bits_stored, pixels.is_signed);
  scale.rescale = {pixels.slope, pixels.intercept};
  if (pixels.bits_allocated == 8)
    pixels.is_signed ? greyValues<std::int8_t>(stored.data(), scale, out)
                     : greyValues<std::uint8_t>(stored.data(), scale, out);
  else
    pixels.is_signed ? greyValues<std::int16_t>(stored.data(), scale, out)
                     : greyValues<std::uint16_t>(stored.data(), scale, out);
  return {};
}

bool isWhole(const PlainPixels& pixels) {
  // With these limits no value needs more than 32 bits.
  return pixels.bits_allocated == 16 && !pixels.inverted && pixels.slope >= 1 &&
         pixels.slope <= 256 && pixels.slope == std::trunc(pixels.slope) &&
         std::abs(pixels.intercept) <= 65535 && pixels.intercept == std::trunc(pixels.intercept);
}

Result<void> readWholeFrame(const std::filesystem::path& path, const PlainPixels& pixels, int frame,
                            std::span<std::int16_t> out) {
  GADOLIN_CHECK(
      readStored(path, pixels, frame, {reinterpret_cast<char*>(out.data()), out.size_bytes()}));
  const int unused = pixels.bits_allocated - pixels.bits_stored;
  const auto intercept = static_cast<std::int32_t>(pixels.intercept);
  const auto slope = static_cast<std::int32_t>(pixels.slope);
  if (pixels.is_signed && unused == 0 && slope == 1 && intercept == 0) return {};
  // One loop for each sign, so that each becomes vector instructions.
  std::uint32_t lost = 0;
  const auto put = [&lost](std::int16_t& to, std::int32_t value) {
    to = static_cast<std::int16_t>(value);
    lost |= static_cast<std::uint32_t>(value ^ to);
  };
  if (pixels.is_signed) {
    for (auto& value : out) {
      const auto shifted = static_cast<std::int16_t>(static_cast<std::uint16_t>(value) << unused);
      put(value, (shifted >> unused) * slope + intercept);
    }
  } else {
    const std::int32_t meant = 0xffff >> unused;
    for (auto& value : out) put(value, (value & meant) * slope + intercept);
  }
  if (lost != 0)
    return Error{ErrorCode::Unsupported,
                 path.filename().string() + " holds values that need more than 16 bits."};
  return {};
}

}  // namespace gadolin::io
