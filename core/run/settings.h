#pragma once
// Every hyper-parameter of the cascade: one table with type, range, unit, meaning and the default
// of each preset. `--set key=value`, run.json and the manual all come from it.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace gadolin::run {

enum class SettingKind { Integer, Real, Switch, Choice };

struct SettingInfo {
  std::string_view key;  // "myocardium.epochs"
  SettingKind kind;
  double minimum;  // of Integer and Real
  double maximum;
  std::string_view unit;     // "mm", "epochs", "" for none
  std::string_view meaning;  // one sentence
  std::string_view quick;    // default of each preset, as text
  std::string_view standard;
  std::string_view paper;
  std::string_view choices;  // of Choice: "a|b|c"; of an Integer that takes a few values only
  int multiple_of = 1;       // of Integer
};

/// The table, in the order of the manual.
std::span<const SettingInfo> settingTable();

/// The shortest text without an exponent that reads back, whole numbers without a point: "0.0001",
/// "60".
std::string numberText(double number);
/// "1 to 256 slices", "0 to 512 pixels, a multiple of 16", "on or off", "sum, mean".
std::string rangeText(const SettingInfo& info);

class Settings {
 public:
  /// preset: "quick", "standard" or "paper"; InvalidInput otherwise.
  static Result<Settings> preset(std::string_view preset);

  /// What a preset changes with the supervision ("pixel", "slice", ...): in "paper" the threshold
  /// of fibrosis and the first weights of the stack classifier. Call before set().
  Result<void> suit(std::string_view preset, std::string_view supervision);

  /// InvalidInput for an unknown key (with the nearest known one), a wrong type or a value that the
  /// table does not allow; the message says the range and unit. Whatever a worker would refuse of a
  /// single setting is refused here, before a run is prepared.
  Result<void> set(std::string_view key, std::string_view value);

  /// The key must be in the table and of that kind; anything else is a programming fault.
  [[nodiscard]] long long integer(std::string_view key) const;
  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] const std::string& choice(std::string_view key) const;

  /// Key and value as text, sorted by key.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const {
    return values_;
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace gadolin::run
