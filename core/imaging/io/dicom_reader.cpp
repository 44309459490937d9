#include "core/imaging/io/dicom_reader.h"

#include <gdcmReader.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>

#include "core/imaging/io/dicom_charset.h"
#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/dicom_guard.h"
#include "core/imaging/io/dicom_pixels.h"
#include "core/imaging/io/dicom_time.h"
#include "core/imaging/io/functional_groups.h"
#include "core/imaging/io/plain_reader.h"

namespace gadolin::io {
namespace {

std::optional<double> acquiredAt(const gdcm::DataSet& set) {
  if (const auto at = secondsFrom(textAt(set, {0x0008, 0x002a}))) return at;
  return secondsFrom(textAt(set, {0x0008, 0x0022}), textAt(set, {0x0008, 0x0032}));
}

/// What holds for the whole file.
Result<DicomHeader> fileHeader(const gdcm::File& file) {
  const auto& set = file.GetDataSet();
  DicomHeader h;
  h.sop_class = textAt(set, {0x0008, 0x0016});
  if (h.sop_class.empty()) h.sop_class = textAt(file.GetHeader(), {0x0002, 0x0002});
  if (h.sop_class == "1.2.840.10008.1.3.10") {
    return Error{ErrorCode::NotFound, "It is a DICOMDIR, a list of other files."};
  }
  h.sop_uid = textAt(set, {0x0008, 0x0018});
  h.patient_id = textAt(set, {0x0010, 0x0020});
  const std::string character_set = textAt(set, {0x0008, 0x0005});
  const auto readable = [&](const gdcm::Tag& tag) { return textAsUtf8(textAt(set, tag), character_set); };
  h.patient_name = readable({0x0010, 0x0010});
  h.birth_date = textAt(set, {0x0010, 0x0030});
  // OtherPatientIDs and -Names, PatientBirthName, PatientMotherBirthName, AccessionNumber, three kinds of physicians, operators.
  for (const auto& tag : {gdcm::Tag(0x0010, 0x1000), gdcm::Tag(0x0010, 0x1001), gdcm::Tag(0x0010, 0x1005), gdcm::Tag(0x0010, 0x1060),
                          gdcm::Tag(0x0008, 0x0050), gdcm::Tag(0x0008, 0x0090), gdcm::Tag(0x0008, 0x1048),
                          gdcm::Tag(0x0008, 0x1050), gdcm::Tag(0x0008, 0x1070)}) {
    if (auto text = readable(tag); !text.empty()) h.other_identities.push_back(std::move(text));
  }
  h.burned_in = textAt(set, {0x0028, 0x0301}) == "YES";
  h.study_uid = textAt(set, {0x0020, 0x000d});
  h.series_uid = textAt(set, {0x0020, 0x000e});
  h.frame_of_reference_uid = textAt(set, {0x0020, 0x0052});
  h.modality = textAt(set, {0x0008, 0x0060});
  h.series_description = readable({0x0008, 0x103e});
  h.protocol_name = readable({0x0018, 0x1030});
  h.image_type = textAt(set, {0x0008, 0x0008});
  h.rows = unsignedShortAt(set, {0x0028, 0x0010}, 0);
  h.columns = unsignedShortAt(set, {0x0028, 0x0011}, 0);
  h.samples = unsignedShortAt(set, {0x0028, 0x0002}, 1);
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
  h.acquired_s = acquiredAt(set);
  h.made_s = secondsFrom(textAt(set, {0x0008, 0x0023}), textAt(set, {0x0008, 0x0033}));
  return h;
}

Result<std::vector<DicomHeader>> headersOf(const gdcm::File& file) {
  GADOLIN_TRY(auto whole, fileHeader(file));
  const FunctionalGroups groups(file.GetDataSet());
  if (groups.frames() == 0 || whole.modality == "SEG") return std::vector{std::move(whole)};
  if (groups.frames() != whole.frames) {
    return Error{ErrorCode::Corrupt, "The header announces " + std::to_string(whole.frames) +
                                         " frames and describes " +
                                         std::to_string(groups.frames()) + "."};
  }
  std::vector<DicomHeader> headers;
  for (int frame = 0; frame < groups.frames(); ++frame) {
    GADOLIN_TRY(auto header, groups.headerOf(frame, whole));
    headers.push_back(std::move(header));
  }
  return headers;
}

/// Reads images; the frames of one file, which follow each other mostly, decode it once.
class ImageReader {
 public:
  /// @param out  columns * rows values
  Result<void> read(const ImageSource& source, int columns, int rows, std::span<float> out) {
    if (source.plain) {
      auto read = readPlainFrame(source.path, *source.plain, source.frame, out);
      if (read) inverted_ = inverted_ || source.plain->inverted;
      // A file that is another one by now is looked at afresh, and what is wrong with it is named.
      if (read || read.error().code != ErrorCode::Conflict) return read;
    }
    if (!pixels_ || path_ != source.path) {
      pixels_.reset();
      GADOLIN_TRY(auto opened, DicomPixels::open(source.path));
      pixels_ = std::move(opened);
      path_ = source.path;
    }
    if (pixels_->columns() != columns || pixels_->rows() != rows) {
      return Error{ErrorCode::Conflict,
                   nameOf(source) + " changed while it was imported."};
    }
    inverted_ = inverted_ || pixels_->inverted();
    return pixels_->frame(source.frame, out);
  }
  [[nodiscard]] bool metInverted() const { return inverted_; }

