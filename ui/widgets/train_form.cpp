#include "ui/widgets/train_form.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QHash>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>

#include "ui/widgets/settings_dialog.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

TrainForm::TrainForm(QWidget* parent) : QFrame(parent) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(makeLabel(tr("New training"), "heading"));
  column->addWidget(makeLabel(tr("Learn from"), "caption"));
  supervision_ = new QButtonGroup(this);
  const auto addKind = [&](run::Supervision kind, const QString& text, const QString& name) {
    auto* button = new QRadioButton(text);
    button->setObjectName(name);
    supervision_->addButton(button, static_cast<int>(kind));
    column->addWidget(button);
    return button;
  };
  addKind(run::Supervision::Slice, tr("Slice labels: fibrosis or none"), u"superviseSlice"_s)
      ->setChecked(true);
  addKind(run::Supervision::Stack, tr("Labels of whole stacks"), u"superviseStack"_s);
  addKind(run::Supervision::Pixel, tr("Pixel masks drawn by people"), u"supervisePixel"_s);
  addKind(run::Supervision::Mixed, tr("All that each patient has"), u"superviseMixed"_s);
  limits_ = new QWidget;
  auto* limit = new QHBoxLayout(limits_);
  limit->setContentsMargins(24, 0, 0, 0);
  limit->addWidget(makeLabel(tr("Patients with masks"), "muted"), 1);
  pixel_limit_ = new QSpinBox;
  pixel_limit_->setObjectName(u"pixelPatients"_s);
  pixel_limit_->setRange(-1, 100000);
  pixel_limit_->setSpecialValueText(tr("all"));
  pixel_limit_->setValue(-1);
  pixel_limit_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  pixel_limit_->setToolTip(
      tr("So many training patients, drawn by the seed; the masks of the others only say where the "
         "myocardium is, and their labels of slices or stacks are used"));
  limit->addWidget(pixel_limit_);
  column->addWidget(limits_);
  has_ = makeLabel({}, "caption");
  has_->setWordWrap(true);
  column->addWidget(has_);
  missing_ = makeLabel({}, "warn");
  missing_->setObjectName(u"trainObstacles"_s);
  missing_->setWordWrap(true);
  remark_ = makeLabel({}, "caption");
  remark_->setObjectName(u"trainRemark"_s);
  remark_->setWordWrap(true);
  column->addWidget(remark_);
  column->addWidget(missing_);

  auto* form = new QFormLayout;
  form->setHorizontalSpacing(12);
  form->setVerticalSpacing(7);
  preset_ = new QComboBox;
  preset_->setObjectName(u"trainPreset"_s);
  preset_->addItem(tr("Quick"), u"quick"_s);
  preset_->addItem(tr("Standard"), u"standard"_s);
  preset_->addItem(tr("As in the paper"), u"paper"_s);
  form->addRow(makeLabel(tr("Preset"), "muted"), preset_);
  device_ = new QComboBox;
  device_->addItem(tr("Automatic"), u"auto"_s);
  device_->addItem(tr("Processor (CPU)"), u"cpu"_s);
  device_->addItem(tr("Graphics card (CUDA)"), u"cuda"_s);
  form->addRow(makeLabel(tr("Device"), "muted"), device_);
  seed_ = new QSpinBox;
  seed_->setRange(0, 999999);
  seed_->setValue(42);
  seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  seed_->setToolTip(tr("The same seed on the same machine gives the same training"));
  form->addRow(makeLabel(tr("Seed"), "muted"), seed_);
  column->addLayout(form);
  preset_text_ = makeLabel({}, "caption");
  preset_text_->setWordWrap(true);
  column->addWidget(preset_text_);
  more_ = makeButton(tr("More settings…"), u"settings"_s, "flat");
  column->addWidget(more_);
  start_ = makeButton(tr("Start training"), u"play"_s, "primary");
  start_->setObjectName(u"startTraining"_s);
  start_->setMinimumHeight(38);
  column->addWidget(start_);

  connect(supervision_, &QButtonGroup::idToggled, this, [this] { refresh(); });
  connect(pixel_limit_, &QSpinBox::valueChanged, this, [this] { refresh(); });
  connect(preset_, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
  connect(more_, &QPushButton::clicked, this, &TrainForm::openSettings);
  connect(start_, &QPushButton::clicked, this, [this] { Q_EMIT startWanted(request()); });
  refresh();
}

session::RunRequest TrainForm::request() const {
  session::RunRequest request;
  request.supervision = static_cast<run::Supervision>(supervision_->checkedId());
  request.preset = preset_->currentData().toString().toStdString();
  request.device = device_->currentData().toString().toStdString();
  request.seed = static_cast<std::uint64_t>(seed_->value());
  request.settings = settings_;
  if (request.supervision == run::Supervision::Mixed && pixel_limit_->value() >= 0)
    request.settings.emplace_back("mixed.pixel_patients",
                                  std::to_string(pixel_limit_->value()));
  return request;
}

