// Who reads in the Label workspace, through which worklist, and the decision on what readers see
// differently.

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

#include "ui/session/label_desk.h"
#include "ui/view/image_view.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/later.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QWidget* LabelWorkspace::makeDecision() {
  QVBoxLayout* column = nullptr;
  decision_ = makePanel({}, &column);
  said_ = makeLabel({}, "heading");
  said_->setObjectName(u"decisionSaid"_s);
  said_->setWordWrap(true);
  decided_ = makeLabel({}, "muted");
  decided_->setObjectName(u"decisionMade"_s);
  decided_->setWordWrap(true);
  column->addWidget(said_);
  column->addWidget(decided_);
  decision_->hide();
  return decision_;
}

void LabelWorkspace::chooseWorklist(session::Worklist kind) {
  session_->setWorklist(kind);
  image_->setPlaceholder(kind == session::Worklist::All ? tr("No stack to label")
                         : kind == session::Worklist::Disagreements
                             ? tr("No slice is labelled differently by two readers")
                             : tr("No stack in this worklist"));
  actions_.back()->setText(session_->deciding() || kind == session::Worklist::Disagreements
                               ? tr("Space  Next")
                               : tr("Space  Rest none, next stack"));
  refreshDecision();
}

void LabelWorkspace::beginDecision(const QString& stack, int slice) {
  kind_->setCurrentIndex(kind_->findData(static_cast<int>(session::Worklist::Disagreements)));
  session_->openSlice(stack.toStdString(), slice >= 0 ? std::optional(slice) : std::nullopt);
}

void LabelWorkspace::refreshDecision() {
  decision_->setVisible(session_->deciding());
  if (!session_->deciding()) return;
  const session::Disagreement* one = session_->disagreement();
  if (session_->stack() == nullptr || one == nullptr) {
    said_->setText(session_->stack() == nullptr ? tr("Nothing to decide")
                                                : tr("Readers do not differ on this slice"));
    decided_->setText(tr("Slices with \u2260 are labelled differently."));
    return;
  }
  QStringList said;
  for (const auto& [reader, label] : one->said)
    said << tr("%1: %2").arg(
        reader == "reference" ? tr("reference masks") : QString::fromStdString(reader),
        labelText(label));
  said_->setText(said.join(u"   \u00b7   "_s));
  const QString me = memory::reader();
  decided_->setText(
      one->decided != SliceLabel::Unlabelled
          ? tr("Decided by %1: %2. Another key decides anew.")
                .arg(QString::fromStdString(one->decided_by), labelText(one->decided))
      : me.isEmpty()
          ? tr("Your key decides. The readers' labels stay as they are.")
          : tr("Your key decides, as %1. The readers' labels stay as they are.").arg(me));
}

void LabelWorkspace::reloadReaders() {
  if (desk_ == nullptr) return;
  whenDone(this, session::labelReaders(desk_->project),
           [this](const Result<std::vector<std::string>>& readers) {
             // Without the list there is still the prompt.
             readers_ = readers ? *readers : std::vector<std::string>();
           });
}

void LabelWorkspace::showReaders() {
  const QString present = memory::reader();
  if (readers_.empty() ||
      (readers_.size() == 1 && QString::fromStdString(readers_[0]) == present)) {
    prompt_->ask();
    return;
  }
  auto* menu = new QMenu(this);
  menu->setObjectName(u"readerMenu"_s);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (const std::string& reader : readers_) {
    const QString name = QString::fromStdString(reader);
    // An ampersand in a name is no shortcut.
    QAction* action = menu->addAction(QString(name).replace(u"&"_s, u"&&"_s));
    action->setCheckable(true);
    action->setChecked(name == present);
    connect(action, &QAction::triggered, this, [this, name] {
      if (name == memory::reader()) return;
      memory::setReader(name);
      switchReader(name);
    });
  }
  menu->addSeparator();
  connect(menu->addAction(tr("Another reader\u2026")), &QAction::triggered, this,
          [this] { prompt_->ask(); });
  menu->popup(reader_->mapToGlobal(QPoint(0, reader_->height())));
}

void LabelWorkspace::switchReader(const QString& name) {
  if (desk_ != nullptr) desk_->labels.setReader(name);
  refreshReader();
  // What is to be decided stays in front, whoever decides; labels begin with the reader's own list.
  const bool stays = session_->deciding() && session_->position() >= 0;
  const std::string stack =
      stays ? session_->worklist()[static_cast<std::size_t>(session_->position())].stack : "";
  const int slice = session_->slice();
  if (desk_ != nullptr) session_->setDesk(desk_);
  if (stays) session_->openSlice(stack, slice);
  reloadReaders();
  image_->setFocus();
}

}  // namespace gadolin::widgets
