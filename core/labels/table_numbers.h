#pragma once
// Numbers and dates as people write them: decimal comma or point, groups of thousands, days first.

#include <optional>
#include <string>
#include <string_view>

namespace gadolin {

enum class DecimalSign { Point, Comma };

/// What one cell says of the decimal sign. "162,5" proves a comma, "1.234,5" too; "1.234" says
/// neither: it is 1234 or 1.234.
enum class DecimalEvidence { NoNumber, Whole, Point, Comma, Either };
DecimalEvidence decimalEvidence(std::string_view cell);

/// The number with that decimal sign; the other sign, blanks and apostrophes may part groups of
/// three digits, a percent sign may follow. Nothing for any other text, also "<5", "nan", "1e400",
/// "0x10".
std::optional<double> numberFromText(std::string_view cell, DecimalSign sign);

/// "<5", "> 1000", "≤3", "ca. 5": a number that is not told exactly.
bool isCensoredNumber(std::string_view cell);

enum class DateOrder { DayFirst, MonthFirst };
/// 2019-12-31 (with or without a time) and 2019/12/31 need no order, nor does 31.12.2019 (always
/// day first); 31/12/2019 and 31-12-2019 do, and so does 01/02/2020.
enum class DateEvidence { NoDate, Certain, DayFirst, MonthFirst, Either };
DateEvidence dateEvidence(std::string_view cell);
/// "2019-12-31", or nothing where it is no day of that order.
std::optional<std::string> dateFromText(std::string_view cell, DateOrder order);

}  // namespace gadolin
