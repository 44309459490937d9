#pragma once
// When an image was acquired, from DICOM's dates and times (PS3.5 6.2: DA, TM, DT).

#include <optional>
#include <string>

namespace gadolin::io {

/// Seconds since 1970-01-01 on the scanner's own clock. `date` "YYYYMMDD", `time` "HHMM", "HHMMSS"
/// or "HHMMSS.ffffff"; without a date the seconds of an unknown day. Nothing when there is no time
/// or either is malformed.
std::optional<double> secondsFrom(const std::string& date, const std::string& time);

/// The same for "YYYYMMDDHHMMSS.ffffff" with or without an offset from UTC, which is left out: the
/// images of one study share it.
std::optional<double> secondsFrom(const std::string& date_time);

}  // namespace gadolin::io
