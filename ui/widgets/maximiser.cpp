#include "ui/widgets/maximiser.h"

#include <QSplitter>
#include <QWidget>

#include "ui/view/image_view.h"
#include "ui/widgets/reader_prompt.h"

namespace gadolin::widgets {

Maximiser::Maximiser(view::ImageView* image, QWidget* workspace)
    : QObject(workspace), image_(image), workspace_(workspace) {
  connect(image_, &view::ImageView::maximised, this, &Maximiser::toggle);
}

void Maximiser::toggle() {
  if (!restore()) maximise();
}

void Maximiser::maximise() {
  active_ = true;
  for (QWidget* inner = image_; inner != workspace_; inner = inner->parentWidget()) {
    QWidget* around = inner->parentWidget();
    if (auto* splitter = qobject_cast<QSplitter*>(around))
      sizes_.emplace_back(splitter, splitter->sizes());
    for (QWidget* each : around->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
      if (each == inner || each->isHidden() || each->isWindow()) continue;
      // A splitter shows and hides its handles by itself; a question to the reader is no furniture.
      if (qobject_cast<QSplitterHandle*>(each) != nullptr) continue;
      if (qobject_cast<ReaderPrompt*>(each) != nullptr) continue;
      hidden_.emplace_back(each);
    }
  }
  // Before the rest is hidden: a widget that is hidden with the focus hands it to anybody.
  image_->setFocus();
  for (const QPointer<QWidget>& each : hidden_) each->hide();
}

bool Maximiser::restore() {
  if (!active_) return false;
  active_ = false;
  for (const QPointer<QWidget>& each : std::exchange(hidden_, {}))
    if (each) each->show();
  for (const auto& [splitter, sizes] : std::exchange(sizes_, {}))
    if (splitter) splitter->setSizes(sizes);
  image_->setFocus();
  return true;
}

}  // namespace gadolin::widgets
