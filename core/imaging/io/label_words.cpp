#include "core/imaging/io/label_words.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gadolin::io {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::uint8_t foreign = 0, cavity = 1, myocardium = 2, scar = 3, mvo = 4;

struct Structure {
  std::string_view text;  // where it lies within a word
  std::uint8_t tissue;
  bool begins = false;  // at its beginning alone
};

// The first that occurs in a word counts for the word, and in the name where one describes another:
// "no-reflow in the infarct" is MVO, "infarcted myocardium" scar.
constexpr std::array structures{Structure{"cicatri", scar},  // before the "atri" in it

                                Structure{"right", foreign},    Structure{"rv", foreign, true},
                                Structure{"rechter", foreign},  Structure{"rechts", foreign},
                                Structure{"droit", foreign},    Structure{"atri", foreign},
                                Structure{"vorhof", foreign},   Structure{"oreillette", foreign},
                                Structure{"mvo", mvo},          Structure{"microvasc", mvo},
                                Structure{"mikrovask", mvo},    Structure{"noreflow", mvo},
                                Structure{"scar", scar},        Structure{"infarct", scar},
                                Structure{"infarkt", scar},     Structure{"infarz", scar},
                                Structure{"infarci", scar},     Structure{"infarce", scar},
                                Structure{"fibros", scar},      Structure{"fibrot", scar},
                                Structure{"lge", scar, true},   Structure{"enhanc", scar},
                                Structure{"narb", scar},        Structure{"litteken", scar},
                                Structure{"rehauss", scar},     Structure{"myo", myocardium},
                                Structure{"wall", myocardium},  Structure{"cavit", cavity},
                                Structure{"blood", cavity},     Structure{"bloed", cavity},
                                Structure{"blut", cavity},      Structure{"lumen", cavity},
                                Structure{"endo", cavity, true}};

// What they negate stands behind them, at whatever distance.
constexpr std::string_view negations[] = {
    "not",       "no",     "non",       "none",     "without",   "excluding", "excl",
    "except",    "minus",  "less",      "absent",   "absence",   "outside",   "beyond",
    "around",    "peri",   "border",    "adjacent", "never",     "neither",   "nor",
    "sans",      "hors",   "sauf",      "pas",      "excluant",  "aucun",     "aucune",
    "ohne",      "nicht",  "kein",      "keine",    "keinem",    "ausser",    "außer",
    "abzüglich", "zonder", "niet",      "geen",     "buiten",    "exclusief", "behalve",
    "abnormal",  "avital", "nonviable", "hypo",     "unhealthy", "subtracted"};
// What they negate stands before them.
constexpr std::string_view negations_behind[] = {
    "free",     "frei",    "freie",  "freies", "freier",   "freien",    "vrij",    "vrije",
    "excluded", "removed", "exclu",  "exclus", "negative", "negativ",   "negatif", "negatief",
    "neg",      "border",  "margin", "rand",   "absent",   "subtracted"};
constexpr std::string_view free_of[] = {"free",   "frei",   "freie", "freies",
                                        "freier", "freien", "vrij",  "vrije"};
// One word with the structure: "narbenfreies", "scarless", "noninfarcted".
constexpr std::string_view negating_endings[] = {"free",   "frei", "freie", "freies", "freier",
                                                 "freien", "vrij", "vrije", "less"};
constexpr std::string_view negating_beginnings[] = {"non", "nicht", "niet", "un", "hypo", "peri"};
// "Non-infarcted" is a property of the structure that is named too; "no infarct" is a remark.
constexpr std::string_view adjectival[] = {"non", "not", "nicht", "niet", "un"};
constexpr std::string_view adjectives[] = {"infarcted", "infarz",  "infarci",
                                           "infarce",   "scarred", "enhanced",
                                           "enhancing", "fibrot",  "cicatrici"};
// "Non-ischaemic fibrosis" is fibrosis.
constexpr std::string_view negated_kinds[] = {"isch", "transmur", "specif"};
constexpr std::string_view healthy_words[] = {
    "healthy", "normal",  "normale", "normales", "remote",   "viable", "viables", "vital",
    "vitale",  "vitales", "gesund",  "gesunde",  "gesundes", "sain",   "gezond",  "gezonde"};
constexpr std::string_view conjunctions[] = {
    "and",  "und",       "et",   "en",  "or",   "oder", "ou",        "plus",
    "with", "including", "incl", "mit", "avec", "met",  "inklusive", "inclusief"};

bool contains(Words words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}
bool beginsWithOne(Words beginnings, std::string_view word) {
  return std::ranges::any_of(beginnings, [&](auto b) { return word.starts_with(b); });
}
bool endsWithOne(Words endings, std::string_view word) {
  return std::ranges::any_of(endings, [&](auto e) { return word.ends_with(e); });
}

std::optional<std::uint8_t> structureIn(std::string_view word) {
  for (const auto& structure : structures) {
    if (structure.begins ? word.starts_with(structure.text)
                         : word.find(structure.text) != std::string_view::npos)
      return structure.tissue;
  }
  return std::nullopt;
}

struct Token {
  std::string text;
  std::optional<std::uint8_t> tissue;
};

