#include "core/labels/table_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <span>

#include "core/base/text_decoding.h"

namespace gadolin {
namespace {

/// The letter without its accent; empty for signs that are no letter.
std::string_view plainLetter(char32_t letter) {
  struct Range {
    char32_t first, last;
    std::string_view plain;
  };
  constexpr std::array<Range, 30> ranges{{
      {0xC0, 0xC5, "a"},     {0xC6, 0xC6, "ae"},    {0xC7, 0xC7, "c"},      {0xC8, 0xCB, "e"},
      {0xCC, 0xCF, "i"},     {0xD1, 0xD1, "n"},     {0xD2, 0xD6, "o"},      {0xD8, 0xD8, "o"},
      {0xD9, 0xDC, "u"},     {0xDD, 0xDD, "y"},     {0xDF, 0xDF, "ss"},     {0xE0, 0xE5, "a"},
      {0xE6, 0xE6, "ae"},    {0xE7, 0xE7, "c"},     {0xE8, 0xEB, "e"},      {0xEC, 0xEF, "i"},
      {0xF1, 0xF1, "n"},     {0xF2, 0xF6, "o"},     {0xF8, 0xF8, "o"},      {0xF9, 0xFC, "u"},
      {0xFD, 0xFD, "y"},     {0xFF, 0xFF, "y"},     {0x0152, 0x0152, "oe"}, {0x0153, 0x0153, "oe"},
      {0x0160, 0x0161, "s"}, {0x017D, 0x017E, "z"}, {0x0178, 0x0178, "y"},  {0x0132, 0x0133, "ij"},
      {0x011E, 0x011F, "g"}, {0x015E, 0x015F, "s"},
  }};
  for (const auto& range : ranges) {
    if (letter >= range.first && letter <= range.last) return range.plain;
  }
  return {};
}

char32_t nextLetter(std::string_view text, std::size_t& at) {
  const auto first = static_cast<std::uint8_t>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t letter = first & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    letter = letter << 6 | (static_cast<std::uint8_t>(text[at++]) & 0x3FU);
  return letter;
}

bool isOneOf(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// `word` occurs in `name` as whole words.
bool holdsWord(std::string_view name, std::string_view word) {
  for (std::size_t at = name.find(word); at != std::string_view::npos;
       at = name.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || name[at - 1] == ' ') && (end == name.size() || name[end] == ' ')) return true;
  }
  return false;
}

bool holdsOneOf(std::string_view name, std::span<const std::string_view> words) {
  return std::ranges::any_of(words,
                             [name](std::string_view word) { return holdsWord(name, word); });
}

constexpr auto yes_words = std::to_array<std::string_view>(
    {"yes",     "y",        "ja",        "j",        "oui",      "o",       "true",    "vrai",
     "wahr",    "waar",     "1",         "+",        "positive", "positif", "positiv", "positief",
     "present", "presente", "vorhanden", "aanwezig", "fibrosis", "pos"});
constexpr auto no_words = std::to_array<std::string_view>(
    {"no",       "n",       "nein",    "nee",         "non",
     "false",    "faux",    "falsch",  "onwaar",      "0",
     "negative", "negatif", "negativ", "negatief",    "absent",
     "absente",  "none",    "neg",     "keine",       "keins",
     "geen",     "aucun",   "aucune",  "no fibrosis", "nicht vorhanden"});
constexpr auto unsure_words = std::to_array<std::string_view>(
    {"unsure",    "uncertain",   "unclear",  "maybe",    "possible",  "possibly", "questionable",
     "equivocal", "?",           "unsicher", "fraglich", "unklar",    "moglich",  "vielleicht",
     "onzeker",   "onduidelijk", "mogelijk", "twijfel",  "incertain", "douteux",  "incertaine"});
constexpr auto not_diagnostic_words = std::to_array<std::string_view>(
    {"not diagnostic", "non diagnostic", "nondiagnostic", "not evaluable", "nicht diagnostisch",
     "nicht beurteilbar", "nicht auswertbar", "niet diagnostisch", "niet beoordeelbaar",
     "non diagnostique", "non interpretable", "ininterpretable", "non evaluable"});
constexpr auto nothing_words = std::to_array<std::string_view>(
    {"",         "-",         "na",        "n a",       "n k",      "nk",
     "nan",      "null",      "nil",       "kein wert", "k a",      "ka",
     "unknown",  "unbekannt", "inconnu",   "inconnue",  "onbekend", "missing",
     "manquant", "manquante", "ontbreekt", "fehlt"});
constexpr auto no_slice_words = std::to_array<std::string_view>(
    {"none", "no", "keine", "nein", "geen", "nee", "aucune", "aucun", "non"});

constexpr auto patient_names = std::to_array<std::string_view>({"patient",
                                                                "patient id",
                                                                "patientid",
                                                                "patient no",
                                                                "patient nr",
                                                                "patient number",
                                                                "id patient",
                                                                "id",
                                                                "case",
                                                                "case id",
                                                                "caseid",
                                                                "subject",
                                                                "subject id",
                                                                "subjectid",
                                                                "sub",
                                                                "pid",
                                                                "pat",
                                                                "pat id",
                                                                "pat nr",
                                                                "mrn",
                                                                "pseudonym",
                                                                "participant",
                                                                "participant id",
                                                                "record id",
                                                                "study id",
                                                                "studyid",
                                                                "fall",
                                                                "fallnummer",
                                                                "fall nr",
                                                                "patientennummer",
                                                                "patienten id",
                                                                "patientnummer",
                                                                "patientennr",
                                                                "n patient",
                                                                "numero patient",
                                                                "no patient",
                                                                "ipp",
                                                                "cas"});
constexpr auto stack_names = std::to_array<std::string_view>(
    {"stack", "stack id", "stackid", "series", "serie", "volume", "image", "scan"});
constexpr auto slice_names = std::to_array<std::string_view>(
    {"slice",       "slice no",      "slice nr",   "slice number", "slice index",
     "slicenumber", "sliceindex",    "slice id",   "slice idx",    "z",
     "schicht",     "schichtnummer", "schicht nr", "schnitt",      "schnittnummer",
     "coupe",       "no coupe",      "n coupe",    "numero coupe", "coupe no",
     "plak",        "plaknummer",    "plak nr",    "snede",        "snedenummer",
     "doorsnede",   "slicenr"});
constexpr auto slice_plurals = std::to_array<std::string_view>(
    {"slices", "schichten", "schnitte", "coupes", "plakken", "sneden"});
constexpr auto scar_words = std::to_array<std::string_view>({"label",
                                                             "fibrosis",
                                                             "fibrotic",
                                                             "fibrose",
                                                             "scar",
                                                             "scars",
                                                             "scarring",
                                                             "lge",
                                                             "lge positive",
                                                             "late gadolinium",
                                                             "late enhancement",
                                                             "late gadolinium enhancement",
                                                             "enhancement",
                                                             "hyperenhancement",
                                                             "infarct",
                                                             "infarction",
                                                             "infarctus",
                                                             "infarkt",
                                                             "infarct aanwezig",
                                                             "narbe",
                                                             "narben",
                                                             "vernarbung",
                                                             "spatanreicherung",
                                                             "late anreicherung",
                                                             "litteken",
                                                             "littekens",
                                                             "aankleuring",
                                                             "cicatrice",
                                                             "rehaussement",
                                                             "rehaussement tardif",
                                                             "prise de contraste tardive",
                                                             "positive",
                                                             "fibrosis label",
                                                             "pathologie"});
constexpr auto reader_names = std::to_array<std::string_view>(
    {"reader", "rater", "observer", "annotator", "labelled by", "labeled by", "reader id",
     "auswerter", "befunder", "leser", "lecteur", "relecteur", "observateur", "beoordelaar",
     "lezer", "reviewer"});
constexpr auto time_names =
    std::to_array<std::string_view>({"time", "time utc", "timestamp", "labelled at", "labeled at",
                                     "zeit", "zeitstempel", "horodatage", "tijdstip"});
constexpr auto identity_words = std::to_array<std::string_view>({"name",
                                                                 "names",
                                                                 "patient name",
                                                                 "patientname",
                                                                 "first name",
                                                                 "firstname",
                                                                 "last name",
                                                                 "lastname",
                                                                 "surname",
                                                                 "forename",
                                                                 "family name",
                                                                 "given name",
                                                                 "vorname",
                                                                 "nachname",
                                                                 "familienname",
                                                                 "nom",
                                                                 "prenom",
                                                                 "naam",
                                                                 "voornaam",
                                                                 "achternaam",
                                                                 "initials",
                                                                 "initialen",
                                                                 "initiales",
                                                                 "birth",
                                                                 "birthdate",
                                                                 "birthday",
                                                                 "dob",
                                                                 "born",
                                                                 "geburtsdatum",
                                                                 "geburtstag",
                                                                 "geb datum",
                                                                 "geb dat",
                                                                 "geboren",
                                                                 "naissance",
                                                                 "ddn",
                                                                 "geboortedatum",
                                                                 "geb",
                                                                 "address",
                                                                 "adresse",
                                                                 "adres",
                                                                 "street",
                                                                 "strasse",
                                                                 "rue",
                                                                 "straat",
                                                                 "zip",
                                                                 "postcode",
                                                                 "plz",
                                                                 "code postal",
                                                                 "phone",
                                                                 "telephone",
                                                                 "telefon",
                                                                 "telefoon",
                                                                 "email",
                                                                 "e mail",
                                                                 "ssn",
                                                                 "bsn",
                                                                 "nir",
                                                                 "versichertennummer",
                                                                 "accession number",
                                                                 "accession",
                                                                 "hausarzt"});
constexpr auto date_words = std::to_array<std::string_view>({"date", "dates", "datum", "fecha"});
constexpr auto no_date_words =
    std::to_array<std::string_view>({"update", "candidate", "mandate", "validate"});
constexpr auto free_text_words = std::to_array<std::string_view>(
    {"comment",     "comments",     "remark",    "remarks",     "note",         "notes",
     "report",      "conclusion",   "findings",  "kommentar",   "bemerkung",    "bemerkungen",
     "anmerkung",   "befund",       "notiz",     "commentaire", "commentaires", "remarque",
     "remarques",   "compte rendu", "opmerking", "opmerkingen", "commentaar",   "verslag",
     "toelichting", "freitext",     "free text"});

}  // namespace

