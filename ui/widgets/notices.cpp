#include "ui/widgets/notices.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr int most_shown = 3;
constexpr int width_px = 400;
constexpr int stay_ms = 6000;
}  // namespace

Notices::Notices(QWidget* host, int bottom_margin)
    : QWidget(host), host_(host), bottom_margin_(bottom_margin) {
  setAttribute(Qt::WA_ShowWithoutActivating);
  setFocusPolicy(Qt::NoFocus);
  column_ = new QVBoxLayout(this);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(8);
  host->installEventFilter(this);
  hide();
}

void Notices::show(NoticeKind kind, const QString& title, const QString& text) {
  auto* notice = new QFrame(this);
  notice->setObjectName(u"notice"_s);
  notice->setProperty("kind", kind == NoticeKind::Bad    ? u"bad"_s
                              : kind == NoticeKind::Good ? u"good"_s
                                                         : u"plain"_s);
  notice->setProperty("spoken", text.isEmpty() ? title : title + u"\n"_s + text);
  notice->setFixedWidth(width_px);
  auto* row = new QHBoxLayout(notice);
  row->setContentsMargins(12, 10, 8, 10);
  auto* words = new QVBoxLayout;
  auto* head = makeLabel(title, "heading");
  head->setWordWrap(true);
  words->addWidget(head);
  if (!text.isEmpty()) {
    auto* body = makeLabel(text, "muted");
    body->setWordWrap(true);
    body->setTextInteractionFlags(Qt::NoTextInteraction);
    words->addWidget(body);
  }
  row->addLayout(words, 1);
  auto* close = makeButton({}, u"cross"_s, "flat");
  close->setFocusPolicy(Qt::NoFocus);
  close->setToolTip(tr("Dismiss"));
  row->addWidget(close, 0, Qt::AlignTop);
  const auto dismiss = [this, notice] {
    notice->hide();
    column_->removeWidget(notice);
    notice->deleteLater();
    place();
  };
  connect(close, &QPushButton::clicked, notice, dismiss);
  if (kind != NoticeKind::Bad) QTimer::singleShot(stay_ms, notice, dismiss);

  column_->addWidget(notice);
  if (column_->count() > most_shown) {
    QWidget* oldest = column_->itemAt(0)->widget();
    column_->removeWidget(oldest);
    oldest->hide();
    oldest->deleteLater();
  }
  place();
}

QStringList Notices::texts() const {
  QStringList texts;
  for (int i = 0; i < column_->count(); ++i)
    texts << column_->itemAt(i)->widget()->property("spoken").toString();
  return texts;
}

void Notices::place() {
  if (column_->count() == 0) {
    hide();
    return;
  }
  // The height of wrapped text is known only for a given width.
  const int height = column_->heightForWidth(width_px);
  resize(width_px, height > 0 ? height : sizeHint().height());
  move(host_->width() - width() - 16, host_->height() - this->height() - bottom_margin_ - 16);
  QWidget::show();
  raise();
}

bool Notices::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && column_->count() > 0) place();
  return QWidget::eventFilter(watched, event);
}

}  // namespace gadolin::widgets
