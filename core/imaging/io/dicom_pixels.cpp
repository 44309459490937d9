#include "core/imaging/io/dicom_pixels.h"

#include <gdcmPixmapReader.h>
#include <gdcmReader.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/functional_groups.h"
#include "core/imaging/io/grey_values.h"
#include "core/imaging/io/pixel_data_end.h"
#include "core/imaging/io/plain_reader.h"

namespace gadolin::io {
namespace {

Result<Rescale> fileRescale(const gdcm::DataSet& set) {
  GADOLIN_TRY(const auto slopes, numbersAt(set, {0x0028, 0x1053}, "RescaleSlope"));
  GADOLIN_TRY(const auto intercepts, numbersAt(set, {0x0028, 0x1052}, "RescaleIntercept"));
  return Rescale{slopes.empty() ? 1.0 : slopes[0], intercepts.empty() ? 0.0 : intercepts[0]};
}

}  // namespace

struct DicomPixels::Content {
  std::filesystem::path path;
  std::string name;
  int columns = 0, rows = 0, frames = 1;
  bool inverted = false;
  Rescale rescale;
  FunctionalGroups groups{gdcm::DataSet{}};
  std::optional<PlainPixels> plain;  // else GDCM decoded them into the buffer
  gdcm::PixelFormat format;
  std::vector<char> buffer;

  /// False: the pixels are not plain; nothing was changed.
  Result<bool> openPlain();

  template <typename T>
  void convert(int frame, const Rescale& own, std::span<float> out) const {
    GreyScale scale;
    scale.inverted = inverted;
    scale.mirror = mirrorOf(format.GetBitsStored(), format.GetPixelRepresentation() == 1);
    scale.rescale = own;
    greyValues<T>(buffer.data() + static_cast<std::size_t>(frame) * out.size() * sizeof(T), scale,
                  out);
  }
};

Result<bool> DicomPixels::Content::openPlain() {
  std::ifstream stream(path, std::ios::binary);
  gdcm::Reader reader;
  reader.SetStream(stream);
  if (!stream || !reader.ReadUpToTag(pixel_data, {pixel_data})) return false;
  const auto& set = reader.GetFile().GetDataSet();
  GADOLIN_TRY(const auto frame_count, numbersAt(set, {0x0028, 0x0008}, "NumberOfFrames"));
  const double frames_said = frame_count.empty() ? 1 : frame_count[0];
  if (!(frames_said >= 1 && frames_said < 1e6)) return false;
  const int rows_said = unsignedShortAt(set, {0x0028, 0x0010}, 0);
  const int columns_said = unsignedShortAt(set, {0x0028, 0x0011}, 0);
  plain = findPlainPixels(reader.GetFile(), stream, path, rows_said, columns_said,
                          static_cast<int>(frames_said));
  if (!plain) return false;
  rows = rows_said;
  columns = columns_said;
  frames = static_cast<int>(frames_said);
  inverted = plain->inverted;
  rescale = {plain->slope, plain->intercept};
  groups = FunctionalGroups(set);
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
  content->path = path;
  content->name = path.filename().string();
  const std::string& name = content->name;
  const auto cutOff = [&name] {
    return Error{ErrorCode::Corrupt, name + " is cut off: pixels are missing. Copy it again."};
  };
  GADOLIN_TRY(const bool plain, content->openPlain());
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
      static_cast<std::size_t>(content->columns) * static_cast<std::size_t>(content->rows) *
      static_cast<std::size_t>(content->frames) * format.GetPixelSize();
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

Result<void> DicomPixels::frame(int number, std::span<float> out) const {
  const Content& c = *content_;
  if (number < 0 || number >= c.frames)
    return Error{ErrorCode::Conflict, c.name + " changed while it was imported."};
  GADOLIN_TRY(const auto scale, c.groups.rescaleOf(number, c.rescale));
  if (scale.slope == 0) return Error{ErrorCode::InvalidInput, c.name + ": its RescaleSlope is 0."};
  if (c.plain) {
    PlainPixels own = *c.plain;
    own.slope = scale.slope;
    own.intercept = scale.intercept;
    return readPlainFrame(c.path, own, number, out);
  }
  switch (c.format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
      c.convert<std::uint8_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::INT8:
      c.convert<std::int8_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::UINT16:
      c.convert<std::uint16_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::INT16:
      c.convert<std::int16_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::UINT32:
      c.convert<std::uint32_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::INT32:
      c.convert<std::int32_t>(number, scale, out);
      return {};
    case gdcm::PixelFormat::FLOAT32:
      c.convert<float>(number, scale, out);
      return {};
    case gdcm::PixelFormat::FLOAT64:
      c.convert<double>(number, scale, out);
      return {};
    default:
      return Error{ErrorCode::Unsupported, c.name + ": pixels of " +
                                               std::to_string(c.format.GetBitsAllocated()) +
                                               " bits are not supported."};
  }
}

}  // namespace gadolin::io
