#include "core/imaging/io/label_meaning.h"

#include "core/imaging/io/label_words.h"

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

std::string listOf(const std::vector<Segment>& segments) {
  std::string list;
  for (const auto& segment : segments) list += (list.empty() ? "'" : ", '") + segment.name + "'";
  return list;
}

}  // namespace

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
    const NameMeaning said = meaningOfName(segment.name);
    if (said.says != NameMeaning::Says::Tissue) {
      return Error{ErrorCode::InvalidInput, "Its segment '" + segment.name + "' " +
                                                whyNoTissue(said) +
                                                ": name it cavity, myocardium, scar or MVO. Its "
                                                "segments are " +
                                                listOf(header.segments) + "."};
    }
    const auto [place, fresh] =
        meaning.named_.try_emplace({segment.layer, segment.label}, said.tissue);
    if (!fresh && place->second != said.tissue)
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
