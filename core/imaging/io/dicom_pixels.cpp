#include "core/imaging/io/dicom_pixels.h"

#include <gdcmPixmapReader.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <span>
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

}  // namespace

struct DicomPixels::Content {
  std::string name;
  int columns = 0, rows = 0, frames = 1;
  bool inverted = false;
  gdcm::PixelFormat format;
  Rescale rescale;
  FunctionalGroups groups{gdcm::DataSet{}};
  std::vector<char> buffer;

  [[nodiscard]] std::size_t area() const {
    return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  }

  template <typename T>
  [[nodiscard]] std::vector<float> convert(int frame, const Rescale& scale) const {
    std::vector<float> values(area());
    const char* first = buffer.data() + static_cast<std::size_t>(frame) * area() * sizeof(T);
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

DicomPixels::DicomPixels(std::unique_ptr<Content> content) : content_(std::move(content)) {}
DicomPixels::DicomPixels(DicomPixels&&) noexcept = default;
DicomPixels& DicomPixels::operator=(DicomPixels&&) noexcept = default;
DicomPixels::~DicomPixels() = default;

int DicomPixels::columns() const { return content_->columns; }
int DicomPixels::rows() const { return content_->rows; }
int DicomPixels::frames() const { return content_->frames; }
bool DicomPixels::inverted() const { return content_->inverted; }

Result<DicomPixels> DicomPixels::open(const std::filesystem::path& path) {
  auto content = std::make_unique<Content>();
  content->name = path.filename().string();
  const std::string& name = content->name;
  const auto cutOff = [&name] {
    return Error{ErrorCode::Corrupt, name + " is cut off: pixels are missing. Copy it again."};
  };
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
    case gdcm::PixelFormat::UINT8: return c.convert<std::uint8_t>(number, scale);
    case gdcm::PixelFormat::INT8: return c.convert<std::int8_t>(number, scale);
    case gdcm::PixelFormat::UINT16: return c.convert<std::uint16_t>(number, scale);
    case gdcm::PixelFormat::INT16: return c.convert<std::int16_t>(number, scale);
    case gdcm::PixelFormat::UINT32: return c.convert<std::uint32_t>(number, scale);
    case gdcm::PixelFormat::INT32: return c.convert<std::int32_t>(number, scale);
    case gdcm::PixelFormat::FLOAT32: return c.convert<float>(number, scale);
    case gdcm::PixelFormat::FLOAT64: return c.convert<double>(number, scale);
    default:
      return Error{ErrorCode::Unsupported, c.name + ": pixels of " +
                                               std::to_string(c.format.GetBitsAllocated()) +
                                               " bits are not supported."};
  }
}

}  // namespace gadolin::io
