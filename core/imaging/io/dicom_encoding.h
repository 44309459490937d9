#pragma once
// How DICOM objects that we write get onto the disk, and numbers into their texts. Only for the
// writers of this folder: DCMTK's types end here.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <initializer_list>
#include <string>

#include "core/base/result.h"

namespace gadolin::io {

/// The shortest decimal string of at most 16 characters (VR DS) that is nearest to the value.
std::string decimal(double value);
/// Several, with backslashes between them.
std::string decimals(std::initializer_list<double> values);

/// Before anything of DCMTK is used: it says nothing on stderr of its own. Unsupported where it finds
/// no dictionary: nothing can be written then.
Result<void> prepareDcmtk();

/// Uncompressed, explicit little endian, whole or not at all. The meta header is made from the data
/// set.
Result<void> writeDicomFile(const std::filesystem::path& path, DcmFileFormat& file);

}  // namespace gadolin::io
