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
#include "ui/session/rv_points.h"

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

namespace {

/// What one stack gives to the table.
struct Measuring {
  const ProjectPaths& paths;
  db::Database& database;
  const db::StackRecord& record;
  const std::vector<SliceLabel>& labels;
  Quantification& result;
  std::optional<Stack> stack;  // read when the first source needs it
  std::optional<analysis::StackInsertions> insertions;  // of the first mask, for all of them
};

Result<void> loadStack(Measuring& at) {
  if (!at.stack) {
    GADOLIN_TRY(at.stack, readStack(at.paths.stack(at.record.id)));
  }
  return {};
}

/// Adds the row of one source, or the sentence why there is none. `quiet`: the same sentence is not
/// said for every source.
Result<void> measure(Measuring& at, const std::string& source, bool quiet) {
  const auto rule = analysis::thresholdRuleFromText(source);
  const auto leave = [&](const std::string& why) {
    if (!quiet) at.result.sentences.push_back(leftOut(at.record, why));
  };
  GADOLIN_TRY(const auto chosen, choose(at.database, at.record.id, rule || source == "reference",
                                        rule || source == "ai"));
  if (!chosen) {
    leave(source == "ai"          ? "no run has predicted it."
          : source == "reference" ? "it has no reference mask."
                                  : "it has neither a reference nor a prediction "
                                    "whose myocardium could be used.");
    return {};
  }
  GADOLIN_CHECK(loadStack(at));
  const Stack& stack = *at.stack;
  GADOLIN_TRY(Mask mask, readMaskOn(at.paths.mask(chosen->record.sha256), stack.image.geometry));
  // The networks mark scar with its dark core as one tissue, so what began as a prediction says
  // nothing about MVO: that is not zero.
  QuantificationRow row{at.record.patient, at.record.id, source, chosen->maker, {}, {},
                        !chosen->began_as_prediction, chosen->record.id};
  if (rule) {
    auto scar = analysis::thresholdScar(stack, mask, *rule,
                                        wantedSlices(at.labels, stack.sliceCount()));
    if (!scar) {
      leave(scar.error().message);
      return {};
    }
    if (!scar->skipped_slices.empty() && !quiet) {
      at.result.sentences.push_back(
          "Stack " + at.record.id + ": " + std::to_string(scar->skipped_slices.size()) +
          " slices show too little myocardium for a remote region and count as free of scar.");
    }
    mask = std::move(scar->mask);
    row.method = rule->description() + "; myocardium of " + chosen->maker;
    row.mvo_known = false;
  }
  auto volumes = analysis::measureVolumes(stack, mask);
  if (!volumes) {
    leave(volumes.error().message);
    return {};
  }
  row.volumes = volumes->total;
  if (row.volumes.scarAlone() && !quiet) {
    at.result.sentences.push_back(
        "Stack " + at.record.id + " of patient " + at.record.patient + ": its mask (" +
        chosen->maker + ") holds scar and no myocardium, so the share of scar is not known.");
  }
  if (!rule && row.volumes.mvo_ml > 0) row.mvo_known = true;  // a reader has drawn it
  if (!at.insertions) {
    GADOLIN_TRY(const auto set, setInsertions(at.database, at.record.id));
    at.insertions = analysis::insertionsFor(stack, mask, set);
  }
  row.wall = analysis::reportWall(stack, mask, *at.insertions);
  at.result.rows.push_back(std::move(row));
  return {};
}

Error notASource(const std::string& source) {
  return {ErrorCode::InvalidInput,
          "'" + source +
              "' is not a source of masks. Use reference, ai, 2sd to 6sd, fwhm, otsu or all."};
}

/// The sources of "all", in the order of the table.
const std::vector<std::string> every_source{"reference", "ai",  "2sd",  "3sd", "4sd",
                                            "5sd",       "6sd", "fwhm", "otsu"};

}  // namespace

