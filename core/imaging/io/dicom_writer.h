#pragma once
// A stack as a series of classic MR images: one file a slice, uncompressed, explicit little endian.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin::io {

/// What the headers say besides the stack. The same content gives the same bytes: no clock and no
/// random number enters a file.
struct DicomSeries {
  std::string patient_id;    // at most 64 characters of ASCII, no backslash
  std::string patient_name;  // DICOM form, "Family^Given"
  std::string study_key;     // equal keys give equal study and frame-of-reference UIDs
  std::string study_date = "20200101";  // empty: not known
  std::string study_description;
  std::string series_description;
  int series_number = 1;  // with study_key the key of the series UID
  std::string manufacturer = "Gadolin phantom";
  int bits = 12;         // stored, of 16
  bool derived = false;  // not a scanner's: ImageType and sequence say so
};

/// What derived images say, and objects on them, where the source had no orientation
/// (core/imaging/display_orientation.h): DICOM's MR image cannot leave it out.
inline constexpr const char* unknown_orientation =
    "The orientation of the patient is not known: the source had none. "
    "ImageOrientationPatient and ImagePositionPatient only say how the slices lie to each other";

/// "2.25." and a 128-bit number out of SHA-256 of the text (the form of DICOM PS3.5 B.2).
std::string uidFromText(const std::string& text);

/// Writes IM0001.dcm ... in stored order and returns the names. `folder` is made when absent; files
/// of the same name are replaced. Values are stored in 12 bits of 16: as they are when they are
/// whole numbers 0..4095, with slope 2 and intercept -4096 when they are even numbers -4096..4094,
/// else scaled to 0..4095 over the range of the whole stack. In 16 bits whole numbers that span at most
/// 65535 are kept as they are, others scaled. InvalidInput for values that are no
/// number and texts that DICOM cannot hold.
Result<std::vector<std::filesystem::path>> writeDicomSeries(const std::filesystem::path& folder,
                                                            const Stack& stack,
                                                            const DicomSeries& series);

}  // namespace gadolin::io
