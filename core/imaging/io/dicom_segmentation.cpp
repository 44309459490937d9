#include "core/imaging/io/dicom_segmentation.h"

#include <gdcmReader.h>
#include <gdcmSequenceOfFragments.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <span>

#include "core/base/files.h"
#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/dicom_guard.h"
#include "core/imaging/io/dicom_pixels.h"
#include "core/imaging/io/functional_groups.h"
#include "core/imaging/io/pixel_data_end.h"

namespace gadolin::io {
namespace {

const gdcm::Tag sop_class(0x0008, 0x0016);
const gdcm::Tag referenced_series(0x0008, 0x1115);
const gdcm::Tag referenced_images(0x0008, 0x114a);
const gdcm::Tag referenced_class(0x0008, 0x1150);
const gdcm::Tag referenced_image(0x0008, 0x1155);
const gdcm::Tag other_studies(0x0008, 0x1200);
const gdcm::Tag source_images(0x0008, 0x2112);
const gdcm::Tag derivation_images(0x0008, 0x9124);
const gdcm::Tag series_uid(0x0020, 0x000e);
const gdcm::Tag dimension_organisation(0x0020, 0x9311);
const gdcm::Tag segmentation_type(0x0062, 0x0001);
const gdcm::Tag segment_sequence(0x0062, 0x0002);
const gdcm::Tag segment_number(0x0062, 0x0004);
const gdcm::Tag segment_identification(0x0062, 0x000a);
const gdcm::Tag referenced_segment(0x0062, 0x000b);
const gdcm::Tag fraction_maximum(0x0062, 0x000e);
const gdcm::Tag property_type(0x0062, 0x000f);

const std::string surface_segmentation = "1.2.840.10008.5.1.4.1.1.66.5";

Error unsupported(const std::string& name, const std::string& what) {
  return {ErrorCode::Unsupported, name + what};
}
Error contradicts(const std::string& name, const std::string& what) {
  return {ErrorCode::Corrupt, name + " contradicts itself: " + what + "."};
}

/// The modality of a kind of image that is no MR image; empty for MR and for what is not known.
std::string modalityOf(const std::string& uid) {
  const std::string storage = "1.2.840.10008.5.1.4.1.1.";
  if (!uid.starts_with(storage)) return {};
  const std::string kind = uid.substr(storage.size());
  if (kind == "4" || kind.starts_with("4.")) return {};
  if (kind == "2" || kind.starts_with("2.")) return "CT";
  if (kind == "128" || kind.starts_with("128.") || kind == "130") return "PET";
  if (kind == "20") return "nuclear medicine";
  if (kind.starts_with("3.") || kind.starts_with("6.")) return "ultrasound";
  if (kind.starts_with("77.")) return "microscopy or photography";
  if (kind == "1" || kind.starts_with("1.") || kind.starts_with("12.") || kind.starts_with("13."))
    return "X-ray";
  return {};
}

/// The UIDs of images in a sequence of references, and the modality of those that are no MR images.
void addImages(const std::vector<gdcm::DataSet>& references, std::vector<std::string>& images,
               std::string& not_mr) {
  for (const auto& reference : references) {
    const std::string uid = textAt(reference, referenced_image);
    if (!uid.empty() && std::ranges::find(images, uid) == images.end()) images.push_back(uid);
    if (not_mr.empty()) not_mr = modalityOf(textAt(reference, referenced_class));
  }
}

void addSeries(const gdcm::DataSet& holder, SegmentationSource& source,
               std::vector<std::string>& listed, std::string& not_mr) {
  for (const auto& series : itemsAt(holder, referenced_series)) {
    const std::string uid = textAt(series, series_uid);
    if (!uid.empty()) source.series.push_back(uid);
    addImages(itemsAt(series, referenced_images), listed, not_mr);
  }
}

std::vector<SegmentText> segmentsOf(const gdcm::DataSet& set) {
  std::vector<SegmentText> segments;
  for (const auto& item : itemsAt(set, segment_sequence)) {
    SegmentText segment;
    segment.number = unsignedShortAt(item, segment_number, 0);
    segment.label = textAt(item, {0x0062, 0x0005});
    segment.description = textAt(item, {0x0062, 0x0006});
    segment.automatic = textAt(item, {0x0062, 0x0008}) == "AUTOMATIC";
    const auto codes = itemsAt(item, property_type);
    if (!codes.empty()) {
      segment.code_scheme = textAt(codes.front(), {0x0008, 0x0102});
      segment.code = textAt(codes.front(), {0x0008, 0x0100});
      segment.code_meaning = textAt(codes.front(), {0x0008, 0x0104});
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

bool isTiled(const gdcm::DataSet& set, const FunctionalGroups& groups) {
  if (textAt(set, dimension_organisation).starts_with("TILED")) return true;
  return groups.frames() > 0 && !groups.group(0, {0x0048, 0x021a}).IsEmpty();
}

/// PackBits (PS3.5 G.3) until `size` bytes; false when they end too early.
bool unpackRun(std::span<const std::byte> packed, std::size_t size, std::vector<std::byte>& out) {
  const std::size_t end = out.size() + size;
  std::size_t at = 0;
  while (out.size() < end) {
    if (at >= packed.size()) return false;
    const auto control = std::to_integer<std::uint8_t>(packed[at++]);
    if (control == 128) continue;
    const std::size_t count = control < 128 ? control + 1U : 257U - control;
    const std::size_t used = control < 128 ? count : 1;
    if (count > end - out.size() || used > packed.size() - at) return false;
    if (control < 128)
      out.insert(out.end(), packed.begin() + static_cast<std::ptrdiff_t>(at),
                 packed.begin() + static_cast<std::ptrdiff_t>(at + count));
    else
      out.insert(out.end(), count, packed[at]);
    at += used;
  }
  return true;
}

std::span<const std::byte> bytesOf(const gdcm::ByteValue* value) {
  if (value == nullptr || value->GetPointer() == nullptr) return {};
  return std::as_bytes(std::span(value->GetPointer(), std::size_t{value->GetLength()}));
}

/// One bit a voxel in RLE, which GDCM does not survive: a fragment holds a frame, whose bytes are
/// packed in one segment behind a header of 64 bytes (PS3.5 G.5).
Result<std::vector<std::byte>> unpackedBits(const gdcm::DataElement& pixels, std::size_t frames,
                                            std::size_t area, const std::string& name) {
  const auto* fragments = pixels.GetSequenceOfFragments();
  if (fragments == nullptr || fragments->GetNumberOfFragments() != frames)
    return unsupported(name, ": its compressed frames cannot be told apart.");
  if (area % 8 != 0)
    return unsupported(
        name, ": compressed frames of one bit a voxel that are no whole bytes are not read.");
  std::vector<std::byte> bits;
  for (std::size_t i = 0; i < frames; ++i) {
    constexpr std::size_t header = 64;
    const auto packed = bytesOf(fragments->GetFragment(static_cast<unsigned>(i)).GetByteValue());
    std::uint32_t start[2] = {0, 0};
    if (packed.size() >= header) std::memcpy(start, packed.data(), sizeof start);
    if (start[0] != 1 || start[1] != header || !unpackRun(packed.subspan(header), area / 8, bits))
      return Error{ErrorCode::Corrupt, name + ": its compressed voxels are damaged or cut off."};
  }
  return bits;
}

/// The voxels of compressed frames of 8 bits, through GDCM.
Result<std::vector<std::byte>> decodedBytes(const std::filesystem::path& path, int frames,
                                            int columns, int rows, const std::string& name) {
  GADOLIN_TRY(const auto pixels, DicomPixels::open(path));
  if (pixels.frames() != frames || pixels.columns() != columns || pixels.rows() != rows)
    return contradicts(name, "its frames have another size than its header says");
  std::vector<std::byte> bytes;
  std::vector<float> values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int frame = 0; frame < frames; ++frame) {
    GADOLIN_CHECK(pixels.frame(frame, values));
    for (const float value : values)
      bytes.push_back(static_cast<std::byte>(std::lround(std::clamp(value, 0.0F, 255.0F))));
  }
  return bytes;
}

}  // namespace

int DicomSegmentation::segmentAt(int frame, std::size_t pixel) const {
  const std::size_t at = static_cast<std::size_t>(frame) * area() + pixel;
  const int owner = segment_of_frame[static_cast<std::size_t>(frame)];
  const auto byte = [this](std::size_t i) { return std::to_integer<int>(stored_[i]); };
  if (bits_ == 1) return (byte(at / 8) >> (at % 8) & 1) != 0 ? owner : 0;
  const int value = bits_ == 8 ? byte(at) : byte(2 * at) | byte(2 * at + 1) << 8;
  switch (coding) {
    case SegmentCoding::LabelMap:
      return value;
    case SegmentCoding::Fractional:
      return value > 0 && 2 * value >= fraction_maximum ? owner : 0;
    case SegmentCoding::Binary:
      break;
  }
  return value != 0 ? owner : 0;
}

Result<DicomSegmentation> DicomSegmentation::read(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return guarded<DicomSegmentation>(name, [&]() -> Result<DicomSegmentation> {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return Error{ErrorCode::Io, "Cannot open " + name + "."};
    gdcm::Reader reader;
    reader.SetStream(stream);
    if (!reader.Read())
      return Error{ErrorCode::Corrupt, name + " begins like DICOM, but cannot be read to its end."};
    const auto& set = reader.GetFile().GetDataSet();
    const FunctionalGroups groups(set);
    DicomSegmentation s;
    GADOLIN_CHECK(s.describe(set, groups, name));
    GADOLIN_CHECK(s.placeFrames(groups, name));
    GADOLIN_CHECK(s.readVoxels(reader.GetFile(), path, name));
    return s;
  });
}

Result<void> DicomSegmentation::describe(const gdcm::DataSet& set, const FunctionalGroups& groups,
                                         const std::string& name) {
  if (textAt(set, sop_class) == surface_segmentation)
    return unsupported(name, " holds surfaces, not voxels; export the segmentation as voxels.");
  columns = unsignedShortAt(set, {0x0028, 0x0011}, 0);
  rows = unsignedShortAt(set, {0x0028, 0x0010}, 0);
  if (columns <= 0 || rows <= 0) return contradicts(name, "it has no rows or columns");
  const std::string type = textAt(set, segmentation_type);
  if (type == "FRACTIONAL")
    coding = SegmentCoding::Fractional;
  else if (type == "LABELMAP")
    coding = SegmentCoding::LabelMap;
  else if (type != "BINARY")
    return unsupported(name, ": its SegmentationType is '" + type +
                                 "'; BINARY, FRACTIONAL and LABELMAP are read.");
  fraction_maximum = unsignedShortAt(set, io::fraction_maximum, 255);
  bits_ = unsignedShortAt(set, {0x0028, 0x0100}, 1);
  const bool fits = coding == SegmentCoding::LabelMap
                        ? bits_ == 8 || bits_ == 16
                        : bits_ == 8 || (bits_ == 1 && type == "BINARY");
  if (!fits || unsignedShortAt(set, {0x0028, 0x0002}, 1) != 1)
    return unsupported(name,
                       ": " + std::to_string(bits_) + " bits a voxel do not go with " + type + ".");
  segments = segmentsOf(set);
  made = textAt(set, {0x0008, 0x0023}) + textAt(set, {0x0008, 0x0033});

  std::vector<std::string> listed;
  for (int frame = 0; frame < groups.frames(); ++frame) {
    addImages(itemsAt(groups.group(frame, derivation_images), source_images), source.images,
              not_mr);
  }
  addImages(itemsAt(set, source_images), listed, not_mr);
  addSeries(set, source, listed, not_mr);
  for (const auto& study : itemsAt(set, other_studies)) addSeries(study, source, listed, not_mr);
  if (source.images.empty()) source.images = std::move(listed);
  if (isTiled(set, groups))
    return unsupported(name, " segments a tiled image (a microscope slide), no MR image.");

  GADOLIN_TRY(const auto announced, numbersAt(set, {0x0028, 0x0008}, "NumberOfFrames"));
  const double count = announced.empty() ? 1 : announced[0];
  if (count != groups.frames())
    return contradicts(name, "it announces " + std::to_string(static_cast<long long>(count)) +
                                 " frames and describes " + std::to_string(groups.frames()));
  return {};
}

Result<void> DicomSegmentation::placeFrames(const FunctionalGroups& groups,
                                            const std::string& name) {
  std::set<int> known;
  for (const auto& segment : segments) known.insert(segment.number);
  for (int frame = 0; frame < groups.frames(); ++frame) {
    const std::string which = "frame " + std::to_string(frame + 1);
    GADOLIN_TRY(const auto header, groups.headerOf(frame, {}));
    if (!header.position_mm || !header.directions || !header.pixel_spacing_mm)
      return unsupported(
          name, " does not say where " + which + " lies (position, orientation, pixel size).");
    const auto& [x, y] = *header.directions;
    const auto& spacing = *header.pixel_spacing_mm;
    if (std::abs(norm(x) - 1) > 1e-2 || std::abs(norm(y) - 1) > 1e-2 || std::abs(dot(x, y)) > 1e-2)
      return contradicts(
          name, "the orientation of " + which + " is no pair of unit vectors at right angles");
    if (!(spacing[0] > 0 && spacing[1] > 0))
      return contradicts(name, "the pixel size of " + which + " is not positive");
    if (frame == 0) {
      directions = *header.directions;
      pixel_spacing_mm = spacing;
    }
    constexpr double same_axis = 1e-3, same_spacing_mm = 1e-3;
    if (norm(x - directions[0]) > same_axis || norm(y - directions[1]) > same_axis ||
        std::abs(spacing[0] - pixel_spacing_mm[0]) > same_spacing_mm ||
        std::abs(spacing[1] - pixel_spacing_mm[1]) > same_spacing_mm)
      return unsupported(name, " has frames in planes of different directions or pixel sizes.");
    places_mm.push_back(*header.position_mm);
    int owner = 0;
    if (coding != SegmentCoding::LabelMap) {
      owner = unsignedShortAt(groups.group(frame, segment_identification), referenced_segment, 0);
      if (!known.contains(owner))
        return contradicts(name, which + " is of segment " + std::to_string(owner) +
                                     ", which it does not describe");
    }
    segment_of_frame.push_back(owner);
  }
  return {};
}

Result<void> DicomSegmentation::readVoxels(const gdcm::File& file,
                                           const std::filesystem::path& path,
                                           const std::string& name) {
  const auto cut_off = [&name] {
    return Error{ErrorCode::Corrupt, name + " is cut off: voxels are missing. Copy it again."};
  };
  const auto& set = file.GetDataSet();
  const auto syntax = file.GetHeader().GetDataSetTransferSyntax();
  if (!set.FindDataElement(pixel_data)) return cut_off();
  const auto& pixels = set.GetDataElement(pixel_data);
  const std::size_t bits =
      static_cast<std::size_t>(frames()) * area() * static_cast<std::size_t>(bits_);
  const std::size_t needed = (bits + 7) / 8;
  if (syntax.IsEncapsulated()) {
    if (bits_ == 16)
      return unsupported(name,
                         ": compressed voxels of 16 bits are not read; export it uncompressed.");
    if (bits_ == 8) {
      GADOLIN_TRY(stored_, decodedBytes(path, frames(), columns, rows, name));
    } else if (syntax == gdcm::TransferSyntax::RLELossless) {
      GADOLIN_TRY(stored_, unpackedBits(pixels, static_cast<std::size_t>(frames()), area(), name));
    } else {
      return unsupported(
          name, ": voxels of one bit in this compression are not read; export it uncompressed.");
    }
  } else {
    if (bits_ == 16 && syntax == gdcm::TransferSyntax::ExplicitVRBigEndian)
      return unsupported(name, ": big-endian voxels of 16 bits are not read.");
    const auto bytes = bytesOf(pixels.GetByteValue());
    GADOLIN_TRY(const auto whole, readFile(path));
    const auto announced = static_cast<std::uint32_t>(pixels.GetVL());
    const bool deflated = syntax == gdcm::TransferSyntax::DeflatedExplicitVRLittleEndian;
    if (bytes.size() < needed ||
        (!deflated && !pixelDataIsComplete(std::as_bytes(std::span(whole)), announced)))
      return cut_off();
    stored_.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(needed));
  }
  if (stored_.size() < needed) return cut_off();
  return {};
}

}  // namespace gadolin::io