void TrainForm::setInputs(const session::RunInputs& inputs) {
  inputs_ = inputs;
  refresh();
}

void TrainForm::setReadOnly(bool read_only) {
  read_only_ = read_only;
  refresh();
}

void TrainForm::setBusy(bool busy) {
  busy_ = busy;
  refresh();
}

QString TrainForm::partText(run::Supervision supervision, const session::PartInputs& inputs) {
  const QString masks =
      inputs.masks == 1 ? tr("1 mask") : tr("%1 masks").arg(inputs.masks);
  const QString slices = tr("%1 slices (%2 with fibrosis)")
                             .arg(inputs.labelled_slices)
                             .arg(inputs.positive_slices);
  const QString stacks = tr("%1 stacks (%2 with fibrosis)")
                             .arg(inputs.labelled_stacks)
                             .arg(inputs.positive_stacks);
  switch (supervision) {
    case run::Supervision::Pixel: return masks;
    case run::Supervision::Slice: return tr("%1, %2").arg(slices, masks);
    case run::Supervision::Stack: return tr("%1, %2").arg(stacks, masks);
    case run::Supervision::Mixed: break;
  }
  return tr("%1, %2, %3").arg(masks, slices, stacks);
}

void TrainForm::judgeKinds() {
  const QHash<int, QString> learns{
      {static_cast<int>(run::Supervision::Slice),
       tr("Which slices show fibrosis. The cascade: myocardium, slice classifier, pseudo-masks, "
          "fibrosis")},
      {static_cast<int>(run::Supervision::Stack),
       tr("Only whether a stack shows fibrosis at all. The classifier finds the slices itself")},
      {static_cast<int>(run::Supervision::Pixel),
       tr("Where people drew scar: no classifier, no pseudo-masks")},
      {static_cast<int>(run::Supervision::Mixed),
       tr("Masks where there are some, else labels of slices, else of the whole stack, in one "
          "training")}};
  for (QAbstractButton* button : supervision_->buttons()) {
    const int id = supervision_->id(button);
    session::RunRequest asked = request();
    asked.supervision = static_cast<run::Supervision>(id);
    QString tip = learns.value(id);
    const auto missing = session::obstacles(*inputs_, asked);
    for (const std::string& sentence : missing) tip += u"\n"_s + QString::fromStdString(sentence);
    button->setToolTip(plainTip(tip));
    // Greyed, but to be chosen: then the form says what is missing.
    setRole(button, missing.empty() ? "" : "muted");
  }
}

void TrainForm::refresh() {
  const auto supervision = static_cast<run::Supervision>(supervision_->checkedId());
  limits_->setVisible(supervision == run::Supervision::Mixed);
  if (inputs_) {
    has_->setText(tr("Train: %1\nValidation: %2\nTest: %3")
                      .arg(partText(supervision, inputs_->train),
                           partText(supervision, inputs_->validation),
                           partText(supervision, inputs_->test)));
    const QString remark = QString::fromStdString(session::remark(*inputs_, supervision));
    remark_->setText(remark);
    remark_->setVisible(!remark.isEmpty());
    judgeKinds();
    QStringList sentences;
    for (const std::string& sentence : session::obstacles(*inputs_, request()))
      sentences << QString::fromStdString(sentence);
    missing_->setText(sentences.join(u"\n"_s));
    missing_->setVisible(!sentences.isEmpty());
    start_->setEnabled(sentences.isEmpty() && !read_only_ && !busy_);
  } else {
    has_->clear();
    remark_->hide();
    missing_->hide();
    start_->setEnabled(false);
  }
  start_->setText(busy_ ? tr("Preparing…") : tr("Start training"));
  switch (preset_->currentIndex()) {
    case 0:
      preset_text_->setText(tr("Minutes on two cores: to see whether it works at all."));
      break;
    case 1:
      preset_text_->setText(tr("About an hour for 50 patients on two cores: for use."));
      break;
    default:
      preset_text_->setText(tr("The hyper-parameters that were published: for comparison."));
      break;
  }
  more_->setText(settings_.empty() ? tr("More settings…")
                                   : tr("More settings (%1 changed)…").arg(settings_.size()));
}

void TrainForm::openSettings() {
  auto* dialog = new SettingsDialog(preset_->currentData().toString(), settings_, window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SettingsDialog::chosen, this,
          [this](const std::vector<std::pair<std::string, std::string>>& settings) {
            settings_ = settings;
            refresh();
          });
  dialog->open();
}

}  // namespace gadolin::widgets
