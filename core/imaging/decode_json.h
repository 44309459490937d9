#pragma once
// Parts of the lines between an import and its decoder (decode_protocol.h) as JSON. Internal to them. The
// readers throw nlohmann::json::exception for a document that is not of this form.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/imaging/series.h"

namespace gadolin::wire {

using nlohmann::json;

/// File names and header texts are bytes, JSON is UTF-8: everything but plain ASCII goes as %XX.
std::string encode(std::string_view bytes);
std::string decode(const std::string& text);
/// A value that encode() made.
std::string bytesAt(const json& j, const char* key);

template <typename T>
void put(json& j, const char* key, const std::optional<T>& value) {
  if (value) j[key] = *value;
}
template <typename T>
std::optional<T> optionalAt(const json& j, const char* key) {
  if (!j.contains(key)) return std::nullopt;
  return j.at(key).get<T>();
}

json toJson(const std::vector<std::string>& texts);
std::vector<std::string> textsAt(const json& j, const char* key);
json toJson(const Geometry& g);
Geometry geometryFrom(const json& j);
/// Without the path, which the one who asked knows.
json toJson(const DicomHeader& h);
DicomHeader headerFrom(const json& j);
/// The patient, the description, the repeat and the judgement stay with the one who asked.
json toJson(const SeriesPlan& plan);
SeriesPlan planFrom(const json& j);

}  // namespace gadolin::wire
