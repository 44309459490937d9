#include "ui/widgets/welcome_page.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileInfo>
#include <QFrame>

#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
  setObjectName(u"workspace"_s);
  setAttribute(Qt::WA_StyledBackground);
  auto* outer = new QVBoxLayout(this);
  outer->addStretch(2);
  auto* middle = new QHBoxLayout;
  outer->addLayout(middle);
  outer->addStretch(3);
  middle->addStretch(1);

  auto* actions = new QVBoxLayout;
  actions->setSpacing(10);
  auto* title = makeLabel(tr("Gadolin"), "title");
  actions->addWidget(title);
  auto* subtitle = makeLabel(tr("Label late-enhancement stacks in seconds, train the fibrosis "
                                "cascade, review every mask."),
                             "muted");
  subtitle->setWordWrap(true);
  subtitle->setFixedWidth(380);
  actions->addWidget(subtitle);
  actions->addSpacing(14);
  auto* create = makeButton(tr("New project…"), u"new"_s, "big");
  auto* open = makeButton(tr("Open project…"), u"open"_s, "big");
  auto* archive = makeButton(tr("New project from an archive…"), u"import"_s, "big");
  archive->setObjectName(u"openArchive"_s);
  auto* demo = makeButton(tr("Try it on a synthetic cohort…"), u"demo"_s, "big");
  connect(create, &QPushButton::clicked, this, &WelcomePage::newWanted);
  connect(open, &QPushButton::clicked, this, &WelcomePage::openWanted);
  connect(archive, &QPushButton::clicked, this, &WelcomePage::archiveWanted);
  connect(demo, &QPushButton::clicked, this, &WelcomePage::demoWanted);
  for (QPushButton* button : {create, open, archive, demo}) {
    button->setFixedWidth(380);
    button->setIconSize(QSize(24, 24));
    actions->addWidget(button);
  }
  actions->addSpacing(10);
  auto* hint = makeLabel(tr("Or drop a folder with DICOM or NIfTI files anywhere on this window: "
                            "it is imported into a "
                            "project of your choice."),
                         "caption");
  hint->setWordWrap(true);
  hint->setFixedWidth(380);
  actions->addWidget(hint);
  actions->addStretch(1);
  middle->addLayout(actions);
  middle->addSpacing(56);

  auto* side = new QVBoxLayout;
  side->setSpacing(6);
  side->addWidget(makeLabel(tr("Recent projects"), "heading"));
  recent_ = new QVBoxLayout;
  recent_->setSpacing(4);
  side->addLayout(recent_);
  side->addStretch(1);
  side->addWidget(makeLabel(tr("For research. Gadolin is not a medical device."), "caption"));
  middle->addLayout(side);
  middle->addStretch(1);
  refreshRecent();
}

void WelcomePage::refreshRecent() {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const QStringList folders = memory::recentProjects();
  if (folders.isEmpty()) {
    auto* none = makeLabel(tr("None yet."), "muted");
    none->setFixedWidth(420);
    recent_->addWidget(none);
  }
  for (const QString& folder : folders) {
    const QFileInfo info(folder);
    QString place = info.absolutePath();
    if (place.startsWith(QDir::homePath())) place.replace(0, QDir::homePath().size(), u"~"_s);
    auto* button = makeButton(info.completeBaseName() + u"\n"_s + place, u"clock"_s, "flat");
    button->setStyleSheet(u"text-align: left; padding: 6px 8px;"_s);
    button->setFixedWidth(420);
    connect(button, &QPushButton::clicked, this, [this, folder] { Q_EMIT recentWanted(folder); });
    recent_->addWidget(button);
  }
}

}  // namespace gadolin::widgets
