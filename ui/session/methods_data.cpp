// What the methods section says of images, labels, masks and the split.

#include <algorithm>
#include <map>
#include <set>

#include "core/report/wording.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/splits.h"
#include "ui/session/evaluation.h"
#include "ui/session/label_agreement.h"
#include "ui/session/label_origin.h"
#include "ui/session/methods_parts.h"

namespace gadolin::session {
namespace {

using report::counted;
using report::fixed;
using report::listed;

template <typename Value>
std::string spanOf(const std::vector<db::StackRecord>& stacks, int decimals, Value value) {
  const auto [low, high] = std::ranges::minmax(stacks, {}, value);
  const std::string first = fixed(static_cast<double>(value(low)), decimals);
  const std::string last = fixed(static_cast<double>(value(high)), decimals);
  return first == last ? first : first + " to " + last;
}

int patientsOf(const std::vector<db::StackRecord>& stacks) {
  std::set<std::string> patients;
  for (const db::StackRecord& stack : stacks) patients.insert(stack.patient);
  return static_cast<int>(patients.size());
}

/// How far readers agree on labels of slices; empty where no two have labelled a slice.
Result<std::string> agreementSentences(db::Database& database) {
  GADOLIN_TRY(const LabelAgreement agreement, labelAgreement(database));
  std::string text;
  for (const LabelPair& pair : agreement.pairs) {
    if (pair.first == db::reference_reader || pair.second == db::reference_reader) continue;
    const analysis::CategoryAgreement& decided = pair.decided;
    if (decided.things == 0 || !decided.agreement) continue;
    text += " On " + counted(static_cast<long long>(decided.things), "slice", "slices") + " that " +
            pair.first + " and " + pair.second +
            " both labelled with fibrosis or without, raw agreement was " +
            fixed(100 * *decided.agreement, 1) + " %";
    if (decided.kappa) {
      text += " and Cohen's kappa " + fixed(*decided.kappa, 2);
      if (decided.kappa_ci95)
        text += " (95 % interval " + fixed(decided.kappa_ci95->low, 2) + " to " +
                fixed(decided.kappa_ci95->high, 2) + ", patients resampled)";
    }
    text += ".";
  }
  return text;
}

}  // namespace

std::string withShare(long long part, long long all) {
  if (part == 0 || all == 0) return std::to_string(part);
  return std::to_string(part) + " (" +
         fixed(100.0 * static_cast<double>(part) / static_cast<double>(all), 0) + " %)";
}

report::MethodsSection imagesSection(const std::vector<db::StackRecord>& stacks, int set_aside) {
  using S = db::StackRecord;
  long long slices = 0;
  std::map<std::string, int> kinds;
  for (const S& stack : stacks) {
    slices += stack.size[2];
    ++kinds[stack.kind == ImageKind::Psir        ? "phase-sensitive (PSIR)"
            : stack.kind == ImageKind::Magnitude ? "magnitude"
                                                 : "of a reconstruction that is not stated"];
  }
  const auto count = static_cast<long long>(stacks.size());
  std::string text =
      "The cohort comprises " + counted(patientsOf(stacks), "patient", "patients") + " with " +
      counted(count, "short-axis stack", "short-axis stacks") +
      " of late gadolinium enhancement (" + counted(slices, "slice", "slices");
  if (count > 1)
    text += ", " + spanOf(stacks, 0, [](const S& s) { return s.size[2]; }) + " a stack";
  text += ").";
  if (kinds.size() == 1) {
    text += (count == 1 ? " Its images are " : " Images are ") + kinds.begin()->first + ".";
  } else {
    std::vector<std::string> parts;
    for (const auto& [kind, number] : kinds)
      parts.push_back(counted(number, "stack is ", "stacks are ") + kind);
    text += " " + listed(parts) + ".";
  }
  text += " Pixels measure " + spanOf(stacks, 2, [](const S& s) { return s.spacing_mm[0]; }) +
          " by " + spanOf(stacks, 2, [](const S& s) { return s.spacing_mm[1]; }) +
          " mm, slices lie " + spanOf(stacks, 1, [](const S& s) { return s.spacing_mm[2]; }) +
          " mm apart, and the matrix is " + spanOf(stacks, 0, [](const S& s) { return s.size[0]; }) +
          " by " + spanOf(stacks, 0, [](const S& s) { return s.size[1]; }) + ".";
  if (set_aside > 0)
    text += " " + counted(set_aside, "further stack was", "further stacks were") +
            " set aside and " + (set_aside == 1 ? "is" : "are") + " part of no figure.";
  return {"Images", text};
}

Result<report::MethodsSection> labelsSection(db::Database& database,
                                             const std::vector<db::StackRecord>& stacks) {
  GADOLIN_TRY(const auto given, givenLabels(database, {}, {}));
  std::map<SliceLabel, long long> kinds;
  std::map<std::string, long long> readers;
  std::map<std::string, long long> deciders;
  std::set<std::string> voices;  // everybody whose label stands, counting or not
  long long slices = 0, labelled = 0;
  for (const db::StackRecord& stack : stacks) {
    slices += stack.size[2];
    const auto known = given.find(stack.id);
    if (known == given.end()) continue;
    for (const GivenLabel& label : known->second) {
      for (const auto& [reader, said] : label.said)
        if (reader != db::reference_reader) voices.insert(reader);
      if (label.label == SliceLabel::Unlabelled) continue;
      ++labelled;
      ++kinds[label.label];
      ++(label.decided ? deciders : readers)[label.by];
    }
  }
  if (labelled == 0) return report::MethodsSection{"Labels", "No slice carries an image-level label."};
  std::string text = "Of " + counted(slices, "slice", "slices") + ", " + withShare(labelled, slices) +
                     (labelled == 1 ? " carries" : " carry") + " an image-level label: " +
                     std::to_string(kinds[SliceLabel::Fibrosis]) + " with fibrosis, " +
                     std::to_string(kinds[SliceLabel::None]) + " without";
  if (kinds[SliceLabel::Unsure] > 0)
    text += ", " + std::to_string(kinds[SliceLabel::Unsure]) + " unsure";
  if (kinds[SliceLabel::NotDiagnostic] > 0)
    text += ", " + std::to_string(kinds[SliceLabel::NotDiagnostic]) + " not diagnostic";
  text += ".";
  std::vector<std::string> by;
  for (const auto& [reader, count] : readers)
    if (reader != db::reference_reader) by.push_back(reader + " (" + counted(count, "slice", "slices") + ")");
  if (!by.empty())
    text += " The label that counts was given by " +
            (by.size() > 1 ? counted(static_cast<long long>(by.size()), "reader", "readers") + ": "
                           : std::string()) +
            listed(by) + ".";
  if (const auto derived = readers.find(std::string(db::reference_reader)); derived != readers.end())
    text += " " + counted(derived->second, "label was", "labels were") +
            " derived from reference masks: with fibrosis where the mask shows scar.";
  std::vector<std::string> decided;
  long long decisions = 0;
  for (const auto& [author, count] : deciders) {
    decided.push_back(author);
    decisions += count;
  }
  if (decisions > 0)
    text += " " + counted(decisions, "slice was", "slices were") + " decided by " + listed(decided) +
            (voices.size() > 1 ? " after readers had disagreed or been compared." : ".");
  if (voices.size() > 1) {
    GADOLIN_TRY(const std::string agreement, agreementSentences(database));
    text += agreement;
    GADOLIN_TRY(const auto open, db::undecidedSlices(database));
    if (!open.empty())
      text += " On " + counted(static_cast<long long>(open.size()), "slice", "slices") +
              " readers disagree and no decision stands: there the latest label counts.";
  }
  GADOLIN_TRY(const auto effort, db::labelEffort(database));
  double minutes = 0;
  for (const db::LabelEffort& one : effort) minutes += one.minutes();
  if (minutes >= 1)
    text += " Readers looked at these images for " + fixed(minutes, 0) + " minutes in all.";
  return report::MethodsSection{"Labels", text};
}

Result<report::MethodsSection> masksSection(db::Database& database,
                                            const std::vector<db::StackRecord>& stacks) {
  std::map<std::string, int> imported, drawn;
  int independent = 0, from_model = 0;
  for (const db::StackRecord& stack : stacks) {
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack.id));
    const auto reference = chooseReference(masks);
    if (!reference) continue;
    if (reference->began_as_prediction) {
      ++from_model;
      continue;
    }
    ++independent;
    const db::MaskRecord& record = reference->record;
    const bool named = !record.author.empty() && record.author != "unknown";
    ++(record.source == db::MaskSource::Reference ? imported : drawn)[named ? record.author
                                                                            : std::string()];
  }
  const auto authors = [](const std::map<std::string, int>& masks) {
    std::vector<std::string> items;
    for (const auto& [author, count] : masks)
      items.push_back(std::to_string(count) + " by " +
                      (author.empty() ? "an author who is not stated" : author));
    return listed(items);
  };
  const auto all = static_cast<long long>(stacks.size());
  if (independent == 0 && from_model == 0)
    return report::MethodsSection{"Reference masks", "No stack has a mask that a person made."};
  std::string text;
  if (independent > 0) {
    text = independent == all && all > 1
               ? "All " + std::to_string(all) + " stacks have"
               : withShare(independent, all) + " of " + counted(all, "stack has", "stacks have");
    text += " a reference mask that did not begin as a prediction";
    std::vector<std::string> how;
    if (!imported.empty()) how.push_back("imported: " + authors(imported));
    if (!drawn.empty()) how.push_back("drawn: " + authors(drawn));
    text += " (" + how.front() + (how.size() > 1 ? "; " + how.back() : "") + ").";
  }
  if (from_model > 0)
    text += std::string(text.empty() ? "" : " ") +
            (independent > 0 ? "Of " + counted(from_model, "further stack", "further stacks")
                             : "Of " + counted(from_model, "stack", "stacks")) +
            " the only mask is a prediction that a reader accepted or edited.";
  text += " Labels of masks are 1 LV cavity, 2 myocardium, 3 infarct, 4 microvascular obstruction.";
  return report::MethodsSection{"Reference masks", text};
}

