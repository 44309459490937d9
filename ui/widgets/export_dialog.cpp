#include "ui/widgets/export_dialog.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <algorithm>
#include <array>

#include "ui/session/in_pool.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

struct ExportFormat {
  const char* format;  // of gadolinctl
  const char* title;
  const char* about;
  const char* suggested;  // name of the folder or file, after which comes the project's
};

constexpr std::array export_formats{
    ExportFormat{"csv", QT_TRANSLATE_NOOP("ExportDialog", "Tables (CSV)"),
                 QT_TRANSLATE_NOOP(
                     "ExportDialog",
                     "Labels of slices and stacks with their history, clinical columns, figures of "
                     "every stack, scores of every test patient."),
                 "tables-"},
    ExportFormat{"nifti", QT_TRANSLATE_NOOP("ExportDialog", "Images and masks (NIfTI)"),
                 QT_TRANSLATE_NOOP(
                     "ExportDialog",
                     "Each stack with a person's newest mask and the newest prediction, with its "
                     "probabilities."),
                 "nifti-"},
    ExportFormat{"nnunet", QT_TRANSLATE_NOOP("ExportDialog", "Data set for nnU-Net"),
                 QT_TRANSLATE_NOOP(
                     "ExportDialog",
                     "A raw data set of nnU-Net v2 with the project's split and folds. Masks that "
                     "people made; test patients stay apart."),
                 "Dataset501_"},
    ExportFormat{"emidec", QT_TRANSLATE_NOOP("ExportDialog", "Data set as EMIDEC has it"),
                 QT_TRANSLATE_NOOP("ExportDialog",
                                   "Images and Contours in a folder a case, with the clinical "
                                   "values as text files."),
                 "emidec-"},
    ExportFormat{"dicom-seg", QT_TRANSLATE_NOOP("ExportDialog", "Masks (DICOM SEG)"),
                 QT_TRANSLATE_NOOP("ExportDialog",
                                   "A DICOM segmentation of each person's mask and of the newest "
                                   "prediction, for viewers and archives."),
                 "dicom-seg-"},
    ExportFormat{"dicom-sr",
                 QT_TRANSLATE_NOOP("ExportDialog", "Masks and measurements (DICOM SEG, SR)"),
                 QT_TRANSLATE_NOOP("ExportDialog",
                                   "The segmentations, and beside each a structured report with "
                                   "volumes, masses and shares of the myocardium."),
                 "dicom-sr-"},
    ExportFormat{"dicom-pdf", QT_TRANSLATE_NOOP("ExportDialog", "Patients' reports (DICOM PDF)"),
                 QT_TRANSLATE_NOOP("ExportDialog",
                                   "Each patient's page as PDF, and as a DICOM document for the "
                                   "archive."),
                 "dicom-pdf-"},
    ExportFormat{
        "archive", QT_TRANSLATE_NOOP("ExportDialog", "The whole project as one file"),
        QT_TRANSLATE_NOOP("ExportDialog",
                          "To keep it or hand it on: images, labels, masks and runs. Start, "
                          "New project from an archive, opens it."),
        ""}};

const ExportFormat& formatAt(int row) {
  return export_formats.at(static_cast<std::size_t>(std::max(0, row)));
}

bool isDicom(const ExportFormat& format) {
  return QLatin1String(format.format).startsWith("dicom-"_L1);
}
bool isFile(const ExportFormat& format) {
  return QLatin1String(format.format) == "archive"_L1;
}

/// The name of the `number`th export: "nifti-study", "nifti-study-2". nnU-Net tells data sets by
/// their numbers, so that it is these which go up: "Dataset501_study", "Dataset502_study".
QString nameOf(const ExportFormat& format, const QString& project, int number) {
  if (QLatin1String(format.format) == "nnunet"_L1 && number < 500)
    return u"Dataset%1_%2"_s.arg(500 + number).arg(project);
  QString name = QLatin1String(format.suggested) + project;
  if (number > 1) name += u"-%1"_s.arg(number);
  return isFile(format) ? name + u".gadolin.tar.zst"_s : name;
}

}  // namespace

