#include "ui/widgets/report_origin.h"

#include <QBoxLayout>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QPlainTextEdit>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

bool isPrediction(report::Origin origin) {
  return origin == report::Origin::Prediction || origin == report::Origin::AcceptedPrediction;
}

/// What is known of where the figures come from, to be read and copied.
void showText(QWidget* over, const QString& title, const QString& text) {
  auto* dialog = new QDialog(over->window());
  dialog->setObjectName(u"provenance"_s);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(title);
  auto* column = new QVBoxLayout(dialog);
  auto* page = new QPlainTextEdit(text);
  page->setReadOnly(true);
  page->setLineWrapMode(QPlainTextEdit::NoWrap);
  page->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  column->addWidget(page);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  column->addWidget(buttons);
  resizeOnScreen(dialog, {860, 640});
  dialog->open();
}

}  // namespace

ReportOrigin::ReportOrigin(QWidget* parent) : QFrame(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  const auto add = [&](const QString& name, const QString& icon, const QString& tip) {
    auto* button = makeButton({}, icon, "link");
    button->setObjectName(name);
    button->setToolTip(tip);
    column->addWidget(button);
    return button;
  };
  measured_ = add(u"originMeasured"_s, u"contour"_s, tr("Shows the mask that these figures measure"));
  reference_ =
      add(u"originReference"_s, u"contour"_s, tr("Shows the mask that they are compared with"));
  run_ = add(u"originRun"_s, u"train"_s, tr("Shows the training whose prediction this is"));
  all_ = add(u"originAll"_s, u"report"_s,
             tr("Stack, labels with who gave them, mask revisions, run, versions and split"));
  all_->setText(tr("Everything that is known…"));
  connect(measured_, &QPushButton::clicked, this, &ReportOrigin::openMeasured);
  connect(reference_, &QPushButton::clicked, this, &ReportOrigin::openReference);
  connect(run_, &QPushButton::clicked, this, [this] {
    if (provenance_) Q_EMIT openRun(QString::fromStdString(provenance_->run));
  });
  connect(all_, &QPushButton::clicked, this, &ReportOrigin::tellAll);
  showOrigin({}, {});
}

void ReportOrigin::setDesk(Desk* desk) {
  desk_ = desk;
  showOrigin({}, {});
}

void ReportOrigin::showOrigin(const QString& stack,
                              const std::optional<report::Provenance>& provenance) {
  stack_ = stack;
  provenance_ = provenance;
  setVisible(provenance.has_value());
  if (!provenance) return;
  measured_->setText((isPrediction(provenance->origin) ? tr("Mask revision %1 in Review")
                                                       : tr("Mask revision %1 in Contour"))
                         .arg(provenance->revision));
  reference_->setVisible(provenance->reference_revision > 0);
  reference_->setText(tr("Compared with revision %1").arg(provenance->reference_revision));
  run_->setVisible(!provenance->run.empty());
  run_->setText(tr("Its run in Train"));
  run_->setToolTip(plainTip(QString::fromStdString(provenance->run)));
}

void ReportOrigin::openMeasured() {
  if (!provenance_) return;
  if (isPrediction(provenance_->origin))
    Q_EMIT openPrediction(stack_);
  else
    Q_EMIT openDrawing(stack_);
}

void ReportOrigin::openReference() {
  if (!provenance_) return;
  // Review shows it beside the prediction, but where a reader has edited that the edited mask.
  if (isPrediction(provenance_->origin))
    Q_EMIT openPrediction(stack_);
  else
    tellAll();
}

void ReportOrigin::tellAll() {
  if (desk_ == nullptr || !provenance_) return;
  std::vector<std::pair<session::Named, std::string>> wanted{
      {session::Named::Revision, std::to_string(provenance_->revision)}};
  if (provenance_->reference_revision > 0)
    wanted.emplace_back(session::Named::Revision, std::to_string(provenance_->reference_revision));
  if (!provenance_->run.empty()) wanted.emplace_back(session::Named::Run, provenance_->run);
  wanted.emplace_back(session::Named::Stack, stack_.toStdString());
  whenDone(this, session::provenanceTexts(desk_->project, std::move(wanted)),
           [this, stack = stack_](const Result<std::string>& text) {
             if (desk_ == nullptr) return;
             if (!text) {
               desk_->notices.show(NoticeKind::Bad, tr("Where the figures come from cannot be read"),
                                   QString::fromStdString(text.error().message));
               return;
             }
             showText(this, tr("Where the figures of %1 come from").arg(stack),
                      QString::fromStdString(*text));
           });
}

}  // namespace gadolin::widgets
