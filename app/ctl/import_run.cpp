#include "app/ctl/import_run.h"

#include <QCoreApplication>

#include "app/ctl/interrupt.h"

namespace gadolin::ctl {

void ImportWishes::addTo(CLI::App& command) {
  command
      .add_option("--identity", identity,
                  "Names of patients (default: pseudonym for DICOM, keep for the others)")
      ->check(CLI::IsMember({"keep", "pseudonym"}));
  command
      .add_option("--take", take,
                  "Name of a series to take although it does not look like late enhancement, or of the earlier "
                  "images; remembered by the project, may be repeated")
      ->allow_extra_args(false);
  command
      .add_option("--leave", leave,
                  "Name of a series to leave; remembered by the project, may be repeated")
      ->allow_extra_args(false);
  command.add_option("--key-table", key_table,
                     "Table from pseudonyms back to patients, to be made or added to; outside every project");
}

void ImportWishes::applyTo(session::ImportRequest& request) const {
  if (identity == "keep") request.identity = session::Identity::Keep;
  if (identity == "pseudonym") request.identity = session::Identity::Pseudonym;
  request.take = take;
  request.leave = leave;
  request.key_table = key_table;
}

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
