// How the window of pseudo-masks is laid out.

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <utility>

#include "ui/view/image_view.h"
#include "ui/widgets/pseudo_dialog.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

PseudoDialog::PseudoDialog(Desk& desk, std::string run, QWidget* parent)
    : QDialog(parent), desk_(desk), run_(std::move(run)) {
  setObjectName(u"pseudoDialog"_s);
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Pseudo-masks of %1").arg(QString::fromStdString(run_)));
  resizeOnScreen(this, {1240, 820});
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(14);
  list_ = new StackList(tr("Stacks"));
  list_->setObjectName(u"pseudoStacks"_s);
  list_->setFixedWidth(230);
  row->addWidget(list_);
  auto* middle = new QVBoxLayout;
  middle->setSpacing(8);
  image_ = new view::ImageView;
  image_->setObjectName(u"pseudoImage"_s);
  image_->setViewKeysEnabled(false);
  image_->setFocusPolicy(Qt::StrongFocus);
  middle->addWidget(image_, 1);
  middle->addWidget(makeChipRow(&chips_));
  row->addLayout(middle, 1);
  row->addWidget(makeSide());
  prompt_ = new ReaderPrompt(this);
  connect(list_, &StackList::chosen, this, &PseudoDialog::show);
  connect(list_, &StackList::clicked, this, [this] { image_->setFocus(); });
  connect(image_, &view::ImageView::sliceChanged, this, &PseudoDialog::refresh);
  connect(image_, &view::ImageView::brushed, this, &PseudoDialog::erase);
  connect(image_, &view::ImageView::brushLifted, this, &PseudoDialog::storeTrim);
  connect(prompt_, &ReaderPrompt::named, this, [this] { image_->setFocus(); });
  connect(prompt_, &ReaderPrompt::dismissed, this, [this] { image_->setFocus(); });
  applyStyle();
  refresh();
  load(true);
  image_->setFocus();
}

PseudoDialog::~PseudoDialog() {
  image_->liftBrush();
}

QWidget* PseudoDialog::makeSide() {
  QVBoxLayout* side = nullptr;
  QFrame* panel = makePanel(tr("Pseudo-masks"), &side);
  about_ = makeLabel({}, "muted");
  about_->setObjectName(u"pseudoAbout"_s);
  about_->setWordWrap(true);
  side->addWidget(about_);
  fault_ = makeLabel({}, "bad");  // a notice may lie behind this window
  fault_->setWordWrap(true);
  fault_->hide();
  side->addWidget(fault_);
  side->addSpacing(10);
  said_ = makeLabel({}, "value");
  said_->setObjectName(u"pseudoSaid"_s);
  said_->setWordWrap(true);
  side->addWidget(said_);
  side->addSpacing(6);
  const auto add = [&](QPushButton*& button, const QString& text, const char* name) {
    button = makeButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setFocusPolicy(Qt::NoFocus);  // keys stay with the picture
    button->setAutoDefault(false);        // Enter means the rest of the stack
    side->addWidget(button);
  };
  add(accept_, tr("Accept  (A)"), "pseudoAccept");
  add(reject_, tr("Reject  (R)"), "pseudoReject");
  add(back_, tr("Take back  (U)"), "pseudoRestore");
  add(rest_, tr("Accept the rest of this stack  (Enter)"), "pseudoRest");
  side->addSpacing(10);
  auto* keys =
      makeLabel(tr("Drag over the mask to take pixels away, + and − make the brush larger and "
                   "smaller.\n"
                   "← → slices, PgUp PgDn stacks.\n"
                   "Hold H hides the mask, M shows where the classifier points, T takes both "
                   "away, W sets the window."),
                "muted");
  keys->setWordWrap(true);
  side->addWidget(keys);
  side->addStretch(1);
  done_ = makeButton(tr("Done, go on training"), {}, "primary");
  done_->setObjectName(u"pseudoDone"_s);
  done_->setAutoDefault(false);
  side->addWidget(done_);
  connect(accept_, &QPushButton::clicked, this, [this] { judge(Verdict::Accepted); });
  connect(reject_, &QPushButton::clicked, this, [this] { judge(Verdict::Rejected); });
  connect(back_, &QPushButton::clicked, this, &PseudoDialog::takeBack);
  connect(rest_, &QPushButton::clicked, this, [this] { judgeRest(Verdict::Accepted); });
  connect(done_, &QPushButton::clicked, this, &PseudoDialog::finish);
  constexpr int side_width = 290;
  return makeScrolling(panel, side_width);
}

}  // namespace gadolin::widgets