std::string foldedWord(std::string_view utf8) {
  std::string folded;
  const std::string_view text = trimmedText(utf8);
  if (text == "+" || text == "-" || text == "?") return std::string(text);
  if (text == "\xE2\x80\x93" || text == "\xE2\x80\x94" || text == "\xE2\x88\x92")
    return "-";  // dashes, minus
  bool gap = false;
  const auto put = [&](std::string_view letters) {
    if (gap && !folded.empty()) folded += ' ';
    gap = false;
    folded += letters;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t letter = nextLetter(text, at);
    if (letter < 0x80 && std::isalnum(static_cast<int>(letter)) != 0) {
      const char plain = static_cast<char>(std::tolower(static_cast<int>(letter)));
      put({&plain, 1});
    } else if (letter >= 0x0300 && letter < 0x0370) {
      continue;  // an accent written after its letter
    } else if (const auto plain = plainLetter(letter); !plain.empty()) {
      put(plain);
    } else if (letter > 0xFF && letter != 0x2019 && (letter < 0x2000 || letter > 0x206F)) {
      std::string other;  // a letter of another script is nobody's blank
      appendUtf8(other, letter);
      put(other);
    } else {
      gap = true;
    }
  }
  return folded;
}

std::optional<SliceLabel> labelFromWord(std::string_view cell) {
  const std::string_view trimmed = trimmedText(cell);
  if (const auto own = sliceLabelFromText(trimmed)) return own;
  const std::string word = foldedWord(trimmed);
  if (isOneOf(word, yes_words)) return SliceLabel::Fibrosis;
  if (isOneOf(word, no_words)) return SliceLabel::None;
  if (isOneOf(word, unsure_words)) return SliceLabel::Unsure;
  if (isOneOf(word, not_diagnostic_words)) return SliceLabel::NotDiagnostic;
  return std::nullopt;
}

