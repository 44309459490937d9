// How long a turn of the wheel, and a change to the next stack, take until the screen shows them:
// from the event to the return of the buffer swap, contact sheet beside the large view with a mask
// over it, phantom stacks, whatever OpenGL the machine has.
//
//   bench_wheel [--json]

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>
#include <QWheelEvent>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/phantom/subject.h"
#include "tests/bench/on_screen.h"
#include "tests/bench/samples.h"
#include "ui/view/contact_sheet.h"
#include "ui/view/graphics.h"
#include "ui/view/image_view.h"

namespace {

using gadolin::bench::Rounds;

constexpr int rounds = 5;
constexpr int turns_per_round = 60;
constexpr int switches_per_round = 24;
constexpr int width = 1400;
constexpr int height = 900;
constexpr int patience_ms = 5000;

struct Case {
  std::shared_ptr<const gadolin::Stack> stack;
  std::shared_ptr<const gadolin::Mask> mask;
};

struct Screen {
  QWidget window;
  gadolin::view::ContactSheet sheet{&window};
  gadolin::view::ImageView view{&window};

  Screen() {
    window.resize(width, height);
    sheet.setGeometry(0, 0, width * 2 / 7, height);
    view.setGeometry(width * 2 / 7, 0, width * 5 / 7, height);
    QObject::connect(&view, &gadolin::view::ImageView::sliceChanged, &sheet,
                     [this](int z) { sheet.setCurrent(z); });
    window.show();
  }

  /// Milliseconds from `act` to the next frame on the screen; negative when none comes.
  template <typename Act>
  double time_ms(Act act) {
    QEventLoop loop;
    bool swapped = false;
    gadolin::bench::watchFrames(view, &loop, [&] {
      swapped = true;
      loop.quit();
    });
    QTimer::singleShot(patience_ms, &loop, &QEventLoop::quit);
    QElapsedTimer timer;
    timer.start();
    act();
    loop.exec();
    const double passed_ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    return swapped ? passed_ms : -1;
  }

  void show(const Case& next) {
    sheet.setStack(next.stack);
    view.setStack(next.stack);
    view.setMask(next.mask);
  }

  void turnWheel(int eighths) {
    const QPointF at(view.width() / 2.0, view.height() / 2.0);
    QWheelEvent event(at, view.mapToGlobal(at), {}, {0, eighths}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
  }
};

}  // namespace

int main(int argc, char** argv) {
  gadolin::view::prepareGraphics();
  QApplication application(argc, argv);
  QCommandLineParser parser;
  const QCommandLineOption as_json(QStringLiteral("json"));
  parser.addOption(as_json);
  parser.process(application);

  std::vector<Case> cases;
  for (int index = 0; index < 6; ++index) {
    auto subject = gadolin::phantom::makeSubject(1, index);
    cases.push_back({std::make_shared<gadolin::Stack>(subject.shown()),
                     std::make_shared<gadolin::Mask>(std::move(subject.truth))});
  }
  Screen screen;
  if (gadolin::view::drawing() == gadolin::view::Drawing::None) {
    std::fprintf(stderr, "bench_wheel: this display has no OpenGL; run it under Xvfb.\n");
    return 3;
  }
  // What the workspace does while a person looks at the present stack.
  for (const auto& one : cases) screen.sheet.prepare(one.stack);
  for (const auto& one : cases) screen.time_ms([&] { screen.show(one); });

  Rounds wheel;
  Rounds change;
  std::size_t present = 0;
  for (int round = 0; round < rounds; ++round) {
    wheel.begin();
    change.begin();
    for (int i = 0; i < turns_per_round; ++i) {
      // Down to the apex and up again, so that every turn changes the slice.
      const auto& stack = *screen.view.stack();
      const int from_base =
          stack.apex_first ? stack.sliceCount() - 1 - screen.view.slice() : screen.view.slice();
      static int direction = -120;
      if (from_base == 0) direction = -120;
      if (from_base == stack.sliceCount() - 1) direction = 120;
      const double time_ms = screen.time_ms([&] { screen.turnWheel(direction); });
      if (time_ms < 0) {
        std::fprintf(stderr, "bench_wheel: the screen did not follow the wheel within %d ms.\n",
                     patience_ms);
        return 3;
      }
      wheel.add(time_ms);
    }
    for (int i = 0; i < switches_per_round; ++i) {
      present = (present + 1) % cases.size();
      const double time_ms = screen.time_ms([&] { screen.show(cases[present]); });
      if (time_ms < 0) {
        std::fprintf(stderr, "bench_wheel: no new stack appeared within %d ms.\n", patience_ms);
        return 3;
      }
      change.add(time_ms);
    }
  }
  const nlohmann::json result{{"name", "wheel"},
                              {"p50_ms", wheel.of(0.5)},
                              {"p95_ms", wheel.of(0.95)},
                              {"switch_p50_ms", change.of(0.5)},
                              {"switch_p95_ms", change.of(0.95)},
                              {"window", {width, height}},
                              {"rounds", rounds},
                              {"turns", rounds * turns_per_round},
                              {"switches", rounds * switches_per_round}};
  if (parser.isSet(as_json)) {
    std::printf("%s\n", result.dump().c_str());
  } else {
    std::printf("wheel: median %.1f ms, 95 %% within %.1f ms\n", wheel.of(0.5), wheel.of(0.95));
    std::printf("next stack: median %.1f ms, 95 %% within %.1f ms (window %d x %d)\n",
                change.of(0.5), change.of(0.95), width, height);
  }
  return 0;
}
