#include "app/ctl/import_run.h"

#include <QCoreApplication>

#include "app/ctl/interrupt.h"

namespace gadolin::ctl {

nlohmann::json toJson(const session::JudgedSeries& series) {
  return {{"series", series.description},
          {"name", series.name},
          {"repeat", series.repeat},
          {"rank", series.rank},
          {"path", series.path},
          {"slices", series.slices},
          {"kind", std::string(toText(series.kind))},
          {"points", series.judgement.points},
          {"verdict", std::string(toText(series.judgement.verdict))},
          {"reasons", series.judgement.reasons},
          {"taken", series.taken},
          {"decided", series.decided}};
}

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
  QObject::connect(&importer, &session::Importer::seriesJudged, &importer,
                   [&output](const session::JudgedSeries& series) {
                     auto event = toJson(series);
                     event["type"] = "series";
                     output.event(event);
                   });
  return importer.run(request);
}

}  // namespace gadolin::ctl
