#include "ui/session/insertion_desk.h"

#include <algorithm>
#include <set>

#include "core/analysis/rv_insertion.h"
#include "core/imaging/display_orientation.h"
#include "database/rv_insertions.h"
#include "ui/session/in_pool.h"
#include "ui/session/rv_points.h"
#include "ui/session/when_done.h"

namespace gadolin::session {
namespace {

using Place = std::optional<std::array<double, 2>>;

Place placeOf(const std::vector<analysis::RvInsertion>& points, int slice, analysis::InsertionKind kind) {
  const auto found = std::ranges::find(points, slice, &analysis::RvInsertion::slice);
  return found == points.end() ? std::nullopt : found->at(kind);
}

void put(std::vector<analysis::RvInsertion>& points, int slice, analysis::InsertionKind kind, Place place) {
  auto found = std::ranges::find(points, slice, &analysis::RvInsertion::slice);
  if (found == points.end()) {
    if (!place) return;
    found = points.insert(points.end(), {slice, std::nullopt, std::nullopt});
  }
  (kind == analysis::InsertionKind::Anterior ? found->anterior : found->inferior) = place;
  if (!found->anterior && !found->inferior) points.erase(found);
}

}  // namespace

InsertionDesk::InsertionDesk(Project& project, QObject* parent) : QObject(parent), project_(project) {}

void InsertionDesk::open(const std::string& stack) {
  if (stack == stack_) return;
  stack_ = stack;
  ++number_;
  set_ = {};
  proposed_.clear();
  before_.clear();
  changed_here_ = false;
  Q_EMIT changed();
  if (!stack_.empty()) read();
}

void InsertionDesk::read() {
  whenDone(this,
           project_.read<analysis::SetInsertions>([stack = stack_](db::Database& database) {
             return setInsertions(database, stack);
           }),
           [this, number = number_](const Result<analysis::SetInsertions>& found) {
             if (number != number_ || changed_here_) return;
             if (!found) {
               Q_EMIT failed(QString::fromStdString(found.error().message));
               return;
             }
             set_ = *found;
             Q_EMIT changed();
           });
}

void InsertionDesk::propose(std::shared_ptr<const Stack> image, std::shared_ptr<const Mask> mask) {
  if (!image || !mask || !set_.points.empty()) return;
  ++pending_;
  // The mask changes in place under the reader's hand: the search has a copy.
  inPool(
      this,
      [image, copy = *mask] {
        return analysis::findRvInsertion(*image, copy,
                                         displayOrientation(image->image.geometry).known);
      },
      [this, number = number_](std::optional<analysis::FoundInsertion> found) {
        --pending_;
        if (number != number_) return;
        proposed_.clear();
        if (found) proposed_.push_back(found->place);
        Q_EMIT changed();
      });
}

void InsertionDesk::set(int slice, analysis::InsertionKind kind, std::optional<std::array<double, 2>> place) {
  analysis::SetInsertions after = set_;
  // Who moves one of what was proposed has seen the other; who takes one away has said nothing of it.
  if (after.points.empty() && place) after.points = proposed_;
  put(after.points, slice, kind, place);
  write(after);
}

void InsertionDesk::confirm() {
  if (!areProposed()) return;
  write({proposed_, {}});
}

bool InsertionDesk::undo() {
  if (before_.empty()) return false;
  const analysis::SetInsertions back = before_.back();
  before_.pop_back();
  if (write(back)) before_.pop_back();  // the undoing is not undone
  return true;
}

/// Stores the difference between what is set and `after`; false when there is none.
bool InsertionDesk::write(const analysis::SetInsertions& after) {
  if (stack_.empty() || reader_.isEmpty()) return false;
  std::set<int> slices;
  for (const auto& point : set_.points) slices.insert(point.slice);
  for (const auto& point : after.points) slices.insert(point.slice);
  std::vector<db::InsertionRecord> rows;
  for (const int slice : slices) {
    for (const auto kind : {analysis::InsertionKind::Anterior, analysis::InsertionKind::Inferior}) {
      const Place place = placeOf(after.points, slice, kind);
      if (placeOf(set_.points, slice, kind) == place) continue;
      rows.push_back({stack_, slice,
                      kind == analysis::InsertionKind::Anterior ? db::InsertionKind::Anterior
                                                                : db::InsertionKind::Inferior,
                      place, reader_.toStdString(), {}});
    }
  }
  if (rows.empty()) return false;
  changed_here_ = true;
  before_.push_back(set_);
  set_ = after;
  set_.reader = reader_.toStdString();
  if (set_.points.empty()) set_.reader.clear();
  Q_EMIT changed();
  store(std::move(rows));
  return true;
}

void InsertionDesk::store(std::vector<db::InsertionRecord> rows) {
  ++pending_;
  whenDone(this,
           project_.write<int>([rows = std::move(rows)](db::Database& database) -> Result<int> {
             const auto stored = database.transaction([&]() -> Result<void> {
               for (const auto& row : rows) GADOLIN_CHECK(db::addInsertion(database, row));
               return {};
             });
             if (!stored) return stored.error();
             return static_cast<int>(rows.size());
           }),
           [this, number = number_](const Result<int>& stored) {
             --pending_;
             if (stored) return;
             if (number == number_) {
               before_.clear();
               changed_here_ = false;
               read();
             }
             Q_EMIT failed(QString::fromStdString(stored.error().message));
           });
}

}  // namespace gadolin::session
