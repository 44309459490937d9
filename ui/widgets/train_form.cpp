#include "ui/widgets/train_form.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
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
  auto* slice = new QRadioButton(tr("Slice labels: fibrosis or none"));
  auto* pixel = new QRadioButton(tr("Pixel masks drawn by people"));
  slice->setObjectName(u"superviseSlice"_s);
  pixel->setObjectName(u"supervisePixel"_s);
  slice->setToolTip(tr("The cascade: myocardium, slice classifier, pseudo-masks, fibrosis"));
  supervision_->addButton(slice, static_cast<int>(run::Supervision::Slice));
  supervision_->addButton(pixel, static_cast<int>(run::Supervision::Pixel));
  slice->setChecked(true);
  column->addWidget(slice);
  column->addWidget(pixel);
  has_ = makeLabel({}, "caption");
  has_->setWordWrap(true);
  column->addWidget(has_);
  missing_ = makeLabel({}, "warn");
  missing_->setObjectName(u"trainObstacles"_s);
  missing_->setWordWrap(true);
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

void TrainForm::refresh() {
  const auto supervision = static_cast<run::Supervision>(supervision_->checkedId());
  if (inputs_) {
    const auto part = [supervision](const session::PartInputs& inputs) {
      return supervision == run::Supervision::Pixel ? tr("%1 masks").arg(inputs.masks)
                                                    : tr("%1 slices (%2 with fibrosis), %3 masks")
                                                          .arg(inputs.labelled_slices)
                                                          .arg(inputs.positive_slices)
                                                          .arg(inputs.masks);
    };
    has_->setText(tr("Train: %1\nValidation: %2\nTest: %3")
                      .arg(part(inputs_->train), part(inputs_->validation), part(inputs_->test)));
    QStringList sentences;
    for (const std::string& sentence : session::obstacles(*inputs_, request()))
      sentences << QString::fromStdString(sentence);
    missing_->setText(sentences.join(u"\n"_s));
    missing_->setVisible(!sentences.isEmpty());
    start_->setEnabled(sentences.isEmpty() && !read_only_ && !busy_);
  } else {
    has_->clear();
    missing_->hide();
    start_->setEnabled(false);
  }
  start_->setText(busy_ ? tr("Preparing…") : tr("Start training"));
  switch (preset_->currentIndex()) {
    case 0:
      preset_text_->setText(tr("Minutes on two cores: to see whether it works at all."));
      break;
    case 1:
      preset_text_->setText(tr("Hours on two cores, minutes on a graphics card: for use."));
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
