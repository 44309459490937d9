#include "ui/widgets/report_workspace.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QtConcurrent/QtConcurrentRun>
#include <set>

#include "ui/print/patient_page.h"
#include "ui/session/evaluation.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/export_dialog.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/report_origin.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr double dots_per_inch = 160;  // sharp on screen at full width, 2 MB a page

QString figureText(const std::optional<double>& value, int decimals) {
  return value ? QString::number(*value, 'f', decimals) : u"–"_s;
}

QString scoreText(const analysis::Evaluation& evaluation) {
  const auto& fibrosis = evaluation.of(analysis::Target::Fibrosis);
  const auto& myocardium = evaluation.of(analysis::Target::Myocardium);
  QString dice = figureText(fibrosis.dice_patient_mean, 2);
  if (const auto& range = fibrosis.dice_patient_ci95)
    dice += ReportWorkspace::tr(" (95 % interval %1 to %2)")
                .arg(range->low, 0, 'f', 2)
                .arg(range->high, 0, 'f', 2);
  QStringList lines;
  const QString patients = fibrosis.patients == 1
                               ? ReportWorkspace::tr("1 patient")
                               : ReportWorkspace::tr("%1 patients").arg(fibrosis.patients);
  lines << ReportWorkspace::tr("Run %1, part \"%2\": %3")
               .arg(QString::fromStdString(evaluation.run),
                    QString::fromStdString(evaluation.split), patients);
  lines << ReportWorkspace::tr("Dice, fibrosis: %1").arg(dice);
  lines << ReportWorkspace::tr("Dice, myocardium: %1")
               .arg(figureText(myocardium.dice_patient_mean, 2));
  lines << ReportWorkspace::tr("Fibrosis volume, bias: %1 ml")
               .arg(figureText(fibrosis.volume_bias_ml, 1));
  lines << ReportWorkspace::tr("AUROC of slices: %1").arg(figureText(fibrosis.auroc_slice, 2));
  if (fibrosis.negative_patients > 0)
    lines << ReportWorkspace::tr("Fibrosis found in %1 of %2 patients without it")
                 .arg(fibrosis.fp_patients)
                 .arg(fibrosis.negative_patients);
  for (const std::string& warning : evaluation.warnings) lines << QString::fromStdString(warning);
  return lines.join(u'\n');
}

}  // namespace

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
  origin_ = new ReportOrigin;
  one->addWidget(origin_);
  connect(origin_, &ReportOrigin::openPrediction, this, &Workspace::openPrediction);
  connect(origin_, &ReportOrigin::openDrawing, this,
          [this](const QString& stack) { Q_EMIT openStack(stack, Place::Contour); });
  connect(origin_, &ReportOrigin::openRun, this, &Workspace::openRun);
  save_ = makeButton(tr("Save the report…"), u"save"_s, "primary");
  save_->setToolTip(tr("As PDF, HTML, JSON or CSV"));
  save_->setObjectName(u"saveReport"_s);
  one->addWidget(save_);
  column->addWidget(patient);

  QVBoxLayout* all = nullptr;
  QFrame* cohort = makePanel(tr("The cohort"), &all);
  auto* words =
      makeLabel(tr("The report: how the model agrees with people's masks on the test patients, who "
                   "of them to look at first, how the cohort is split and labelled."),
                "muted");
  words->setWordWrap(true);
  all->addWidget(words);
  scores_text_ = makeLabel({});
  scores_text_->setObjectName(u"cohortScores"_s);
  scores_text_->setWordWrap(true);
  all->addWidget(scores_text_);
  score_ = makeButton(tr("Score the test patients"), u"check"_s);
  score_->setObjectName(u"scoreTest"_s);
  score_->setToolTip(
      tr("Compares the predictions of the newest finished run with the masks that "
         "people made. Done by itself after Predict; again when masks or the split "
         "have changed since."));
  all->addWidget(score_);
  auto* cohort_pdf = makeButton(tr("Save the cohort report…"), u"report"_s);
  cohort_pdf->setObjectName(u"saveCohort"_s);
  cohort_pdf->setToolTip(tr("As PDF, HTML, JSON or CSV; it ends with the methods for a paper"));
  all->addWidget(cohort_pdf);
  auto* export_data = makeButton(tr("Export data…"), u"save"_s);
  export_data->setObjectName(u"exportData"_s);
  export_data->setToolTip(
      tr("Tables, NIfTI, nnU-Net, EMIDEC, DICOM for viewers and archives, or the whole project as "
         "one file"));
  all->addWidget(export_data);
  column->addWidget(cohort);
  paper_ = new QComboBox;
  paper_->setObjectName(u"paper"_s);
  paper_->setToolTip(tr("Size of the pages of a PDF"));
  paper_->addItem(tr("Pages: A4"), u"a4"_s);
  paper_->addItem(tr("Pages: Letter"), u"letter"_s);
  paper_->setCurrentIndex(qMax(0, paper_->findData(memory::paper())));
  connect(paper_, &QComboBox::currentIndexChanged, this, [this] {
    memory::setPaper(paper_->currentData().toString());
    if (desk_ != nullptr && !shown_.isEmpty()) load(shown_);
  });
  column->addWidget(paper_);
  auto* hint = makeLabel(tr("What is exported holds pseudonyms only, as the project does, unless "
                            "you let DICOM refer to the images that were imported."),
                         "caption");
  hint->setWordWrap(true);
  column->addWidget(hint);
  column->addStretch(1);

  connect(score_, &QPushButton::clicked, this,
          [this] { chores_.evaluate(QString::fromStdString(scores_.newest_run)); });
  connect(&chores_, &Chores::evaluated, this, [this](const QString& project) {
    if (desk_ != nullptr && chores_.project() == project) loadScores();
  });
  connect(save_, &QPushButton::clicked, this, [this] {
    saveReport(tr("Save the report of %1").arg(shown_), shown_, {u"--patient"_s, shown_});
  });
  connect(cohort_pdf, &QPushButton::clicked, this, [this] {
    saveReport(tr("Save the cohort report"), u"cohort"_s, {u"--cohort"_s});
  });
  connect(export_data, &QPushButton::clicked, this, [this] { openExport(chores_, this); });
  return box;
}

