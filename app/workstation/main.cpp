// gadolin: the workstation.
//
//   gadolin [PROJECT] [--workspace 1..6]
//   gadolin PROJECT --screenshots DIR   shows all six workspaces one after the other, saves
//                                       cohort.png, label.png, contour.png, train.png, review.png
//                                       and report.png there, and quits. Needs a display (Xvfb will
//                                       do). Exit status 0, or 3 when a picture is missing.

#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QTimer>
#include <cstdio>

#include "app/workstation/screenshot_tour.h"
#include "ui/view/graphics.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/turn_watchdog.h"
#include "ui/widgets/window_memory.h"

using namespace Qt::StringLiterals;

namespace {

constexpr int exit_usage = 2;

int wrongUse(const QString& sentence) {
  std::fprintf(stderr, "gadolin: %s\n", qPrintable(sentence));
  return exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  QElapsedTimer since_start;
  since_start.start();
  gadolin::view::prepareGraphics();
  gadolin::widgets::WatchedApplication application(argc, argv);
  QCoreApplication::setOrganizationName(u"Gadolin"_s);
  QCoreApplication::setApplicationName(u"gadolin"_s);
  QCoreApplication::setApplicationVersion(QStringLiteral(GADOLIN_VERSION));

  QCommandLineParser parser;
  parser.setApplicationDescription(
      u"Workstation for labelling, training and reporting on LGE cardiac MRI."_s);
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(u"project"_s,
                               u"A folder NAME.gadolin to open, or the project.sqlite in it."_s,
                               u"[PROJECT]"_s);
  const QCommandLineOption workspace(u"workspace"_s,
                                     u"The workspace to show: 1 (Cohort) to 6 (Report)."_s, u"N"_s);
  const QCommandLineOption screenshots(
      u"screenshots"_s, u"Save a picture of every workspace of PROJECT in this folder and quit."_s,
      u"DIR"_s);
  const QCommandLineOption timing(
      u"print-start-time"_s,
      u"Print the milliseconds from start to the first painted window and to the project in it."_s);
  parser.addOptions({workspace, screenshots, timing});
  parser.process(application);

  const QStringList arguments = parser.positionalArguments();
  if (arguments.size() > 1) return wrongUse(u"one project at a time."_s);
  std::optional<gadolin::widgets::Place> place;
  if (parser.isSet(workspace)) {
    bool ok = false;
    const int number = parser.value(workspace).toInt(&ok);
    if (!ok || number < 1 || number > gadolin::widgets::place_count)
      return wrongUse(u"--workspace is a number from 1 to 6."_s);
    place = static_cast<gadolin::widgets::Place>(number - 1);
  }
  if (parser.isSet(screenshots) && arguments.isEmpty())
    return wrongUse(u"--screenshots needs a project."_s);

  gadolin::widgets::applyTheme(application, gadolin::widgets::memory::savedScheme());
  QGuiApplication::setDesktopFileName(u"gadolin"_s);  // by which Wayland finds name and icon
  QApplication::setWindowIcon(gadolin::widgets::programIcon());
  gadolin::widgets::MainWindow window;
  if (parser.isSet(timing))
    QObject::connect(&window, &gadolin::widgets::MainWindow::firstPainted, &window, [&since_start] {
      std::printf("first window after %lld ms\n", static_cast<long long>(since_start.elapsed()));
      std::fflush(stdout);
    });
  QTimer until_shown;
  if (parser.isSet(timing)) {
    QObject::connect(&until_shown, &QTimer::timeout, &window, [&] {
      if (!window.hasProject() || !window.workspace(window.place())->settled()) return;
      until_shown.stop();
      std::printf("project shown after %lld ms\n", static_cast<long long>(since_start.elapsed()));
      std::fflush(stdout);
    });
    until_shown.start(5);
  }
  window.show();
  // The window is on screen before a project is opened.
  if (!arguments.isEmpty())
    QTimer::singleShot(
        0, &window, [&window, &arguments, place] { window.openProject(arguments.front(), place); });
  std::unique_ptr<gadolin::ScreenshotTour> tour;
  if (parser.isSet(screenshots)) {
    tour = std::make_unique<gadolin::ScreenshotTour>(window, parser.value(screenshots));
    tour->start();
  }
  return QApplication::exec();
}
