// provenanceText(): the JSON of provenance() in lines.

#include <nlohmann/json.hpp>

#include "core/report/wording.h"
#include "ui/session/provenance.h"

namespace gadolin::session {
namespace {

using nlohmann::json;
using report::counted;
using report::minute;

std::string words(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "not known" : value.dump();
}

std::string time(const json& value) {
  return value.is_string() ? minute(value.get<std::string>()) : "time not known";
}

/// "key: value" lines, indented.
class Lines {
 public:
  void heading(const std::string& title) {
    if (!text_.empty()) text_ += '\n';
    text_ += title + '\n';
  }
  void fact(const std::string& name, const std::string& value) {
    std::string start = "  " + name + ':';
    start.resize(std::max<std::size_t>(start.size() + 1, 20), ' ');
    text_ += start + value + '\n';
  }
  void line(const std::string& words) { text_ += "  " + words + '\n'; }
  [[nodiscard]] std::string take() {
    if (!text_.empty()) text_.pop_back();
    return std::move(text_);
  }

 private:
  std::string text_;
};

std::string splitWords(const json& split) {
  const std::string part = words(split.at("part"));
  if (part == "none") return "in no part";
  return part + (split.at("fold").is_null() ? "" : ", fold " + words(split.at("fold")));
}

/// When and how it came to be.
std::string madeWords(const json& one) {
  const std::string source = words(one.at("source"));
  std::string text = time(one.at("made")) + ", ";
  if (source == "prediction")
    text += "prediction of run " + words(one.at("run"));
  else
    text += (source == "reader" ? "drawn by " : "imported, by ") +
            (one.at("author").is_null() ? std::string("an author who is not stated")
                                        : words(one.at("author")));
  if (!one.at("parent").is_null()) text += ", after revision " + words(one.at("parent"));
  if (one.at("withdrawn").get<bool>()) text += ", withdrawn";
  return text;
}

std::string revisionWords(const json& one) {
  return words(one.at("revision")) + ", " + madeWords(one);
}

std::string reviewWords(const json& review) {
  const std::string verdict = words(review.at("verdict"));
  return (verdict == "none" ? "verdict taken back" : verdict) + " by " +
         words(review.at("reader")) + ", " + time(review.at("at")) +
         (review.at("comment").is_null() ? "" : ": \"" + words(review.at("comment")) + "\"");
}

void tellLabels(Lines& lines, const json& labels) {
  lines.heading("Labels that count, base first");
  for (const json& one : labels.at("slices")) {
    const std::string label = words(one.at("label"));
    std::string text = label;
    if (!one.at("by").is_null()) {
      text += ", " + std::string(one.at("decided").get<bool>() ? "decided by " : "by ") +
              words(one.at("by")) + " (" + words(one.at("origin")) + "), " + time(one.at("at"));
    }
    const json& said = one.at("said");
    if (said.size() > 1 || (said.size() == 1 && one.at("decided").get<bool>())) {
      std::string all;
      for (const auto& [reader, what] : said.items())
        all += (all.empty() ? "" : ", ") + reader + " " + words(what);
      text += "; said: " + all;
    }
    lines.fact("slice " + words(one.at("slice")), text);
  }
  const json& whole = labels.at("said_of_the_whole");
  if (!whole.is_null())
    lines.fact("whole stack", words(whole.at("label")) + ", said by " + words(whole.at("by")) +
                                  ", " + time(whole.at("at")));
}

void tellStack(Lines& lines, const json& stack) {
  lines.heading("Stack " + words(stack.at("stack")) + " of patient " + words(stack.at("patient")));
  const json& size = stack.at("size");
  lines.fact("series", words(stack.at("description")));
  lines.fact("image", words(stack.at("image_type")) + ", " + words(size[0]) + " x " +
                          words(size[1]) + ", " + counted(size[2].get<int>(), "slice", "slices"));
  lines.fact("imported", time(stack.at("imported")));
  lines.fact("content", words(stack.at("content_hash")));
  lines.fact("split", splitWords(stack.at("split")));
  if (const json& aside = stack.at("set_aside"); !aside.is_null())
    lines.fact("set aside", "by " + words(aside.at("who")) + ", " + time(aside.at("at")) + ": " +
                                words(aside.at("reason")));
  for (const json& note : stack.at("notes")) lines.fact("remark", words(note));
  const json& counts = stack.at("counts");
  const auto counting = [&](const char* key) {
    return counts.at(key).is_null() ? std::string("none")
                                    : "mask revision " + words(counts.at(key));
  };
  lines.fact("reference", counting("reference"));
  lines.fact("newest prediction", counting("ai"));
  lines.fact("in its report", counting("report"));
  tellLabels(lines, stack.at("labels"));
  lines.heading("Mask revisions, oldest first");
  if (stack.at("revisions").empty()) lines.line("none");
  for (const json& one : stack.at("revisions")) lines.line(revisionWords(one));
  if (!stack.at("predictions").empty()) lines.heading("Predictions, newest first");
  for (const json& one : stack.at("predictions")) {
    lines.line("mask revision " + words(one.at("revision")) + " of run " + words(one.at("run")) +
               ", " + time(one.at("made")));
    for (const json& review : one.at("reviews")) lines.line("  " + reviewWords(review));
  }
}

void tellRevision(Lines& lines, const json& mask) {
  lines.heading("Mask revision " + words(mask.at("revision")) + " of stack " +
                words(mask.at("stack")) + ", patient " + words(mask.at("patient")));
  lines.fact("made", madeWords(mask));
  lines.fact("file", words(mask.at("file")) +
                         (mask.at("file_there").get<bool>() ? "" : " (missing: run gadolinctl check)"));
  lines.fact("split", splitWords(mask.at("split")));
  std::string counts;
  for (const json& one : mask.at("counts_as")) {
    const std::string what = words(one);
    counts += (counts.empty() ? "" : ", ") +
              std::string(what == "ai"          ? "newest prediction"
                          : what == "reference" ? "reference"
                                                : "what the patient's report measures");
  }
  lines.fact("counts as", counts.empty() ? "history: a later revision counts" : counts);
  for (const json& one : mask.at("ancestors")) lines.fact("came from", revisionWords(one));
  for (const json& one : mask.at("followed_by")) lines.fact("followed by", revisionWords(one));
  if (mask.contains("began_as_prediction_of")) {
    const json& seen = mask.at("seen_in_training");
    lines.fact("run", words(mask.at("began_as_prediction_of")));
    lines.fact("in its training",
               seen.is_null() ? "not known: the run's dataset is not there"
               : words(seen.at("part")) == "none"
                   ? "this stack was not in the run's data"
                   : "part " + words(seen.at("part")) + ", " +
                         (seen.at("mask_of_fibrosis").get<bool>() ? "mask of fibrosis seen"
                          : seen.at("mask").get<bool>()           ? "outline of the heart seen"
                                                                  : "no mask seen") +
                         ", " +
                         counted(seen.at("labelled_slices").get<int>(), "slice label", "slice labels") +
                         " seen");
  }
  if (mask.contains("reviews"))
    for (const json& review : mask.at("reviews")) lines.fact("review", reviewWords(review));
}

void tellRun(Lines& lines, const json& run) {
  lines.heading("Run " + words(run.at("run")));
  lines.fact("state", words(run.at("state")));
  lines.fact("training", words(run.at("supervision")) + " supervision, preset " +
                             words(run.at("preset")) + ", seed " + words(run.at("seed")));
  lines.fact("made", time(run.at("made")) + ", ended " + time(run.at("ended")));
  lines.fact("device", words(run.at("device")));
  std::string versions = "Gadolin " + words(run.value("gadolin_version", json()));
  if (run.contains("torch_version")) versions += ", LibTorch " + words(run.at("torch_version"));
  lines.fact("versions", versions);
  if (run.contains("dataset_sha256")) lines.fact("dataset", words(run.at("dataset_sha256")));
  if (run.contains("settings_changed")) {
    if (run.at("settings_changed").empty()) lines.fact("settings", "as the preset has them");
    for (const json& one : run.at("settings_changed"))
      lines.fact("setting", words(one.at("key")) + " = " + words(one.at("value")) + " (preset: " +
                                words(one.at("of_preset")) + ")");
  }
  if (const json data = run.value("data", json()); data.is_object()) {
    for (const char* part : {"train", "val", "test"}) {
      const json row = data.value(part, json::object());
      if (row.empty()) continue;
      const std::string size = counted(row.value("patients", 0), "patient", "patients") + ", " +
                               counted(row.value("slices", 0), "slice", "slices");
      if (std::string_view(part) == "test") {
        lines.fact(part, size + "; the training was given no label and no mask of them");
        continue;
      }
      lines.fact(part, size + " (" +
                           words(row.value("labelled_slices", json())) + " labelled, " +
                           words(row.value("fibrotic_slices", json())) + " with fibrosis), " +
                           counted(row.value("masks", 0), "mask", "masks"));
    }
  }
  if (run.contains("labels_by")) {
    const auto tell = [&](const std::string& who, const json& row) {
      const int decided = row.at("decided").get<int>();
      lines.fact("labels", who + ": " + counted(row.at("slices").get<int>(), "slice", "slices") +
                               ", " + words(row.at("fibrosis")) + " with fibrosis" +
                               (decided > 0 ? ", " + counted(decided, "decision", "decisions") +
                                                  " where readers disagreed"
                                            : ""));
    };
    for (const json& one : run.at("labels_by").at("readers"))
      tell(words(one.at("reader")) == "reference" ? "derived from masks" : words(one.at("reader")), one);
    const json& untraced = run.at("labels_by").at("not_traced");
    if (untraced.at("slices").get<int>() > 0)
      tell("by nobody whom the history of labels names", untraced);
  }
  for (const json& one : run.at("weights"))
    lines.fact("weights", words(one.at("file")) + ", epoch " + words(one.at("epoch")) + ", SHA-256 " +
                              words(one.at("sha256")));
  if (const json threshold = run.value("threshold", json()); threshold.is_object())
    lines.fact("threshold", words(threshold.value("fibrosis_threshold", json())) + ", by " +
                                words(threshold.value("source", json())));
  lines.fact("predicted", counted(run.at("predicted_stacks").get<int>(), "stack", "stacks"));
  const json& evaluation = run.at("evaluation");
  if (evaluation.is_object()) {
    const json fibrosis = evaluation.value("fibrosis", json::object());
    const json dice = fibrosis.value("dice_patient_mean", json());
    lines.fact("evaluated", time(evaluation.at("created")) + ", part " +
                                words(evaluation.value("split", json())) + ": fibrosis Dice " +
                                (dice.is_number() ? report::fixed(dice.get<double>(), 3)
                                                  : std::string("not known")));
  } else {
    lines.fact("evaluated", "no");
  }
  for (const json& one : run.at("missing")) lines.fact("missing", words(one));
}

std::string figureOf(const json& value, const char* unit) {
  return value.is_number() ? report::fixed(value.get<double>(), 2) + unit : "not known";
}

void tellFigure(Lines& lines, const json& figure) {
  lines.heading("Figures of stack " + words(figure.at("stack")) + ", patient " +
                words(figure.at("patient")) + ", source " + words(figure.at("source")));
  lines.fact("method", words(figure.at("method")));
  lines.fact("myocardium", figureOf(figure.at("myocardium_ml"), " ml"));
  lines.fact("scar", figureOf(figure.at("scar_ml"), " ml") + ", " +
                         figureOf(figure.at("scar_percent_lvm"), " % of the LV myocardium"));
  lines.fact("MVO", figureOf(figure.at("mvo_ml"), " ml"));
  tellRevision(lines, figure.at("mask"));
  if (figure.contains("model")) tellRun(lines, figure.at("model"));
  tellLabels(lines, figure.at("labels"));
}

}  // namespace

std::string provenanceText(const std::string& text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return {};
  Lines lines;
  switch (namedFromText(words(object.at("kind"))).value_or(Named::Stack)) {
    case Named::Patient:
      lines.heading("Patient " + words(object.at("patient")));
      lines.fact("split", splitWords(object.at("split")));
      lines.fact("stacks", std::to_string(object.at("stacks").size()));
      for (const json& stack : object.at("stacks")) tellStack(lines, stack);
      break;
    case Named::Stack:
      tellStack(lines, object);
      break;
    case Named::Run:
      tellRun(lines, object);
      break;
    case Named::Revision:
      tellRevision(lines, object);
      break;
    case Named::Figure:
      tellFigure(lines, object);
      break;
  }
  return lines.take();
}

}  // namespace gadolin::session
