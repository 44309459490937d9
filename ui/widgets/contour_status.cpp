// What the Contour workspace says beside and below the image.

#include <QAbstractButton>
#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <algorithm>

#include "ui/session/contour_desk.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

void ContourWorkspace::refresh() {
  const bool open = contours_ && contours_->mask() && desk_ && !desk_->read_only;
  for (QPushButton* button : actions_) button->setEnabled(open);
  for (QButtonGroup* group : {tools_, tissues_, modes_, which_border_})
    for (QAbstractButton* button : group->buttons()) button->setEnabled(open);
  size_->setEnabled(open);
  const bool predicted = open && !contours_->drawing().prediction_sha256.empty();
  const bool independent = contours_ && contours_->independent();
  independent_->setEnabled(contours_ && desk_ && !desk_->read_only);
  prediction_->setEnabled(predicted && !independent);
  prediction_->setToolTip(independent ? tr("An independent drawing takes nothing from a model.")
                          : predicted
                              ? tr("The whole mask as it was predicted; Ctrl+Z brings yours back")
                              : tr("No run has predicted this stack yet (Ctrl+4, Ctrl+5)."));
  undo_->setEnabled(contours_ && contours_->canUndo());
  redo_->setEnabled(contours_ && contours_->canRedo());
  refreshChips();
  refreshNumbers();
  refreshHint();
}

void ContourWorkspace::refreshNumbers() {
  if (!contours_ || !contours_->mask()) {
    for (QLabel* number : numbers_) number->clear();
    about_->clear();
    return;
  }
  const auto& mask = *contours_->mask();
  const auto& stack = *contours_->image();
  double wall_ml = 0, scar_ml = 0, slice_wall_ml = 0, slice_scar_ml = 0;
  for (int z = 0; z < stack.sliceCount(); ++z) {
    std::array<std::size_t, 8> count{};
    for (const std::uint8_t label : mask.slice(z)) ++count[label & 7u];
    const double wall = static_cast<double>(count[2] + count[3] + count[4]) * stack.voxelVolume_ml(z);
    const double scar = static_cast<double>(count[3] + count[4]) * stack.voxelVolume_ml(z);
    wall_ml += wall;
    scar_ml += scar;
    if (z == image_->slice()) {
      slice_wall_ml = wall;
      slice_scar_ml = scar;
    }
  }
  const QLocale locale;
  const auto ml = [&](double value) {
    return tr("%1 ml").arg(locale.toString(value, 'f', value < 10 ? 2 : 1));
  };
  const auto share = [&](double part, double whole) {
    return whole > 0 ? tr("%1 %").arg(locale.toString(100 * part / whole, 'f', 1)) : u"–"_s;
  };
  const std::array<QString, 6> texts{ml(slice_wall_ml), ml(slice_scar_ml),
                                     share(slice_scar_ml, slice_wall_ml), ml(wall_ml), ml(scar_ml),
                                     share(scar_ml, wall_ml)};
  for (std::size_t i = 0; i < texts.size(); ++i) numbers_[i]->setText(texts[i]);
  const auto& drawing = contours_->drawing();
  QString about = contours_->independent()
                      ? (drawing.base ? tr("Your own drawing, independent of others'.")
                                      : tr("Your independent drawing begins empty."))
                  : !drawing.base ? tr("Nobody has drawn a mask of this stack yet.")
                  : drawing.imported
                      ? tr("The mask was imported; what you draw is a new one.")
                      : tr("The mask is drawn by %1.").arg(QString::fromStdString(drawing.author));
  if (desk_->read_only)
    about += u' ' + tr("Masks are drawn in the window that opened this project first.");
  else if (!drawing.done.empty())
    about += u' ' + tr("Every stroke is stored; %n of yours can be undone.", nullptr,
                       static_cast<int>(drawing.done.size()));
  about_->setText(about);
}

void ContourWorkspace::refreshHint() {
  setRole(hint_, "caption");
  ContourTool* now = tool();
  if (desk_ != nullptr && desk_->read_only)
    hint_->setText(tr("Masks are drawn in the window that opened this project first."));
  else
    hint_->setText(now != nullptr ? now->hint()
                                : tr("Nothing is drawn now: choose a tool. A double click gives "
                                     "the image the whole window."));
}

void ContourWorkspace::explain(const QString& text) {
  setRole(hint_, "warn");
  hint_->setText(text);
}

void ContourWorkspace::refreshChips() {
  const auto mask = contours_ ? contours_->mask() : nullptr;
  for (int i = 0; i < chips_->count(); ++i) {
    auto* chip = qobject_cast<QToolButton*>(chips_->itemAt(i)->widget());
    if (chip == nullptr) continue;
    const int z = chip->property("slice").toInt();
    const int from_base = chip->property("fromBase").toInt();
    QString glyph, words = tr("nothing is drawn");
    if (mask) {
      const auto labels = mask->slice(z);
      if (std::ranges::any_of(labels, isFibrosis)) {
        glyph = u" ◆"_s;
        words = tr("with scar");
      } else if (std::ranges::any_of(labels, [](std::uint8_t label) { return label != 0; })) {
        glyph = u" ○"_s;
        words = tr("without scar");
      }
    }
    chip->setText(QString::number(from_base) + glyph);
    chip->setToolTip(tr("Slice %1: %2").arg(from_base).arg(words));
    chip->setAccessibleName(chip->toolTip());
    chip->setChecked(z == image_->slice());
  }
}

}  // namespace gadolin::widgets
