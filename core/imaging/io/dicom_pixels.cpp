#include "core/imaging/io/dicom_pixels.h"

#include <gdcmPixmapReader.h>
#include <gdcmReader.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <span>
#include <type_traits>
#include <utility>

#include "core/base/files.h"
#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/functional_groups.h"
#include "core/imaging/io/pixel_data_end.h"

namespace gadolin::io {
namespace {

/// What MONOCHROME1 shows as bright as `stored` is dark, in the range of the bits stored.
double turnedRound(double stored, const gdcm::PixelFormat& format) {
  const double levels = static_cast<double>(std::uint64_t{1} << format.GetBitsStored());
  return format.GetPixelRepresentation() == 1 ? -1 - stored : levels - 1 - stored;
}

Result<Rescale> fileRescale(const gdcm::DataSet& set) {
  GADOLIN_TRY(const auto slopes, numbersAt(set, {0x0028, 0x1053}, "RescaleSlope"));
  GADOLIN_TRY(const auto intercepts, numbersAt(set, {0x0028, 0x1052}, "RescaleIntercept"));
  return Rescale{slopes.empty() ? 1.0 : slopes[0], intercepts.empty() ? 0.0 : intercepts[0]};
}

/// What the bits above those stored hold (overlays of old scanners) is no part of the value.
template <typename T>
void keepStoredBits(std::vector<char>& buffer, int bits_stored) {
  const int unused = static_cast<int>(8 * sizeof(T)) - bits_stored;
  if (unused <= 0) return;
  for (std::size_t i = 0; i + sizeof(T) <= buffer.size(); i += sizeof(T)) {
    std::make_unsigned_t<T> bits{};
    std::memcpy(&bits, buffer.data() + i, sizeof bits);
    const auto value = static_cast<T>(static_cast<T>(bits << unused) >> unused);
    std::memcpy(buffer.data() + i, &value, sizeof value);
  }
}

}  // namespace

struct DicomPixels::Content {
  std::string name;
  int columns = 0, rows = 0, frames = 1;
  bool inverted = false;
  gdcm::PixelFormat format;
  Rescale rescale;
  FunctionalGroups groups{gdcm::DataSet{}};
  std::vector<char> buffer;

  /// The plain pixels of an uncompressed little-endian grey image of 8 or 16 bits, which most are,
  /// read straight from the file: GDCM copies them three times. False: it is another one, or
  /// something is wrong with it; nothing was changed.
  Result<bool> readPlain(const std::filesystem::path& path);

  [[nodiscard]] std::size_t area() const {
    return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  }

  template <typename T>
  [[nodiscard]] std::vector<float> convert(int frame, const Rescale& scale) const {
    std::vector<float> values(area());
    const char* first = buffer.data() + static_cast<std::size_t>(frame) * area() * sizeof(T);
    if (scale.slope == 1 && scale.intercept == 0 && !inverted) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        T raw{};
        std::memcpy(&raw, first + i * sizeof(T), sizeof(T));
        values[i] = static_cast<float>(raw);
      }
      return values;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      T raw{};
      std::memcpy(&raw, first + i * sizeof(T), sizeof(T));
      auto stored = static_cast<double>(raw);
      if (inverted) stored = turnedRound(stored, format);
      values[i] = static_cast<float>(stored * scale.slope + scale.intercept);
    }
    return values;
  }
};

