#include "app/workstation/screenshot_tour.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QScreen>
#include <array>
#include <cstdio>

namespace gadolin {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<const char*, widgets::place_count> names{"cohort", "label",  "contour",
                                                              "train",  "review", "report"};
constexpr int look_every_ms = 100;
constexpr int looks_before_picture = 6;  // paints and queued replots have happened by then
constexpr int patience_ms = 30'000;
constexpr int exit_failed = 3;
constexpr QSize largest{1600, 1000};

}  // namespace

ScreenshotTour::ScreenshotTour(widgets::MainWindow& window, QString folder, QObject* parent)
    : QObject(parent), window_(window), folder_(std::move(folder)) {
  timer_.setInterval(look_every_ms);
  connect(&timer_, &QTimer::timeout, this, &ScreenshotTour::look);
}

void ScreenshotTour::start() {
  if (!QDir().mkpath(folder_)) {
    fail(u"the folder %1 cannot be made."_s.arg(folder_));
    return;
  }
  const QRect screen = window_.screen()->availableGeometry();
  window_.showNormal();
  window_.setGeometry(QRect(screen.topLeft(), largest.boundedTo(screen.size())));
  window_.setQuiet(true);
  waited_.start();
  timer_.start();
}

void ScreenshotTour::look() {
  if (waited_.elapsed() > patience_ms) {
    fail(place_ < 0 ? u"the project did not open: %1"_s.arg(window_.lastMessage())
                    : u"the workspace %1 does not come to rest."_s.arg(
                          QLatin1String(names[static_cast<std::size_t>(place_)])));
    return;
  }
  if (place_ < 0) {
    if (!window_.hasProject()) return;
    place_ = 0;
    window_.showPlace(widgets::Place::Cohort);
    waited_.start();
    return;
  }
  const auto place = static_cast<widgets::Place>(place_);
  if (!window_.workspace(place)->settled()) {
    quiet_looks_ = 0;
    return;
  }
  if (++quiet_looks_ < looks_before_picture) return;
  if (!save()) return;
  quiet_looks_ = 0;
  waited_.start();
  if (++place_ == widgets::place_count) {
    timer_.stop();
    window_.close();
    QCoreApplication::exit(0);
    return;
  }
  window_.showPlace(static_cast<widgets::Place>(place_));
}

bool ScreenshotTour::save() {
  const QString file =
      folder_ + u'/' + QLatin1String(names[static_cast<std::size_t>(place_)]) + u".png"_s;
  // What the screen shows; where a platform forbids that, what the widgets draw.
  QPixmap picture = window_.screen()->grabWindow(window_.winId());
  if (picture.isNull()) picture = window_.grab();
  if (picture.save(file)) return true;
  fail(u"%1 cannot be written."_s.arg(file));
  return false;
}

void ScreenshotTour::fail(const QString& sentence) {
  timer_.stop();
  std::fprintf(stderr, "gadolin: %s\n", qPrintable(sentence));
  QMetaObject::invokeMethod(
      qApp, [] { QCoreApplication::exit(exit_failed); }, Qt::QueuedConnection);
}

}  // namespace gadolin
