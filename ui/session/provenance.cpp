#include "ui/session/provenance.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/set_aside.h"
#include "database/splits.h"
#include "database/stack_labels.h"
#include "database/stacks.h"
#include "ui/session/label_origin.h"
#include "ui/session/measured_revision.h"
#include "ui/session/provenance_run.h"
#include "ui/session/quantification.h"

namespace gadolin::session {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Named, std::string_view>, 5> names{{{Named::Patient, "patient"},
                                                                   {Named::Stack, "stack"},
                                                                   {Named::Run, "run"},
                                                                   {Named::Revision, "revision"},
                                                                   {Named::Figure, "figure"}}};

json orNull(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json known(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

/// A revision by itself.
json revisionFacts(const db::MaskRecord& mask) {
  return {{"revision", mask.id},
          {"source", toText(mask.source)},
          {"author", orNull(mask.author == "unknown" ? std::string() : mask.author)},
          {"run", orNull(mask.run)},
          {"parent", mask.parent ? json(*mask.parent) : json()},
          {"made", mask.created_utc},
          {"sha256", mask.sha256},
          {"withdrawn", mask.withdrawn}};
}

Result<json> splitOf(db::Database& database, const std::string& patient) {
  GADOLIN_TRY(const auto split, db::split(database));
  for (const db::SplitRecord& row : split) {
    if (row.patient != patient) continue;
    return json{{"part", toText(row.part)}, {"fold", row.fold ? json(*row.fold) : json()}};
  }
  return json{{"part", toText(dataset::Part::None)}, {"fold", nullptr}};
}

/// Base first, as a person counts.
Result<json> labelsOf(db::Database& database, const db::StackRecord& stack) {
  GADOLIN_TRY(const auto all, givenLabels(database, stack.id, {}));
  const auto found = all.find(stack.id);
  json slices = json::array();
  for (int number = 1; number <= stack.size[2]; ++number) {
    const int z = stack.apex_first ? stack.size[2] - number : number - 1;
    GivenLabel label;
    if (found != all.end() && static_cast<std::size_t>(z) < found->second.size())
      label = found->second[static_cast<std::size_t>(z)];
    json said = json::object();
    for (const auto& [reader, what] : label.said) said[reader] = toText(what);
    slices.push_back({{"slice", number},
                      {"label", toText(label.label)},
                      {"by", orNull(label.by)},
                      {"at", orNull(label.at_utc)},
                      {"origin", orNull(label.origin)},
                      {"decided", label.decided},
                      {"said", said}});
  }
  GADOLIN_TRY(const auto history, db::stackLabelHistory(database));
  json whole;
  for (const db::StackLabelEvent& event : history) {
    if (event.stack != stack.id) continue;
    whole = event.to == SliceLabel::Unlabelled
                ? json()
                : json{{"label", toText(event.to)}, {"by", event.reader}, {"at", event.at_utc}};
  }
  return json{{"slices", slices}, {"said_of_the_whole", whole}};
}

Result<json> reviewsOf(db::Database& database, std::int64_t prediction) {
  GADOLIN_TRY(const auto history, db::reviewHistory(database, prediction));
  json reviews = json::array();
  for (const db::ReviewRecord& review : history) {
    reviews.push_back({{"verdict", toText(review.verdict)},
                       {"reader", review.reader},
                       {"at", review.at_utc},
                       {"comment", orNull(review.comment)}});
  }
  return reviews;
}

/// Newest of every run that predicted the stack, newest first.
Result<json> predictionsOf(db::Database& database, const Segmented& found) {
  std::set<std::string> runs;
  for (const db::MaskRecord& mask : found.masks)
    if (mask.source == db::MaskSource::Prediction) runs.insert(mask.run);
  std::vector<db::PredictionRecord> newest;
  for (const std::string& run : runs) {
    GADOLIN_TRY(const auto of_run, db::predictionsOfRun(database, run));
    for (const db::PredictionRecord& one : of_run)
      if (one.stack == found.stack.id) newest.push_back(one);
  }
  std::ranges::sort(newest, std::greater<>(), &db::PredictionRecord::id);
  json predictions = json::array();
  for (const db::PredictionRecord& one : newest) {
    GADOLIN_TRY(json reviews, reviewsOf(database, one.id));
    predictions.push_back({{"run", one.run},
                           {"revision", one.mask},
                           {"made", one.created_utc},
                           {"reviews", std::move(reviews)}});
  }
  return predictions;
}

Result<json> asideOf(db::Database& database, const std::string& stack) {
  GADOLIN_TRY(const auto aside, db::asideStacks(database));
  for (const db::AsideRecord& one : aside) {
    if (one.stack.id == stack)
      return json{{"reason", one.reason}, {"who", one.who}, {"at", one.at_utc}};
  }
  return json();
}

json importOf(const db::StackRecord& stack) {
  return {{"stack", stack.id},
          {"patient", stack.patient},
          {"description", stack.description},
          {"image_type", toText(stack.kind)},
          {"size", stack.size},
          {"spacing_mm", stack.spacing_mm},
          {"imported", stack.imported_utc},
          {"content_hash", stack.content_hash},
          {"notes", stack.notes}};
}

Result<json> stackProvenance(db::Database& database, const db::StackRecord& stack) {
  json object = importOf(stack);
  GADOLIN_TRY(object["split"], splitOf(database, stack.patient));
  GADOLIN_TRY(object["set_aside"], asideOf(database, stack.id));
  GADOLIN_TRY(object["labels"], labelsOf(database, stack));
  GADOLIN_TRY(const Segmented found, segmentedBy(database, stack));
  json revisions = json::array();
  for (const db::MaskRecord& mask : found.masks) revisions.push_back(revisionFacts(mask));
  object["revisions"] = revisions;
  GADOLIN_TRY(object["predictions"], predictionsOf(database, found));
  object["counts"] = {{"reference", nullptr}, {"ai", nullptr}, {"report", nullptr}};
  if (found.person) object["counts"]["reference"] = found.person->record.id;
  if (found.prediction) object["counts"]["ai"] = found.prediction->mask;
  if (found.prediction || found.person) {
    GADOLIN_TRY(const auto measured, measuredRevision(database, found));
    object["counts"]["report"] = measured.record.id;
  }
  return object;
}

Result<json> revisionProvenance(const ProjectPaths& paths, db::Database& database,
                                std::int64_t number) {
  GADOLIN_TRY(const db::MaskRecord mask, db::maskById(database, number));
  GADOLIN_TRY(const db::StackRecord stack, db::stackById(database, mask.stack));
  GADOLIN_TRY(const Segmented found, segmentedBy(database, stack));
  json object = revisionFacts(mask);
  object["stack"] = stack.id;
  object["patient"] = stack.patient;
  object["file"] = "masks/" + mask.sha256 + ".safetensors";
  std::error_code ignored;
  object["file_there"] = std::filesystem::exists(paths.mask(mask.sha256), ignored);
  GADOLIN_TRY(object["split"], splitOf(database, stack.patient));

  json ancestors = json::array();
  std::string run = mask.run;
  std::set<std::int64_t> met{mask.id};  // a damaged project must not go round in circles
  for (auto parent = mask.parent; parent && met.insert(*parent).second;) {
    const auto at = std::ranges::find(found.masks, *parent, &db::MaskRecord::id);
    if (at == found.masks.end()) break;
    ancestors.push_back(revisionFacts(*at));
    if (run.empty()) run = at->run;
    parent = at->parent;
  }
  object["ancestors"] = ancestors;
  json followed = json::array();
  for (const db::MaskRecord& one : found.masks)
    if (one.parent == mask.id) followed.push_back(revisionFacts(one));
  object["followed_by"] = followed;

  json counts = json::array();
  if (found.person && found.person->record.id == mask.id) counts.push_back("reference");
  if (found.prediction && found.prediction->mask == mask.id) counts.push_back("ai");
  if (found.prediction || found.person) {
    GADOLIN_TRY(const auto measured, measuredRevision(database, found));
    if (measured.record.id == mask.id) counts.push_back("report");
  }
  object["counts_as"] = counts;
  if (!run.empty()) {
    object["began_as_prediction_of"] = run;
    object["seen_in_training"] = seenInTraining(paths, run, stack.id);
  }
  if (mask.source == db::MaskSource::Prediction) {
    GADOLIN_TRY(const auto predictions, db::predictionsOfRun(database, mask.run));
    for (const db::PredictionRecord& one : predictions) {
      if (one.mask != mask.id) continue;
      GADOLIN_TRY(object["reviews"], reviewsOf(database, one.id));
    }
  }
  return object;
}

/// The stack and the source of "STACK:SOURCE"; sources have no colon.
std::pair<std::string, std::string> figureParts(const std::string& word) {
  const auto colon = word.rfind(':');
  if (colon == std::string::npos) return {word, {}};
  return {word.substr(0, colon), word.substr(colon + 1)};
}

Result<json> figureProvenance(const ProjectPaths& paths, db::Database& database,
                              const std::string& word) {
  const auto [id, source] = figureParts(word);
  GADOLIN_TRY(const db::StackRecord stack, db::stackById(database, id));
  GADOLIN_TRY(const QuantificationRow row, quantifyStack(paths, database, stack, source));
  json object{{"stack", row.stack},
              {"patient", row.patient},
              {"source", row.source},
              {"method", row.method},
              {"myocardium_ml", known(row.volumes.drawnMyocardium_ml())},
              {"scar_ml", row.volumes.scar_ml},
              {"scar_percent_lvm", known(row.volumes.scarPercentLvm())},
              {"mvo_ml", row.mvo_known ? json(row.volumes.mvo_ml) : json()}};
  GADOLIN_TRY(json mask, revisionProvenance(paths, database, row.revision));
  const json run = mask.value("began_as_prediction_of", json());
  object["mask"] = std::move(mask);
  if (run.is_string()) {
    GADOLIN_TRY(object["model"], runProvenance(paths, database, run.get<std::string>()));
  }
  GADOLIN_TRY(object["labels"], labelsOf(database, stack));
  return object;
}

std::optional<std::int64_t> numberOf(const std::string& word) {
  std::int64_t number = 0;
  const auto end = std::from_chars(word.data(), word.data() + word.size(), number);
  if (end.ec != std::errc() || end.ptr != word.data() + word.size()) return std::nullopt;
  return number;
}

/// Every kind of thing that has this name.
Result<std::vector<Named>> meaningsOf(db::Database& database, const std::string& word) {
  std::vector<Named> meanings;
  if (word.empty()) return meanings;
  GADOLIN_TRY(const auto stacks, db::stacksOfPatient(database, word, db::Which::All));
  if (!stacks.empty()) meanings.push_back(Named::Patient);
  if (db::stackById(database, word)) meanings.push_back(Named::Stack);
  if (db::runById(database, word)) meanings.push_back(Named::Run);
  if (const auto number = numberOf(word); number && db::maskById(database, *number))
    meanings.push_back(Named::Revision);
  const auto [stack, source] = figureParts(word);
  if (!source.empty() && db::stackById(database, stack)) meanings.push_back(Named::Figure);
  return meanings;
}

Result<Named> meaningOf(db::Database& database, const std::string& word, std::optional<Named> as) {
  GADOLIN_TRY(const auto meanings, meaningsOf(database, word));
  if (as) {
    if (std::ranges::find(meanings, *as) != meanings.end()) return *as;
    return Error{ErrorCode::NotFound, "There is no " + std::string(toText(*as)) + " '" + word +
                                          "' in this project."};
  }
  if (meanings.empty()) {
    return Error{ErrorCode::NotFound,
                 "Nothing in this project is called '" + word +
                     "'. Name a patient, a stack, a run, the number of a mask revision, or a row "
                     "of quantify as STACK:SOURCE (such as STACK:ai)."};
  }
  if (meanings.size() == 1) return meanings.front();
  std::string list;
  for (const Named one : meanings) list += (list.empty() ? "a " : " and a ") + std::string(toText(one));
  return Error{ErrorCode::Conflict,
               "'" + word + "' is " + list + " of this project. Say which with --as."};
}

Result<json> facts(const ProjectPaths& paths, db::Database& database, const std::string& word,
                   Named named) {
  switch (named) {
    case Named::Patient: {
      GADOLIN_TRY(const auto stacks, db::stacksOfPatient(database, word, db::Which::All));
      json object{{"patient", word}};
      GADOLIN_TRY(object["split"], splitOf(database, word));
      object["stacks"] = json::array();
      for (const db::StackRecord& stack : stacks) {
        GADOLIN_TRY(json one, stackProvenance(database, stack));
        object["stacks"].push_back(std::move(one));
      }
      return object;
    }
    case Named::Stack: {
      GADOLIN_TRY(const auto stack, db::stackById(database, word));
      return stackProvenance(database, stack);
    }
    case Named::Run:
      return runProvenance(paths, database, word);
    case Named::Revision:
      return revisionProvenance(paths, database, numberOf(word).value_or(0));
    case Named::Figure:
      return figureProvenance(paths, database, word);
  }
  return Error{ErrorCode::Internal, "A kind of fact is not known."};
}

}  // namespace

std::string_view toText(Named named) {
  for (const auto& [one, text] : names)
    if (one == named) return text;
  return {};
}

std::optional<Named> namedFromText(std::string_view text) {
  for (const auto& [one, name] : names)
    if (name == text) return one;
  return std::nullopt;
}

Result<std::string> provenance(const ProjectPaths& paths, db::Database& database,
                               const std::string& word, std::optional<Named> as) {
  GADOLIN_TRY(const Named named, meaningOf(database, word, as));
  GADOLIN_TRY(json object, facts(paths, database, word, named));
  object["kind"] = toText(named);
  return object.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace gadolin::session
