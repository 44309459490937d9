// A stroke of the brush as a hand feels it: from the move of the mouse to the moment when the screen
// shows the pixels, on a stack of 512 x 512 pixels in the real window, with its database. Also the
// same for dragging a point of the epicardium.
//
//   bench_brush [--json]

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QMouseEvent>
#include <QSettings>
#include <QTest>
#include <QTimer>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numbers>

#include "tests/bench/on_screen.h"
#include "tests/bench/samples.h"
#include "tests/support/phantom_project.h"
#include "tests/support/temp_folder.h"
#include "ui/session/contour_desk.h"
#include "ui/view/graphics.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/turn_watchdog.h"
#include "ui/widgets/window_memory.h"

namespace {

using gadolin::contour::Point;
using gadolin::widgets::ContourWorkspace;

constexpr int width = 1600, height = 1000;
constexpr int side = 512, slices = 12;
constexpr double pixel_mm = 0.7;
constexpr double middle = side / 2.0, endo_mm = 25, epi_mm = 37;
constexpr int patience_ms = 5000;
constexpr int rounds = 5, moves_per_round = 60;

int fail(const char* sentence) {
  std::fprintf(stderr, "bench_brush: %s\n", sentence);
  return 3;
}

/// A round ventricle in noise, with its mask.
gadolin::Result<void> makeProject(const std::filesystem::path& root) {
  using namespace gadolin;
  GADOLIN_TRY(const auto project, session::Project::create(root));
  Stack stack;
  Geometry grid;
  grid.size = {side, side, slices};
  grid.spacing_mm = {pixel_mm, pixel_mm, 8};
  stack.image = Volume<float>(grid);
  Mask mask(grid);
  unsigned noise = 1;
  for (int z = 0; z < slices; ++z) {
    SliceInfo info;
    info.origin_mm = {0, 0, 8.0 * z};
    stack.slices.push_back(info);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        noise = noise * 1664525u + 1013904223u;
        const double r_mm = pixel_mm * std::hypot(x - middle, y - middle);
        const std::uint8_t label = r_mm < endo_mm ? 1 : r_mm < epi_mm ? 2 : 0;
        mask.at(x, y, z) = label;
        stack.image.at(x, y, z) = static_cast<float>((label == 1 ? 300 : 100) + (noise >> 26));
      }
  }
  setExtentsFromPositions(stack);
  db::StackRecord record;
  record.id = "large-s1";
  record.patient = "large";
  record.size = grid.size;
  record.spacing_mm = grid.spacing_mm;
  record.content_hash = contentHash(stack);
  GADOLIN_CHECK(writeStack(project->paths().stack(record.id), stack));
  db::MaskRecord revision;
  revision.stack = record.id;
  revision.author = "bench";
  revision.sha256 = contentHash(mask);
  GADOLIN_CHECK(writeMask(project->paths().mask(revision.sha256), mask));
  const auto written = project->writeNow<int>([&](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::addStack(database, record));
    GADOLIN_CHECK(db::addMask(database, revision));
    return 0;
  });
  if (!written) return written.error();
  return {};
}

void mouse(gadolin::view::ImageView& view, QEvent::Type type, const Point& voxel,
           Qt::MouseButton button, Qt::MouseButtons buttons) {
  const auto at = view.plane().toScreen(voxel.x, voxel.y);
  QMouseEvent event(type, {at.x, at.y}, view.mapToGlobal(QPointF(at.x, at.y)), button, buttons,
                    Qt::NoModifier);
  QApplication::sendEvent(&view, &event);
}

/// Milliseconds from the event to the frame that shows it; negative when none comes.
template <typename Act>
double time_ms(gadolin::view::ImageView& view, Act act) {
  QEventLoop loop;
  QElapsedTimer timer;
  double passed_ms = -1;
  gadolin::bench::watchFrames(view, &loop, [&] {
    if (passed_ms < 0) passed_ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    loop.quit();
  });
  QTimer::singleShot(patience_ms, &loop, &QEventLoop::quit);
  timer.start();
  act();
  loop.exec();
  return passed_ms;
}

