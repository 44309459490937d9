#pragma once
// Small widgets that every workspace uses: labels with a role, cards, buttons with an icon.

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QSize>
#include <QString>
#include <functional>

class QHBoxLayout;
class QProgressBar;
class QScrollArea;
class QVBoxLayout;

namespace gadolin::widgets {

/// role: "title", "heading", "caption", "muted", "value", "bad", "warn", "good", "key" or empty;
/// how each looks is in gadolin.qss.
QLabel* makeLabel(const QString& text, const char* role = "", QWidget* parent = nullptr);
/// A tooltip with a text of files or of other people: what looks like a tag is text, too.
QString plainTip(const QString& text);
void setRole(QWidget* widget, const char* role);

/// role: "primary", "flat", "link", "big" or empty.
QPushButton* makeButton(const QString& text, const QString& icon_name = {}, const char* role = "",
                        QWidget* parent = nullptr);

/// A framed panel with a heading; `layout` receives the place for its content.
QFrame* makePanel(const QString& heading, QVBoxLayout** layout, QWidget* parent = nullptr);

/// `content` in a column of this width that scrolls where the window is too low for it. The wheel
/// scrolls, and changes a list or a number only where that has the focus.
QScrollArea* makeScrolling(QWidget* content, int width);

/// A row for one small button a slice, which scrolls where there are many; `row` receives their place.
QScrollArea* makeChipRow(QHBoxLayout** row);

/// Sets range and value, and paints with the next frame. QProgressBar::setValue() repaints at once,
/// which beside an OpenGL view composes the whole window: some 16 ms in software, in the middle of
/// whatever called it. most: 0 for "busy, nobody knows how long".
void showProgress(QProgressBar* bar, int value, int most);

/// A question over `over`'s window with the buttons `yes` and Cancel, the latter being Enter's.
/// Comes back at once; `then` is called when the person said yes. name: objectName of the box.
void askFirst(QWidget* over, const QString& name, const QString& question, const QString& text,
              const QString& yes, std::function<void()> then);

/// Resizes a window to `wanted`, or to what the screen it opens on has room for: less than `wanted`
/// where that, with a frame around it, is larger than the screen without its bars.
void resizeOnScreen(QWidget* window, QSize wanted);

/// "3 s", "2 min 10 s", "1 h 05 min"; empty for negative values.
QString durationText(double seconds);

}  // namespace gadolin::widgets
