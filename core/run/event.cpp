#include "core/run/event.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace gadolin::run {
namespace {

using nlohmann::json;

/// JSON has no NaN: a loss that became one is null on the wire and NaN again after decoding.
json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}
json number(const std::optional<double>& value) {
  return value ? number(*value) : json(nullptr);
}

// ---- from event to JSON: one function a type -------------------------------------------------

const char* put(json& out, const Hello& body) {
  out["program_version"] = body.program_version;
  out["torch_version"] = body.torch_version;
  out["device"] = body.device;
  out["threads"] = body.threads;
  out["pid"] = body.pid;
  out["work"] = toText(body.work);
  return "hello";
}
const char* put(json& out, const StageBegin& body) {
  out["stage"] = body.stage;
  out["index"] = body.index;
  out["count"] = body.count;
  out["epochs"] = body.epochs;
  out["items"] = body.items;
  return "stage";
}
const char* put(json& out, const Batch& body) {
  out["stage"] = body.stage;
  out["epoch"] = body.epoch;
  out["step"] = body.step;
  out["steps"] = body.steps;
  out["loss"] = number(body.loss);
  out["images_per_s"] = number(body.images_per_s);
  return "batch";
}
const char* put(json& out, const Epoch& body) {
  out["stage"] = body.stage;
  out["epoch"] = body.epoch;
  out["epochs"] = body.epochs;
  out["train_loss"] = number(body.train_loss);
  out["val_loss"] = number(body.val_loss);
  out["val_dice"] = number(body.val_dice);
  out["val_auroc"] = number(body.val_auroc);
  out["learning_rate"] = number(body.learning_rate);
  out["images_per_s"] = number(body.images_per_s);
  out["seconds"] = number(body.seconds);
  out["data_wait_s"] = number(body.data_wait_s);
  return "epoch";
}
const char* put(json& out, const Preview& body) {
  out["stage"] = body.stage;
  out["epoch"] = body.epoch;
  out["path"] = body.path;
  out["columns"] = body.columns;
  return "preview";
}
const char* put(json& out, const CheckpointSaved& body) {
  out["stage"] = body.stage;
  out["epoch"] = body.epoch;
  out["role"] = body.role;
  out["path"] = body.path;
  out["metric"] = number(body.metric);
  return "checkpoint";
}
const char* put(json& out, const PredictionSaved& body) {
  out["stack"] = body.stack;
  out["path"] = body.path;
  out["done"] = body.done;
  out["total"] = body.total;
  return "prediction";
}
const char* put(json& out, const Warning& body) {
  out["code"] = body.code;
  out["text"] = body.text;
  return "warning";
}
const char* put(json& out, const Heartbeat& body) {
  out["memory_mb"] = number(body.memory_mb);
  out["device_memory_mb"] = number(body.device_memory_mb);
  return "heartbeat";
}
const char* put(json& out, const Done& body) {
  out["status"] = body.status;
  out["message"] = body.message;
  out["code"] = body.code;
  return "done";
}

// ---- from JSON to event ----------------------------------------------------------------------

/// Reads the fields of one object and remembers the first one that is absent or of another type.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  std::string text(const char* key) {
    const json* value = find(key);
    if (value == nullptr || !value->is_string()) return wrong(key, std::string());
    return value->get<std::string>();
  }
  std::optional<std::string> optionalText(const char* key) {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return wrong(key, std::string());
    return value->get<std::string>();
  }
  std::optional<std::vector<std::string>> optionalTexts(const char* key) {
    std::vector<std::string> all;
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array()) return wrong(key, all);
    for (const json& one : *value) {
      if (!one.is_string()) return wrong(key, all);
      all.push_back(one.get<std::string>());
    }
    return all;
  }
  template <typename Integer>
  Integer integer(const char* key) {
    const json* value = find(key);
    if (value == nullptr || !value->is_number_integer()) return wrong(key, Integer{});
    if (value->is_number_unsigned()) {
      const auto wide = value->get<std::uint64_t>();
      return std::in_range<Integer>(wide) ? static_cast<Integer>(wide) : wrong(key, Integer{});
    }
    const auto wide = value->get<std::int64_t>();
    return std::in_range<Integer>(wide) ? static_cast<Integer>(wide) : wrong(key, Integer{});
  }
  double real(const char* key) {
    const json* value = find(key);
    if (value != nullptr && value->is_null()) return std::nan("");
    if (value == nullptr || !value->is_number()) return wrong(key, 0.0);
    return value->get<double>();
  }
  std::optional<double> optionalReal(const char* key) {
    const json* value = find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_number()) return wrong(key, std::optional<double>());
    return value->get<double>();
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  const json* find(const char* key) const {
    const auto at = object_.find(key);
    return at == object_.end() ? nullptr : &*at;
  }
  template <typename T>
  T wrong(const char* key, T value) {
    if (fault_.empty()) fault_ = key;
    return value;
  }
  const json& object_;
  std::string fault_;
};

