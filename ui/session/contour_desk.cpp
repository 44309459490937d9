#include "ui/session/contour_desk.h"

#include <algorithm>

#include "database/mask_edits.h"
#include "database/masks.h"
#include "ui/session/when_done.h"

namespace gadolin::session {
namespace {

// Long enough that a pause for thought makes no revision, short enough that who trains from another
// window has what was drawn.
constexpr int idle_ms = 20'000;
// Whoever looks longer at one step has been away.
constexpr double longest_step_s = 60;

}  // namespace

/// Touched by jobs in the writer thread alone, so it is in step with the order of the calls.
struct ContourDesk::Writer {
  std::optional<std::int64_t> opened_on;  // revision that was read
  std::optional<std::int64_t> drawn;      // this reader's newest revision then
  int stored = 0;                         // number of the last step that was written
  std::int64_t step = 0;                  // and its id
};

ContourDesk::ContourDesk(Project& project, StackStore& store, QObject* parent)
    : QObject(parent), project_(project), store_(store) {
  idle_.setSingleShot(true);
  idle_.setInterval(idle_ms);
  connect(&idle_, &QTimer::timeout, this, &ContourDesk::settle);
}

ContourDesk::~ContourDesk() {
  drop();
  settle();
}

namespace {

/// Stores a step after the one before it, or nothing: a transaction may fail before its job runs,
/// within it, or when it is committed. 0: the one before is not on disk.
Result<std::int64_t> storeAfter(db::Database& database, db::MaskEditRecord edit, int number,
                                const std::optional<std::int64_t>& opened_on,
                                const std::optional<std::int64_t>& drawn, int& stored,
                                std::int64_t& step) {
  GADOLIN_TRY(const auto end, db::drawingEnd(database, edit.stack, edit.reader));
  if (stored != number - 1 || end.step != step) return std::int64_t{0};
  // Revisions are made by this reader alone, and by the next start after a crash.
  edit.base = end.revision != drawn ? end.revision : opened_on;
  GADOLIN_TRY(step, db::addMaskEdit(database, edit));
  stored = number;
  return step;
}

}  // namespace

bool ContourDesk::canDraw() const {
  return mask_ && !reading_ && !reader_.isEmpty() && project_.access() == Access::ReadWrite;
}

contour::Plane ContourDesk::plane() const {
  return image_ ? contour::Plane(image_->image.geometry) : contour::Plane();
}

void ContourDesk::setReader(const QString& name) {
  const QString trimmed = name.trimmed();
  if (trimmed == reader_) return;
  drop();
  settle();
  reader_ = trimmed;
  if (!stack_.empty()) read();
}

void ContourDesk::setIndependent(bool independent) {
  const Beginning wanted = independent ? Beginning::Independent : Beginning::Standing;
  if (wanted == beginning_) return;
  drop();
  settle();
  beginning_ = wanted;
  if (!stack_.empty()) read();
}

void ContourDesk::open(const std::string& stack) {
  if (stack == stack_ && (mask_ || reading_)) return;
  drop();
  settle();
  stack_ = stack;
  if (stack_.empty()) {
    ++number_;
    reading_ = false;
    image_.reset();
    mask_.reset();
    drawing_ = {};
    pen_slice_ = -1;
    Q_EMIT closed();
    return;
  }
  read();
}

void ContourDesk::refresh() {
  if (!mask_ || reading_ || isDrawing()) return;
  struct NewestMask {
    std::optional<db::MaskRecord> mask;
    bool own = false;  // made of this reader's steps, by another program that opened the project
  };
  whenDone(this,
           project_.read<NewestMask>(
               [stack = stack_, reader = reader_.toStdString(),
                beginning = beginning_](db::Database& database) -> Result<NewestMask> {
                 NewestMask standing;
                 GADOLIN_TRY(standing.mask, maskToDrawOn(database, stack, reader, beginning));
                 GADOLIN_TRY(const auto end, db::drawingEnd(database, stack, reader));
                 standing.own = standing.mask && end.revision == standing.mask->id;
                 return standing;
               }),
           [this, number = number_](const Result<NewestMask>& standing) {
             if (number != number_ || reading_ || isDrawing() || !standing) return;
             const auto id =
                 standing->mask ? std::optional(standing->mask->id) : std::nullopt;
             if (id == drawing_.base) return;
             if (standing->own) {
               drawing_.base = id;
               drawing_.author = standing->mask->author;
               drawing_.imported = false;
               Q_EMIT changed();
               return;
             }
             settle();
             read();
           });
}

void ContourDesk::offerPrediction(std::int64_t mask, const std::string& sha256) {
  drawing_.prediction_mask = mask;
  drawing_.prediction_sha256 = sha256;
  drawing_.prediction_run.clear();
  Q_EMIT factsChanged();
}

void ContourDesk::refreshFacts() {
  if (!mask_ || reading_) return;
  whenDone(this,
           project_.read<Drawing>([paths = project_.paths(), stack = stack_](
                                      db::Database& database) -> Result<Drawing> {
             Drawing facts;
             GADOLIN_CHECK(readFacts(database, paths, stack, facts));
             return facts;
           }),
           [this, number = number_](const Result<Drawing>& facts) {
             if (number != number_ || reading_ || !facts) return;
             drawing_.labels = facts->labels;
             drawing_.prediction_sha256 = facts->prediction_sha256;
             drawing_.prediction_mask = facts->prediction_mask;
             drawing_.prediction_run = facts->prediction_run;
             Q_EMIT factsChanged();
           });
}

void ContourDesk::read() {
  const int number = ++number_;
  reading_ = true;
  image_.reset();
  mask_.reset();
  drawing_ = {};
  pen_slice_ = -1;
  step_number_ = 0;
  writer_ = std::make_shared<Writer>();
  Q_EMIT closed();
  const auto fail = [this, number](const Error& error) {
    if (number != number_) return;
    reading_ = false;
    Q_EMIT failed(DrawingFault::Reading, QString::fromStdString(error.message));
  };
  whenDone(this, store_.load(stack_), [this, number, fail](
                                          const Result<std::shared_ptr<const Stack>>& loaded) {
    if (number != number_) return;
    if (!loaded) {
      fail(loaded.error());
      return;
    }
    const std::shared_ptr<const Stack> image = *loaded;
    auto job = [paths = project_.paths(), stack = stack_, reader = reader_.toStdString(),
                grid = image->image.geometry, beginning = beginning_,
                writer = writer_](db::Database& database, bool may_write) -> Result<Drawing> {
      auto drawing = readDrawing(database, paths, stack, reader, grid, beginning);
      if (drawing && drawing->elsewhere && may_write) {
        GADOLIN_CHECK(settleDrawing(database, paths, stack, reader));
        drawing = readDrawing(database, paths, stack, reader, grid, beginning);
      }
      if (drawing) {
        writer->opened_on = drawing->base;
        writer->drawn = drawing->last_revision;
        writer->step = drawing->last_step;
      }
      return drawing;
    };
    // After what was asked for before, so that it is in the answer; else as soon as may be.
    const bool behind = pending_ > 0 || settling_ > 0;
    auto answer =
        behind ? project_.write<Drawing>([job](db::Database& database) { return job(database, true); })
               : project_.read<Drawing>([job](db::Database& database) { return job(database, false); });
    const auto done = [this, number, fail, image](const Result<Drawing>& drawing) {
      if (number != number_) return;
      if (!drawing) {
        image_ = image;
        fail(drawing.error());
      } else {
        take(image, *drawing);
      }
    };
    whenDone(this, answer, [this, number, done, job](const Result<Drawing>& drawing) {
      const bool may_write = project_.access() == Access::ReadWrite;
      if (number == number_ && drawing && drawing->elsewhere && may_write)
        whenDone(this, project_.write<Drawing>([job](db::Database& database) {
          return job(database, true);
        }),
                 done);
      else
        done(drawing);
    });
  });
}

void ContourDesk::take(std::shared_ptr<const Stack> image, Drawing drawing) {
  reading_ = false;
  image_ = std::move(image);
  drawing_ = std::move(drawing);
  mask_ = std::make_shared<Mask>(std::move(drawing_.mask));
  since_step_.start();
  Q_EMIT opened();
}

std::span<std::uint8_t> ContourDesk::pen(int z) {
  if (!canDraw()) return {};
  if (isDrawing() && pen_slice_ != z) drop();
  const auto slice = mask_->slice(z);
  if (!isDrawing()) before_.assign(slice.begin(), slice.end());
  pen_slice_ = z;
  return slice;
}

void ContourDesk::drop() {
  if (!isDrawing()) return;
  std::ranges::copy(before_, mask_->slice(pen_slice_).begin());
  pen_slice_ = -1;
  before_.clear();
  Q_EMIT changed();
}

bool ContourDesk::commit(const std::string& tool) {
  if (!isDrawing()) return false;
  const int z = std::exchange(pen_slice_, -1);
  DrawnStep step{contour::deltaBetween(before_, std::as_const(*mask_).slice(z),
                                       mask_->geometry.index(0, 0, z)),
                 tool, z};
  before_.clear();
  if (step.delta.empty()) return false;
  write(static_cast<int>(db::EditAction::Draw), step, step.delta);
  drawing_.done.push_back(std::move(step));
  drawing_.undone.clear();
  Q_EMIT changed();
  return true;
}

bool ContourDesk::replace(const Mask& mask, int z, const std::string& tool) {
  drop();
  if (!canDraw() || mask.geometry.size != mask_->geometry.size) return false;
  DrawnStep step{contour::deltaBetween(mask_->voxels, mask.voxels, 0), tool, z};
  if (step.delta.empty()) return false;
  mask_->voxels = mask.voxels;
  write(static_cast<int>(db::EditAction::Draw), step, step.delta);
  drawing_.done.push_back(std::move(step));
  drawing_.undone.clear();
  Q_EMIT changed();
  return true;
}

void ContourDesk::step(std::vector<DrawnStep>& from, std::vector<DrawnStep>& to, bool back) {
  DrawnStep moved = std::move(from.back());
  from.pop_back();
  const contour::MaskDelta delta = back ? contour::inverse(moved.delta) : moved.delta;
  if (const auto applied = contour::apply(delta, *mask_); !applied) {
    // The mask is not what the history says, and nothing was changed: as it is on disk.
    Q_EMIT failed(DrawingFault::Reading, QString::fromStdString(applied.error().message));
    read();
    return;
  }
  write(static_cast<int>(back ? db::EditAction::Undo : db::EditAction::Redo), moved, delta);
  to.push_back(std::move(moved));
  Q_EMIT changed();
}

int ContourDesk::undo() {
  drop();
  if (!canUndo()) return -1;
  const int z = drawing_.done.back().slice;
  step(drawing_.done, drawing_.undone, true);
  return z;
}

int ContourDesk::redo() {
  drop();
  if (!canRedo()) return -1;
  const int z = drawing_.undone.back().slice;
  step(drawing_.undone, drawing_.done, false);
  return z;
}

void ContourDesk::write(int action, const DrawnStep& step, const contour::MaskDelta& delta) {
  db::MaskEditRecord edit;
  edit.stack = stack_;
  edit.reader = reader_.toStdString();
  edit.action = static_cast<db::EditAction>(action);
  edit.tool = step.tool;
  edit.slice = step.slice;
  edit.delta = contour::toBytes(delta);
  edit.seconds = std::min(longest_step_s, static_cast<double>(since_step_.restart()) / 1000);
  ++pending_;
  whenDone(this,
           project_.write<std::int64_t>([writer = writer_, edit = std::move(edit),
                                         number = ++step_number_](db::Database& database) {
             return storeAfter(database, edit, number, writer->opened_on, writer->drawn,
                               writer->stored, writer->step);
           }),
           [this, number = number_](const Result<std::int64_t>& id) {
             --pending_;
             if (id && *id > 0) {
               Q_EMIT stored();
               return;
             }
             // Those after it are not stored either; one is told.
             if (!id)
               Q_EMIT failed(DrawingFault::Storing, QString::fromStdString(id.error().message));
             if (number == number_) read();
           });
  idle_.start();
}

void ContourDesk::settle() {
  idle_.stop();
  if (stack_.empty() || !writer_ || reader_.isEmpty() ||
      project_.access() != Access::ReadWrite)
    return;
  using Made = Result<std::optional<std::int64_t>>;
  ++settling_;
  whenDone(this,
           project_.write<std::optional<std::int64_t>>(
               [paths = project_.paths(), stack = stack_,
                reader = reader_.toStdString()](db::Database& database) -> Made {
                 return settleDrawing(database, paths, stack, reader);
               }),
           [this, number = number_](const Made& made) {
             --settling_;
             if (!made) {
               Q_EMIT failed(DrawingFault::Revision, QString::fromStdString(made.error().message));
             } else if (*made && number == number_) {
               drawing_.base = **made;
               drawing_.author = reader_.toStdString();
               drawing_.imported = false;
               Q_EMIT changed();
             }
           });
}

}  // namespace gadolin::session