ExportDialog::ExportDialog(Chores& chores, QWidget* parent)
    : QDialog(parent),
      chores_(chores),
      project_(QFileInfo(chores.project()).completeBaseName()),
      formats_(new QListWidget),
      about_(makeLabel({}, "muted")),
      place_(new QLineEdit),
      place_label_(makeLabel({})),
      images_(new QLineEdit) {
  setObjectName(u"exportDialog"_s);
  setWindowTitle(tr("Export"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(12);
  column->addWidget(makeChoice(), 1);
  column->addWidget(makePlaces());
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  auto* cancel = makeButton(tr("Cancel"));
  start_ = makeButton(tr("Export"), u"save"_s, "primary");
  start_->setObjectName(u"exportStart"_s);
  start_->setDefault(true);
  buttons->addWidget(cancel);
  buttons->addWidget(start_);
  column->addLayout(buttons);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(start_, &QPushButton::clicked, this, &ExportDialog::start);
  connect(place_, &QLineEdit::textChanged, this,
          [this] { start_->setEnabled(!place_->text().trimmed().isEmpty()); });
  connect(formats_, &QListWidget::currentRowChanged, this, &ExportDialog::showFormat);
  formats_->setCurrentRow(0);
  formats_->setFocus();
  // A home on the network may be slow: the name that is free comes when it is known, unless another
  // was written by then.
  session::inPool(
      this,
      [] {
        const QStringList there = QDir::home().entryList(QDir::AllEntries | QDir::Hidden |
                                                         QDir::System | QDir::NoDotAndDotDot);
        return QSet<QString>(there.begin(), there.end());
      },
      [this](QSet<QString> there) {
        taken_ = std::move(there);
        if (place_->text() == suggested_) suggestPlace();
      });
  resizeOnScreen(this, {760, 480});
}

QWidget* ExportDialog::makeChoice() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(16);
  formats_->setObjectName(u"exportFormats"_s);
  formats_->setFixedWidth(310);
  for (const ExportFormat& format : export_formats) formats_->addItem(tr(format.title));
  row->addWidget(formats_);
  auto* words = new QVBoxLayout;
  about_->setWordWrap(true);
  about_->setAlignment(Qt::AlignTop);
  words->addWidget(about_);
  words->addStretch(1);
  row->addLayout(words, 1);
  return box;
}

QWidget* ExportDialog::placeRow(QLineEdit* line, const char* button, std::function<void()> browse) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(line, 1);
  auto* look = makeButton(tr("Browse…"), u"open"_s);
  look->setObjectName(QLatin1String(button));
  look->setAutoDefault(false);
  connect(look, &QPushButton::clicked, this, std::move(browse));
  row->addWidget(look);
  return box;
}

QWidget* ExportDialog::makePlaces() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  place_->setObjectName(u"exportPlace"_s);
  column->addWidget(place_label_);
  column->addWidget(placeRow(place_, "exportBrowse", [this] { browsePlace(); }));

  images_box_ = new QWidget;
  auto* below = new QVBoxLayout(images_box_);
  below->setContentsMargins(0, 6, 0, 0);
  below->setSpacing(6);
  below->addWidget(makeLabel(tr("Refer to the images that were imported, in this folder")));
  images_->setObjectName(u"exportImages"_s);
  images_->setPlaceholderText(tr("Empty: images are written anew, under the pseudonyms"));
  below->addWidget(placeRow(images_, "exportBrowseImages", [this] { browseImages(); }));
  auto* hint = makeLabel(tr("For your archive. What is written then carries the patients of those "
                            "images: their names and numbers."),
                         "warn");
  hint->setWordWrap(true);
  hint->hide();
  connect(images_, &QLineEdit::textChanged, hint,
          [hint](const QString& text) { hint->setVisible(!text.trimmed().isEmpty()); });
  below->addWidget(hint);
  column->addWidget(images_box_);
  return box;
}

QString ExportDialog::suggested(int row) const {
  const ExportFormat& format = formatAt(row);
  QString name = nameOf(format, project_, 1);
  for (int number = 2; taken_.contains(name); ++number) name = nameOf(format, project_, number);
  return QDir::homePath() + u'/' + name;
}

void ExportDialog::suggestPlace() {
  suggested_ = suggested(formats_->currentRow());
  place_->setText(suggested_);
}

void ExportDialog::showFormat(int row) {
  const ExportFormat& format = formatAt(row);
  about_->setText(tr(format.about));
  place_label_->setText(isFile(format) ? tr("Into the file")
                                       : tr("Into the folder (a new one, or an empty one)"));
  suggestPlace();
  images_box_->setVisible(isDicom(format));
}

void ExportDialog::browsePlace() {
  const bool file = isFile(formatAt(formats_->currentRow()));
  auto* dialog = new QFileDialog(this, file ? tr("File for the project") : tr("Folder to write to"),
                                 QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(file ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
  dialog->setFileMode(file ? QFileDialog::AnyFile : QFileDialog::Directory);
  if (file) dialog->selectFile(QFileInfo(place_->text()).fileName());
  connect(dialog, &QFileDialog::fileSelected, place_, &QLineEdit::setText);
  dialog->open();
}

void ExportDialog::browseImages() {
  auto* dialog =
      new QFileDialog(this, tr("Folder with the images that were imported"), QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, images_, &QLineEdit::setText);
  dialog->open();
}

void ExportDialog::start() {
  const ExportFormat& format = formatAt(formats_->currentRow());
  const QString images = isDicom(format) ? images_->text().trimmed() : QString();
  chores_.exportTo(QLatin1String(format.format), place_->text().trimmed(), images);
  accept();
}

void openExport(Chores& chores, QWidget* over) {
  if (chores.project().isEmpty()) return;
  auto* dialog = new ExportDialog(chores, over->window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace gadolin::widgets
