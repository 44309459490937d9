#pragma once
// Rows of text as RFC 4180 CSV, UTF-8, lines ended by CR LF.

#include <optional>
#include <string>
#include <vector>

namespace gadolin::report {

std::string csvLine(const std::vector<std::string>& cells);
/// With that many decimals and a full stop, empty where there is no value.
std::string csvNumber(const std::optional<double>& value, int decimals = 3);

}  // namespace gadolin::report
