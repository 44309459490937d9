#pragma once
// Small parsers for the text headers of NRRD and MetaImage.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gadolin::io {

/// InvalidInput and Unsupported.
Error refuseHeader(std::string why);
Error unsupportedHeader(std::string why);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);
std::string lowered(std::string_view text);

/// The line that begins at `at`, without its end (LF or CR LF); moves `at` behind it. Nothing when the
/// bytes end before a line end.
std::optional<std::string_view> nextLine(std::string_view text, std::size_t& at);

/// Words parted by white space.
std::vector<std::string_view> words(std::string_view text);

/// Finite or not ("nan" is a number here); nothing for what is no number.
std::optional<double> numberIn(std::string_view word);
std::optional<long long> wholeIn(std::string_view word);

/// The name of a file of voxels beside its header. InvalidInput for a path that leads elsewhere: a header
/// must not make an import read what nobody gave it.
Result<std::string> nameBeside(std::string_view text);

}  // namespace gadolin::io
