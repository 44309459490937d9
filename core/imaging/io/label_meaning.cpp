#include "core/imaging/io/label_meaning.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/imaging/io/header_text.h"

namespace gadolin::io {
namespace {

std::optional<std::uint8_t> byTable(LabelTable table, double label) {
  switch (table) {
    case LabelTable::Tissue:
      if (label >= 0 && label <= 4) return static_cast<std::uint8_t>(label);
      break;
    case LabelTable::Acdc:
      if (label == 0 || label == 1) return std::uint8_t{0};  // the right ventricle is not ours
      if (label == 2) return std::uint8_t{2};
      if (label == 3) return std::uint8_t{1};
      break;
    case LabelTable::Myocardium:
      if (label == 0) return std::uint8_t{0};
      if (label == 1) return std::uint8_t{2};
      break;
  }
  return std::nullopt;
}

std::string tableInWords(LabelTable table) {
  switch (table) {
    case LabelTable::Acdc:
      return "0 background, 1 right ventricle, 2 myocardium, 3 left cavity";
    case LabelTable::Myocardium:
      return "0 background, 1 myocardium";
    case LabelTable::Tissue:
      break;
  }
  return "0 background, 1 cavity, 2 myocardium, 3 scar, 4 MVO";
}

struct Word {
  std::string_view text;
  std::uint8_t tissue;
  bool begins = false;  // a word, or what was written on behind it ("LVmyo"): "valve" is no "lv"
};

// The first that occurs in the name counts: "no-reflow in the infarct" is MVO, "infarcted myocardium"
// scar, "right ventricle cavity" nothing of ours.
constexpr std::array words_of_tissue{
    Word{"right", 0},     Word{"rv", 0, true},   Word{"rechter", 0},  Word{"rechts", 0},
    Word{"droit", 0},     Word{"atri", 0},       Word{"vorhof", 0},   Word{"oreillette", 0},
    Word{"mvo", 4},       Word{"microvasc", 4},  Word{"mikrovask", 4}, Word{"no-reflow", 4},
    Word{"no reflow", 4}, Word{"noreflow", 4},   Word{"scar", 3},     Word{"infarct", 3},
    Word{"infarkt", 3},   Word{"fibros", 3},     Word{"lge", 3, true}, Word{"enhanc", 3},
    Word{"narbe", 3},     Word{"litteken", 3},   Word{"cicatrice", 3}, Word{"rehauss", 3},
    Word{"myo", 2},       Word{"wall", 2},       Word{"cavity", 1},   Word{"cavit", 1},
    Word{"blood", 1},     Word{"endo", 1, true},  Word{"bloed", 1},    Word{"blut", 1},
    Word{"lumen", 1},     Word{"lv", 1, true}};

bool occurs(const Word& word, const std::string& name) {
  for (auto at = name.find(word.text); at != std::string::npos; at = name.find(word.text, at + 1)) {
    if (!word.begins || at == 0 || name[at - 1] < 'a' || name[at - 1] > 'z') return true;
  }
  return false;
}

}  // namespace

std::optional<std::uint8_t> tissueOfName(const std::string& name) {
  const std::string lower = lowered(name);
  const auto word =
      std::ranges::find_if(words_of_tissue, [&](const Word& w) { return occurs(w, lower); });
  if (word == words_of_tissue.end()) return std::nullopt;
  // All within the outer border ("LV epi") is neither the cavity nor the wall.
  if (word->tissue == 1 && lower.find("epi") != std::string::npos) return std::nullopt;
  return word->tissue;
}

Result<LabelMeaning> LabelMeaning::of(const VoxelHeader& header, LabelTable table) {
  LabelMeaning meaning;
  meaning.table_ = table;
  if (header.segments.empty()) {
    if (header.layers != 1)
      return Error{ErrorCode::Unsupported, "It has " + std::to_string(header.layers) +
                                               " values a voxel and names no segments."};
    meaning.words_ = tableInWords(table);
    return meaning;
  }
  for (const auto& segment : header.segments) {
    const auto tissue = tissueOfName(segment.name);
    if (!tissue) {
      return Error{ErrorCode::InvalidInput,
                   "Its segment '" + segment.name +
                       "' is none that Gadolin knows: name it cavity, myocardium, scar or MVO."};
    }
    const auto [place, fresh] =
        meaning.named_.try_emplace({segment.layer, segment.label}, *tissue);
    if (!fresh && place->second != *tissue)
      return Error{ErrorCode::InvalidInput, "Two of its segments have one label."};
    if (!meaning.words_.empty()) meaning.words_ += ", ";
    meaning.words_ += "'" + segment.name + "'";
  }
  return meaning;
}

std::optional<std::uint8_t> LabelMeaning::tissue(int layer, double label) const {
  if (named_.empty()) return byTable(table_, label);
  if (label == 0) return std::uint8_t{0};
  const auto found = named_.find({layer, label});
  return found == named_.end() ? std::nullopt : std::optional(found->second);
}

std::string LabelMeaning::inWords() const {
  return words_;
}

}  // namespace gadolin::io
