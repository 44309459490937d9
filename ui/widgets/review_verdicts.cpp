// What a reader decides and says in the Review workspace, and how it comes to the disk.

#include <QLineEdit>
#include <QPointer>
#include <algorithm>

#include "ui/session/label_desk.h"
#include "ui/session/project.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/review_workspace.h"
#include "ui/widgets/stack_list.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

bool ReviewWorkspace::mayWrite() {
  if (desk_ == nullptr) return false;
  if (!desk_->read_only) return true;
  desk_->notices.show(NoticeKind::Plain, tr("Read only"),
                      tr("Verdicts are given in the window that opened this project first."));
  return false;
}

QString ReviewWorkspace::commentOf(const session::ReviewItem& item) const {
  const auto draft = drafts_.find(item.prediction.id);
  return draft != drafts_.end() ? draft->second.text : QString::fromStdString(item.comment);
}

db::Verdict ReviewWorkspace::verdictOf(const session::ReviewItem& item) const {
  if (const auto sent = deciding_.find(item.prediction.id); sent != deciding_.end())
    return sent->second;
  // The item may be a copy from before the last verdict.
  const auto newest =
      std::find_if(items_.begin(), items_.end(), [&item](const session::ReviewItem& each) {
        return each.prediction.id == item.prediction.id;
      });
  return newest != items_.end() ? newest->verdict : item.verdict;
}

void ReviewWorkspace::decide(db::Verdict verdict) {
  const session::ReviewItem* item = current();
  if (item == nullptr || !mayWrite()) return;
  if (memory::reader().isEmpty()) {
    prompt_->ask();
    return;
  }
  if (verdict == db::Verdict::Accepted && !mask_) {
    // Still on its way: the key was meant for what was seen before. Else it cannot be shown.
    if (settled())
      desk_->notices.show(NoticeKind::Bad, tr("Not accepted"),
                          tr("The prediction is not on the screen, so nobody can say that it is "
                             "right."));
    return;
  }
  // Pressed twice before the first was on disk: the second was meant for nothing that was seen.
  if (deciding_.contains(item->prediction.id)) return;
  undo_.push_back({item->prediction.id, item->verdict, verdict});
  redo_.clear();
  write(*item, verdict, commentOf(*item), true);
}

void ReviewWorkspace::write(const session::ReviewItem& item, db::Verdict verdict,
                            const QString& comment, bool advance) {
  const std::int64_t prediction = item.prediction.id;
  const std::string stack = item.prediction.stack;
  const QString reader = memory::reader();
  if (const auto draft = drafts_.find(prediction);
      draft != drafts_.end() && draft->second.text == comment)
    draft->second.sent = true;
  deciding_[prediction] = verdict;
  ++waiting_;
  // The notices outlive the project: what failed while it was being closed is told as well.
  const QPointer<Notices> notices(&desk_->notices);
  whenDone(this,
           session::setVerdict(desk_->project, item, verdict, comment.toStdString(),
                               reader.toStdString()),
           [this, notices, prediction, stack, verdict, comment, reader, advance,
            generation = generation_](const Result<std::int64_t>& outcome) {
             if (!outcome && notices)
               notices->show(
                   NoticeKind::Bad,
                   tr("The verdict on %1 was not saved").arg(QString::fromStdString(stack)),
                   QString::fromStdString(outcome.error().message));
             if (generation != generation_ || desk_ == nullptr) return;
             if (waiting_ > 0) --waiting_;
             if (!outcome) {
               notWritten(prediction, verdict);
               return;
             }
             written(prediction, verdict, comment, reader);
             if (advance && shown_stack_ == stack) list_->step(1);
           });
}

void ReviewWorkspace::written(std::int64_t prediction, db::Verdict verdict, const QString& comment,
                              const QString& reader) {
  deciding_.erase(prediction);
  if (const auto draft = drafts_.find(prediction);
      draft != drafts_.end() && draft->second.text == comment)
    drafts_.erase(draft);
  for (session::ReviewItem& item : items_)
    if (item.prediction.id == prediction) {
      item.verdict = verdict;
      item.comment = comment.toStdString();
      item.reviewer = reader.toStdString();
    }
  fillList();
  refreshItem();
}

