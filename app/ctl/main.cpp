// gadolinctl: every job of Gadolin without a screen.

#include <QGuiApplication>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string_view>

#include "app/ctl/command.h"
#include "app/ctl/decode_command.h"
#include "app/ctl/receive_command.h"
#include "core/base/printable_text.h"

namespace {

/// Qt's own remarks on stderr, less the one on XDG_RUNTIME_DIR: batch systems and containers have
/// none, and nothing here needs one.
void passMessage(QtMsgType type, const QMessageLogContext& where, const QString& text) {
  if (text.startsWith(QStringLiteral("QStandardPaths: XDG_RUNTIME_DIR"))) return;
  const auto line = qFormatLogMessage(type, where, text).toStdString();
  std::fprintf(stderr, "%s\n", gadolin::printableText(line).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  // The child that reads foreign files needs no Qt and must start fast.
  if (argc == 2 && std::string_view(argv[1]) == "decode") return gadolin::ctl::runDecoder();
  // Nor does the one that talks to a peer which connected to us.
  if (argc == 2 && std::string_view(argv[1]) == "receive") return gadolin::ctl::runReceiver();

  qInstallMessageHandler(passMessage);
  // Reports are drawn with Qt Gui, which needs a platform but no display.
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QGuiApplication application(argc, argv);
  QGuiApplication::setApplicationName(QStringLiteral("gadolinctl"));
  QGuiApplication::setApplicationVersion(QStringLiteral(GADOLIN_VERSION));

  gadolin::ctl::Context context;
  CLI::App app{"Gadolin without a window: import, label, train, evaluate, report.", "gadolinctl"};
  app.set_version_flag("--version", "gadolinctl " GADOLIN_VERSION);
  app.add_flag("--json", context.output.json, "Speak JSON on stdout");
  app.require_subcommand(1);
  app.fallthrough();
  // One line a command, in the order of the work.
  gadolin::ctl::addInit(app, context);
  gadolin::ctl::addImport(app, context);
  gadolin::ctl::addPacs(app, context);
  gadolin::ctl::addDemo(app, context);
  gadolin::ctl::addLabels(app, context);
  gadolin::ctl::addSplit(app, context);
  gadolin::ctl::addTrain(app, context);
  gadolin::ctl::addRuns(app, context);
  gadolin::ctl::addStudy(app, context);
  gadolin::ctl::addModels(app, context);
  gadolin::ctl::addPredict(app, context);
  gadolin::ctl::addEvaluate(app, context);
  gadolin::ctl::addQuantify(app, context);
  gadolin::ctl::addReport(app, context);
  gadolin::ctl::addExport(app, context);
  gadolin::ctl::addStacks(app, context);
  gadolin::ctl::addCheck(app, context);
  gadolin::ctl::addAbsent(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    std::ostringstream out, error;  // which repeat what was typed, or what a shell put for a '*'
    const int status = app.exit(stop, out, error);
    std::cout << gadolin::printableText(out.str()) << std::flush;
    std::cerr << gadolin::printableText(error.str()) << std::flush;
    return status == 0 ? gadolin::ctl::exit_done : gadolin::ctl::exit_usage;
  }
  return context.status;
}
