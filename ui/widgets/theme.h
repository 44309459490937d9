#pragma once
// The look of the window: a dark reading room by default, a light scheme on request. Colours live
// here, shapes in resources/styles/gadolin.qss.

#include <QColor>
#include <QIcon>
#include <QString>

class QApplication;

namespace gadolin::widgets {

enum class Scheme { Dark, Light };

struct ThemeColours {
  QColor ground, bar, panel, raised, field, stripe, hover, selected, line, edge;
  QColor text, muted, faint;
  QColor accent, accent_hover, accent_dim, on_accent;
  QColor good, warn, danger, banner;
};

/// Colours of the scheme that applyTheme() set last; GUI thread only.
const ThemeColours& colours();
Scheme scheme();

/// Style, palette and style sheet of the whole application.
void applyTheme(QApplication& application, Scheme scheme);

/// An icon of resources/icons in a colour of the scheme. It is drawn when it is shown, so it
/// follows applyTheme() wherever it was put.
QIcon icon(const QString& name, QColor ThemeColours::*tint = &ThemeColours::text);

/// The icon of the program, for its windows: up to 32 pixels the drawing with larger parts.
QIcon programIcon();

}  // namespace gadolin::widgets
