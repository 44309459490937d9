#include "app/files/mask_facts.h"

#include <algorithm>
#include <array>

#include "database/mask_edits.h"
#include "database/masks.h"

namespace gadolin::ctl {
namespace {

/// The prediction that the revision began as, or nothing.
Result<std::optional<db::MaskRecord>> predictionBefore(db::Database& database,
                                                       const db::MaskRecord& mask) {
  db::MaskRecord at = mask;
  while (at.parent && *at.parent < at.id) {  // a parent is older than its child: the walk ends
    GADOLIN_TRY(at, db::maskById(database, *at.parent));
    if (at.source == db::MaskSource::Prediction) return std::optional(at);
  }
  return std::optional<db::MaskRecord>();
}

/// In the revision or in any that it was drawn on, whoever their authors are.
Result<bool> drawnWithHelp(db::Database& database, const db::MaskRecord& mask) {
  constexpr std::array<std::string_view, 3> by_hand{"brush", "eraser", "polygon"};
  db::MaskRecord at = mask;
  while (true) {
    GADOLIN_TRY(const auto steps, db::maskEditsTo(database, at.stack, at.author, at.parent));
    const bool help = std::ranges::any_of(steps, [&](const db::MaskEditRecord& step) {
      return step.action == db::EditAction::Draw &&
             std::ranges::find(by_hand, step.tool) == by_hand.end();
    });
    if (help) return true;
    if (!at.parent || *at.parent >= at.id) return false;  // a parent is older: the walk ends
    GADOLIN_TRY(at, db::maskById(database, *at.parent));
  }
}

}  // namespace

Result<MaskHistory> maskHistory(session::Project& project, const db::StackRecord& stack,
                                const db::MaskRecord& mask, const std::string& study_uid) {
  db::Database& database = project.reader();
  MaskHistory history;
  io::MaskFacts& facts = history.facts;
  facts.made_utc = mask.created_utc;
  facts.software_version = GADOLIN_VERSION;
  facts.key = study_uid + " " + stack.patient + " " + stack.content_hash + " " + mask.sha256 + " " +
              std::string(toText(mask.source)) + " " + mask.author + " " + mask.created_utc;
  GADOLIN_TRY(const auto prediction, predictionBefore(database, mask));
  const std::string run = mask.source == db::MaskSource::Prediction ? mask.run
                          : prediction                              ? prediction->run
                                                                    : "";
  if (mask.source == db::MaskSource::Prediction) {
    facts.origin = io::MaskOrigin::Automatic;
    facts.description = "Gadolin: prediction of " + run;
  } else if (prediction) {
    const bool unchanged = prediction->sha256 == mask.sha256;
    facts.origin = unchanged ? io::MaskOrigin::Automatic : io::MaskOrigin::SemiAutomatic;
    facts.creator = mask.author;
    facts.description = std::string("Gadolin: prediction, ") + (unchanged ? "accepted" : "edited") +
                        " by " + mask.author;
  } else {
    GADOLIN_TRY(const bool help, drawnWithHelp(database, mask));
    facts.origin = help ? io::MaskOrigin::SemiAutomatic : io::MaskOrigin::Manual;
    const bool imported = mask.source == db::MaskSource::Reference;
    if (!imported) facts.creator = mask.author;
    facts.description =
        imported ? "Gadolin: imported reference mask" : "Gadolin: drawn by " + mask.author;
  }
  if (facts.origin != io::MaskOrigin::Manual)
    facts.algorithm = run.empty() ? "Gadolin drawing tools" : "Gadolin " + run;
  history.began_as_prediction = !run.empty();
  return history;
}

}  // namespace gadolin::ctl
