#include "ui/session/label_desk.h"

#include <algorithm>
#include <atomic>

#include "database/consensus.h"
#include "database/stacks.h"
#include "ui/session/when_done.h"

namespace gadolin::session {

/// Touched by jobs in the writer thread alone, so it is in step with the order of the calls even
/// when the next key comes before the last one is on disk.
struct LabelDesk::History {
  struct Action {
    std::vector<db::LabelEventRecord> events;
    bool decision = false;  // not a label of the reader's own
  };
  std::vector<Action> done;
  std::vector<Action> undone;
  std::atomic<bool> can_undo{false};
  std::atomic<bool> can_redo{false};

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
                           bool decision, SliceLabel expected) {
  if (decision) {
    GADOLIN_TRY(const auto standing, db::consensusDecisions(database, event.stack));
    const auto found = std::ranges::find(standing, event.slice, &db::ConsensusRecord::slice);
    if ((found == standing.end() ? SliceLabel::Unlabelled : found->label) == expected) return {};
    return Error{ErrorCode::Conflict, "The decision on " + event.stack + " slice " +
                                          std::to_string(event.slice) +
                                          " has been changed elsewhere since; it is left as it is."};
  }
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
    history->done.push_back({events, false});
    history->undone.clear();
    history->publish();
    return outcomeOf(stack, slice, std::move(events));
  });
}

LabelDesk::Future LabelDesk::decide(const std::string& stack, int slice, SliceLabel label,
                                    double seconds) {
  return submit([history = history_, author = reader_.toStdString(), stack, slice, label,
                 seconds](db::Database& database) -> Result<LabelOutcome> {
    GADOLIN_TRY(auto event,
                db::decideConsensus(database, stack, slice, label, author, seconds, "key"));
    std::vector<db::LabelEventRecord> events{std::move(event)};
    history->done.push_back({events, true});
    history->undone.clear();
    history->publish();
    return outcomeOf(stack, slice, std::move(events));
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
      history->done.push_back({events, false});
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
    std::vector<db::SliceChange> changes;
    for (const auto& event : action.events) {
      GADOLIN_CHECK(
          expectPresent(database, event, action.decision, back ? event.to : event.from));
      changes.push_back({event.slice, back ? event.from : event.to});
    }
    const auto& first = action.events.front();
    const char* origin = back ? "undo" : "redo";
    std::vector<db::LabelEventRecord> events;
    if (action.decision) {
      GADOLIN_TRY(auto event,
                  db::decideConsensus(database, first.stack, first.slice, changes.front().label,
                                      first.reader, 0, origin));
      events.push_back(std::move(event));
    } else {
      GADOLIN_TRY(events, db::setSliceLabels(database, first.stack, changes, first.reader, 0,
                                             origin));
    }
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