/// Lower-case words; "NonInfarcted" is two. What joins a list is the word "and".
std::vector<Token> tokensOf(const std::string& name) {
  const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (i > 0 && isUpper(c) && isLower(name[i - 1])) text += ' ';
    text += isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (const auto at = text.find("w/o"); at != std::string::npos) text.replace(at, 3, " without ");
  if (text.ends_with('-')) text += " neg";  // "LGE-"
  std::vector<Token> tokens;
  std::string word;
  const auto finish = [&] {
    // "LVmyo"; the ventricle alone may be its cavity or all within its outer border.
    if (word.starts_with("lv") && word.size() > 2) word.erase(0, 2);
    const bool no_reflow = word == "reflow" && !tokens.empty() && tokens.back().text == "no";
    if (no_reflow)
      tokens.back() = {"noreflow", mvo};
    else if (!word.empty())
      tokens.push_back({word, structureIn(word)});
    word.clear();
  };
  constexpr std::string_view joins = ",;+&/";
  for (const char c : text) {
    const bool of_a_word = isLower(c) || (c >= '0' && c <= '9') || (c & 0x80) != 0;  // or UTF-8
    if (of_a_word) {
      word += c;
      continue;
    }
    finish();
    if (joins.find(c) != std::string_view::npos) tokens.push_back({"and", std::nullopt});
  }
  finish();
  return tokens;
}

/// Takes "non-infarcted" and "scar-free" out of the tokens, as properties.
class NameReading {
 public:
  explicit NameReading(const std::string& name) : tokens_(tokensOf(name)) {}

  NameMeaning meaning() {
    using Says = NameMeaning::Says;
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      if (negates(i)) return {Says::Negated};
    std::size_t first = tokens_.size(), last = 0;
    bool holds[mvo + 1] = {};
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!tokens_[i].tissue) continue;
      first = std::min(first, i);
      last = i;
      holds[*tokens_[i].tissue] = true;
    }
    const bool diseased = holds[scar] || holds[mvo];
    const bool healthy = std::ranges::any_of(
        tokens_, [](const Token& token) { return contains(healthy_words, token.text); });
    if (free_of_scar_ && (!holds[myocardium] || diseased)) return {Says::Negated};
    if (first == tokens_.size()) return {Says::Nothing};
    if (healthy && diseased) return {Says::Several};
    if (std::ranges::count(holds, true) > 1) {
      for (std::size_t i = first; i < last; ++i)
        if (contains(conjunctions, tokens_[i].text)) return {Says::Several};
      // "Endocardial scar" is a place of it; "cavity scar" is nothing.
      if (!holds[foreign] && holds[cavity] && !(diseased && cavityIsAPlace()))
        return {Says::Several};
    }
    if (holds[foreign]) {
      const auto says = [&](const auto& one) { return std::ranges::any_of(tokens_, one); };
      const bool both = says([](const Token& t) { return t.text == "lv"; }) &&
                        says([](const Token& t) { return contains(conjunctions, t.text); });
      return both ? NameMeaning{Says::Several} : NameMeaning{Says::Tissue, foreign};
    }
    for (const auto tissue : {mvo, scar, myocardium})
      if (holds[tissue]) return {Says::Tissue, tissue};
    // All within the outer border ("endo to epi") is neither the cavity nor the wall.
    const bool outer = std::ranges::any_of(
        tokens_, [](const Token& token) { return token.text.find("epi") != std::string::npos; });
    return outer ? NameMeaning{Says::Nothing} : NameMeaning{Says::Tissue, cavity};
  }

 private:
  [[nodiscard]] bool anyStructure(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i)
      if (tokens_[i].tissue || contains(healthy_words, tokens_[i].text)) return true;
    return false;
  }
  [[nodiscard]] bool myocardiumBehind(std::size_t i) const {
    return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(i) + 1, tokens_.end(),
                       [](const Token& token) { return token.tissue == myocardium; });
  }
  [[nodiscard]] bool cavityIsAPlace() const {
    return std::ranges::all_of(tokens_, [](const Token& token) {
      return token.tissue != cavity || token.text.starts_with("endo");
    });
  }
  bool property(std::size_t i) {
    tokens_[i].tissue.reset();
    free_of_scar_ = true;
    return false;
  }

  /// Whether the word at `i` negates a structure, in another way than as a property.
  bool negates(std::size_t i) {
    const std::string word = tokens_[i].text;
    if (tokens_[i].tissue) {
      for (const auto beginning : negating_beginnings) {
        if (!word.starts_with(beginning)) continue;
        const auto rest = std::string_view(word).substr(beginning.size());
        const bool adjective = contains(adjectival, beginning) && beginsWithOne(adjectives, rest);
        return adjective ? property(i) : true;
      }
      if (!endsWithOne(negating_endings, word)) return false;
      return tokens_[i].tissue == scar && myocardiumBehind(i) ? property(i) : true;
    }
    if (contains(negations, word) && i + 1 == tokens_.size()) return anyStructure(0, i);
    if (contains(negations, word)) {
      const Token& next = tokens_[i + 1];
      if (beginsWithOne(negated_kinds, next.text)) return false;
      if (contains(adjectival, word) && beginsWithOne(adjectives, next.text))
        return property(i + 1);
      if (anyStructure(i + 1, tokens_.size())) return true;
    }
    if (!contains(negations_behind, word) || !anyStructure(0, i)) return false;
    const bool of_scar = tokens_[i - 1].tissue == scar;
    const bool free_wall = i + 1 < tokens_.size() && tokens_[i + 1].text == "wall";
    if (free_wall) return of_scar;  // "infarct of the free wall", but not "scar free wall"
    return contains(free_of, word) && of_scar && myocardiumBehind(i) ? property(i - 1) : true;
  }

  std::vector<Token> tokens_;
  bool free_of_scar_ = false;
};

}  // namespace

NameMeaning meaningOfName(const std::string& name) {
  return NameReading(name).meaning();
}

std::string whyNoTissue(const NameMeaning& said) {
  switch (said.says) {
    case NameMeaning::Says::Negated:
      return "says what it is not or lies beside, which can be meant in several ways";
    case NameMeaning::Says::Several:
      return "names several structures";
    case NameMeaning::Says::Nothing:
    case NameMeaning::Says::Tissue:
      break;
  }
  return "is none that Gadolin knows";
}

}  // namespace gadolin::io
