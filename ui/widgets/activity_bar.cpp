#include "ui/widgets/activity_bar.h"

#include <QBoxLayout>
#include <QToolButton>

#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<const char16_t*, place_count> icon_names{u"cohort", u"label",  u"contour",
                                                              u"train",  u"review", u"report"};

QString iconName(int place) {
  return QString::fromUtf16(icon_names[static_cast<std::size_t>(place)]);
}

QToolButton* barButton(QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
  button->setIconSize(QSize(24, 24));
  button->setFixedWidth(68);
  button->setFocusPolicy(Qt::NoFocus);
  return button;
}

}  // namespace

QString placeName(Place place) {
  switch (place) {
    case Place::Cohort:
      return ActivityBar::tr("Cohort");
    case Place::Label:
      return ActivityBar::tr("Label");
    case Place::Contour:
      return ActivityBar::tr("Contour");
    case Place::Train:
      return ActivityBar::tr("Train");
    case Place::Review:
      return ActivityBar::tr("Review");
    case Place::Report:
      return ActivityBar::tr("Report");
  }
  return {};
}

ActivityBar::ActivityBar(QWidget* parent) : QFrame(parent) {
  setObjectName(u"activityBar"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 6, 0, 6);
  column->setSpacing(2);
  for (int i = 0; i < place_count; ++i) {
    const auto place = static_cast<Place>(i);
    QToolButton* button = barButton(this);
    button->setText(placeName(place));
    button->setCheckable(true);
    button->setAutoExclusive(true);
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(placeName(place)).arg(i + 1));
    button->setAccessibleName(placeName(place));
    connect(button, &QToolButton::clicked, this, [this, place] { Q_EMIT placeWanted(place); });
    column->addWidget(button);
    places_[static_cast<std::size_t>(i)] = button;
  }
  column->addStretch(1);
  scheme_ = barButton(this);
  scheme_->setText(tr("Light"));
  scheme_->setToolTip(tr("Dark or light"));
  connect(scheme_, &QToolButton::clicked, this, &ActivityBar::schemeWanted);
  column->addWidget(scheme_);
  help_ = barButton(this);
  help_->setText(tr("Keys"));
  help_->setToolTip(tr("The keys of this workspace (?)"));
  connect(help_, &QToolButton::clicked, this, &ActivityBar::helpWanted);
  column->addWidget(help_);
  refreshIcons();
}

void ActivityBar::setCurrent(Place place) {
  places_[static_cast<std::size_t>(place)]->setChecked(true);
}

void ActivityBar::setWorkspacesEnabled(bool enabled) {
  for (QToolButton* button : places_) button->setEnabled(enabled);
}

void ActivityBar::refreshIcons() {
  for (int i = 0; i < place_count; ++i)
    places_[static_cast<std::size_t>(i)]->setIcon(icon(iconName(i)));
  help_->setIcon(icon(u"help"_s));
  scheme_->setIcon(icon(u"theme"_s));
  scheme_->setText(scheme() == Scheme::Dark ? tr("Light") : tr("Dark"));
}

}  // namespace gadolin::widgets
