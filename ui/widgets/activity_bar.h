#pragma once
// The slim bar on the left: six workspaces, below them help and the scheme.

#include <QFrame>
#include <array>

#include "ui/widgets/workspace.h"

class QToolButton;

namespace gadolin::widgets {

class ActivityBar : public QFrame {
  Q_OBJECT
 public:
  explicit ActivityBar(QWidget* parent = nullptr);

  void setCurrent(Place place);
  /// Without a project only the welcome page is there.
  void setWorkspacesEnabled(bool enabled);
  /// Draws the icons again in the colours of the scheme.
  void refreshIcons();

 Q_SIGNALS:
  void placeWanted(gadolin::widgets::Place place);
  void helpWanted();
  void schemeWanted();

 private:
  std::array<QToolButton*, place_count> places_{};
  QToolButton* help_;
  QToolButton* scheme_;
};

/// "Cohort", "Label", ...
QString placeName(Place place);

}  // namespace gadolin::widgets
