#include "ui/session/label_desk.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include "database/consensus.h"
#include "database/stacks.h"
#include "ui/session/when_done.h"

namespace gadolin::session {

/// Touched by jobs in the writer thread alone, so it is in step with the order of the calls even
/// when the next key comes before the last one is on disk.
struct LabelDesk::History {
  /// What stood on a slice: an undo brings it back with its author. Of nothing, `event` is the
  /// latest that took a decision back, or 0.
  struct Standing {
    std::int64_t event = 0;
    SliceLabel label = SliceLabel::Unlabelled;
    std::string author;
  };
  /// A third decision, which may stand in another's place.
  struct Decision {
    std::string stack;
    int slice = 0;
    Standing before;
    Standing after;
  };
  /// A label of the reader's own, or of the slices that were filled.
  struct Action {
    std::vector<db::LabelEventRecord> events;
    std::optional<Decision> decision;  // instead: `events` is empty then
  };
  std::vector<Action> done;
  std::vector<Action> undone;
  std::atomic<bool> can_undo{false};
  std::atomic<bool> can_redo{false};

  /// What stood by the event `was` stands again, by a new one.
  void renumber(const std::string& stack, int slice, std::int64_t was, std::int64_t now) {
    for (auto* actions : {&done, &undone})
      for (Action& action : *actions) {
        if (!action.decision || action.decision->stack != stack || action.decision->slice != slice)
          continue;
        for (Standing* standing : {&action.decision->before, &action.decision->after})
          if (standing->event == was) standing->event = now;
      }
  }