  static std::string nameOf(const ImageSource& source) {
    return std::filesystem::path(source.path).filename().string();
  }

 private:
  std::string path_;
  std::optional<DicomPixels> pixels_;
  bool inverted_ = false;
};

/// The pixels of all slices; `notes` gets what was noticed.
/// @param read  read(source, out) fills columns * rows values
template <typename T, typename Read>
Result<std::vector<T>> pixelsOf(const SeriesPlan& plan, std::vector<std::string>& notes,
                                const Read& read) {
  std::vector<T> all(plan.geometry.voxels());
  std::vector<T> others;
  for (std::size_t z = 0; z < plan.slices.size(); ++z) {
    const auto& slice = plan.slices[z];
    if (slice.sources.empty()) return Error{ErrorCode::Internal, "A planned slice has no file."};
    const std::span<T> pixels = std::span(all).subspan(
        plan.geometry.index(0, 0, static_cast<int>(z)), plan.geometry.sliceVoxels());
    GADOLIN_CHECK(read(slice.sources.front(), pixels));
    for (std::size_t i = 1; i < slice.sources.size(); ++i) {
      others.resize(pixels.size());
      GADOLIN_CHECK(read(slice.sources[i], std::span<T>(others)));
      if (!std::ranges::equal(others, pixels)) {
        return Error{ErrorCode::Conflict,
                     "Two different images lie at the position of slice " + std::to_string(z + 1) +
                         " (" + ImageReader::nameOf(slice.sources.front()) + " and " +
                         ImageReader::nameOf(slice.sources[i]) +
                         "): remove the one that is not wanted."};
      }
      notes.push_back("Slice " + std::to_string(z + 1) +
                      " was there twice with the same pixels.");
    }
  }
  return all;
}

bool isWholePlan(const SeriesPlan& plan) {
  return std::ranges::all_of(plan.slices, [](const PlannedSlice& slice) {
    return std::ranges::all_of(slice.sources, [](const ImageSource& source) {
      return source.plain && isWhole(*source.plain);
    });
  });
}

Result<FiledStack> assemble(const SeriesPlan& plan) {
  FiledStack stack;
  stack.about.image.geometry = plan.geometry;
  stack.about.kind = plan.kind;
  stack.about.notes = plan.notes;
  stack.about.apex_first = false;
  for (const auto& slice : plan.slices) stack.about.slices.push_back(slice.info);
  setExtentsFromPositions(stack.about);
  if (isWholePlan(plan)) {
    auto notes = plan.notes;
    auto whole = pixelsOf<std::int16_t>(
        plan, notes, [](const ImageSource& source, std::span<std::int16_t> out) {
          return readWholeFrame(source.path, *source.plain, source.frame, out);
        });
    if (whole) {
      stack.about.notes = std::move(notes);
      stack.voxels = std::move(*whole);
      return stack;
    }
    // Below, every file is looked at afresh, and what is wrong is named.
  }
  ImageReader reader;
  const int columns = plan.geometry.size[0], rows = plan.geometry.size[1];
  GADOLIN_TRY(auto voxels, pixelsOf<float>(plan, stack.about.notes,
                                           [&](const ImageSource& source, std::span<float> out) {
                                             return reader.read(source, columns, rows, out);
                                           }));
  if (reader.metInverted())
    stack.about.notes.emplace_back(
        "The grey values are stored inverted (MONOCHROME1) and were turned round.");
  stack.voxels = filedVoxels(std::move(voxels));
  return stack;
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

Result<std::vector<DicomHeader>> readDicomHeaders(const std::filesystem::path& path) {
  using Headers = std::vector<DicomHeader>;
  return guarded<Headers>(path.filename().string(), [&]() -> Result<Headers> {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return Error{ErrorCode::Io, "Cannot open " + path.filename().string() + "."};
    gdcm::Reader reader;
    reader.SetStream(stream);
    if (!reader.ReadUpToTag(pixel_data, {pixel_data})) {  // the pixels themselves are skipped
      return Error{ErrorCode::Corrupt,
                   path.filename().string() + " begins like DICOM, but its header cannot be read."};
    }
    GADOLIN_TRY(auto headers, headersOf(reader.GetFile()));
    DicomHeader& first = headers.front();
    // A frame that is described by itself may have a scale of its own.
    const bool described = FunctionalGroups(reader.GetFile().GetDataSet()).frames() > 0;
    if (headers.size() == 1 && first.frames == 1 && !described && !isSegmentation(first))
      first.plain = findPlainPixels(reader.GetFile(), stream, path, first.rows, first.columns, 1);
    return headers;
  });
}

Result<FiledStack> readDicomSeries(const SeriesPlan& plan) {
  return guarded<FiledStack>("The series", [&] { return assemble(plan); });
}

}  // namespace gadolin::io
