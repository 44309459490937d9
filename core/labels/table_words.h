#pragma once
// Words of tables in English, German, Dutch and French: what a label cell says, what the name of a
// column says, and which cells say nothing.

#include <optional>
#include <string>
#include <string_view>

#include "core/labels/slice_label.h"

namespace gadolin {

/// Lower case, without accents (ß is ss), every run of other signs one space: "Ja ", "N° Patient"
/// and "Prénom" become "ja", "n patient", "prenom". A lone "+", "-" or "?" stays.
std::string foldedWord(std::string_view utf8);

/// yes/ja/oui/1/positive/… Fibrosis; no/nein/nee/non/0/… None; unsure and not-diagnostic in the
/// same languages; the names of labels in Gadolin's own export.
std::optional<SliceLabel> labelFromWord(std::string_view cell);

/// Empty, NA, n/a, NaN, null, -, –, —, ., unknown, unbekannt, inconnu, onbekend and the like.
bool saysNothing(std::string_view cell);
/// "none", "keine", "geen", "aucune": of a list of slices, that it is empty.
bool saysNoSlice(std::string_view cell);

/// What the name of a column promises; its values decide whether that is kept.
enum class NameHint {
  Nothing,
  Patient,
  Stack,
  Slice,
  Label,
  SliceList,
  Reader,
  Time,
  Identity,  // of a person: name, birth date, address, insurance number, ...
  FreeText,
};
NameHint hintOfName(std::string_view column);

/// "weight [kg]" and "Taille (cm)" are a title and a unit. Round brackets with a blank in them, or
/// with the words of the values ("(ja/nein)"), are part of the title.
struct TitleAndUnit {
  std::string title;
  std::string unit;
};
TitleAndUnit splitUnit(std::string_view column);

/// "MRI date", "Untersuchungsdatum", "scandate"; not "update".
bool namesDate(std::string_view column);

/// "slice 3" and "Schicht_04" hold a word for a slice; "S7" and "12" do not.
bool saysSlice(std::string_view column);
/// "slice 3", "Schicht_04", "S7", "coupe 2", "12": the number of a column that holds one slice.
std::optional<int> sliceOfName(std::string_view column);

}  // namespace gadolin
