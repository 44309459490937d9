#include "ui/widgets/kind_question.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "core/imaging/series_judgement.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

KindQuestion::KindQuestion(QWidget* parent) : QFrame(parent) {
  setObjectName(u"panel"_s);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 8, 8, 8);
  row->setSpacing(8);
  auto* texts = new QVBoxLayout;  // beside each other they leave the text too little on a small screen
  texts->setSpacing(2);
  texts->addWidget(makeLabel(tr("Magnitude or PSIR?"), "heading"));
  text_ = makeLabel({}, "muted");
  text_->setObjectName(u"kindQuestionText"_s);
  text_->setWordWrap(true);
  texts->addWidget(text_);
  row->addLayout(texts, 1);
  const auto add = [&](const QString& words, const QString& name, const char* role) {
    auto* button = makeButton(words, {}, role);
    button->setObjectName(name);
    button->setFocusPolicy(Qt::TabFocus);  // a click leaves the keys with the table
    row->addWidget(button);
    buttons_.push_back(button);
    return button;
  };
  connect(add(tr("Magnitude"), u"kindMagnitude"_s, ""), &QPushButton::clicked, this,
          [this] { answer(ImageKind::Magnitude); });
  connect(add(tr("PSIR"), u"kindPsir"_s, ""), &QPushButton::clicked, this,
          [this] { answer(ImageKind::Psir); });
  connect(add(tr("Look"), u"kindLook"_s, "flat"), &QPushButton::clicked, this, [this] {
    if (!questions_.empty())
      Q_EMIT lookWanted(QString::fromStdString(questions_.front().stacks.front()));
  });
  connect(add(tr("Not now"), u"kindLater"_s, "flat"), &QPushButton::clicked, this, [this] {
    if (questions_.empty()) return;
    put_off_ << questions_.front().key;
    questions_.erase(questions_.begin());
    ask();
  });
  buttons_[2]->setToolTip(tr("Opens the first of these stacks"));
  buttons_[3]->setToolTip(
      tr("Asks again when the project is opened the next time. A right click on the stack answers "
         "as well."));
  hide();
}

void KindQuestion::setRows(const std::vector<db::CohortRow>& rows, bool read_only) {
  questions_.clear();
  for (const db::CohortRow& row : rows) {
    if (read_only || row.stack.kind != ImageKind::Unknown) continue;
    const QString key = QString::fromStdString(decisionKey(row.stack.description));
    if (put_off_.contains(key)) continue;
    auto found = std::ranges::find(questions_, key, &Question::key);
    if (found == questions_.end())
      found = questions_.insert(questions_.end(), {key, row.stack.description, {}});
    found->stacks.push_back(row.stack.id);
  }
  ask();
}

void KindQuestion::clear() {
  put_off_.clear();
  questions_.clear();
  ask();
}

void KindQuestion::answer(ImageKind kind) {
  if (questions_.empty()) return;
  // The table is read anew when it is done; until then a second click would answer the next question.
  for (auto* button : buttons_) button->setEnabled(false);
  Q_EMIT answered(questions_.front().stacks, kind);
}

void KindQuestion::ask() {
  for (auto* button : buttons_) button->setEnabled(true);
  setVisible(!questions_.empty());
  if (questions_.empty()) return;
  const Question& question = questions_.front();
  const QString what =
      question.description.empty()
          ? tr("without a description")
          : tr("described as \"%1\"").arg(QString::fromStdString(question.description));
  QString text = question.stacks.size() == 1
                     ? tr("Neither the header nor the grey values of %1, %2, tell.")
                           .arg(QString::fromStdString(question.stacks.front()), what)
                     : tr("Neither the header nor the grey values of %1 stacks %2 tell.")
                           .arg(question.stacks.size())
                           .arg(what);
  if (const auto more = questions_.size() - 1; more > 0)
    text += u" "_s + (more == 1 ? tr("One more question follows.")
                                : tr("%1 more questions follow.").arg(more));
  text_->setText(text);
}

}  // namespace gadolin::widgets
