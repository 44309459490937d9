#pragma once
// Masks as DICOM objects, and the programs that judge them where they are installed.

#include <optional>
#include <sstream>

#include "core/imaging/io/dicom_writer.h"
#include "database/mask_edits.h"
#include "tests/session/export_fixture.h"
#include "ui/session/importer.h"

namespace gadolin::session::test {

inline const QString python = QStringLiteral("/usr/bin/python3");

class ExportDicom : public ExportProject {
 protected:
  /// pydicom's count of segmentations that agree, as text.
  ToolAnswer judged(const std::filesystem::path& place,
                    const std::filesystem::path& images = {}) const {
    QStringList words{QStringLiteral(GADOLIN_SOURCE_DIR "/tests/support/judge_segmentation.py"),
                      q(root()), q(place)};
    if (!images.empty()) words << q(images);
    return runTool(python, words);
  }
  static bool hasPydicom() {
    return runTool(python, {QStringLiteral("-c"), QStringLiteral("import pydicom, numpy")})
               .status == 0;
  }
  /// Errors that dciodvfy finds in an object; empty where it is not installed.
  static std::string faultsOf(const std::filesystem::path& file) {
    const auto said = runTool(QStringLiteral("dciodvfy"), {q(file)});
    std::string faults;
    std::istringstream lines(said.error + said.out);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("Error")) faults += line + "\n";
    return faults;
  }
  /// The value of the first element of that name, as dcmdump prints it.
  static std::string valueOf(const std::filesystem::path& file, const char* tag) {
    const auto said =
        runTool(QStringLiteral("dcmdump"),
                {QStringLiteral("+L"), QStringLiteral("+P"), QLatin1String(tag), q(file)});
    const auto begin = said.out.find('['), end = said.out.find(']');
    return begin == std::string::npos ? said.out : said.out.substr(begin + 1, end - begin - 1);
  }

  std::int64_t draw(const std::string& stack, const Mask& mask, std::optional<std::int64_t> parent,
                    const char* tool, const std::string& reader = "Jörg Müller") {
    db::MaskRecord revision;
    revision.stack = stack;
    revision.source = db::MaskSource::Reader;
    revision.author = reader;
    revision.sha256 = contentHash(mask);
    revision.parent = parent;
    EXPECT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
    const auto added =
        project->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
          std::int64_t step = 0;
          if (tool != nullptr) {
            db::MaskEditRecord edit;
            edit.stack = stack;
            edit.reader = revision.author;
            edit.tool = tool;
            edit.base = parent;
            GADOLIN_TRY(step, db::addMaskEdit(database, edit));
          }
          GADOLIN_TRY(const auto id, db::addMask(database, revision));
          if (tool != nullptr) GADOLIN_CHECK(db::markDrawn(database, id, step));
          return id;
        });
    EXPECT_TRUE(added.ok()) << added.error().message;
    return added ? *added : 0;
  }
};

/// A series as an archive has it, imported under a pseudonym.
class ExportOnOriginals : public ExportDicom {
 protected:
  ExportOnOriginals() {
    io::DicomSeries series;
    series.patient_id = "4711";
    series.patient_name = "Meier^Anna";
    series.study_key = "clinic";
    series.series_description = "LGE SAX";
    const auto files = io::writeDicomSeries(archive(), stack, series);
    EXPECT_TRUE(files.ok());
    Importer importer(*project);
    ImportRequest request;
    request.paths = {archive()};
    request.take = {"LGE SAX"};
    const auto summary = importer.run(request);
    EXPECT_TRUE(summary.ok() && summary->stacks == 1);
    const auto stacks = db::allStacks(project->reader());
    id = stacks.ok() && !stacks->empty() ? stacks->front().id : "none";
    const auto imported = readStack(project->paths().stack(id));
    EXPECT_TRUE(imported.ok());
    draw(id, obliqueMask(*imported), {}, "brush");
  }
  [[nodiscard]] std::filesystem::path archive() const { return out("archive"); }
  QStringList onOriginals() const { return {QStringLiteral("--images"), q(archive())}; }

  Stack stack = obliqueStack(7, 5, false);
  std::string id;
};

}  // namespace gadolin::session::test