/// Strokes around the wall; false when the screen does not follow.
bool measureBrush(ContourWorkspace& page, gadolin::bench::Rounds& times) {
  auto& view = page.imageView();
  QTest::keyClick(&view, Qt::Key_B);
  QTest::keyClick(&view, Qt::Key_3);
  for (int round = 0; round < rounds; ++round) {
    times.begin();
    view.setSlice(round + 2);
    QTest::qWait(200);
    const auto place = [&](int i) {
      const double angle = 2 * std::numbers::pi * i / moves_per_round;
      const double r = (endo_mm + epi_mm) / 2 / pixel_mm;
      return Point{middle + r * std::cos(angle), middle + r * std::sin(angle)};
    };
    mouse(view, QEvent::MouseMove, place(0), Qt::NoButton, Qt::NoButton);
    mouse(view, QEvent::MouseButtonPress, place(0), Qt::LeftButton, Qt::LeftButton);
    QTest::qWait(50);
    for (int i = 1; i < moves_per_round; ++i) {
      const double passed_ms = time_ms(view, [&] {
        mouse(view, QEvent::MouseMove, place(i), Qt::NoButton, Qt::LeftButton);
      });
      if (passed_ms < 0) return false;
      times.add(passed_ms);
    }
    mouse(view, QEvent::MouseButtonRelease, place(0), Qt::LeftButton, Qt::NoButton);
  }
  return true;
}

bool measureBorder(ContourWorkspace& page, gadolin::bench::Rounds& times) {
  auto& view = page.imageView();
  QTest::keyClick(&view, Qt::Key_C);
  for (int round = 0; round < rounds; ++round) {
    times.begin();
    view.setSlice(round + 2);
    QTest::qWait(200);
    const auto& points = page.borders().points(gadolin::contour::Border::Epicardium);
    if (points.empty()) return false;
    const Point from = points.front();
    mouse(view, QEvent::MouseMove, from, Qt::NoButton, Qt::NoButton);
    mouse(view, QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    QTest::qWait(50);
    for (int i = 1; i < moves_per_round; ++i) {
      const double passed_ms = time_ms(view, [&] {
        mouse(view, QEvent::MouseMove, {from.x + 0.2 * i, from.y}, Qt::NoButton, Qt::LeftButton);
      });
      if (passed_ms < 0) return false;
      times.add(passed_ms);
    }
    mouse(view, QEvent::MouseButtonRelease, from, Qt::LeftButton, Qt::NoButton);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  gadolin::view::prepareGraphics();
  gadolin::widgets::WatchedApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("GadolinBench"));
  QCoreApplication::setApplicationName(QStringLiteral("bench_brush"));
  const bool as_json = application.arguments().contains(QStringLiteral("--json"));
  const gadolin::test::TempFolder folder;
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                     QString::fromStdString((folder.path() / "settings").string()));
  const auto root = folder.path() / "bench.gadolin";
  if (const auto made = makeProject(root); !made) return fail(made.error().message.c_str());
  gadolin::widgets::applyTheme(application, gadolin::widgets::Scheme::Dark);
  gadolin::widgets::memory::setReader(QStringLiteral("bench"));
  gadolin::widgets::MainWindow window;
  window.resize(width, height);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return fail("no window appeared.");
  QApplication::setActiveWindow(&window);
  window.openProject(QString::fromStdString(root.string()), gadolin::widgets::Place::Contour);
  if (!QTest::qWaitFor([&window] { return !window.isOpening(); }, patience_ms) ||
      !window.hasProject())
    return fail(qPrintable(window.lastMessage()));
  auto& page = *qobject_cast<ContourWorkspace*>(window.workspace(gadolin::widgets::Place::Contour));
  if (!QTest::qWaitFor([&] { return page.contours()->mask() && page.settled(); }, patience_ms))
    return fail("no stack appeared.");
  if (gadolin::view::drawing() == gadolin::view::Drawing::None)
    return fail("this display has no OpenGL; run it under Xvfb.");
  gadolin::bench::Rounds brush, border;
  if (!measureBrush(page, brush) || !measureBorder(page, border))
    return fail("the screen did not follow the mouse.");
  const nlohmann::json result{{"name", "brush"},
                              {"pixels", {side, side}},
                              {"moves", rounds * (moves_per_round - 1)},
                              {"p50_ms", brush.of(0.5)},
                              {"p95_ms", brush.of(0.95)},
                              {"border_p50_ms", border.of(0.5)},
                              {"border_p95_ms", border.of(0.95)},
                              {"window", {width, height}}};
  if (as_json)
    std::printf("%s\n", result.dump().c_str());
  else
    std::printf("brush: median %.1f ms, 95 %% within %.1f ms; a point of a border: %.1f, %.1f ms\n",
                brush.of(0.5), brush.of(0.95), border.of(0.5), border.of(0.95));
  return 0;
}
