#include "ui/widgets/stack_actions.h"

#include <QAction>
#include <QCoreApplication>
#include <QInputDialog>
#include <QMenu>
#include <array>
#include <utility>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("StackActions", text);
}

void setAside(QWidget* context, Desk& desk, const std::vector<std::string>& stacks,
              const QString& reason) {
  whenDone(
      context, session::setAside(desk.project, stacks, reason.toStdString()),
      [&notices = desk.notices](const Result<int>& done) {
        if (!done) {
          notices.show(NoticeKind::Bad, tr("Nothing was set aside"),
                       QString::fromStdString(done.error().message));
          return;
        }
        notices.show(
            NoticeKind::Plain,
            *done == 1 ? tr("1 stack was set aside") : tr("%1 stacks were set aside").arg(*done),
            tr("Labels and masks are kept. \"Set aside\" above the table shows them and takes "
               "them back."));
      });
}

}  // namespace

void setKind(QWidget* context, Desk& desk, const std::vector<std::string>& stacks, ImageKind kind,
             std::function<void()> refused) {
  whenDone(context, session::setKind(desk.project, stacks, kind),
           [&notices = desk.notices, refused = std::move(refused)](const Result<int>& done) {
             if (done) return;
             notices.show(NoticeKind::Bad, tr("The kind of image was not changed"),
                          QString::fromStdString(done.error().message));
             if (refused) refused();
           });
}

void addAsideActions(QMenu& menu, QWidget* context, Desk& desk, std::vector<std::string> stacks) {
  for (const char* reason :
       {QT_TRANSLATE_NOOP("StackActions", "no late enhancement"),
        QT_TRANSLATE_NOOP("StackActions", "another stack of the patient is better"),
        QT_TRANSLATE_NOOP("StackActions", "poor quality"),
        QT_TRANSLATE_NOOP("StackActions", "not a part of this study")}) {
    const QString words = tr(reason);
    QObject::connect(menu.addAction(words), &QAction::triggered, context,
                     [context, &desk, stacks, words] { setAside(context, desk, stacks, words); });
  }
  menu.addSeparator();
  QObject::connect(menu.addAction(tr("Another reason…")), &QAction::triggered, context,
                   [context, &desk, stacks] {
                     auto* ask = new QInputDialog(context->window());
                     ask->setAttribute(Qt::WA_DeleteOnClose);
                     ask->setObjectName(u"asideReason"_s);
                     ask->setWindowTitle(tr("Set aside"));
                     ask->setLabelText(tr("Why?"));
                     QObject::connect(ask, &QInputDialog::textValueSelected, context,
                                      [context, &desk, stacks](const QString& words) {
                                        if (!words.trimmed().isEmpty())
                                          setAside(context, desk, stacks, words.trimmed());
                                      });
                     ask->open();
                   });
}

void addStackActions(QMenu& menu, QWidget* context, Desk& desk, std::vector<std::string> stacks) {
  using Choice = std::pair<ImageKind, const char*>;
  auto* kinds = menu.addMenu(stacks.size() == 1 ? tr("The image is") : tr("The images are"));
  for (const auto& [kind, name] :
       {Choice(ImageKind::Psir, "PSIR"),
        Choice(ImageKind::Magnitude, QT_TRANSLATE_NOOP("StackActions", "magnitude")),
        Choice(ImageKind::Unknown, QT_TRANSLATE_NOOP("StackActions", "not known"))}) {
    QObject::connect(
        kinds->addAction(tr(name)), &QAction::triggered, context,
        [context, &desk, stacks, kind = kind] { setKind(context, desk, stacks, kind); });
  }
  auto* aside = menu.addMenu(stacks.size() == 1 ? tr("Set this stack aside")
                                                : tr("Set %1 stacks aside").arg(stacks.size()));
  addAsideActions(*aside, context, desk, std::move(stacks));
}

}  // namespace gadolin::widgets
