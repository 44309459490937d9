#include "ui/widgets/worklists.h"

#include <QComboBox>
#include <QCoreApplication>

namespace gadolin::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("gadolin::widgets::Worklists", text);
}

}  // namespace

QString worklistText(session::Worklist worklist) {
  switch (worklist) {
    case session::Worklist::All:
      return tr("All stacks");
    case session::Worklist::Unlabelled:
      return tr("Not labelled by me");
    case session::Worklist::Unfinished:
      return tr("Begun by me");
    case session::Worklist::Mine:
      return tr("Labelled by me");
    case session::Worklist::Unsure:
      return tr("Unsure slices of mine");
    case session::Worklist::Disagreements:
      return tr("Disagreements");
    case session::Worklist::Rejected:
      return tr("Prediction rejected");
  }
  return {};
}

void addWorklists(QComboBox* box) {
  for (const session::Worklist worklist : session::all_worklists)
    box->addItem(worklistText(worklist), static_cast<int>(worklist));
}

}  // namespace gadolin::widgets
