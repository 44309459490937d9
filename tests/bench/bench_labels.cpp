// The label loop as a person feels it: from the key to the moment when the screen shows the next
// slice, or the next stack, in the real window with its database.
//
//   bench_labels [--json] [--project NAME.gadolin]
//
// Works on a copy of the project (phantom patients without one), as a reader who has labelled
// nothing. Between two keys a person looks; the pause stands for that.

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSettings>
#include <QTest>
#include <QTimer>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/bench/on_screen.h"
#include "tests/bench/samples.h"
#include "tests/support/phantom_project.h"
#include "tests/support/temp_folder.h"
#include "ui/view/graphics.h"
#include "ui/view/image_view.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/turn_watchdog.h"
#include "ui/widgets/window_memory.h"

namespace {

namespace fs = std::filesystem;
using gadolin::widgets::LabelSession;
using gadolin::widgets::LabelWorkspace;

constexpr int width = 1600;
constexpr int height = 1000;
constexpr int pause_ms = 150;
constexpr int patience_ms = 5000;
constexpr int phantom_patients = 24;
constexpr int most_stacks = 80;

struct KeyTime {
  double commit_ms = -1;  // the label is on disk
  double screen_ms = -1;  // what comes next is on the screen; negative: it never came
};

/// From the key to the swap after `shown` has become true.
template <typename Shown>
KeyTime keyToScreen(LabelWorkspace& workspace, Qt::Key key, Shown shown) {
  QEventLoop loop;
  QElapsedTimer timer;
  KeyTime time;
  const auto now_ms = [&timer] { return static_cast<double>(timer.nsecsElapsed()) * 1e-6; };
  const auto committed =
      QObject::connect(&workspace.session(), &LabelSession::labelsChanged, &loop, [&] {
        if (time.commit_ms < 0) time.commit_ms = now_ms();
      });
  gadolin::bench::watchFrames(workspace.imageView(), &loop, [&] {
    if (time.screen_ms >= 0 || !shown()) return;  // a frame of something else
    time.screen_ms = now_ms();
    loop.quit();
  });
  QTimer::singleShot(patience_ms, &loop, &QEventLoop::quit);
  timer.start();
  QTest::keyClick(&workspace.imageView(), key);
  loop.exec();
  QObject::disconnect(committed);
  return time;
}

int fail(const char* sentence) {
  std::fprintf(stderr, "bench_labels: %s\n", sentence);
  return 3;
}

struct Timings {
  std::vector<double> slice_ms, stack_ms, commit_ms;
  int slices = 0;
};

/// One key "fibrosis" and one "the rest is none" a stack, to the end of the worklist.
bool labelEverything(LabelWorkspace& workspace, Timings& timings) {
  LabelSession& session = workspace.session();
  const int stacks = std::min(static_cast<int>(session.worklist().size()) - 1, most_stacks);
  for (int i = 0; i < stacks; ++i) {
    QTest::qWait(pause_ms);
    const auto stack = session.stack();
    const int slice = session.slice();
    timings.slices += stack->sliceCount();
    const KeyTime next_slice = keyToScreen(workspace, Qt::Key_1, [&] {
      return session.slice() != slice && workspace.imageView().slice() == session.slice();
    });
    QTest::qWait(pause_ms);
    const KeyTime next_stack = keyToScreen(workspace, Qt::Key_Space, [&] {
      return session.stack() != nullptr && session.stack() != stack &&
             workspace.imageView().stack() == session.stack();
    });
    if (next_slice.screen_ms < 0 || next_stack.screen_ms < 0) return false;
    timings.slice_ms.push_back(next_slice.screen_ms);
    timings.stack_ms.push_back(next_stack.screen_ms);
    timings.commit_ms.push_back(next_stack.commit_ms);
  }
  return stacks > 0;
}

}  // namespace

int main(int argc, char** argv) {
  gadolin::view::prepareGraphics();
  gadolin::widgets::WatchedApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("GadolinBench"));
  QCoreApplication::setApplicationName(QStringLiteral("bench_labels"));
  QCommandLineParser parser;
  const QCommandLineOption as_json(QStringLiteral("json"));
  const QCommandLineOption given(QStringLiteral("project"), {}, QStringLiteral("folder"));
  parser.addOptions({as_json, given});
  parser.process(application);

  const gadolin::test::TempFolder folder;
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                     QString::fromStdString((folder.path() / "settings").string()));
  const fs::path root = folder.path() / "bench.gadolin";
  if (parser.isSet(given)) {
    std::error_code failed;
    fs::copy(parser.value(given).toStdString(), root, fs::copy_options::recursive, failed);
    if (failed) return fail(failed.message().c_str());
  } else {
    const auto made = gadolin::test::makePhantomProject(root, {.patients = phantom_patients});
    if (!made) return fail(made.error().message.c_str());
  }

  gadolin::widgets::applyTheme(application, gadolin::widgets::Scheme::Dark);
  gadolin::widgets::memory::setReader(QStringLiteral("bench"));
  gadolin::widgets::MainWindow window;
  window.resize(width, height);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return fail("no window appeared.");
  QApplication::setActiveWindow(&window);
  window.openProject(QString::fromStdString(root.string()), gadolin::widgets::Place::Label);
  if (!QTest::qWaitFor([&window] { return !window.isOpening(); }, patience_ms) ||
      !window.hasProject())
    return fail(qPrintable(window.lastMessage()));
  auto& workspace =
      *qobject_cast<LabelWorkspace*>(window.workspace(gadolin::widgets::Place::Label));
  if (!QTest::qWaitFor(
          [&] { return workspace.session().stack() != nullptr && workspace.settled(); },
          patience_ms))
    return fail("no stack appeared.");
  if (gadolin::view::drawing() == gadolin::view::Drawing::None)
    return fail("this display has no OpenGL; run it under Xvfb.");

  Timings timings;
  if (!labelEverything(workspace, timings))
    return fail("the screen did not follow a key.");
  using gadolin::bench::percentile;
  const bool copied = gadolin::view::drawing() == gadolin::view::Drawing::Copied;
  const nlohmann::json result{{"name", "labels"},
                              {"data", parser.isSet(given) ? "project" : "phantom"},
                              {"stacks", timings.stack_ms.size()},
                              {"slices", timings.slices},
                              {"keys_per_stack", 2},
                              {"p50_ms", percentile(timings.stack_ms, 0.5)},
                              {"p95_ms", percentile(timings.stack_ms, 0.95)},
                              {"slice_p50_ms", percentile(timings.slice_ms, 0.5)},
                              {"slice_p95_ms", percentile(timings.slice_ms, 0.95)},
                              {"commit_p50_ms", percentile(timings.commit_ms, 0.5)},
                              {"commit_p95_ms", percentile(timings.commit_ms, 0.95)},
                              {"pause_ms", pause_ms},
                              {"view", copied ? "copied" : "composed"},
                              {"window", {width, height}}};
  if (parser.isSet(as_json)) {
    std::printf("%s\n", result.dump().c_str());
  } else {
    std::printf(
        "%zu stacks: next stack median %.1f ms, 95 %% within %.1f ms; next slice %.1f, %.1f ms\n",
        timings.stack_ms.size(), percentile(timings.stack_ms, 0.5),
        percentile(timings.stack_ms, 0.95), percentile(timings.slice_ms, 0.5),
        percentile(timings.slice_ms, 0.95));
  }
  return 0;
}
