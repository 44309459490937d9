#include "ui/widgets/report_workspace.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileDialog>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QtConcurrent/QtConcurrentRun>

#include "ui/print/patient_page.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr double dots_per_inch = 160;  // sharp on screen at full width, 2 MB a page
}

ReportWorkspace::ReportWorkspace(Chores& chores, QWidget* parent)
    : Workspace(parent), chores_(chores) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(14);
  list_ = new StackList(tr("Patients"));
  list_->setFixedWidth(230);
  row->addWidget(list_);
  scroll_ = new QScrollArea;
  scroll_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  // Always there: a bar that comes and goes would change the width the page is drawn at.
  scroll_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
  page_ = makeLabel({}, "muted");
  page_->setAlignment(Qt::AlignCenter);
  page_->setWordWrap(true);
  scroll_->setWidget(page_);
  row->addWidget(scroll_, 1);
  row->addWidget(makeSide());
  connect(list_, &StackList::chosen, this, &ReportWorkspace::load);
}

QWidget* ReportWorkspace::makeSide() {
  auto* box = new QWidget;
  box->setFixedWidth(280);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(12);
  QVBoxLayout* one = nullptr;
  QFrame* patient = makePanel(tr("This patient"), &one);
  note_ = makeLabel({}, "muted");
  note_->setWordWrap(true);
  one->addWidget(note_);
  save_ = makeButton(tr("Save as PDF…"), u"save"_s, "primary");
  save_->setObjectName(u"saveReport"_s);
  one->addWidget(save_);
  column->addWidget(patient);

  QVBoxLayout* all = nullptr;
  QFrame* cohort = makePanel(tr("The cohort"), &all);
  auto* words =
      makeLabel(tr("Dice of every test patient, agreement of volumes, and the figures of each "
                   "stack."),
                "muted");
  words->setWordWrap(true);
  all->addWidget(words);
  auto* cohort_pdf = makeButton(tr("Cohort report as PDF…"), u"report"_s);
  auto* csv = makeButton(tr("Figures and labels as CSV…"), u"cohort"_s);
  auto* nifti = makeButton(tr("Images and masks as NIfTI…"), u"save"_s);
  for (QPushButton* button : {cohort_pdf, csv, nifti}) all->addWidget(button);
  column->addWidget(cohort);
  auto* hint =
      makeLabel(tr("What is exported holds pseudonyms only, as the project does."), "caption");
  hint->setWordWrap(true);
  column->addWidget(hint);
  column->addStretch(1);

  connect(save_, &QPushButton::clicked, this, [this] {
    const QStringList what{u"--patient"_s, shown_};
    askFile(tr("Save the report of %1").arg(shown_), shown_ + u".pdf"_s,
            [this, what](const QString& file) { chores_.report(what, file); });
  });
  connect(cohort_pdf, &QPushButton::clicked, this, [this] {
    askFile(tr("Save the cohort report"), u"cohort.pdf"_s,
            [this](const QString& file) { chores_.report({u"--cohort"_s}, file); });
  });
  connect(csv, &QPushButton::clicked, this, [this] {
    askFolder(tr("Folder for the CSV files"),
              [this](const QString& folder) { chores_.exportTo(u"csv"_s, folder); });
  });
  connect(nifti, &QPushButton::clicked, this, [this] {
    askFolder(tr("Folder for the NIfTI files"),
              [this](const QString& folder) { chores_.exportTo(u"nifti"_s, folder); });
  });
  return box;
}

void ReportWorkspace::askFile(const QString& title, const QString& name,
                              std::function<void(const QString&)> chosen) {
  auto* dialog = new QFileDialog(window(), title, QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(u"pdf"_s);
  dialog->selectFile(name);
  connect(dialog, &QFileDialog::fileSelected, this, chosen);
  dialog->open();
}

void ReportWorkspace::askFolder(const QString& title, std::function<void(const QString&)> chosen) {
  auto* dialog = new QFileDialog(window(), title, QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this, chosen);
  dialog->open();
}

void ReportWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  ++load_number_;
  waiting_ = 0;
  shown_.clear();
  patient_of_.clear();
  page_image_ = {};
  list_->setEntries({});
  showPage();
  if (desk_ == nullptr) return;
  const auto old = [this] {
    stale_ = true;
    if (isVisible()) reload();
  };
  connect(&desk_->project, &session::Project::cohortChanged, this, old);
  connect(&desk_->project, &session::Project::predictionsChanged, this, old);
  connect(&desk_->project, &session::Project::reviewsChanged, this, old);
  stale_ = true;
  reload();
}

