#pragma once
// What a person's name of a structure says, in English, German, Dutch or French.

#include <cstdint>
#include <optional>
#include <string>

namespace gadolin::io {

struct NameMeaning {
  enum class Says {
    Nothing,  // no structure that is known
    Tissue,   // one
    Negated,  // what it is not, or is outside of ("artefact not scar", "peri-infarct zone")
    Several,  // more than one ("myocardium and scar")
  };
  Says says = Says::Nothing;
  std::uint8_t tissue = 0;  // of Says::Tissue; 0: a right ventricle or an atrium, not ours

  [[nodiscard]] bool unclear() const { return says == Says::Negated || says == Says::Several; }
  [[nodiscard]] std::optional<std::uint8_t> clearTissue() const {
    return says == Says::Tissue ? std::optional(tissue) : std::nullopt;
  }
};

/// "LV cavity", "infarcted myocardium" (a scar), "no-reflow in the infarct" (MVO), "non-infarcted
/// myocardium" (myocardium). A name is unclear rather than guessed: a wrong guess is a wrong
/// number.
NameMeaning meaningOfName(const std::string& name);

/// For a sentence that begins with the name, where it says no tissue.
std::string whyNoTissue(const NameMeaning& said);

}  // namespace gadolin::io