Result<report::MethodsSection> splitSection(db::Database& database, const MethodsRun* run) {
  GADOLIN_TRY(const auto split, db::split(database));
  std::map<std::string, dataset::Part> now, parts;
  int folds = 0;
  for (const db::SplitRecord& row : split) {
    now[row.patient] = row.part;
    folds = std::max(folds, row.fold.value_or(0));
  }
  const bool frozen = run != nullptr && run->dataset;
  if (frozen) {
    for (const dataset::FrozenStack& stack : run->dataset->stacks()) parts[stack.patient] = stack.part;
  } else {
    parts = now;
  }
  std::map<dataset::Part, int> counts;
  for (const auto& [patient, part] : parts) ++counts[part];
  const int used = counts[dataset::Part::Train] + counts[dataset::Part::Validation] +
                   counts[dataset::Part::Test];
  if (used == 0) return report::MethodsSection{"Split", "The patients are not split yet."};
  std::string text = "Whole patients were split, never slices: " +
                     std::to_string(counts[dataset::Part::Train]) + " for training, " +
                     std::to_string(counts[dataset::Part::Validation]) + " for validation and " +
                     std::to_string(counts[dataset::Part::Test]) + " for the test.";
  if (frozen) {
    text += " The training was given neither labels nor masks of the test patients.";
    // Patients who left the project since are no change of the split.
    const bool changed = std::ranges::any_of(parts, [&](const auto& one) {
      const auto found = now.find(one.first);
      return found != now.end() && found->second != one.second;
    });
    if (changed) text += " The project's split has been changed since that training.";
  } else if (folds > 1) {
    text += " Those who are not test patients are dealt to " + std::to_string(folds) + " folds.";
  }
  return report::MethodsSection{"Split", text};
}

}  // namespace gadolin::session
