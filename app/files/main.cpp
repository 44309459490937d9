// gadolin-files: the commands of gadolinctl that open foreign files, the network or a page to draw
// on. It is started by gadolinctl and speaks in its name.

#include <QGuiApplication>
#include <string_view>

#include "app/ctl/command_line.h"
#include "app/files/data_dictionary.h"
#include "app/files/decode_command.h"
#include "app/files/receive_command.h"

int main(int argc, char** argv) {
  using namespace gadolin::ctl;
  useDictionaryBesideProgram();
  // The child that reads foreign files needs no Qt and must start fast.
  if (argc == 2 && std::string_view(argv[1]) == "decode") return runDecoder();
  // Nor does the one that talks to a peer which connected to us.
  if (argc == 2 && std::string_view(argv[1]) == "receive") return runReceiver();

  installMessageHandler();
  // Reports are drawn with Qt Gui, which needs a platform but no display.
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QGuiApplication application(argc, argv);
  QGuiApplication::setApplicationName(QStringLiteral("gadolinctl"));
  QGuiApplication::setApplicationVersion(QStringLiteral(GADOLIN_VERSION));

  Context context;
  const auto app = makeCommandLine(context);
  addInitFrom(*app, context);
  addPacs(*app, context);
  addDemo(*app, context);
  addReport(*app, context);
  addExport(*app, context);
  return runCommandLine(*app, context, argc, argv);
}
