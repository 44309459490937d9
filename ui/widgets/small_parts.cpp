#include "ui/widgets/small_parts.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QMessageBox>
#include <QProgressBar>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>
#include <QTextDocument>
#include <QVBoxLayout>
#include <QVariant>
#include <QWheelEvent>
#include <cmath>

#include "ui/widgets/theme.h"
namespace gadolin::widgets {

void setRole(QWidget* widget, const char* role) {
  const QString text = QString::fromLatin1(role);
  if (widget->property("role").toString() == text) return;
  widget->setProperty("role", text);
  widget->style()->unpolish(widget);
  widget->style()->polish(widget);
}

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setTextFormat(Qt::PlainText);
  setRole(label, role);
  return label;
}

QString plainTip(const QString& text) {
  return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal) : text;
}

QPushButton* makeButton(const QString& text, const QString& icon_name, const char* role,
                        QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  const bool primary = qstrcmp(role, "primary") == 0;
  if (!icon_name.isEmpty())
    button->setIcon(icon(icon_name, primary ? &ThemeColours::on_accent : &ThemeColours::text));
  setRole(button, role);
  return button;
}

namespace {

/// A list or a number under the mouse while somebody scrolls is not meant.
class WheelIsForScrolling : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() != QEvent::Wheel || widget == nullptr || widget->hasFocus()) return false;
    event->ignore();
    return true;
  }
};

}  // namespace

QScrollArea* makeScrolling(QWidget* content, int width) {
  auto* scroll = new QScrollArea;
  scroll->setWidget(content);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  // Beside the scroll bar, which takes no place where there is none.
  scroll->setFixedWidth(width + scroll->verticalScrollBar()->sizeHint().width());
  auto* filter = new WheelIsForScrolling(scroll);
  for (auto* box : content->findChildren<QComboBox*>()) {
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(filter);
  }
  for (auto* box : content->findChildren<QAbstractSpinBox*>()) {
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(filter);
  }
  return scroll;
}

QScrollArea* makeChipRow(QHBoxLayout** row) {
  auto* strip = new QWidget;
  *row = new QHBoxLayout(strip);
  (*row)->setContentsMargins(0, 0, 0, 0);
  (*row)->setSpacing(4);
  auto* scroll = new QScrollArea;
  scroll->setWidget(strip);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  constexpr int height = 40;
  scroll->setFixedHeight(height);
  scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  return scroll;
}

QFrame* makePanel(const QString& heading, QVBoxLayout** layout, QWidget* parent) {
  auto* panel = new QFrame(parent);
  panel->setObjectName(QStringLiteral("panel"));
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  if (!heading.isEmpty()) column->addWidget(makeLabel(heading, "heading"));
  *layout = column;
  return panel;
}

void askFirst(QWidget* over, const QString& name, const QString& question, const QString& text,
              const QString& yes, std::function<void()> then) {
  auto* box = new QMessageBox(QMessageBox::NoIcon, over->window()->windowTitle(), question,
                              QMessageBox::Cancel, over);
  box->setObjectName(name);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(text);
  for (QLabel* label : box->findChildren<QLabel*>()) label->setTextFormat(Qt::PlainText);  // names in it are text
  const QPushButton* accept = box->addButton(yes, QMessageBox::AcceptRole);
  box->setDefaultButton(QMessageBox::Cancel);
  QObject::connect(box, &QMessageBox::buttonClicked, over,
                   [accept, then = std::move(then)](const QAbstractButton* clicked) {
                     if (clicked == accept) then();
                   });
  box->open();
}

void showProgress(QProgressBar* bar, int value, int most) {
  bar->setUpdatesEnabled(false);
  bar->setRange(0, most);
  if (most > 0) bar->setValue(value);
  bar->setUpdatesEnabled(true);
}

void resizeOnScreen(QWidget* window, QSize wanted) {
  const QWidget* over = window->parentWidget() != nullptr ? window->parentWidget() : window;
  if (const QScreen* screen = over->screen(); screen != nullptr) {
    // A window that was never shown has no frame yet; this is what desktops put around one.
    constexpr QSize frame{8, 40};
    wanted = wanted.boundedTo(screen->availableGeometry().size() - frame);
  }
  window->resize(wanted);
}

QString durationText(double seconds) {
  if (!(seconds >= 0) || std::isinf(seconds)) return {};
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return QCoreApplication::translate("duration", "%1 s").arg(whole);
  if (whole < 3600)
    return QCoreApplication::translate("duration", "%1 min %2 s")
        .arg(whole / 60)
        .arg(whole % 60, 2, 10, QLatin1Char('0'));
  return QCoreApplication::translate("duration", "%1 h %2 min")
      .arg(whole / 3600)
      .arg(whole % 3600 / 60, 2, 10, QLatin1Char('0'));
}

}  // namespace gadolin::widgets
