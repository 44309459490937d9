#pragma once
// DICOM images through GDCM. Call only in a process that may die: GDCM aborts on some files.

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "core/imaging/stack_file.h"

namespace gadolin::io {

/// True when the first bytes could begin a DICOM file, with or without its preamble.
bool looksLikeDicom(std::span<const std::byte> bytes);

/// The headers of a file's images, up to the pixels: one, or one a frame where frames have places
/// of their own (enhanced DICOM). Numbers that are none ("0,9375") are InvalidInput; NotFound for
/// DICOM files that are no object of their own (DICOMDIR). `path` of the result is empty.
Result<std::vector<DicomHeader>> readDicomHeaders(const std::filesystem::path& path);

/// The pixels of every slice with that slice's (or frame's) own rescale; MONOCHROME1 is turned round,
/// so that bright is bright. Corrupt when pixels are missing;
/// Conflict when two files at one place differ.
Result<FiledStack> readDicomSeries(const SeriesPlan& plan);

}  // namespace gadolin::io