void ReviewWorkspace::notWritten(std::int64_t prediction, db::Verdict verdict) {
  deciding_.erase(prediction);
  if (const auto draft = drafts_.find(prediction); draft != drafts_.end())
    draft->second.sent = false;  // still in the field, and stored with the next chance
  if (!undo_.empty() && undo_.back().prediction == prediction && undo_.back().to == verdict)
    undo_.pop_back();
  refreshItem();
}

void ReviewWorkspace::undo() {
  step(undo_, redo_, &Verdict::from);
}

void ReviewWorkspace::redo() {
  step(redo_, undo_, &Verdict::to);
}

void ReviewWorkspace::step(std::vector<Verdict>& from, std::vector<Verdict>& to,
                           db::Verdict Verdict::*verdict) {
  if (from.empty() || desk_ == nullptr) return;
  const Verdict last = from.back();
  from.pop_back();
  to.push_back(last);
  for (const session::ReviewItem& item : items_)
    if (item.prediction.id == last.prediction) {
      const QString stack = QString::fromStdString(item.prediction.stack);
      write(item, last.*verdict, commentOf(item), false);
      if (list_->setCurrent(stack)) show(stack);
      return;
    }
}

void ReviewWorkspace::beginComment() {
  if (current() == nullptr || !mayWrite()) return;
  if (memory::reader().isEmpty()) {
    comment_after_name_ = true;
    prompt_->ask();
    return;
  }
  maximiser_->restore();
  comment_->setFocus();
}

void ReviewWorkspace::beginEditing() {
  const session::ReviewItem* item = current();
  if (item == nullptr || !mayWrite()) return;
  if (!mask_) {
    if (settled())
      desk_->notices.show(NoticeKind::Bad, tr("Not edited"),
                          tr("The prediction is not on the screen."));
    return;
  }
  Q_EMIT editPrediction(QString::fromStdString(item->prediction.stack), image_->slice(),
                        item->prediction.mask, QString::fromStdString(item->mask_sha256));
}

void ReviewWorkspace::commentTyped(const QString& text) {
  const session::ReviewItem* item = current();
  if (item == nullptr) return;
  const auto draft = drafts_.find(item->prediction.id);
  const bool sent = draft != drafts_.end() && draft->second.sent;
  // While another text is on its way to the disk, the stored one is not known.
  if (!sent && text == QString::fromStdString(item->comment))
    drafts_.erase(item->prediction.id);
  else
    drafts_.insert_or_assign(item->prediction.id, Draft{*item, text, false});
}

void ReviewWorkspace::discardComment() {
  if (const session::ReviewItem* item = current()) drafts_.erase(item->prediction.id);
  refreshItem();
  image_->setFocus();
}

/// Who leaves a comment has said it: it is stored with the prediction that it was typed for, with
/// the verdict that this one has. `but`: the prediction in front, whose comment is still typed at;
/// 0: none. Without a reader's name nothing is stored; `ask`: then somebody is there to give it.
void ReviewWorkspace::storeDrafts(std::int64_t but, bool ask) {
  if (desk_ == nullptr || desk_->read_only) return;
  bool nameless = false;
  for (const auto& [prediction, draft] : drafts_) {
    if (prediction == but || draft.sent) continue;
    if (memory::reader().isEmpty())
      nameless = true;
    else
      write(draft.item, verdictOf(draft.item), draft.text, false);
  }
  if (nameless && ask) prompt_->ask();
}

void ReviewWorkspace::tellOfDrafts(const QString& what) {
  for (const auto& [prediction, draft] : drafts_)
    if (!draft.sent && desk_ != nullptr)
      desk_->notices.show(
          NoticeKind::Bad, what,
          tr("%1: %2").arg(QString::fromStdString(draft.item.stack.patient), draft.text));
}

void ReviewWorkspace::readerNamed(const QString& name) {
  // The Label workspace may not have been opened yet.
  if (desk_ != nullptr) desk_->labels.setReader(name);
  storeDrafts(0, false);
  if (std::exchange(comment_after_name_, false))
    beginComment();
  else
    image_->setFocus();
}

}  // namespace gadolin::widgets
