#include "ui/widgets/settings_dialog.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <algorithm>

#include "core/run/settings.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

enum Column { Key, Value, Preset, Range, Meaning };

QString text(std::string_view view) {
  return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString presetValue(const run::SettingInfo& info, const QString& preset) {
  if (preset == u"quick"_s) return text(info.quick);
  return preset == u"paper"_s ? text(info.paper) : text(info.standard);
}

}  // namespace

SettingsDialog::SettingsDialog(const QString& preset, const Changes& changes, QWidget* parent)
    : QDialog(parent), preset_(preset) {
  setWindowTitle(tr("Settings of the training"));
  resizeOnScreen(this, {960, 640});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  auto* head = makeLabel(
      tr("Double click a value to change it. Whatever is left alone is the preset's."), "muted");
  column->addWidget(head);
  auto* filter = new QLineEdit;
  filter->setPlaceholderText(tr("Filter"));
  column->addWidget(filter);
  table_ = new QTreeWidget;
  table_->setRootIsDecorated(false);
  table_->setAlternatingRowColors(true);
  table_->setHeaderLabels({tr("Setting"), tr("Value"), tr("Preset"), tr("Range"), tr("Meaning")});
  table_->setColumnWidth(Key, 210);
  table_->setColumnWidth(Value, 100);
  table_->setColumnWidth(Preset, 90);
  table_->setColumnWidth(Range, 150);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  for (const run::SettingInfo& info : run::settingTable()) {
    QString value = presetValue(info, preset_);
    const QString of_preset = value;
    for (const auto& [key, changed] : changes)
      if (key == info.key) value = QString::fromStdString(changed);
    auto* item = new QTreeWidgetItem(
        table_, {text(info.key), value, of_preset, text(run::rangeText(info)), text(info.meaning)});
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    item->setToolTip(Meaning, text(info.meaning));
  }
  column->addWidget(table_, 1);
  fault_ = makeLabel({}, "bad");
  fault_->setWordWrap(true);
  column->addWidget(fault_);
  auto* row = new QHBoxLayout;
  auto* reset = makeButton(tr("All as in the preset"));
  row->addWidget(reset);
  row->addStretch(1);
  auto* cancel = makeButton(tr("Cancel"));
  take_ = makeButton(tr("Use these"), {}, "primary");
  row->addWidget(cancel);
  row->addWidget(take_);
  column->addLayout(row);

  connect(table_, &QTreeWidget::itemDoubleClicked, this,
          [this](QTreeWidgetItem* item) { table_->editItem(item, Value); });
  connect(table_, &QTreeWidget::itemChanged, this, &SettingsDialog::check);
  connect(filter, &QLineEdit::textChanged, this, [this](const QString& words) {
    for (int i = 0; i < table_->topLevelItemCount(); ++i) {
      QTreeWidgetItem* item = table_->topLevelItem(i);
      item->setHidden(!item->text(Key).contains(words, Qt::CaseInsensitive) &&
                      !item->text(Meaning).contains(words, Qt::CaseInsensitive));
    }
  });
  connect(reset, &QPushButton::clicked, this, [this] {
    for (int i = 0; i < table_->topLevelItemCount(); ++i)
      table_->topLevelItem(i)->setText(Value, table_->topLevelItem(i)->text(Preset));
  });
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(take_, &QPushButton::clicked, this, &SettingsDialog::take);
  refresh();
}

void SettingsDialog::check(QTreeWidgetItem*) {
  refresh();
}

void SettingsDialog::refresh() {
  const QSignalBlocker quiet(table_);
  QString fault;
  auto settings = run::Settings::preset(preset_.toStdString());
  for (int i = 0; i < table_->topLevelItemCount(); ++i) {
    QTreeWidgetItem* item = table_->topLevelItem(i);
    const bool changed = item->text(Value) != item->text(Preset);
    bool valid = true;
    if (changed && settings) {
      const auto set =
          settings->set(item->text(Key).toStdString(), item->text(Value).trimmed().toStdString());
      valid = set.ok();
      if (!valid) fault = QString::fromStdString(set.error().message);
    }
    item->setForeground(Value, !valid    ? colours().danger
                               : changed ? colours().accent
                                         : colours().text);
    item->setForeground(Preset, colours().muted);
    item->setForeground(Range, colours().muted);
  }
  fault_->setText(fault);
  fault_->setVisible(!fault.isEmpty());
  take_->setEnabled(fault.isEmpty());
}

void SettingsDialog::take() {
  Changes changes;
  for (int i = 0; i < table_->topLevelItemCount(); ++i) {
    const QTreeWidgetItem* item = table_->topLevelItem(i);
    if (item->text(Value) != item->text(Preset))
      changes.emplace_back(item->text(Key).toStdString(),
                           item->text(Value).trimmed().toStdString());
  }
  Q_EMIT chosen(changes);
  accept();
}

}  // namespace gadolin::widgets
