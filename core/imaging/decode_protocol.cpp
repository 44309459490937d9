#include "core/imaging/decode_protocol.h"

#include <array>
#include <nlohmann/json.hpp>

namespace gadolin {
namespace {

using nlohmann::json;

constexpr std::array error_codes{
    ErrorCode::NotFound,   ErrorCode::InvalidInput, ErrorCode::Unsupported,
    ErrorCode::Io,         ErrorCode::NoSpace,      ErrorCode::ReadOnly,
    ErrorCode::Corrupt,    ErrorCode::Conflict,     ErrorCode::NewerVersion,
    ErrorCode::Busy,       ErrorCode::Cancelled,    ErrorCode::OutOfMemory,
    ErrorCode::WorkerLost, ErrorCode::Internal};

/// File names and header texts are bytes, JSON is UTF-8: everything but plain ASCII goes as %XX.
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

template <typename T>
void put(json& j, const char* key, const std::optional<T>& value) {
  if (value) j[key] = *value;
}

template <typename T>
std::optional<T> optionalAt(const json& j, const char* key) {
  if (!j.contains(key)) return std::nullopt;
  return j.at(key).get<T>();
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

json toJson(const DicomHeader& h) {
  json j{{"rows", h.rows}, {"columns", h.columns}};
  putText(j, "patient", h.patient_id);
  putText(j, "study", h.study_uid);
  putText(j, "series", h.series_uid);
  putText(j, "sop", h.sop_uid);
  putText(j, "class", h.sop_class);
  putText(j, "space", h.frame_of_reference_uid);
  putText(j, "stack", h.stack_id);
  putText(j, "modality", h.modality);
  putText(j, "description", h.series_description);
  putText(j, "protocol", h.protocol_name);
  putText(j, "type", h.image_type);
  if (h.frame != 0) j["frame"] = h.frame;
  if (h.frames != 1) j["frames"] = h.frames;
  if (h.samples != 1) j["samples"] = h.samples;
  if (h.lossy) j["lossy"] = true;
  if (h.burned_in) j["burned_in"] = true;
  if (h.frame == 0) {  // the same for all
    putText(j, "name", h.patient_name);
    putText(j, "born", h.birth_date);
    if (!h.other_identities.empty()) j["others"] = toJson(h.other_identities);
  }
  put(j, "position_mm", h.position_mm);
  put(j, "directions", h.directions);
  put(j, "pixel_spacing_mm", h.pixel_spacing_mm);
  put(j, "thickness_mm", h.thickness_mm);
  put(j, "inversion_time_ms", h.inversion_time_ms);
  put(j, "acquired_s", h.acquired_s);
  put(j, "made_s", h.made_s);
  if (h.plain) j["plain"] = toJson(*h.plain);
  return j;
}

DicomHeader headerFrom(const json& j) {
  DicomHeader h;
  j.at("rows").get_to(h.rows);
  j.at("columns").get_to(h.columns);
  h.patient_id = optionalBytesAt(j, "patient");
  h.study_uid = optionalBytesAt(j, "study");
  h.series_uid = optionalBytesAt(j, "series");
  h.sop_uid = optionalBytesAt(j, "sop");
  h.sop_class = optionalBytesAt(j, "class");
  h.frame_of_reference_uid = optionalBytesAt(j, "space");
  h.stack_id = optionalBytesAt(j, "stack");
  h.modality = optionalBytesAt(j, "modality");
  h.series_description = optionalBytesAt(j, "description");
  h.protocol_name = optionalBytesAt(j, "protocol");
  h.image_type = optionalBytesAt(j, "type");
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
  h.thickness_mm = optionalAt<double>(j, "thickness_mm");
  h.inversion_time_ms = optionalAt<double>(j, "inversion_time_ms");
  h.acquired_s = optionalAt<double>(j, "acquired_s");
  h.made_s = optionalAt<double>(j, "made_s");
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

/// The patient and the description stay with the one who asked.
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

json toJson(const Error& e) {
  return {{"code", codeName(e.code)}, {"message", encode(e.message)}};
}

Error errorFrom(const json& j) {
  Error error{ErrorCode::Internal, bytesAt(j, "message")};
  const auto name = j.at("code").get<std::string>();
  for (const auto code : error_codes)
    if (codeName(code) == name) error.code = code;
  return error;
}

using FileAnswer = std::variant<Error, ScanAnswer>;

json toJson(const FileAnswer& file) {
  if (const auto* error = std::get_if<Error>(&file)) return toJson(*error);
  const auto& answer = std::get<ScanAnswer>(file);
  json j{{"kind", static_cast<int>(answer.kind)}};
  for (const auto& header : answer.dicom) j["dicom"].push_back(toJson(header));
  return j;
}

Result<FileAnswer> fileAnswerFrom(const json& j) {
  if (j.contains("code")) return FileAnswer(errorFrom(j));
  ScanAnswer answer;
  const int kind = j.at("kind").get<int>();
  if (kind < 0 || kind > 2) return Error{ErrorCode::Corrupt, "Unknown kind of file."};
  answer.kind = static_cast<FileKind>(kind);
  if (answer.kind == FileKind::Dicom)
    for (const auto& header : j.at("dicom")) answer.dicom.push_back(headerFrom(header));
  return FileAnswer(std::move(answer));
}

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// parse(document), with every fault of a document turned into an Error.
template <typename T, typename Parse>
Result<T> fromLine(std::string_view line, Parse&& parse) {
  try {
    return parse(json::parse(line));
  } catch (const json::exception&) {
    return Error{ErrorCode::Corrupt,
                 "A line between gadolinctl and its decoder cannot be understood."};
  }
}

}  // namespace

std::string toLine(const DecodeRequest& request) {
  return std::visit(
      Overloaded{
          [](const ScanRequest& r) {
            return json{{"do", "scan"}, {"paths", toJson(r.paths)}}.dump();
          },
          [](const LoadImageRequest& r) {
            json j{{"do", "image"}, {"path", encode(r.path)}, {"out", encode(r.out)}};
            put(j, "apex_first", r.apex_first);
            return j.dump();
          },
          [](const LoadMaskRequest& r) {
            return json{{"do", "mask"},
                        {"path", encode(r.path)},
                        {"out", encode(r.out)},
                        {"labels", static_cast<int>(r.labels)}}
                .dump();
          },
          [](const LoadSeriesRequest& r) {
            return json{{"do", "series"}, {"plan", toJson(r.plan)}, {"out", encode(r.out)}}.dump();
          },
          [](const LoadSegmentationRequest& r) {
            return json{{"do", "segmentation"}, {"path", encode(r.path)}, {"out", encode(r.out)}}
                .dump();
          }},
      request);
}

std::string toLine(const DecodeAnswer& answer) {
  return std::visit(Overloaded{[](const Error& e) {
                                 json j = toJson(e);
                                 j["is"] = "error";
                                 return j.dump();
                               },
                               [](const ScanAnswers& a) {
                                 json files = json::array();
                                 for (const auto& file : a.files) files.push_back(toJson(file));
                                 return json{{"is", "scan"}, {"files", std::move(files)}}.dump();
                               },
                               [](const StackAnswer& a) {
                                 return json{{"is", "stack"},
                                             {"hash", a.content_hash},
                                             {"geometry", toJson(a.geometry)},
                                             {"kind", toText(a.kind)},
                                             {"apex_first", a.apex_first},
                                             {"notes", toJson(a.notes)}}
                                     .dump();
                               },
                               [](const MaskAnswer& a) {
                                 return json{{"is", "mask"},
                                             {"hash", a.sha256},
                                             {"geometry", toJson(a.geometry)},
                                             {"notes", toJson(a.notes)}}
                                     .dump();
                               },
                               [](const SegmentationAnswer& a) {
                                 return json{{"is", "segmentation"},
                                             {"hash", a.sha256},
                                             {"geometry", toJson(a.geometry)},
                                             {"places_mm", a.places_mm},
                                             {"tissues", a.tissues},
                                             {"images", toJson(a.source.images)},
                                             {"series", toJson(a.source.series)},
                                             {"made", encode(a.made)},
                                             {"notes", toJson(a.notes)}}
                                     .dump();
                               }},
                    answer);
}

Result<DecodeRequest> decodeRequestFromLine(std::string_view line) {
  return fromLine<DecodeRequest>(line, [](const json& j) -> Result<DecodeRequest> {
    const auto what = j.at("do").get<std::string>();
    if (what == "scan") return DecodeRequest(ScanRequest{textsAt(j, "paths")});
    if (what == "image") {
      return DecodeRequest(LoadImageRequest{bytesAt(j, "path"), bytesAt(j, "out"),
                                            optionalAt<bool>(j, "apex_first")});
    }
    if (what == "mask") {
      const int labels = j.at("labels").get<int>();
      if (labels < 0 || labels > 2) return Error{ErrorCode::InvalidInput, "Unknown label table."};
      return DecodeRequest(
          LoadMaskRequest{bytesAt(j, "path"), bytesAt(j, "out"), static_cast<LabelTable>(labels)});
    }
    if (what == "series")
      return DecodeRequest(LoadSeriesRequest{planFrom(j.at("plan")), bytesAt(j, "out")});
    if (what == "segmentation")
      return DecodeRequest(LoadSegmentationRequest{bytesAt(j, "path"), bytesAt(j, "out")});
    return Error{ErrorCode::InvalidInput, "Unknown request '" + what + "'."};
  });
}

Result<DecodeAnswer> decodeAnswerFromLine(std::string_view line) {
  return fromLine<DecodeAnswer>(line, [](const json& j) -> Result<DecodeAnswer> {
    const auto what = j.at("is").get<std::string>();
    if (what == "error") return DecodeAnswer(errorFrom(j));
    if (what == "scan") {
      ScanAnswers answers;
      for (const auto& file : j.at("files")) {
        GADOLIN_TRY(auto answer, fileAnswerFrom(file));
        answers.files.push_back(std::move(answer));
      }
      return DecodeAnswer(std::move(answers));
    }
    if (what == "stack") {
      return DecodeAnswer(StackAnswer{j.at("hash").get<std::string>(),
                                      geometryFrom(j.at("geometry")),
                                      imageKindFromText(j.at("kind").get<std::string>()),
                                      j.at("apex_first").get<bool>(), textsAt(j, "notes")});
    }
    if (what == "mask") {
      return DecodeAnswer(MaskAnswer{j.at("hash").get<std::string>(),
                                     geometryFrom(j.at("geometry")), textsAt(j, "notes")});
    }
    if (what == "segmentation") {
      SegmentationAnswer answer;
      j.at("hash").get_to(answer.sha256);
      answer.geometry = geometryFrom(j.at("geometry"));
      j.at("places_mm").get_to(answer.places_mm);
      j.at("tissues").get_to(answer.tissues);
      answer.source = {textsAt(j, "images"), textsAt(j, "series")};
      answer.made = bytesAt(j, "made");
      answer.notes = textsAt(j, "notes");
      return DecodeAnswer(std::move(answer));
    }
    return Error{ErrorCode::Corrupt, "Unknown answer '" + what + "'."};
  });
}

}  // namespace gadolin
