#pragma once
// Names of files whose header nobody could read: what they say of a patient cannot be known, so all
// of it goes that is not plainly a word of scanners and archives.

#include <string>

namespace gadolin::session {

/// Every folder and file name of the path that holds another word than those of series (isSeriesWord), of files
/// ("dcm", with up to six digits: "IM0004", "SER2"), numbers of up to four digits (but no UIDs) and pseudonyms reads
/// "hidden-1a2b3c", with six digits of SHA-256(salt + name) and its ending: files of one folder
/// stay together, and nobody reads whose it is.
std::string withoutUnreadNames(const std::string& path, const std::string& salt);

/// Whether the name is that of a NIfTI, NRRD or MetaImage file, whose names an import keeps unless
/// told otherwise.
bool isVolumeName(const std::string& path);

}  // namespace gadolin::session
