#include "core/imaging/io/dicom_reader.h"

#include <gdcmAttribute.h>
#include <gdcmImageReader.h>
#include <gdcmReader.h>
#include <gdcmTrace.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>

#include "core/base/files.h"
#include "core/imaging/io/pixel_data_end.h"

namespace gadolin::io {
namespace {

const gdcm::Tag pixel_data(0x7fe0, 0x0010);

void silenceGdcm() {
  gdcm::Trace::DebugOff();
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
}

std::string trimmed(std::string text) {
  const auto is_padding = [](char c) {
    return c == ' ' || c == '\0' || c == '\t' || c == '\r' || c == '\n';
  };
  while (!text.empty() && is_padding(text.back())) text.pop_back();
  const auto begin = std::ranges::find_if_not(text, is_padding);
  text.erase(text.begin(), begin);
  return text;
}

std::string textAt(const gdcm::DataSet& set, const gdcm::Tag& tag) {
  if (!set.FindDataElement(tag)) return {};
  const auto* bytes = set.GetDataElement(tag).GetByteValue();
  if (!bytes || bytes->GetPointer() == nullptr) return {};
  return trimmed(std::string(bytes->GetPointer(), bytes->GetLength()));
}

/// Values of a DS or IS element, strictly: what is not a number is an error, never a guess.
/// Empty when the element is absent or has no value.
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

template <std::uint16_t Group, std::uint16_t Element>
int wholeAt(const gdcm::DataSet& set, int otherwise) {
  const gdcm::Tag tag(Group, Element);
  if (!set.FindDataElement(tag) || set.GetDataElement(tag).IsEmpty()) return otherwise;
  gdcm::Attribute<Group, Element> attribute;
  attribute.SetFromDataSet(set);
  return static_cast<int>(attribute.GetValue());
}

Result<DicomHeader> headerOf(const gdcm::File& file) {
  const auto& set = file.GetDataSet();
  DicomHeader h;
  h.sop_class = textAt(set, {0x0008, 0x0016});
  if (h.sop_class.empty()) h.sop_class = textAt(file.GetHeader(), {0x0002, 0x0002});
  if (h.sop_class == "1.2.840.10008.1.3.10") {
    return Error{ErrorCode::NotFound, "It is a DICOMDIR, a list of other files."};
  }
  h.sop_uid = textAt(set, {0x0008, 0x0018});
  h.patient_id = textAt(set, {0x0010, 0x0020});
  h.study_uid = textAt(set, {0x0020, 0x000d});
  h.series_uid = textAt(set, {0x0020, 0x000e});
  h.modality = textAt(set, {0x0008, 0x0060});
  h.series_description = textAt(set, {0x0008, 0x103e});
  h.image_type = textAt(set, {0x0008, 0x0008});
  h.rows = wholeAt<0x0028, 0x0010>(set, 0);
  h.columns = wholeAt<0x0028, 0x0011>(set, 0);
  h.samples = wholeAt<0x0028, 0x0002>(set, 1);
  h.lossy = textAt(set, {0x0028, 0x2110}) == "01";
  GADOLIN_TRY(const auto frames, numbersAt(set, {0x0028, 0x0008}, "NumberOfFrames"));
  if (!frames.empty()) h.frames = static_cast<int>(frames[0]);

  GADOLIN_TRY(const auto position, numbersAt(set, {0x0020, 0x0032}, "ImagePositionPatient"));
  if (position.size() == 3) h.position_mm = Vec3{position[0], position[1], position[2]};
  GADOLIN_TRY(const auto axes, numbersAt(set, {0x0020, 0x0037}, "ImageOrientationPatient"));
  if (axes.size() == 6) {
    h.directions = std::array<Vec3, 2>{{{axes[0], axes[1], axes[2]}, {axes[3], axes[4], axes[5]}}};
  }
  // PixelSpacing is the distance between rows (along y) first, then between columns (along x).
  GADOLIN_TRY(const auto spacing, numbersAt(set, {0x0028, 0x0030}, "PixelSpacing"));
  if (spacing.size() == 2) h.pixel_spacing_mm = std::array<double, 2>{spacing[1], spacing[0]};
  GADOLIN_TRY(const auto thickness, numbersAt(set, {0x0018, 0x0050}, "SliceThickness"));
  if (!thickness.empty()) h.thickness_mm = thickness[0];
  GADOLIN_TRY(const auto inversion, numbersAt(set, {0x0018, 0x0082}, "InversionTime"));
  if (!inversion.empty()) h.inversion_time_ms = inversion[0];
  return h;
}

/// Values after this file's rescale.
Result<std::vector<float>> readPixels(const std::string& path, int columns, int rows) {
  const std::string name = std::filesystem::path(path).filename().string();
  const auto cutOff = [&name] {
    return Error{ErrorCode::Corrupt, name + " is cut off: pixels are missing. Copy it again."};
  };
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Error{ErrorCode::Io, "Cannot open " + name + "."};
  gdcm::ImageReader reader;
  reader.SetStream(stream);
  if (!reader.Read())
    return Error{ErrorCode::Corrupt,
                 name + ": the pixels cannot be read (damaged or an unknown compression)."};
  const auto& set = reader.GetFile().GetDataSet();
  const auto& image = reader.GetImage();
  const auto format = image.GetPixelFormat();
  if (image.GetNumberOfDimensions() != 2 || format.GetSamplesPerPixel() != 1 ||
      static_cast<int>(image.GetDimension(0)) != columns ||
      static_cast<int>(image.GetDimension(1)) != rows) {
    return Error{ErrorCode::Conflict, name + " changed while it was imported."};
  }
  const auto interpretation = image.GetPhotometricInterpretation();
  if (interpretation != gdcm::PhotometricInterpretation::MONOCHROME2) {
    return Error{ErrorCode::Unsupported,
                 name + " is not a plain grey image (" + interpretation.GetString() + ")."};
  }
  const std::size_t count = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  const std::size_t bytes = count * format.GetPixelSize();
  if (image.GetBufferLength() != bytes) return cutOff();
  GADOLIN_TRY(const auto content, readFile(path));
  const auto announced = static_cast<std::uint32_t>(set.GetDataElement(pixel_data).GetVL());
  if (!pixelDataIsComplete(std::as_bytes(std::span(content)), announced)) return cutOff();
  std::vector<char> buffer(bytes);
  if (!image.GetBuffer(buffer.data()))
    return Error{ErrorCode::Corrupt, name + ": the pixels cannot be decompressed."};

  GADOLIN_TRY(const auto slopes, numbersAt(set, {0x0028, 0x1053}, "RescaleSlope"));
  GADOLIN_TRY(const auto intercepts, numbersAt(set, {0x0028, 0x1052}, "RescaleIntercept"));
  const double slope = slopes.empty() ? 1.0 : slopes[0];
  const double intercept = intercepts.empty() ? 0.0 : intercepts[0];
  if (slope == 0) return Error{ErrorCode::InvalidInput, name + ": its RescaleSlope is 0."};

  std::vector<float> values(count);
  const auto convert = [&]<typename T>(T) {
    for (std::size_t i = 0; i < count; ++i) {
      T stored{};
      std::memcpy(&stored, buffer.data() + i * sizeof(T), sizeof(T));
      values[i] = static_cast<float>(static_cast<double>(stored) * slope + intercept);
    }
  };
  const bool swapped_wide = reader.GetFile().GetHeader().GetDataSetTransferSyntax() ==
                                gdcm::TransferSyntax::ExplicitVRBigEndian &&
                            format.GetBitsAllocated() > 16;
  if (swapped_wide)
    return Error{ErrorCode::Unsupported, name + ": 32-bit big-endian pixels are not supported."};
  switch (format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
      convert(std::uint8_t{});
      break;
    case gdcm::PixelFormat::INT8:
      convert(std::int8_t{});
      break;
    case gdcm::PixelFormat::UINT16:
      convert(std::uint16_t{});
      break;
    case gdcm::PixelFormat::INT16:
      convert(std::int16_t{});
      break;
    case gdcm::PixelFormat::UINT32:
      convert(std::uint32_t{});
      break;
    case gdcm::PixelFormat::INT32:
      convert(std::int32_t{});
      break;
    case gdcm::PixelFormat::FLOAT32:
      convert(float{});
      break;
    case gdcm::PixelFormat::FLOAT64:
      convert(double{});
      break;
    default:
      return Error{ErrorCode::Unsupported, name + ": pixels of " +
                                               std::to_string(format.GetBitsAllocated()) +
                                               " bits are not supported."};
  }
  return values;
}

Result<Stack> assemble(const SeriesPlan& plan) {
  Stack stack;
  stack.image = Volume<float>(plan.geometry);
  stack.kind = plan.kind;
  stack.notes = plan.notes;
  stack.apex_first = false;
  for (std::size_t z = 0; z < plan.slices.size(); ++z) {
    const auto& slice = plan.slices[z];
    if (slice.paths.empty()) return Error{ErrorCode::Internal, "A planned slice has no file."};
    GADOLIN_TRY(const auto pixels,
                readPixels(slice.paths.front(), plan.geometry.size[0], plan.geometry.size[1]));
    for (std::size_t i = 1; i < slice.paths.size(); ++i) {
      GADOLIN_TRY(const auto others,
                  readPixels(slice.paths[i], plan.geometry.size[0], plan.geometry.size[1]));
      if (others != pixels) {
        return Error{ErrorCode::Conflict,
                     "Two different images lie at the position of slice " + std::to_string(z + 1) +
                         " (" + std::filesystem::path(slice.paths.front()).filename().string() +
                         " and " + std::filesystem::path(slice.paths[i]).filename().string() +
                         "): remove the one that is not wanted."};
      }
      stack.notes.push_back("Slice " + std::to_string(z + 1) +
                            " was there twice with the same pixels.");
    }
    std::ranges::copy(pixels, stack.image.slice(static_cast<int>(z)).begin());
    stack.slices.push_back(slice.info);
  }
  setExtentsFromPositions(stack);
  return stack;
}

/// GDCM throws from many places; nothing of it leaves this file.
template <typename T, typename Call>
Result<T> guarded(const std::string& name, Call&& call) {
  silenceGdcm();
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, name + " needs more memory than an import may use."};
  } catch (const std::exception& fault) {
    return Error{ErrorCode::Corrupt,
                 name + " cannot be read as DICOM: " + trimmed(fault.what()) + "."};
  }
}

}  // namespace

