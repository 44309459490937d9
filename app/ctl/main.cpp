// gadolinctl: every job of Gadolin without a screen.

#include <QCoreApplication>

#include "app/ctl/command_line.h"
#include "app/ctl/files_command.h"

int main(int argc, char** argv) {
  using namespace gadolin::ctl;
  if (const auto status = becomeFiles(argc, argv)) return *status;

  installMessageHandler();
  QCoreApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("gadolinctl"));
  QCoreApplication::setApplicationVersion(QStringLiteral(GADOLIN_VERSION));

  Context context;
  const auto app = makeCommandLine(context);
  // One line a command, in the order of the work.
  addInit(*app, context);
  addImport(*app, context);
  addFilesCommand(*app, pacs_words);
  addFilesCommand(*app, demo_words);
  addLabels(*app, context);
  addSplit(*app, context);
  addTrain(*app, context);
  addRuns(*app, context);
  addStudy(*app, context);
  addModels(*app, context);
  addPredict(*app, context);
  addEvaluate(*app, context);
  addQuantify(*app, context);
  addAgreement(*app, context);
  addFilesCommand(*app, report_words);
  addFilesCommand(*app, export_words);
  addStacks(*app, context);
  addShow(*app, context);
  addCheck(*app, context);
  return runCommandLine(*app, context, argc, argv);
}
