#include "core/imaging/io/dicom_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/imaging/display_orientation.h"
#include "core/imaging/io/dicom_encoding.h"

namespace gadolin::io {
namespace {

/// How voxel values become stored numbers.
struct Scale {
  double slope = 1;
  double intercept = 0;
  double highest = 4095;  // stored number
  [[nodiscard]] Uint16 stored(float value) const {
    return static_cast<Uint16>(
        std::clamp(std::round((double{value} - intercept) / slope), 0.0, highest));
  }
};

Result<Scale> scaleOf(const Volume<float>& image, int bits) {
  bool integers = true, whole = true, even = true;
  double low = 0, high = 0;
  for (const float value : image.voxels) {
    if (!std::isfinite(value)) {
      return Error{ErrorCode::InvalidInput, "The stack holds values that are no number."};
    }
    const double v = double{value};
    integers = integers && v == std::floor(v);
    whole = whole && v >= 0 && v <= 4095 && v == std::floor(v);
    even = even && v >= -4096 && v <= 4094 && v == 2 * std::floor(v / 2);
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (bits == 16) {
    if (integers && high - low <= 65535) return Scale{1, low, 65535};
    return Scale{(high - low) / 65535, low, 65535};
  }
  if (whole) return Scale{};
  if (even) return Scale{2, -4096};
  return Scale{(high - low) / 4095, low};
}

/// Collects elements and remembers the first that DCMTK refused.
class Elements {
 public:
  explicit Elements(DcmDataset& dataset) : dataset_(dataset) {}

  void text(const DcmTagKey& key, const std::string& value) {
    note(key, dataset_.putAndInsertString(DcmTag(key), value.c_str()));
  }
  void number(const DcmTagKey& key, Uint16 value) {
    note(key, dataset_.putAndInsertUint16(DcmTag(key), value));
  }
  void pixels(const std::vector<Uint16>& values) {
    note(DCM_PixelData,
         dataset_.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), values.data(),
                                          static_cast<unsigned long>(values.size())));
  }
  [[nodiscard]] Result<void> outcome() const {
    if (fault_.empty()) return {};
    return Error{ErrorCode::InvalidInput, "The DICOM element " + fault_};
  }

 private:
  void note(const DcmTagKey& key, const OFCondition& condition) {
    if (condition.bad() && fault_.empty()) {
      fault_ =
          std::string(key.toString().c_str()) + " cannot be written: " + condition.text() + ".";
    }
  }
  DcmDataset& dataset_;
  std::string fault_;
};

void describePatientAndStudy(Elements& add, const DicomSeries& series) {
  add.text(DCM_SpecificCharacterSet, "ISO_IR 100");
  add.text(DCM_PatientName, series.patient_name);
  add.text(DCM_PatientID, series.patient_id);
  add.text(DCM_PatientBirthDate, "");
  add.text(DCM_PatientSex, "");
  add.text(DCM_StudyInstanceUID, uidFromText("study " + series.study_key));
  add.text(DCM_StudyDate, series.study_date);
  const std::string noon = series.study_date.empty() ? "" : "120000";  // nothing of an unknown day
  add.text(DCM_StudyTime, noon);
  add.text(DCM_StudyID, "1");
  add.text(DCM_AccessionNumber, "");
  add.text(DCM_ReferringPhysicianName, "");
  add.text(DCM_StudyDescription, series.study_description);
}

void describeSeries(Elements& add, const DicomSeries& series, const std::string& series_key) {
  add.text(DCM_Modality, "MR");
  add.text(DCM_SeriesInstanceUID, uidFromText("series " + series_key));
  add.text(DCM_SeriesNumber, std::to_string(series.series_number));
  add.text(DCM_SeriesDescription, series.series_description);
  if (!series.study_date.empty()) {
    add.text(DCM_SeriesDate, series.study_date);
    add.text(DCM_SeriesTime, "120000");
  }
  add.text(DCM_BodyPartExamined, "HEART");
  add.text(DCM_PatientPosition, series.derived ? "" : "HFS");
  add.text(DCM_FrameOfReferenceUID, uidFromText("frame " + series.study_key));
  add.text(DCM_PositionReferenceIndicator, "");
  add.text(DCM_Manufacturer, series.manufacturer);
  add.text(DCM_ManufacturerModelName, "Gadolin");
  add.text(DCM_ContrastBolusAgent, "Gadolinium chelate");
  add.text(DCM_ContrastBolusRoute, "");
}

void describeSlice(Elements& add, const DicomSeries& series, const Stack& stack, std::size_t z,
                   const Scale& scale) {
  const Geometry& g = stack.image.geometry;
  const SliceInfo& slice = stack.slices[z];
  const bool psir = stack.kind == ImageKind::Psir;
  if (series.derived) {
    add.text(DCM_ImageType, std::string("DERIVED\\SECONDARY\\OTHER") +
                                (psir                                    ? "\\PSIR"
                                 : stack.kind == ImageKind::Magnitude ? "\\M"
                                                                         : ""));
    const bool known = displayOrientation(g).known;
    add.text(DCM_DerivationDescription,
             std::string("Voxels and geometry as Gadolin holds them; the source's header was not "
                         "kept") +
                 (known ? "" : ". " + std::string(unknown_orientation)));
    if (!known) add.text(DCM_ImageComments, unknown_orientation);
    add.text(DCM_ScanningSequence, slice.inversion_time_ms ? "IR" : "RM");
    add.text(DCM_SequenceVariant, "NONE");
  } else {
    add.text(DCM_ImageType,
             psir ? "ORIGINAL\\PRIMARY\\PSIR\\NORM" : "ORIGINAL\\PRIMARY\\M\\ND");
    add.text(DCM_ScanningSequence, "GR\\IR");
    add.text(DCM_SequenceVariant, "SK\\SP\\MP");
  }
  add.text(DCM_ScanOptions, "");
  add.text(DCM_MRAcquisitionType, "2D");
  add.text(DCM_RepetitionTime, "");
  add.text(DCM_EchoTime, "");
  add.text(DCM_EchoTrainLength, "");
  if (slice.inversion_time_ms || !series.derived)
    add.text(DCM_InversionTime, slice.inversion_time_ms ? decimal(*slice.inversion_time_ms) : "");
  add.text(DCM_SliceThickness, decimal(slice.thickness_mm.value_or(g.spacing_mm[2])));
  add.text(DCM_SpacingBetweenSlices, decimal(g.spacing_mm[2]));
  add.text(DCM_PixelSpacing, decimals({g.spacing_mm[1], g.spacing_mm[0]}));
  add.text(DCM_ImageOrientationPatient, decimals({g.axes[0][0], g.axes[0][1], g.axes[0][2],
                                                  g.axes[1][0], g.axes[1][1], g.axes[1][2]}));
  add.text(DCM_ImagePositionPatient,
           decimals({slice.origin_mm[0], slice.origin_mm[1], slice.origin_mm[2]}));
  add.text(DCM_SliceLocation, decimal(std::round(dot(slice.origin_mm, g.axes[2]) * 1e4) / 1e4));
  add.number(DCM_SamplesPerPixel, 1);
  add.text(DCM_PhotometricInterpretation, "MONOCHROME2");
  add.number(DCM_Rows, static_cast<Uint16>(g.size[1]));
  add.number(DCM_Columns, static_cast<Uint16>(g.size[0]));
  add.number(DCM_BitsAllocated, 16);
  add.number(DCM_BitsStored, static_cast<Uint16>(series.bits));
  add.number(DCM_HighBit, static_cast<Uint16>(series.bits - 1));
  add.number(DCM_PixelRepresentation, 0);
  if (scale.slope != 1 || scale.intercept != 0) {
    add.text(DCM_RescaleIntercept, decimal(scale.intercept));
    add.text(DCM_RescaleSlope, decimal(scale.slope));
    add.text(DCM_RescaleType, "US");
  }
}

/// Window over the middle 98 of 100 values of the stack, as a console would suggest.
std::pair<double, double> windowOf(const Volume<float>& image) {
  std::vector<float> values = image.voxels;
  const auto at = [&](double share) {
    const auto n = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + n, values.end());
    return double{values[static_cast<std::size_t>(n)]};
  };
  const double low = at(0.01), high = at(0.99);
  return {std::round(0.5 * (low + high)), std::max(1.0, std::round(high - low))};
}

}  // namespace

