#include "core/imaging/decode_protocol.h"

#include <array>

#include "core/imaging/decode_json.h"

namespace gadolin {
namespace {

using wire::bytesAt;
using wire::encode;
using wire::geometryFrom;
using wire::headerFrom;
using wire::json;
using wire::optionalAt;
using wire::planFrom;
using wire::put;
using wire::textsAt;
using wire::toJson;

constexpr std::array error_codes{
    ErrorCode::NotFound,   ErrorCode::InvalidInput, ErrorCode::Unsupported,
    ErrorCode::Io,         ErrorCode::NoSpace,      ErrorCode::ReadOnly,
    ErrorCode::Corrupt,    ErrorCode::Conflict,     ErrorCode::NewerVersion,
    ErrorCode::Busy,       ErrorCode::Cancelled,    ErrorCode::OutOfMemory,
    ErrorCode::WorkerLost, ErrorCode::Internal};

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
            if (r.former_hash) j["former_hash"] = true;
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
            json j{{"do", "series"}, {"plan", toJson(r.plan)}, {"out", encode(r.out)}};
            if (r.former_hash) j["former_hash"] = true;
            return j.dump();
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
                                             {"former_hash", a.former_hash},
                                             {"geometry", toJson(a.geometry)},
                                             {"kind", toText(a.kind)},
                                             {"apex_first", a.apex_first},
                                             {"notes", toJson(a.notes)},
                                             {"labels", a.label_values}}
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
                                            optionalAt<bool>(j, "apex_first"),
                                            j.value("former_hash", false)});
    }
    if (what == "mask") {
      const int labels = j.at("labels").get<int>();
      if (labels < 0 || labels > 2) return Error{ErrorCode::InvalidInput, "Unknown label table."};
      return DecodeRequest(
          LoadMaskRequest{bytesAt(j, "path"), bytesAt(j, "out"), static_cast<LabelTable>(labels)});
    }
    if (what == "series")
      return DecodeRequest(LoadSeriesRequest{planFrom(j.at("plan")), bytesAt(j, "out"),
                                             j.value("former_hash", false)});
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
                                      j.at("former_hash").get<std::string>(),
                                      geometryFrom(j.at("geometry")),
                                      imageKindFromText(j.at("kind").get<std::string>()),
                                      j.at("apex_first").get<bool>(), textsAt(j, "notes"),
                                      j.at("labels").get<std::vector<double>>()});
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
