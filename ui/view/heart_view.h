#pragma once
// The left ventricle in space, to turn and to look into.

#include <QPointF>
#include <QWidget>
#include <memory>

#include "ui/view/heart_scene.h"
#include "ui/view/scene_surface.h"

namespace gadolin::view {

/// Dragging turns, the wheel comes nearer, a double click looks from the front again. Letters tell
/// the patient's sides where they are known. Thread: the GUI thread.
class HeartView : public QWidget {
  Q_OBJECT
 public:
  explicit HeartView(QWidget* parent = nullptr);

  /// Null with the reason why nothing is seen. `sides_known`: the letters are shown.
  void setHeart(std::shared_ptr<const HeartMeshes> heart, bool sides_known, const QString& why = {});
  /// Of another stack: looked at from the front again.
  void forgetCamera() { fresh_ = true; }
  void setSlice(int z);
  void setPalette(PaletteName palette);
  [[nodiscard]] bool hasHeart() const { return heart_ != nullptr; }
  /// What is seen, in device pixels; null without OpenGL.
  [[nodiscard]] QImage picture() { return canvas_ != nullptr ? canvas_->picture() : QImage(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void updateScene();
  void paintOver(QPainter& painter) const;

  HeartScene scene_;
  SceneSurface* canvas_ = nullptr;
  std::shared_ptr<const HeartMeshes> heart_;
  QString why_;
  QPointF last_;
  bool sides_known_ = false;
  bool fresh_ = true;
};

}  // namespace gadolin::view
