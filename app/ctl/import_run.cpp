#include "app/ctl/import_run.h"

#include <QCoreApplication>

#include "app/ctl/interrupt.h"

namespace gadolin::ctl {

Result<session::ImportSummary> runImport(session::Project& project,
                                         const session::ImportRequest& request, Output& output) {
  session::Importer importer(project);
  const Interrupt interrupt([&importer] { importer.cancel(); });
  QObject::connect(&importer, &session::Importer::progress, &importer,
                   [&output](const QString& what, qint64 done, qint64 total) {
                     output.progress(what.toStdString(), done, total);
                     // run() does not return to the event loop, which is where a signal waits.
                     QCoreApplication::processEvents();
                   });
  QObject::connect(&importer, &session::Importer::fileRefused, &importer,
                   [&output](const QString& path, const QString& reason, const QString& code) {
                     output.warn(path.toStdString() + ": " + reason.toStdString());
                     output.event({{"type", "refused"},
                                   {"path", path.toStdString()},
                                   {"reason", reason.toStdString()},
                                   {"code", code.toStdString()}});
                   });
  return importer.run(request);
}

}  // namespace gadolin::ctl