  void publish() {
    can_undo = !done.empty();
    can_redo = !undone.empty();
  }
};

namespace {

Result<LabelOutcome> outcomeOf(const std::string& stack, int slice,
                               std::vector<db::LabelEventRecord> events) {
  if (!events.empty()) slice = events.front().slice;
  return LabelOutcome{stack, slice, std::move(events)};
}

/// Refuses to undo over a label that has been changed since, by another window or program.
Result<void> expectPresent(db::Database& database, const db::LabelEventRecord& event,
                           SliceLabel expected) {
  GADOLIN_TRY(const auto present, db::sliceLabels(database, event.stack, event.reader));
  const auto found = std::ranges::find(present, event.slice, &db::SliceLabelRecord::slice);
  const SliceLabel label = found == present.end() ? SliceLabel::Unlabelled : found->label;
  if (label == expected) return {};
  return Error{ErrorCode::Conflict, "The label of " + event.stack + " slice " +
                                        std::to_string(event.slice) +
                                        " has been changed elsewhere since; it is left as it is."};
}

}  // namespace

LabelDesk::LabelDesk(Project& project, QObject* parent)
    : QObject(parent), project_(project), history_(std::make_shared<History>()) {}
LabelDesk::~LabelDesk() = default;

void LabelDesk::setReader(const QString& name) {
  const QString trimmed = name.trimmed();
  if (trimmed == reader_) return;
  reader_ = trimmed;
  history_ = std::make_shared<History>();  // jobs on their way keep the old one
  Q_EMIT historyChanged();
}

QString LabelDesk::reader() const {
  return reader_;
}
bool LabelDesk::canUndo() const {
  return history_->can_undo;
}
bool LabelDesk::canRedo() const {
  return history_->can_redo;
}

LabelDesk::Future LabelDesk::submit(std::function<Result<LabelOutcome>(db::Database&)> job) {
  auto future = project_.write<LabelOutcome>(std::move(job));
  whenDone(this, future, [this](const Result<LabelOutcome>&) { Q_EMIT historyChanged(); });
  return future;
}

LabelDesk::Future LabelDesk::label(const std::string& stack, int slice, SliceLabel label,
                                   double seconds) {
  return submit([history = history_, reader = reader_.toStdString(), stack, slice, label,
                 seconds](db::Database& database) -> Result<LabelOutcome> {
    const db::SliceChange change{slice, label};
    GADOLIN_TRY(auto events,
                db::setSliceLabels(database, stack, std::span(&change, 1), reader, seconds, "key"));
    history->done.push_back({events, {}});
    history->undone.clear();
    history->publish();
    return outcomeOf(stack, slice, std::move(events));
  });
}

LabelDesk::Future LabelDesk::decide(const std::string& stack, int slice, SliceLabel label,
                                    double seconds) {
  return submit([history = history_, author = reader_.toStdString(), stack, slice, label,
                 seconds](db::Database& database) -> Result<LabelOutcome> {
    History::Decision decision{stack, slice, {}, {0, label, author}};
    db::LabelEventRecord event;
    // What stood before, and the decision in its place: nobody else's comes between.
    GADOLIN_CHECK(database.transaction([&]() -> Result<void> {
      GADOLIN_TRY(const auto before, db::lastDecision(database, stack, slice));
      if (before) decision.before = {before->id, before->to, before->reader};
      GADOLIN_TRY(event,
                  db::decideConsensus(database, stack, slice, label, author, seconds, "key"));
      return {};
    }));
    decision.after.event = event.id;
    history->done.push_back({{}, std::move(decision)});
    history->undone.clear();
    history->publish();
    return outcomeOf(stack, slice, {std::move(event)});
  });
}

LabelDesk::Future LabelDesk::fillRemainingNone(const std::string& stack, double seconds) {
  return submit([history = history_, reader = reader_.toStdString(), stack,
                 seconds](db::Database& database) -> Result<LabelOutcome> {
    GADOLIN_TRY(const auto record, db::stackById(database, stack));
    GADOLIN_TRY(const auto present, db::sliceLabels(database, stack, reader));
    std::vector<db::SliceChange> changes;
    for (int slice = 0; slice < record.size[2]; ++slice) {
      const bool labelled = std::ranges::any_of(present, [&](const auto& label) {
        return label.reader == reader && label.slice == slice;
      });
      if (!labelled) changes.push_back({slice, SliceLabel::None});
    }
    GADOLIN_TRY(auto events, db::setSliceLabels(database, stack, changes, reader, seconds, "fill"));
    if (!events.empty()) {
      history->done.push_back({events, {}});
      history->undone.clear();
      history->publish();
    }
    return outcomeOf(stack, 0, std::move(events));
  });
}

LabelDesk::Future LabelDesk::step(bool back) {
  return submit([history = history_, back](db::Database& database) -> Result<LabelOutcome> {
    auto& from = back ? history->done : history->undone;
    auto& to = back ? history->undone : history->done;
    if (from.empty()) {
      return Error{ErrorCode::Conflict,
                   back ? "There is nothing to undo." : "There is nothing to redo."};
    }
    // An action that cannot be taken back is dropped, or it would bar the way to those before it.
    const History::Action action = std::move(from.back());
    from.pop_back();
    history->publish();
    const char* origin = back ? "undo" : "redo";
    if (action.decision) {
      const std::string stack = action.decision->stack;
      const int slice = action.decision->slice;
      const History::Standing& left = back ? action.decision->after : action.decision->before;
      const History::Standing& wanted = back ? action.decision->before : action.decision->after;
      std::vector<db::LabelEventRecord> events;
      std::int64_t now = 0;
      GADOLIN_CHECK(database.transaction([&]() -> Result<void> {
        GADOLIN_TRY(const auto last, db::lastDecision(database, stack, slice));
        if ((last ? last->id : 0) != left.event) {
          return Error{ErrorCode::Conflict,
                       "The decision on " + stack + " slice " + std::to_string(slice) +
                           " has been changed elsewhere since; it is left as it is."};
        }
        // Where nothing stood it is this reader who takes the decision back.
        const std::string author =
            wanted.label == SliceLabel::Unlabelled ? action.decision->after.author : wanted.author;
        GADOLIN_TRY(auto event,
                    db::decideConsensus(database, stack, slice, wanted.label, author, 0, origin));
        now = event.id != 0 ? event.id : left.event;
        if (event.id != 0) events.push_back(std::move(event));
        return {};
      }));
      to.push_back(action);
      history->renumber(stack, slice, wanted.event, now);
      history->publish();
      return outcomeOf(stack, slice, std::move(events));
    }
    std::vector<db::SliceChange> changes;
    for (const auto& event : action.events) {
      GADOLIN_CHECK(expectPresent(database, event, back ? event.to : event.from));
      changes.push_back({event.slice, back ? event.from : event.to});
    }
    const auto& first = action.events.front();
    GADOLIN_TRY(auto events,
                db::setSliceLabels(database, first.stack, changes, first.reader, 0, origin));
    to.push_back(action);
    history->publish();
    return outcomeOf(first.stack, first.slice, std::move(events));
  });
}

LabelDesk::Future LabelDesk::undo() {
  return step(true);
}
LabelDesk::Future LabelDesk::redo() {
  return step(false);
}

}  // namespace gadolin::session
