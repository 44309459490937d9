#pragma once
// "Magnitude or PSIR?" above the cohort, where neither the header nor the grey values of an image
// tell. It waits there until somebody answers, and takes no focus.

#include <QFrame>
#include <QSet>
#include <QString>
#include <string>
#include <vector>

#include "core/imaging/stack.h"

class QLabel;
class QPushButton;

namespace gadolin::db {
struct CohortRow;
}

namespace gadolin::widgets {

class KindQuestion : public QFrame {
  Q_OBJECT
 public:
  explicit KindQuestion(QWidget* parent = nullptr);

  /// Asks about the stacks among these whose kind is not known: one question for all whose
  /// descriptions have the same words. Hidden where there is none, or where the project takes no
  /// answer.
  void setRows(const std::vector<db::CohortRow>& rows, bool read_only);
  /// The answer could not be stored: the same question once more.
  void askAgain() { ask(); }
  /// Another project: what was put off is asked again.
  void clear();

 Q_SIGNALS:
  void answered(const std::vector<std::string>& stacks, gadolin::ImageKind kind);
  /// The person wants to see the image before.
  void lookWanted(const QString& stack);

 private:
  struct Question {
    QString key;
    std::string description;  // of the first stack
    std::vector<std::string> stacks;
  };
  void answer(ImageKind kind);
  void ask();

  std::vector<Question> questions_;
  QSet<QString> put_off_;  // keys
  QLabel* text_;
  std::vector<QPushButton*> buttons_;
};

}  // namespace gadolin::widgets