Result<bool> DicomPixels::Content::readPlain(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  gdcm::Reader reader;
  reader.SetStream(stream);
  if (!stream || !reader.ReadUpToTag(pixel_data, {pixel_data})) return false;
  const auto& set = reader.GetFile().GetDataSet();
  const gdcm::TransferSyntax syntax = reader.GetFile().GetHeader().GetDataSetTransferSyntax();
  const std::string interpretation = textAt(set, {0x0028, 0x0004});
  const int allocated = unsignedShortAt(set, {0x0028, 0x0100}, 0);
  const int stored = unsignedShortAt(set, {0x0028, 0x0101}, 0);
  const int representation = unsignedShortAt(set, {0x0028, 0x0103}, 0);
  const int high_bit = unsignedShortAt(set, {0x0028, 0x0102}, -1);
  const bool plain = (syntax == gdcm::TransferSyntax::ImplicitVRLittleEndian ||
                      syntax == gdcm::TransferSyntax::ExplicitVRLittleEndian) &&
                     (interpretation == "MONOCHROME1" || interpretation == "MONOCHROME2") &&
                     unsignedShortAt(set, {0x0028, 0x0002}, 1) == 1 &&
                     (allocated == 8 || allocated == 16) && stored >= 1 && stored <= allocated &&
                     high_bit == stored - 1 && representation <= 1;
  if (!plain) return false;
  Content read;
  read.name = name;
  read.rows = unsignedShortAt(set, {0x0028, 0x0010}, 0);
  read.columns = unsignedShortAt(set, {0x0028, 0x0011}, 0);
  GADOLIN_TRY(const auto frame_count, numbersAt(set, {0x0028, 0x0008}, "NumberOfFrames"));
  const double frames_said = frame_count.empty() ? 1 : frame_count[0];
  if (read.rows == 0 || read.columns == 0 || !(frames_said >= 1 && frames_said < 1e6)) return false;
  read.frames = static_cast<int>(frames_said);
  read.inverted = interpretation == "MONOCHROME1";
  read.format = gdcm::PixelFormat(
      1, static_cast<unsigned short>(allocated), static_cast<unsigned short>(stored),
      static_cast<unsigned short>(high_bit), static_cast<unsigned short>(representation));
  const std::size_t bytes = read.area() * static_cast<std::size_t>(read.frames) * (allocated / 8);
  // The stream stands behind the head of the element, whose last four bytes are its length.
  const auto value_at = static_cast<std::streamoff>(stream.tellg());
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  if (value_at < 4 || ignored || size < static_cast<std::size_t>(value_at) + bytes) return false;
  std::uint32_t length = 0;
  stream.seekg(value_at - 4);
  stream.read(reinterpret_cast<char*>(&length), sizeof length);
  if (!stream || length != bytes + bytes % 2) return false;
  read.buffer.resize(bytes);
  if (!stream.read(read.buffer.data(), static_cast<std::streamsize>(bytes))) return false;
  if (allocated == 16 && representation == 1) keepStoredBits<std::int16_t>(read.buffer, stored);
  if (allocated == 16 && representation == 0) keepStoredBits<std::uint16_t>(read.buffer, stored);
  if (allocated == 8 && representation == 1) keepStoredBits<std::int8_t>(read.buffer, stored);
  if (allocated == 8 && representation == 0) keepStoredBits<std::uint8_t>(read.buffer, stored);
  GADOLIN_TRY(read.rescale, fileRescale(set));
  read.groups = FunctionalGroups(set);
  *this = std::move(read);
  return true;
}

DicomPixels::DicomPixels(std::unique_ptr<Content> content) : content_(std::move(content)) {}
DicomPixels::DicomPixels(DicomPixels&&) noexcept = default;
DicomPixels& DicomPixels::operator=(DicomPixels&&) noexcept = default;
DicomPixels::~DicomPixels() = default;

int DicomPixels::columns() const {
  return content_->columns;
}
int DicomPixels::rows() const {
  return content_->rows;
}
int DicomPixels::frames() const {
  return content_->frames;
}
bool DicomPixels::inverted() const {
  return content_->inverted;
}