EventBody readHello(Fields& f) {
  // Runs from before `work` say by the stage "predict" alone that a life only predicted.
  return Hello{f.text("program_version"),
               f.text("torch_version"),
               f.text("device"),
               f.integer<int>("threads"),
               f.integer<std::int64_t>("pid"),
               f.optionalText("work") == toText(Work::Predict) ? Work::Predict : Work::Train};
}
EventBody readStage(Fields& f) {
  return StageBegin{f.text("stage"), f.integer<int>("index"), f.integer<int>("count"),
                    f.integer<int>("epochs"), f.integer<std::int64_t>("items")};
}
EventBody readBatch(Fields& f) {
  return Batch{f.text("stage"),         f.integer<int>("epoch"), f.integer<int>("step"),
               f.integer<int>("steps"), f.real("loss"),          f.real("images_per_s")};
}
EventBody readEpoch(Fields& f) {
  Epoch body;
  body.stage = f.text("stage");
  body.epoch = f.integer<int>("epoch");
  body.epochs = f.integer<int>("epochs");
  body.train_loss = f.real("train_loss");
  body.val_loss = f.optionalReal("val_loss");
  body.val_dice = f.optionalReal("val_dice");
  body.val_auroc = f.optionalReal("val_auroc");
  body.learning_rate = f.real("learning_rate");
  body.images_per_s = f.real("images_per_s");
  body.seconds = f.real("seconds");
  body.data_wait_s = f.real("data_wait_s");
  return body;
}
EventBody readPreview(Fields& f) {
  // Runs from before the columns had names drew all four.
  return Preview{f.text("stage"), f.integer<int>("epoch"), f.text("path"),
                 f.optionalTexts("columns").value_or(
                     std::vector<std::string>{"image", "reference", "cam", "prediction"})};
}
EventBody readCheckpoint(Fields& f) {
  return CheckpointSaved{f.text("stage"), f.integer<int>("epoch"), f.text("role"), f.text("path"),
                         f.optionalReal("metric")};
}
EventBody readPrediction(Fields& f) {
  return PredictionSaved{f.text("stack"), f.text("path"), f.integer<int>("done"),
                         f.integer<int>("total")};
}
EventBody readWarning(Fields& f) {
  return Warning{f.text("code"), f.text("text")};
}
EventBody readHeartbeat(Fields& f) {
  return Heartbeat{f.real("memory_mb"), f.optionalReal("device_memory_mb")};
}
EventBody readDone(Fields& f) {
  return Done{f.text("status"), f.text("message"), f.text("code")};
}

struct Reader {
  std::string_view type;
  EventBody (*read)(Fields&);
};
constexpr std::array<Reader, 10> readers{{{"hello", readHello},
                                          {"stage", readStage},
                                          {"batch", readBatch},
                                          {"epoch", readEpoch},
                                          {"preview", readPreview},
                                          {"checkpoint", readCheckpoint},
                                          {"prediction", readPrediction},
                                          {"warning", readWarning},
                                          {"heartbeat", readHeartbeat},
                                          {"done", readDone}}};

Error notAnEvent(const std::string& why) {
  return {ErrorCode::InvalidInput, "This line is not an event of a worker: " + why + "."};
}

}  // namespace

std::string encode(const Event& event) {
  json out{{"v", protocol_version}, {"seq", event.seq}, {"t", event.time_utc}};
  out["type"] = std::visit([&out](const auto& body) { return put(out, body); }, event.body);
  // Paths and messages may hold bytes that are no UTF-8; the line must still be JSON.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Event> decode(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return notAnEvent("it is not a JSON object");
  Fields head(object);
  const int version = head.integer<int>("v");
  if (!head.fault().empty()) return notAnEvent("it has no protocol version");
  if (version != protocol_version) {
    return Error{ErrorCode::Unsupported,
                 "The worker speaks version " + std::to_string(version) +
                     " of the event protocol and this program version " +
                     std::to_string(protocol_version) +
                     ". Install the gadolin-worker that belongs to this version of Gadolin."};
  }
  Event event;
  event.seq = head.integer<std::uint64_t>("seq");
  event.time_utc = head.text("t");
  const std::string type = head.text("type");
  if (!head.fault().empty()) return notAnEvent("'" + head.fault() + "' is missing or wrong");
  for (const Reader& reader : readers) {
    if (reader.type != type) continue;
    Fields fields(object);
    event.body = reader.read(fields);
    if (!fields.fault().empty()) {
      return notAnEvent("'" + fields.fault() + "' of a " + type + " event is missing or wrong");
    }
    return event;
  }
  return notAnEvent("its type '" + type + "' is not known");
}

std::string_view toText(Work work) {
  return work == Work::Predict ? "predict" : "train";
}

std::string_view toText(Command command) {
  switch (command) {
    case Command::Cancel:
      return "cancel";
    case Command::StopAfterEpoch:
      return "stop-after-epoch";
    case Command::CheckpointNow:
      return "checkpoint-now";
  }
  return "cancel";
}

std::optional<Command> commandFromText(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blank) - first + 1);
  for (const Command command : {Command::Cancel, Command::StopAfterEpoch, Command::CheckpointNow}) {
    if (text == toText(command)) return command;
  }
  return std::nullopt;
}

}  // namespace gadolin::run