bool saysNothing(std::string_view cell) {
  const std::string_view trimmed = trimmedText(cell);
  if (trimmed == "?" || trimmed == "+") return false;
  return isOneOf(foldedWord(trimmed), nothing_words);
}

bool saysNoSlice(std::string_view cell) {
  return isOneOf(foldedWord(cell), no_slice_words);
}

NameHint hintOfName(std::string_view column) {
  std::string name = foldedWord(splitUnit(column).title);
  if (isOneOf(name, patient_names)) return NameHint::Patient;
  if (isOneOf(name, stack_names)) return NameHint::Stack;
  if (isOneOf(name, slice_names)) return NameHint::Slice;
  if (isOneOf(name, reader_names)) return NameHint::Reader;
  if (isOneOf(name, time_names)) return NameHint::Time;
  if (isOneOf(name, scar_words)) return NameHint::Label;
  if (holdsOneOf(name, slice_plurals)) return NameHint::SliceList;
  // "Familial history" is none of these: whole words only.
  if (holdsOneOf(name, identity_words)) return NameHint::Identity;
  if (holdsOneOf(name, free_text_words)) return NameHint::FreeText;
  return NameHint::Nothing;
}

TitleAndUnit splitUnit(std::string_view column) {
  const std::string_view text = trimmedText(column);
  if (text.size() < 3 || (text.back() != ']' && text.back() != ')')) return {std::string(text), {}};
  const bool square = text.back() == ']';
  const std::size_t open = text.rfind(square ? '[' : '(');
  if (open == std::string_view::npos || open == 0) return {std::string(text), {}};
  const std::string_view unit = trimmedText(text.substr(open + 1, text.size() - open - 2));
  constexpr std::size_t longest = 16;
  const bool words_of_values = labelFromWord(unit.substr(0, unit.find_first_of("/|,"))).has_value();
  const bool number =
      unit.find_first_not_of("0123456789") == std::string_view::npos;  // "value (2)"
  if (unit.empty() || unit.size() > longest || words_of_values || number ||
      (!square && unit.find(' ') != std::string_view::npos))
    return {std::string(text), {}};
  return {std::string(trimmedText(text.substr(0, open))), std::string(unit)};
}

