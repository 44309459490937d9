#pragma once
// From DICOM headers to stacks: which images belong together, in which order, at which distance.
// Pure: the headers are read elsewhere (core/imaging/io), so that every rule can be tested alone.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/imaging/plain_pixels.h"
#include "core/imaging/series_judgement.h"
#include "core/imaging/stack.h"

namespace gadolin {

/// One image in a file: classic DICOM has one a file, enhanced DICOM many frames.
struct ImageSource {
  std::string path;
  int frame = 0;  // from 0
  std::optional<PlainPixels> plain = std::nullopt;
  bool operator==(const ImageSource&) const = default;
};

/// What the planning needs of one DICOM image (one frame of an enhanced one). Optional where the
/// header does not say it.
struct DicomHeader {
  std::string path;  // as the reader was asked for it
  int frame = 0;     // from 0
  std::string patient_id;
  std::string patient_name, birth_date;       // only to keep them out of the project
  std::vector<std::string> other_identities;  // of the patient and of physicians: numbers and names
  std::string study_uid, series_uid, sop_uid, sop_class;
  std::string frame_of_reference_uid;
  std::string stack_id;  // of an enhanced image's frame: frames of two stacks never mix
  std::string modality;
  std::string series_description, protocol_name;
  std::string image_type;  // values joined with a backslash
  int rows = 0, columns = 0;
  int frames = 1;   // that could not be told apart; an enhanced image gives one header a frame
  int samples = 1;  // per pixel; 3 for colour
  std::optional<Vec3> position_mm;                        // LPS of the first pixel's centre
  std::optional<std::array<Vec3, 2>> directions;          // of a row (x) and of a column (y)
  std::optional<std::array<double, 2>> pixel_spacing_mm;  // along x and along y
  std::optional<double> thickness_mm;
  std::optional<double> inversion_time_ms;
  // Seconds by two clocks of the scanner, which are never compared with each other: when the image was acquired
  // and when it was made of that. Below 86,400 the day is not known.
  std::optional<double> acquired_s, made_s;
  bool lossy = false;      // compressed with loss at some time
  bool burned_in = false;  // BurnedInAnnotation: the pixels name the patient
  std::optional<PlainPixels> plain;  // of a classic file with one frame
};

/// One image of a stack.
struct PlannedSlice {
  /// The image to read; any further ones lie at the same place and must hold the same pixels.
  std::vector<ImageSource> sources;
  SliceInfo info;  // extent_mm is set when the stack is read
};

/// Which of several stacks this is that can be made of a series some of whose slices were acquired
/// more than once.
struct RepeatChoice {
  int rank = 0;                     // 0: the latest image of every slice; 1: the one before it; …
  int count = 2;                    // of such stacks
  std::vector<int> slices;          // acquired more than once, from 1
  std::vector<std::string> images;  // SOPInstanceUIDs at those slices, of all repeats, sorted
  std::string note;                 // one sentence, also among the plan's notes
};

/// A stack to be read: everything but the pixels.
struct SeriesPlan {
  std::string patient_id, study_uid;
  std::string description;
  ImageKind kind = ImageKind::Unknown;
  Geometry geometry;
  std::vector<PlannedSlice> slices;  // base first
  std::vector<std::string> notes;
  std::optional<RepeatChoice> repeat;
  SeriesJudgement
      judgement;  // whether it looks like late enhancement; nothing is left out by it here
};

/// Something that an import did not take.
struct Refusal {
  std::string path;
  std::string reason;
  std::string code;  // short stable name
  /// SeriesDescription, of a series that was left for not being late enhancement ("not-lge").
  std::optional<std::string> series = std::nullopt;
  /// By what a project knows the file where `path` is not the file's path any more: a mask that waited.
  std::string place = {};
};

struct SeriesSorting {
  std::vector<SeriesPlan> plans;  // in the order in which their first image was given
  std::vector<Refusal> refusals;
  std::vector<std::string> warnings;
};

/// A DICOM segmentation: a mask, not an image.
bool isSegmentation(const DicomHeader& header);

/// Unit LPS vector that points from the base to the apex in a usual heart: left, front, down. The
/// sign of its product with the slice axis decides which end is the apex.
Vec3 towardsApex();

/// Groups images (series_groups.h), orders them by position along the slice normal, base first, and
/// takes distances from the positions. Uneven distances keep the real positions and are noted.
/// Where slices were acquired again there is one plan with the latest images and further ones
/// (`repeat`) with those before. Refused: no MR image, frames without a place of their own,
/// mosaics, several samples, no position or spacing, text of a patient burned into the pixels, several images at most positions (a time
/// series), fewer than three positions, a sheared stack. What all frames of a file are refused for
/// is said once.
SeriesSorting sortSeries(const std::vector<DicomHeader>& headers);

}  // namespace gadolin