void ReportWorkspace::saveReport(const QString& title, const QString& name,
                                 const QStringList& what) {
  auto* dialog = new QFileDialog(window(), title, QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilters({tr("PDF (*.pdf)"), tr("HTML, one file (*.html)"), tr("JSON (*.json)"),
                          tr("CSV (*.csv)")});
  dialog->setDefaultSuffix(u"pdf"_s);
  // The ending of the name decides; a chosen format changes it.
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    const auto from = filter.lastIndexOf(u"*."_s) + 2;
    const QString ending = filter.mid(from, filter.lastIndexOf(u')') - from);
    dialog->setDefaultSuffix(ending);
    QString file = QFileInfo(dialog->selectedFiles().value(0)).fileName();
    for (const QString& known : {u".pdf"_s, u".html"_s, u".json"_s, u".csv"_s})
      if (file.endsWith(known)) file.chop(known.size());
    if (!file.isEmpty()) dialog->selectFile(file + u"."_s + ending);
  });
  dialog->selectFile(name + u".pdf"_s);
  const QStringList wanted =
      what + QStringList{u"--paper"_s, paper_->currentData().toString()};
  connect(dialog, &QFileDialog::fileSelected, this,
          [this, wanted](const QString& file) { chores_.report(wanted, file); });
  dialog->open();
}

void ReportWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  origin_->setDesk(desk);
  ++load_number_;
  waiting_ = 0;
  shown_.clear();
  patient_of_.clear();
  page_image_ = {};
  list_->setEntries({});
  showPage();
  ++scores_number_;
  scores_ = {};
  test_patients_ = test_references_ = 0;
  showScores();
  if (desk_ == nullptr) return;
  const auto old = [this] {
    stale_ = true;
    if (isVisible()) reload();
  };
  connect(&desk_->project, &session::Project::cohortChanged, this, old);
  connect(&desk_->project, &session::Project::predictionsChanged, this, old);
  connect(&desk_->project, &session::Project::reviewsChanged, this, old);
  connect(&desk_->project, &session::Project::runsChanged, this, &ReportWorkspace::loadScores);
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
             if (desk_ == nullptr) return;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The patients cannot be listed"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             fillList(*rows);
             std::set<std::string> test;
             std::set<std::string> references;
             for (const db::CohortRow& row : *rows) {
               if (row.part != dataset::Part::Test) continue;
               test.insert(row.stack.patient);
               if (row.has_reference) references.insert(row.stack.patient);
             }
             test_patients_ = static_cast<int>(test.size());
             test_references_ = static_cast<int>(references.size());
             showScores();
           });
  loadScores();
}

void ReportWorkspace::loadScores() {
  if (desk_ == nullptr) return;
  const int wanted = ++scores_number_;
  ++waiting_;
  whenDone(this, session::runRecords(desk_->project),
           [this, wanted](const Result<std::vector<db::RunRecord>>& runs) {
             if (waiting_ > 0) --waiting_;
             if (wanted != scores_number_ || desk_ == nullptr) return;
             if (!runs) {
               desk_->notices.show(NoticeKind::Bad, tr("The runs cannot be listed"),
                                   QString::fromStdString(runs.error().message));
               return;
             }
             ++waiting_;
             whenDone(this, QtConcurrent::run([paths = desk_->project.paths(), runs = *runs] {
                        // As the cohort report chooses: the newest run that was evaluated.
                        Scores scores;
                        for (const db::RunRecord& run : runs) {
                          if (run.state == db::RunState::Finished && scores.newest_run.empty())
                            scores.newest_run = run.id;
                          if (scores.evaluation || scores.fault) continue;
                          auto evaluation = session::loadEvaluation(paths, run.id);
                          if (evaluation)
                            scores.evaluation = std::move(evaluation).value();
                          else if (evaluation.error().code != ErrorCode::NotFound)
                            scores.fault = evaluation.error();
                        }
                        return scores;
                      }),
                      [this, wanted](const Scores& scores) {
                        if (waiting_ > 0) --waiting_;
                        if (wanted != scores_number_ || desk_ == nullptr) return;
                        scores_ = scores;
                        showScores();
                      });
           });
}

void ReportWorkspace::showScores() {
  score_->setEnabled(desk_ != nullptr && !desk_->read_only && !scores_.newest_run.empty() &&
                     test_references_ > 0);
  setRole(scores_text_, scores_.fault ? "bad" : "");
  if (scores_.fault)
    scores_text_->setText(QString::fromStdString(scores_.fault->message));
  else if (scores_.evaluation)
    scores_text_->setText(scoreText(*scores_.evaluation));
  else if (scores_.newest_run.empty())
    scores_text_->setText(tr("No training has finished yet, so there are no scores."));
  else if (test_patients_ == 0)
    scores_text_->setText(tr("No scores: nobody is in the test part of the split (Ctrl+1)."));
  else if (test_references_ == 0)
    scores_text_->setText(tr("No scores: no test patient has a mask of a person to compare with."));
  else
    scores_text_->setText(tr("The test patients are not scored yet."));
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
    origin_->showOrigin({}, {});
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
             origin_->showOrigin(QString::fromStdString(report->stack_id), report->provenance);
             ++waiting_;
             whenDone(this, QtConcurrent::run([page = *report, paper = memory::paper()] {
                        return print::patientReportImage(
                            page, dots_per_inch,
                            print::paperFromText(paper.toStdString()).value_or(print::Paper::A4));
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