void ReportWorkspace::enter() {
  list_->setFocus();
  if (stale_) reload();
}

void ReportWorkspace::showStack(const QString& stack) {
  wanted_ = stack;
  const auto found = patient_of_.find(stack);
  if (found != patient_of_.end() && found->second != shown_ && list_->setCurrent(found->second))
    load(found->second);
}

void ReportWorkspace::reload() {
  if (desk_ == nullptr) return;
  stale_ = false;
  ++waiting_;
  whenDone(this, session::cohortRows(desk_->project),
           [this](const Result<std::vector<db::CohortRow>>& rows) {
             if (waiting_ > 0) --waiting_;
             if (desk_ == nullptr || !rows) return;
             fillList(*rows);
           });
}

void ReportWorkspace::fillList(const std::vector<db::CohortRow>& rows) {
  // A report is of a patient; the stack it measures is the one with the newest prediction or mask.
  patient_of_.clear();
  std::map<QString, bool> measured;
  std::vector<ListEntry> entries;
  for (const db::CohortRow& row : rows) {
    const QString patient = QString::fromStdString(row.stack.patient);
    patient_of_[QString::fromStdString(row.stack.id)] = patient;
    const QString what = !row.last_prediction_run.empty() ? tr("predicted")
                         : row.has_reference              ? tr("mask of a person")
                                                          : QString();
    if (!what.isEmpty()) measured[patient] = true;
    if (!entries.empty() && entries.back().id == patient) {
      if (!what.isEmpty()) entries.back().detail = what;
      continue;
    }
    entries.push_back({patient, patient, what.isEmpty() ? tr("nothing to report yet") : what});
  }
  list_->setEntries(entries);
  QString patient = shown_;
  if (const auto found = patient_of_.find(wanted_); found != patient_of_.end())
    patient = found->second;
  if (patient.isEmpty() || !list_->setCurrent(patient))
    patient = measured.empty() ? QString() : measured.begin()->first;
  if (patient.isEmpty()) return;
  list_->setCurrent(patient);
  load(patient);
}

void ReportWorkspace::load(const QString& patient) {
  if (desk_ == nullptr) return;
  shown_ = patient;
  wanted_.clear();
  const int number = ++load_number_;
  const auto fail = [this](const Error& error) {
    page_image_ = {};
    note_->setText(QString::fromStdString(error.message));
    showPage();
  };
  ++waiting_;
  whenDone(this, session::patientReport(desk_->project, patient.toStdString()),
           [this, number, fail](const Result<report::PatientReport>& report) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_ || desk_ == nullptr) return;
             if (!report) {
               fail(report.error());
               return;
             }
             Q_EMIT stackShown(QString::fromStdString(report->stack_id));
             note_->setText(tr("%1\n%2").arg(QString::fromStdString(report->method_title),
                                             QString::fromStdString(report->review)));
             ++waiting_;
             whenDone(this, QtConcurrent::run([page = *report] {
                        return print::patientReportImage(page, dots_per_inch);
                      }),
                      [this, number](const QImage& page) {
                        if (waiting_ > 0) --waiting_;
                        if (number != load_number_) return;
                        page_image_ = page;
                        showPage();
                      });
           });
}

void ReportWorkspace::showPage() {
  save_->setEnabled(!page_image_.isNull());
  if (page_image_.isNull()) {
    page_->setPixmap({});
    page_->setText(tr("A patient with a prediction or a mask has a report."));
    page_->resize(320, 120);
    return;
  }
  const double ratio = devicePixelRatioF();
  const int width = qMin(scroll_->viewport()->width() - 4, 1100);
  QImage scaled =
      page_image_.scaledToWidth(qMax(300, qRound(width * ratio)), Qt::SmoothTransformation);
  scaled.setDevicePixelRatio(ratio);
  page_->setPixmap(QPixmap::fromImage(scaled));
  page_->resize(scaled.size() / ratio);
}

void ReportWorkspace::resizeEvent(QResizeEvent* event) {
  Workspace::resizeEvent(event);
  showPage();
}

std::vector<KeyHint> ReportWorkspace::keys() const {
  return {{u"↑ · ↓"_s, tr("Patients")}, {tr("Wheel"), tr("Scroll the page")}};
}

}  // namespace gadolin::widgets
