#pragma once
// Workspace 3. This version shows masks and does not draw them; the page says so.

#include <string>

#include "ui/widgets/workspace.h"

class QLabel;

namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

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

 private:
  void reload();
  void load(const QString& stack);
  void loadMask(const std::string& stack, int number);

  Desk* desk_ = nullptr;
  StackList* list_;
  view::ImageView* image_;
  QLabel* mask_text_;
  QString wanted_;
  int load_number_ = 0;
  int waiting_ = 0;
};

}  // namespace gadolin::widgets
