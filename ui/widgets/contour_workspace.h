#pragma once
// Workspace 3. This version shows masks and does not draw them; the page says so.

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/imaging/volume.h"
#include "ui/widgets/workspace.h"

class QLabel;

namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

class Maximiser;
class StackList;

class ContourWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit ContourWorkspace(QWidget* parent = nullptr);

  void setDesk(Desk* desk) override;
  void enter() override;
  std::vector<KeyHint> keys() const override;
  void showStack(const QString& stack) override;
  [[nodiscard]] bool settled() const override { return waiting_ == 0; }
  [[nodiscard]] view::ImageView& imageView() { return *image_; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void reload();
  void load(const QString& stack);
  void loadMask(const std::string& stack, int number);
  void showMask(const std::string& stack, const std::shared_ptr<const Mask>& mask);
  void failMask(const Error& error);

  Desk* desk_ = nullptr;
  StackList* list_;
  view::ImageView* image_;
  Maximiser* maximiser_;
  QLabel* mask_text_;
  QString wanted_;
  int load_number_ = 0;
  int waiting_ = 0;
};

}  // namespace gadolin::widgets
