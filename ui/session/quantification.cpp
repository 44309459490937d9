#include "ui/session/quantification.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/analysis/thresholds.h"
#include "core/base/csv.h"
#include "core/imaging/stack_file.h"
#include "core/report/wording.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "ui/session/evaluation.h"

namespace gadolin::session {
namespace {

/// The mask of a stack that a source names, and who made it.
struct Chosen {
  db::MaskRecord record;
  std::string maker;
  bool began_as_prediction = false;
};

std::string makerOf(const db::MaskRecord& record) {
  if (record.source == db::MaskSource::Prediction) return "run " + record.run;
  const std::string what = record.source == db::MaskSource::Reference ? "reference mask" : "mask";
  const bool named = !record.author.empty() && record.author != "unknown";
  return named ? what + " by " + record.author : what;
}

Result<std::optional<Chosen>> choose(db::Database& database, const std::string& stack,
                                     bool reference, bool prediction) {
  if (reference) {
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack));
    if (const auto found = chooseReference(masks)) {
      return std::optional(
          Chosen{found->record, makerOf(found->record), found->began_as_prediction});
    }
  }
  if (prediction) {
    GADOLIN_TRY(const auto found, db::latestPrediction(database, stack));
    if (found) {
      GADOLIN_TRY(auto record, db::maskById(database, found->mask));
      std::string maker = "run " + found->run;
      return std::optional(Chosen{std::move(record), std::move(maker), true});
    }
  }
  return std::optional<Chosen>();
}

/// Slices that may hold scar: all but those that a reader called free of it.
std::vector<std::uint8_t> wantedSlices(const std::vector<SliceLabel>& labels, int count) {
  std::vector<std::uint8_t> wanted(static_cast<std::size_t>(count), 1);
  for (std::size_t z = 0; z < labels.size() && z < wanted.size(); ++z) {
    if (labels[z] == SliceLabel::None) wanted[z] = 0;
  }
  return wanted;
}

std::string leftOut(const db::StackRecord& stack, const std::string& why) {
  return "Stack " + stack.id + " of patient " + stack.patient + " is left out: " + why;
}

}  // namespace

Result<Quantification> quantify(const ProjectPaths& paths, db::Database& database,
                                const std::string& source,
                                const std::function<void(int, int)>& progress) {
  const auto rule = analysis::thresholdRuleFromText(source);
  if (!rule && source != "reference" && source != "ai") {
    return Error{
        ErrorCode::InvalidInput,
        "'" + source + "' is not a source of masks. Use reference, ai, 2sd to 6sd, fwhm or otsu."};
  }
  GADOLIN_TRY(const auto stacks, stacksOfSplit(database, "all"));
  std::map<std::string, std::vector<SliceLabel>, std::less<>> labels;
  if (rule) {
    GADOLIN_TRY(labels, db::allConsensusLabels(database));
  }
  Quantification result;
  int done = 0;
  for (const db::StackRecord& stack_record : stacks) {
    if (progress) progress(done, static_cast<int>(stacks.size()));
    ++done;
    GADOLIN_TRY(const auto chosen, choose(database, stack_record.id, rule || source == "reference",
                                          rule || source == "ai"));
    if (!chosen) {
      result.sentences.push_back(leftOut(
          stack_record, source == "ai"          ? "no run has predicted it."
                        : source == "reference" ? "it has no reference mask."
                                                : "it has neither a reference nor a prediction "
                                                  "whose myocardium could be used."));
      continue;
    }
    GADOLIN_TRY(const Stack stack, readStack(paths.stack(stack_record.id)));
    GADOLIN_TRY(Mask mask, readMaskOn(paths.mask(chosen->record.sha256), stack.image.geometry));
    // The networks mark scar with its dark core as one tissue, so what began as a prediction says
    // nothing about MVO: that is not zero.
    QuantificationRow row{stack_record.patient,        stack_record.id, source, chosen->maker, {},
                          !chosen->began_as_prediction};
    if (rule) {
      const auto known = labels.find(stack_record.id);
      auto scar = analysis::thresholdScar(
          stack, mask, *rule,
          wantedSlices(known == labels.end() ? std::vector<SliceLabel>{} : known->second,
                       stack.sliceCount()));
      if (!scar) {
        result.sentences.push_back(leftOut(stack_record, scar.error().message));
        continue;
      }
      if (!scar->skipped_slices.empty()) {
        result.sentences.push_back(
            "Stack " + stack_record.id + ": " + std::to_string(scar->skipped_slices.size()) +
            " slices show too little myocardium for a remote region and count as free of scar.");
      }
      mask = std::move(scar->mask);
      row.method = rule->description() + "; myocardium of " + chosen->maker;
      row.mvo_known = false;
    }
    auto volumes = analysis::measureVolumes(stack, mask);
    if (!volumes) {
      result.sentences.push_back(leftOut(stack_record, volumes.error().message));
      continue;
    }
    row.volumes = volumes->total;
    if (row.volumes.scarAlone()) {
      result.sentences.push_back(
          "Stack " + stack_record.id + " of patient " + stack_record.patient + ": its mask (" +
          chosen->maker + ") holds scar and no myocardium, so the share of scar is not known.");
    }
    if (!rule && row.volumes.mvo_ml > 0) row.mvo_known = true;  // a reader has drawn it
    result.rows.push_back(std::move(row));
  }
  if (progress) progress(static_cast<int>(stacks.size()), static_cast<int>(stacks.size()));
  if (result.rows.empty()) {
    return Error{ErrorCode::NotFound,
                 "Nothing could be measured. " +
                     (result.sentences.empty() ? std::string() : result.sentences.front()) +
                     (source == "ai" ? " Run: gadolinctl predict PROJECT --run RUN --all" : "")};
  }
  return result;
}

std::string toCsv(const Quantification& quantification) {
  using report::csvNumber;
  std::string csv = csvLine({"patient", "stack", "source", "method", "myocardium_ml",
                             "myocardium_g", "scar_ml", "scar_g", "scar_percent_lvm", "mvo_ml"});
  for (const QuantificationRow& row : quantification.rows) {
    const analysis::TissueVolumes& v = row.volumes;
    csv += csvLine({row.patient, row.stack, row.source, row.method,
                    csvNumber(v.drawnMyocardium_ml()), csvNumber(v.drawnMyocardium_g()),
                    csvNumber(v.scar_ml), csvNumber(v.scar_g()), csvNumber(v.scarPercentLvm()),
                    csvNumber(row.mvo_known ? std::optional<double>(v.mvo_ml) : std::nullopt)});
  }
  return csv;
}

}  // namespace gadolin::session