std::string uidFromText(const std::string& text) {
  const std::string hex = sha256Hex(std::string_view(text)).substr(0, 32);
  // 128 bits in hexadecimal to decimal digits, the lowest first.
  std::vector<int> digits{0};
  for (const char c : hex) {
    int carry = c <= '9' ? c - '0' : c - 'a' + 10;
    for (int& digit : digits) {
      const int value = digit * 16 + carry;
      digit = value % 10;
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) digits.push_back(carry % 10);
  }
  std::string uid = "2.25.";
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    uid += static_cast<char>('0' + *digit);
  }
  return uid;
}

Result<std::vector<std::filesystem::path>> writeDicomSeries(const std::filesystem::path& folder,
                                                            const Stack& stack,
                                                            const DicomSeries& series) {
  GADOLIN_CHECK(prepareDcmtk());
  if (stack.slices.size() != static_cast<std::size_t>(stack.sliceCount())) {
    return Error{ErrorCode::InvalidInput, "The stack does not know where each of its slices lies."};
  }
  for (const auto* text : {&series.patient_id, &series.patient_name, &series.series_description,
                           &series.study_description}) {
    const bool fits = text->size() <= 64 && std::all_of(text->begin(), text->end(), [](char c) {
                        return c >= ' ' && c <= '~' && c != '\\';
                      });
    if (!fits)
      return Error{ErrorCode::InvalidInput, "DICOM cannot hold the text \"" + *text + "\"."};
  }
  GADOLIN_TRY(const Scale scale, scaleOf(stack.image, series.bits));
  GADOLIN_CHECK(makePrivateFolder(folder));
  const auto [center, width] = windowOf(stack.image);
  const std::string series_key = series.study_key + " " + std::to_string(series.series_number);
  std::vector<std::filesystem::path> names;
  for (std::size_t z = 0; z < stack.slices.size(); ++z) {
    DcmFileFormat file;
    Elements add(*file.getDataset());
    add.text(DCM_SOPClassUID, UID_MRImageStorage);
    add.text(DCM_SOPInstanceUID, uidFromText("image " + series_key + " " + std::to_string(z + 1)));
    describePatientAndStudy(add, series);
    describeSeries(add, series, series_key);
    add.text(DCM_AcquisitionNumber, std::to_string(z + 1));
    add.text(DCM_InstanceNumber, std::to_string(z + 1));
    describeSlice(add, series, stack, z, scale);
    add.text(DCM_WindowCenter, decimal(center));
    add.text(DCM_WindowWidth, decimal(width));
    const auto values = stack.image.slice(static_cast<int>(z));
    std::vector<Uint16> pixels(values.size());
    std::transform(values.begin(), values.end(), pixels.begin(),
                   [&](float value) { return scale.stored(value); });
    add.pixels(pixels);
    GADOLIN_CHECK(add.outcome());
    std::array<char, 40> name{};
    std::snprintf(name.data(), name.size(), "IM%04zu.dcm", z + 1);
    names.push_back(folder / name.data());
    GADOLIN_CHECK(writeDicomFile(names.back(), file));
  }
  return names;
}

}  // namespace gadolin::io