bool looksLikeDicom(std::span<const std::byte> bytes) {
  if (bytes.size() >= 132 && std::memcmp(bytes.data() + 128, "DICM", 4) == 0) return true;
  // Without a preamble the first element is of group 2 or 8, in either byte order.
  if (bytes.size() < 8) return false;
  const auto at = [&bytes](std::size_t i) { return std::to_integer<int>(bytes[i]); };
  const bool little = (at(0) == 2 || at(0) == 8) && at(1) == 0 && at(3) == 0;
  const bool big = at(0) == 0 && (at(1) == 2 || at(1) == 8) && at(2) == 0;
  return little || big;
}

Result<DicomHeader> readDicomHeader(const std::filesystem::path& path) {
  return guarded<DicomHeader>(path.filename().string(), [&]() -> Result<DicomHeader> {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return Error{ErrorCode::Io, "Cannot open " + path.filename().string() + "."};
    gdcm::Reader reader;
    reader.SetStream(stream);
    if (!reader.ReadUpToTag(pixel_data, {})) {
      return Error{ErrorCode::Corrupt,
                   path.filename().string() + " begins like DICOM, but its header cannot be read."};
    }
    return headerOf(reader.GetFile());
  });
}

Result<Stack> readDicomSeries(const SeriesPlan& plan) {
  return guarded<Stack>("The series", [&] { return assemble(plan); });
}

}  // namespace gadolin::io
