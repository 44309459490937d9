#include "ui/widgets/contour_workspace.h"

#include <QBoxLayout>
#include <QFrame>
#include <QKeyEvent>
#include <QLabel>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

ContourWorkspace::ContourWorkspace(QWidget* parent) : Workspace(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(14);
  list_ = new StackList(tr("Stacks"));
  list_->setFixedWidth(230);
  row->addWidget(list_);
  image_ = new view::ImageView;
  image_->setObjectName(u"contourImage"_s);
  image_->setPlaceholder(tr("Choose a stack"));
  row->addWidget(image_, 1);

  QVBoxLayout* side = nullptr;
  QFrame* panel = makePanel(tr("Masks"), &side);
  panel->setFixedWidth(300);
  mask_text_ = makeLabel({}, "muted");
  mask_text_->setWordWrap(true);
  side->addWidget(mask_text_);
  side->addSpacing(12);
  side->addWidget(makeLabel(tr("Drawing is not in this version"), "heading"));
  auto* words = makeLabel(tr("This page shows the mask of each stack and cannot change it.\n\n"
                             "Meanwhile, masks come in two ways:\n"
                             "• Import them: a NIfTI mask beside its image, or a folder in the "
                             "EMIDEC layout, drawn in the "
                             "program that you use today.\n"
                             "• Train on slice labels (Ctrl+4), then accept predictions in Review "
                             "(Ctrl+5): an accepted "
                             "prediction becomes a mask of yours."),
                          "muted");
  words->setWordWrap(true);
  side->addWidget(words);
  side->addStretch(1);
  row->addWidget(panel);
  maximiser_ = new Maximiser(image_, this);
  connect(list_, &StackList::chosen, this, &ContourWorkspace::load);
}

void ContourWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  ++load_number_;
  waiting_ = 0;
  list_->setEntries({});
  image_->setStack(nullptr);
  mask_text_->clear();
  if (desk_ == nullptr) return;
  connect(&desk_->project, &session::Project::cohortChanged, this, &ContourWorkspace::reload);
  reload();
}

void ContourWorkspace::enter() {
  image_->setFocus();
}

void ContourWorkspace::showStack(const QString& stack) {
  if (list_->current() == stack) return;
  wanted_ = stack;
  if (list_->setCurrent(stack)) load(stack);
}

void ContourWorkspace::reload() {
  ++waiting_;
  whenDone(this, session::cohortRows(desk_->project),
           [this](const Result<std::vector<db::CohortRow>>& rows) {
             if (desk_ == nullptr) return;
             if (waiting_ > 0) --waiting_;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The stacks cannot be listed"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             std::vector<ListEntry> entries;
             for (const db::CohortRow& row : *rows)
               entries.push_back({QString::fromStdString(row.stack.id),
                                  QString::fromStdString(row.stack.patient),
                                  row.has_reference ? tr("mask of a person") : tr("no mask")});
             list_->setEntries(entries);
             if (!list_->current().isEmpty()) return;
             const QString stack =
                 !wanted_.isEmpty() && list_->setCurrent(wanted_) ? wanted_ : list_->first();
             if (stack.isEmpty()) return;
             list_->setCurrent(stack);
             load(stack);
           });
}

void ContourWorkspace::load(const QString& stack) {
  if (desk_ == nullptr) return;
  const int number = ++load_number_;
  const std::string id = stack.toStdString();
  ++waiting_;
  whenDone(this, desk_->store.load(id),
           [this, number, id](const Result<std::shared_ptr<const Stack>>& loaded) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_ || desk_ == nullptr) return;
             if (!loaded) {
               // Another patient's picture must not stand beside this name.
               image_->setStack(nullptr);
               mask_text_->clear();
               desk_->notices.show(NoticeKind::Bad, tr("The stack cannot be shown"),
                                   QString::fromStdString(loaded.error().message));
               return;
             }
             const std::shared_ptr<const Stack>& value = *loaded;
             image_->setTitle(QString::fromStdString(id));
             image_->setStack(value, value->sliceCount() / 2);
             Q_EMIT stackShown(QString::fromStdString(id));
             loadMask(id, number);
           });
}

void ContourWorkspace::loadMask(const std::string& stack, int number) {
  ++waiting_;
  mask_text_->setText(tr("Looking for a mask…"));
  whenDone(this, session::referenceMask(desk_->project, stack),
           [this, number, stack](const Result<std::string>& sha) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_ || desk_ == nullptr) return;
             if (!sha) {
               failMask(sha.error());
               return;
             }
             if (sha->empty()) {
               mask_text_->setText(tr("Nobody has drawn a mask for this stack yet."));
               return;
             }
             ++waiting_;
             whenDone(this, desk_->store.loadMask(*sha),
                      [this, number, stack](const Result<std::shared_ptr<const Mask>>& mask) {
                        if (waiting_ > 0) --waiting_;
                        if (number != load_number_ || desk_ == nullptr) return;
                        if (mask)
                          showMask(stack, *mask);
                        else
                          failMask(mask.error());
                      });
           });
}

void ContourWorkspace::showMask(const std::string& stack, const std::shared_ptr<const Mask>& mask) {
  if (!image_->setMask(mask)) {
    failMask({ErrorCode::Corrupt,
              "The mask has not the size of stack " + stack + ". Run: gadolinctl check PROJECT"});
    return;
  }
  mask_text_->setText(
      tr("The mask of this stack: myocardium, scar and no-reflow with their borders. T hides it, "
         "[ and ] change its opacity."));
}

void ContourWorkspace::failMask(const Error& error) {
  const QString text = QString::fromStdString(error.message);
  mask_text_->setText(tr("The mask of this stack cannot be shown: %1").arg(text));
  desk_->notices.show(NoticeKind::Bad, tr("The mask cannot be shown"), text);
}

void ContourWorkspace::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && maximiser_->restore())
    event->accept();
  else
    Workspace::keyPressEvent(event);
}

std::vector<KeyHint> ContourWorkspace::keys() const {
  return {{tr("Wheel"), tr("Slices")},
          {u"T"_s, tr("Mask on and off")},
          {u"[ · ]"_s, tr("Opacity of the mask")},
          {u"A · R"_s, tr("Automatic window · reset view")},
          {u"I"_s, tr("Smooth, or voxel by voxel")},
          {tr("Double click · Esc"), tr("The image alone · back")},
          {tr("Right drag"), tr("Window and level")},
          {tr("Ctrl+wheel"), tr("Zoom")}};
}

}  // namespace gadolin::widgets