bool namesDate(std::string_view column) {
  const std::string name = foldedWord(column);
  if (holdsOneOf(name, date_words)) return true;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find(' ', begin), name.size());
    const std::string_view word = std::string_view(name).substr(begin, end - begin);
    if ((word.ends_with("date") || word.ends_with("datum")) && !isOneOf(word, no_date_words))
      return true;
    begin = end + 1;
  }
  return false;
}

bool saysSlice(std::string_view column) {
  const std::string name = foldedWord(column);
  return isOneOf(trimmedText(std::string_view(name).substr(0, name.find_first_of("0123456789"))),
                 slice_names);
}

std::optional<int> sliceOfName(std::string_view column) {
  std::string name = foldedWord(column);
  const std::size_t digits = name.find_first_of("0123456789");
  if (digits == std::string::npos || name.size() - digits > 3) return std::nullopt;
  if (!std::all_of(name.begin() + static_cast<std::ptrdiff_t>(digits), name.end(),
                   [](unsigned char c) { return std::isdigit(c) != 0; }))
    return std::nullopt;
  const std::string_view word = trimmedText(std::string_view(name).substr(0, digits));
  if (!word.empty() && word != "s" && !isOneOf(word, slice_names)) return std::nullopt;
  return std::stoi(name.substr(digits));
}

}  // namespace gadolin
