#include "core/imaging/decode_json.h"

#include <array>
#include <utility>

namespace gadolin::wire {
namespace {

json toJson(const PlainPixels& p) {
  return {p.at,       p.bits_allocated, p.bits_stored, p.is_signed,   p.inverted,
          p.slope,    p.intercept,      p.file_bytes,  p.file_time_ns};
}

std::optional<PlainPixels> plainAt(const json& j) {
  if (!j.contains("plain")) return std::nullopt;
  const json& list = j.at("plain");
  PlainPixels p;
  list.at(0).get_to(p.at);
  list.at(1).get_to(p.bits_allocated);
  list.at(2).get_to(p.bits_stored);
  list.at(3).get_to(p.is_signed);
  list.at(4).get_to(p.inverted);
  list.at(5).get_to(p.slope);
  list.at(6).get_to(p.intercept);
  list.at(7).get_to(p.file_bytes);
  list.at(8).get_to(p.file_time_ns);
  return p;
}

/// What is empty or usual is left out: of ten thousand headers that saves a third of the time.
void putText(json& j, const char* key, const std::string& text) {
  if (!text.empty()) j[key] = encode(text);
}

std::string optionalBytesAt(const json& j, const char* key) {
  const auto found = j.find(key);
  return found == j.end() ? std::string() : decode(found->get<std::string>());
}

// Those of every image; name, birth date and other identities are the same for all of a file.
using Text = std::pair<const char*, std::string DicomHeader::*>;
constexpr std::array header_texts{Text("patient", &DicomHeader::patient_id),
                                  Text("study", &DicomHeader::study_uid),
                                  Text("series", &DicomHeader::series_uid),
                                  Text("sop", &DicomHeader::sop_uid),
                                  Text("class", &DicomHeader::sop_class),
                                  Text("space", &DicomHeader::frame_of_reference_uid),
                                  Text("stack", &DicomHeader::stack_id),
                                  Text("modality", &DicomHeader::modality),
                                  Text("description", &DicomHeader::series_description),
                                  Text("protocol", &DicomHeader::protocol_name),
                                  Text("type", &DicomHeader::image_type)};
using Number = std::pair<const char*, std::optional<double> DicomHeader::*>;
constexpr std::array header_numbers{Number("thickness_mm", &DicomHeader::thickness_mm),
                                    Number("inversion_time_ms", &DicomHeader::inversion_time_ms),
                                    Number("acquired_s", &DicomHeader::acquired_s),
                                    Number("made_s", &DicomHeader::made_s)};

}  // namespace

std::string encode(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '%') {
      text += '%';
      text += digits[byte >> 4];
      text += digits[byte & 15];
    } else {
      text += c;
    }
  }
  return text;
}

std::string decode(const std::string& text) {
  const auto value = [](char c) { return c >= 'A' ? c - 'A' + 10 : c - '0'; };
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      bytes += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

std::string bytesAt(const json& j, const char* key) {
  return decode(j.at(key).get<std::string>());
}

json toJson(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const auto& text : texts) list.push_back(encode(text));
  return list;
}

std::vector<std::string> textsAt(const json& j, const char* key) {
  std::vector<std::string> texts;
  for (const auto& text : j.at(key)) texts.push_back(decode(text.get<std::string>()));
  return texts;
}

json toJson(const Geometry& g) {
  return {
      {"size", g.size}, {"spacing_mm", g.spacing_mm}, {"origin_mm", g.origin_mm}, {"axes", g.axes}};
}

Geometry geometryFrom(const json& j) {
  Geometry g;
  j.at("size").get_to(g.size);
  j.at("spacing_mm").get_to(g.spacing_mm);
  j.at("origin_mm").get_to(g.origin_mm);
  j.at("axes").get_to(g.axes);
  return g;
}

json toJson(const DicomHeader& h) {
  json j{{"rows", h.rows}, {"columns", h.columns}};
  for (const auto& [key, text] : header_texts) putText(j, key, h.*text);
  for (const auto& [key, number] : header_numbers) put(j, key, h.*number);
  if (h.frame != 0) j["frame"] = h.frame;
  if (h.frames != 1) j["frames"] = h.frames;
  if (h.samples != 1) j["samples"] = h.samples;
  if (h.lossy) j["lossy"] = true;
  if (h.burned_in) j["burned_in"] = true;
  if (h.frame == 0) {
    putText(j, "name", h.patient_name);
    putText(j, "born", h.birth_date);
    if (!h.other_identities.empty()) j["others"] = toJson(h.other_identities);
  }
  put(j, "position_mm", h.position_mm);
  put(j, "directions", h.directions);
  put(j, "pixel_spacing_mm", h.pixel_spacing_mm);
  if (h.plain) j["plain"] = toJson(*h.plain);
  return j;
}

DicomHeader headerFrom(const json& j) {
  DicomHeader h;
  j.at("rows").get_to(h.rows);
  j.at("columns").get_to(h.columns);
  for (const auto& [key, text] : header_texts) h.*text = optionalBytesAt(j, key);
  for (const auto& [key, number] : header_numbers) h.*number = optionalAt<double>(j, key);
  h.frame = j.value("frame", 0);
  h.frames = j.value("frames", 1);
  h.samples = j.value("samples", 1);
  h.lossy = j.value("lossy", false);
  h.burned_in = j.value("burned_in", false);
  h.patient_name = optionalBytesAt(j, "name");
  h.birth_date = optionalBytesAt(j, "born");
  if (j.contains("others")) h.other_identities = textsAt(j, "others");
  h.position_mm = optionalAt<Vec3>(j, "position_mm");
  h.directions = optionalAt<std::array<Vec3, 2>>(j, "directions");
  h.pixel_spacing_mm = optionalAt<std::array<double, 2>>(j, "pixel_spacing_mm");
  h.plain = plainAt(j);
  return h;
}

json toJson(const SeriesPlan& plan) {
  json slices = json::array();
  for (const auto& slice : plan.slices) {
    json sources = json::array();
    for (const auto& source : slice.sources) {
      sources.push_back({{"path", encode(source.path)}, {"frame", source.frame}});
      if (source.plain) sources.back()["plain"] = toJson(*source.plain);
    }
    json entry{{"sources", std::move(sources)},
               {"origin_mm", slice.info.origin_mm},
               {"source", encode(slice.info.source)}};
    put(entry, "thickness_mm", slice.info.thickness_mm);
    put(entry, "inversion_time_ms", slice.info.inversion_time_ms);
    slices.push_back(std::move(entry));
  }
  return {{"kind", toText(plan.kind)},
          {"geometry", toJson(plan.geometry)},
          {"slices", std::move(slices)},
          {"notes", toJson(plan.notes)}};
}

SeriesPlan planFrom(const json& j) {
  SeriesPlan plan;
  plan.kind = imageKindFromText(j.at("kind").get<std::string>());
  plan.geometry = geometryFrom(j.at("geometry"));
  plan.notes = textsAt(j, "notes");
  for (const auto& entry : j.at("slices")) {
    PlannedSlice slice;
    for (const auto& source : entry.at("sources"))
      slice.sources.push_back(
          {bytesAt(source, "path"), source.at("frame").get<int>(), plainAt(source)});
    entry.at("origin_mm").get_to(slice.info.origin_mm);
    slice.info.source = bytesAt(entry, "source");
    slice.info.thickness_mm = optionalAt<double>(entry, "thickness_mm");
    slice.info.inversion_time_ms = optionalAt<double>(entry, "inversion_time_ms");
    plan.slices.push_back(std::move(slice));
  }
  return plan;
}

}  // namespace gadolin::wire