Result<Quantification> quantify(const ProjectPaths& paths, db::Database& database,
                                const std::string& source,
                                const std::function<void(int, int)>& progress) {
  const bool all = source == "all";
  if (!all && std::ranges::find(every_source, source) == every_source.end()) {
    return notASource(source);
  }
  GADOLIN_TRY(const auto stacks, stacksOfSplit(database, "all"));
  std::map<std::string, std::vector<SliceLabel>, std::less<>> labels;
  GADOLIN_TRY(labels, db::allConsensusLabels(database));
  Quantification result;
  int done = 0;
  for (const db::StackRecord& stack_record : stacks) {
    if (progress) progress(done, static_cast<int>(stacks.size()));
    ++done;
    const auto known = labels.find(stack_record.id);
    const std::vector<SliceLabel> none;
    Measuring at{paths, database, stack_record, known == labels.end() ? none : known->second,
                 result, {}, {}};
    const std::size_t before = result.rows.size();
    for (const std::string& one : all ? every_source : std::vector{source})
      GADOLIN_CHECK(measure(at, one, all));
    if (all && result.rows.size() == before) {
      result.sentences.push_back(
          leftOut(stack_record, "it has neither a mask of a person nor a prediction."));
    }
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

Result<QuantificationRow> quantifyStack(const ProjectPaths& paths, db::Database& database,
                                        const db::StackRecord& stack, const std::string& source) {
  if (std::ranges::find(every_source, source) == every_source.end()) return notASource(source);
  GADOLIN_TRY(const auto labels, db::consensusLabels(database, stack.id));
  Quantification result;
  Measuring at{paths, database, stack, labels, result, {}, {}};
  GADOLIN_CHECK(measure(at, source, false));
  if (result.rows.empty()) return Error{ErrorCode::NotFound, result.sentences.front()};
  return std::move(result.rows.front());
}

std::string toCsv(const Quantification& quantification) {
  using report::csvNumber;
  std::vector<std::string> head{"patient",      "stack",         "source",
                                "method",       "myocardium_ml", "myocardium_g",
                                "scar_ml",      "scar_g",        "scar_percent_lvm",
                                "mvo_ml",       "core_ml",       "grey_zone_ml",
                                "scar_pattern", "rv_insertion",  "segments_missing_because"};
  for (int n = 1; n <= analysis::aha_segments; ++n) {
    const std::string segment = "aha_" + std::to_string(n) + "_";
    for (const char* what : {"myocardium_ml", "scar_percent", "transmurality_percent",
                             "transmurality_max_percent", "transmurality_band"})
      head.push_back(segment + what);
  }
  head.emplace_back("mask_revision");
  std::string csv = csvLine(head);
  for (const QuantificationRow& row : quantification.rows) {
    const analysis::TissueVolumes& v = row.volumes;
    const analysis::WallReport& wall = row.wall;
    std::optional<double> core, grey;
    if (wall.zones) {
      core = wall.zones->core_ml;
      grey = wall.zones->grey_ml;
    }
    std::vector<std::string> cells{
        row.patient, row.stack, row.source, row.method, csvNumber(v.drawnMyocardium_ml()),
        csvNumber(v.drawnMyocardium_g()), csvNumber(v.scar_ml), csvNumber(v.scar_g()),
        csvNumber(v.scarPercentLvm()),
        csvNumber(row.mvo_known ? std::optional<double>(v.mvo_ml) : std::nullopt), csvNumber(core),
        csvNumber(grey), analysis::patternName(wall), wall.insertion_source, wall.no_segments};
    for (std::size_t k = 0; k < analysis::aha_segments; ++k) {
      const analysis::SegmentFigures* segment =
          wall.segments && wall.segments->segments[k].myocardium_ml > 0 ? &wall.segments->segments[k]
                                                                        : nullptr;
      cells.push_back(segment != nullptr ? csvNumber(segment->myocardium_ml) : std::string());
      cells.push_back(segment != nullptr ? csvNumber(segment->scarPercent()) : std::string());
      const auto depth = segment != nullptr ? segment->transmurality_percent : std::nullopt;
      cells.push_back(csvNumber(depth));
      cells.push_back(segment != nullptr ? csvNumber(segment->transmurality_max_percent)
                                         : std::string());
      // A spreadsheet takes "1-25" for a day.
      cells.push_back(depth ? std::string(analysis::toText(analysis::bandOf(*depth))) + " %"
                            : std::string());
    }
    cells.push_back(std::to_string(row.revision));
    csv += csvLine(cells);
  }
  return csv;
}

}  // namespace gadolin::session
