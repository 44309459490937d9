#pragma once
// How reports spell numbers and times: one place, so that every table reads alike.

#include <optional>
#include <string>
#include <string_view>

namespace gadolin::report {

/// With that many decimals, a real minus sign and never "-0.0".
std::string fixed(double value, int decimals);
/// The same, or an en dash where there is no value.
std::string fixed(const std::optional<double>& value, int decimals);
/// For a table that programs read: with that many decimals and a full stop, empty where there is no
/// value.
std::string csvNumber(const std::optional<double>& value, int decimals = 3);
/// "1 patient", "2 patients"
std::string counted(long long count, std::string_view singular, std::string_view plural);
/// "2026-01-31" and "2026-01-31 12:00 UTC" of an ISO 8601 time; "time not known" of anything else.
std::string day(std::string_view utc);
std::string minute(std::string_view utc);

}  // namespace gadolin::report