Result<DicomPixels> DicomPixels::open(const std::filesystem::path& path) {
  auto content = std::make_unique<Content>();
  content->name = path.filename().string();
  const std::string& name = content->name;
  const auto cutOff = [&name] {
    return Error{ErrorCode::Corrupt, name + " is cut off: pixels are missing. Copy it again."};
  };
  GADOLIN_TRY(const bool plain, content->readPlain(path));
  if (plain) return DicomPixels(std::move(content));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Error{ErrorCode::Io, "Cannot open " + name + "."};
  // Not gdcm::ImageReader: it looks for a geometry of its own, which is not used here.
  gdcm::PixmapReader reader;
  reader.SetStream(stream);
  if (!reader.Read())
    return Error{ErrorCode::Corrupt,
                 name + ": the pixels cannot be read (damaged or an unknown compression)."};
  const auto& set = reader.GetFile().GetDataSet();
  const auto& image = reader.GetPixmap();
  content->format = image.GetPixelFormat();
  const auto& format = content->format;
  const unsigned dimensions = image.GetNumberOfDimensions();
  if (format.GetSamplesPerPixel() != 1 || dimensions < 2 || dimensions > 3)
    return Error{ErrorCode::Unsupported, name + " is not a plain grey image."};
  content->columns = static_cast<int>(image.GetDimension(0));
  content->rows = static_cast<int>(image.GetDimension(1));
  content->frames = dimensions == 3 ? static_cast<int>(image.GetDimension(2)) : 1;
  const auto interpretation = image.GetPhotometricInterpretation();
  content->inverted = interpretation == gdcm::PhotometricInterpretation::MONOCHROME1;
  if (!content->inverted && interpretation != gdcm::PhotometricInterpretation::MONOCHROME2) {
    return Error{ErrorCode::Unsupported,
                 name + " is not a plain grey image (" + interpretation.GetString() + ")."};
  }
  if (format.GetScalarType() == gdcm::PixelFormat::UNKNOWN || format.GetBitsAllocated() % 8 != 0)
    return Error{ErrorCode::Unsupported, name + ": pixels of " +
                                             std::to_string(format.GetBitsAllocated()) +
                                             " bits are not supported."};
  if (reader.GetFile().GetHeader().GetDataSetTransferSyntax() ==
          gdcm::TransferSyntax::ExplicitVRBigEndian &&
      format.GetBitsAllocated() > 16) {
    // GDCM swaps such values in pairs of bytes.
    return Error{ErrorCode::Unsupported, name + ": 32-bit big-endian pixels are not supported."};
  }
  const std::size_t bytes =
      content->area() * static_cast<std::size_t>(content->frames) * format.GetPixelSize();
  if (image.GetBufferLength() != bytes) return cutOff();
  GADOLIN_TRY(const auto file, readFile(path));
  const auto announced = static_cast<std::uint32_t>(set.GetDataElement(pixel_data).GetVL());
  if (!pixelDataIsComplete(std::as_bytes(std::span(file)), announced)) return cutOff();
  content->buffer.resize(bytes);
  if (!image.GetBuffer(content->buffer.data()))
    return Error{ErrorCode::Corrupt, name + ": the pixels cannot be decompressed."};
  GADOLIN_TRY(content->rescale, fileRescale(set));
  content->groups = FunctionalGroups(set);
  return DicomPixels(std::move(content));
}

Result<std::vector<float>> DicomPixels::frame(int number) const {
  const Content& c = *content_;
  if (number < 0 || number >= c.frames)
    return Error{ErrorCode::Conflict, c.name + " changed while it was imported."};
  GADOLIN_TRY(const auto scale, c.groups.rescaleOf(number, c.rescale));
  if (scale.slope == 0) return Error{ErrorCode::InvalidInput, c.name + ": its RescaleSlope is 0."};
  switch (c.format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
      return c.convert<std::uint8_t>(number, scale);
    case gdcm::PixelFormat::INT8:
      return c.convert<std::int8_t>(number, scale);
    case gdcm::PixelFormat::UINT16:
      return c.convert<std::uint16_t>(number, scale);
    case gdcm::PixelFormat::INT16:
      return c.convert<std::int16_t>(number, scale);
    case gdcm::PixelFormat::UINT32:
      return c.convert<std::uint32_t>(number, scale);
    case gdcm::PixelFormat::INT32:
      return c.convert<std::int32_t>(number, scale);
    case gdcm::PixelFormat::FLOAT32:
      return c.convert<float>(number, scale);
    case gdcm::PixelFormat::FLOAT64:
      return c.convert<double>(number, scale);
    default:
      return Error{ErrorCode::Unsupported, c.name + ": pixels of " +
                                               std::to_string(c.format.GetBitsAllocated()) +
                                               " bits are not supported."};
  }
}

}  // namespace gadolin::io
