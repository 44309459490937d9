#include "app/ctl/command_line.h"

#include <QString>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "core/base/printable_text.h"

namespace gadolin::ctl {
namespace {

void passMessage(QtMsgType type, const QMessageLogContext& where, const QString& text) {
  if (text.startsWith(QStringLiteral("QStandardPaths: XDG_RUNTIME_DIR"))) return;
  const auto line = qFormatLogMessage(type, where, text).toStdString();
  std::fprintf(stderr, "%s\n", printableText(line).c_str());
}

}  // namespace

std::unique_ptr<CLI::App> makeCommandLine(Context& context) {
  auto app = std::make_unique<CLI::App>(
      "Gadolin without a window: import, label, train, evaluate, report.", "gadolinctl");
  app->set_version_flag("--version", "gadolinctl " GADOLIN_VERSION);
  app->add_flag("--json", context.output.json, "Speak JSON on stdout");
  app->require_subcommand(1);
  app->fallthrough();
  return app;
}

int runCommandLine(CLI::App& app, Context& context, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    std::ostringstream out, error;  // which repeat what was typed, or what a shell put for a '*'
    const int status = app.exit(stop, out, error);
    std::cout << printableText(out.str()) << std::flush;
    std::cerr << printableText(error.str()) << std::flush;
    return status == 0 ? exit_done : exit_usage;
  }
  return context.status;
}

void installMessageHandler() { qInstallMessageHandler(passMessage); }

}  // namespace gadolin::ctl
