// What an export wrote, sent to DCMTK's receiver, to our own listener and to Orthanc.

#include <fstream>

#include "tests/pacs/pacs_fixture.h"
#include "tests/support/cutting_proxy.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

class Send : public test::ListenTest {
 protected:
  /// Images, segmentations and reports of the phantoms, once.
  static const fs::path& exported() {
    static fs::path place;
    if (place.empty()) {
      place = shared_->path() / "exported";
      const auto said =
          ctl({QStringLiteral("export"), test::q(direct()), QStringLiteral("--format"),
               QStringLiteral("dicom-sr"), QStringLiteral("--out"), test::q(place)});
      EXPECT_EQ(said.status, 0) << said.errors;
    }
    return place;
  }
  static int count(const fs::path& place, const std::string& ending) {
    int files = 0;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(place, ignored))
      files += entry.is_regular_file() && entry.path().string().ends_with(ending) ? 1 : 0;
    return files;
  }
  static test::Said send(int port, const QStringList& paths) {
    return ctl(QStringList{QStringLiteral("pacs"), QStringLiteral("send"),
                           QStringLiteral("ARCHIVE@127.0.0.1:%1").arg(port)} +
               paths);
  }
  /// Until somebody answers at the port.
  static void answers(int port) {
    test::Said said;
    for (int i = 0; i < 80 && said.status != 0; ++i) {
      said = ctl({QStringLiteral("pacs"), QStringLiteral("echo"),
                  QStringLiteral("ARCHIVE@127.0.0.1:%1").arg(port)});
      if (said.status != 0) QThread::msleep(250);
    }
    ASSERT_EQ(said.status, 0) << said.errors;
  }
};

TEST_F(Send, AReceiverGetsEveryObjectAsItWasWritten) {
  if (QStandardPaths::findExecutable(QStringLiteral("storescp")).isEmpty())
    GTEST_SKIP() << "dcmtk is not installed";
  const int port = test::freePort();
  const fs::path store = own_.path() / "store";
  fs::create_directory(store);
  test::Background receiver(QStringLiteral("storescp"),
                            {QStringLiteral("-aet"), QStringLiteral("ARCHIVE"),
                             QStringLiteral("-od"), test::q(store), QString::number(port)});
  ASSERT_NO_FATAL_FAILURE(answers(port));
  const int files = count(exported(), ".dcm");
  ASSERT_GT(count(exported(), "-sr.dcm"), 0);
  std::ofstream(own_.path() / "notes.txt") << "no DICOM";
  const auto said = send(port, {test::q(exported()), test::q(own_.path() / "notes.txt")});
  EXPECT_EQ(said.status, 1) << "one of them is no DICOM object";
  EXPECT_EQ(said.summary().value(QLatin1String("sent")).toInt(), files);
  const auto refused = said.summary().value(QLatin1String("refused")).toArray();
  ASSERT_EQ(refused.size(), 1);
  EXPECT_TRUE(refused.at(0)
                  .toObject()
                  .value(QLatin1String("reason"))
                  .toString()
                  .contains(QLatin1String("notes.txt is no DICOM object")));
  EXPECT_EQ(count(store, ""), files);
  // A project that imports what arrived holds the same as one that imports what was sent.
  const auto arrived = ctl({QStringLiteral("import"), test::q(project()), test::q(store)});
  const fs::path other = own_.path() / "other.gadolin";
  ASSERT_EQ(ctl({QStringLiteral("init"), test::q(other)}).status, 0);
  const auto written = ctl({QStringLiteral("import"), test::q(other), test::q(exported())});
  for (const auto* import : {&arrived, &written}) {
    const QJsonObject summary = import->summary();
    EXPECT_EQ(summary.value(QLatin1String("masks")).toInt(), count(exported(), "-seg.dcm"));
    // A report is no image, and the import says so.
    EXPECT_EQ(summary.value(QLatin1String("refused")).toArray().size(),
              count(exported(), "-sr.dcm"));
  }
  EXPECT_FALSE(hashes(project()).empty());
  EXPECT_EQ(hashes(project()), hashes(other));
}

TEST_F(Send, OurListenerTakesImagesAndSegmentationsAndNoReports) {
  ASSERT_NO_FATAL_FAILURE(listen());
  const auto said = ctl({QStringLiteral("pacs"), QStringLiteral("send"),
                         QStringLiteral("GADOLIN@127.0.0.1:%1").arg(port_), test::q(exported())});
  EXPECT_EQ(said.status, 1) << said.errors;
  const int reports = count(exported(), "-sr.dcm");
  EXPECT_EQ(said.summary().value(QLatin1String("sent")).toInt(),
            count(exported(), ".dcm") - reports);
  EXPECT_EQ(said.summary().value(QLatin1String("refused")).toArray().size(), reports);
  const QJsonObject first =
      said.summary().value(QLatin1String("refused")).toArray().at(0).toObject();
  EXPECT_TRUE(first.value(QLatin1String("reason"))
                  .toString()
                  .contains(QLatin1String("takes no objects of this kind (EnhancedSRStorage)")));
  EXPECT_TRUE(imported(count(exported(), "-seg.dcm")));
}

TEST_F(Send, NobodyThereAndNothingToSendAreSentences) {
  const int port = test::freePort();
  const auto nobody = send(port, {test::q(exported())});
  EXPECT_EQ(nobody.status, 3);
  EXPECT_NE(nobody.errors.find("no DICOM answer"), std::string::npos) << nobody.errors;
  EXPECT_EQ(send(port, {test::q(own_.path() / "absent")}).status, 3);
  const fs::path empty = own_.path() / "empty";
  fs::create_directory(empty);
  EXPECT_EQ(send(port, {test::q(empty)}).status, 3);
}

TEST_F(Send, WhatWasStoredBeforeTheConnectionBrokeIsSaid) {
  if (QStandardPaths::findExecutable(QStringLiteral("storescp")).isEmpty())
    GTEST_SKIP() << "dcmtk is not installed";
  const int port = test::freePort();
  const fs::path store = own_.path() / "store";
  fs::create_directory(store);
  test::Background receiver(QStringLiteral("storescp"),
                            {QStringLiteral("-aet"), QStringLiteral("ARCHIVE"),
                             QStringLiteral("-od"), test::q(store), QString::number(port)});
  ASSERT_NO_FATAL_FAILURE(answers(port));
  std::int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(exported()))
    if (entry.path().extension() == ".dcm") bytes += static_cast<std::int64_t>(entry.file_size());
  const test::CuttingProxy network(port, bytes / 2);
  const auto said = send(network.port(), {test::q(exported())});
  EXPECT_EQ(said.status, 3);
  const int files = count(exported(), ".dcm");
  const int sent = said.summary().value(QLatin1String("sent")).toInt();
  EXPECT_GT(sent, 0);
  EXPECT_LT(sent, files);
  EXPECT_EQ(said.summary().value(QLatin1String("without_answer")).toInt(), files - sent);
  // The one that was on its way may be there too, and is named.
  const int stored = count(store, "");
  EXPECT_TRUE(stored == sent || stored == sent + 1) << stored << " of " << sent;
  EXPECT_NE(said.errors.find("arrived is not known"), std::string::npos) << said.errors;
}

TEST_F(Send, OrthancShowsTheSegmentationsAndTheReports) {
  const QString program = QStandardPaths::findExecutable(
      QStringLiteral("Orthanc"),
      {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/usr/local/sbin")});
  if (program.isEmpty()) GTEST_SKIP() << "Orthanc is not installed (Debian package orthanc)";
  const int port = test::freePort();
  const fs::path config = own_.path() / "orthanc.json";
  const std::string place = (own_.path() / "orthanc").string();
  std::ofstream(config) << R"({"Name":"test","StorageDirectory":")" << place
                        << R"(","IndexDirectory":")" << place
                        << R"(","HttpServerEnabled":false,"Plugins":[],"DicomAet":"ARCHIVE",)"
                        << R"("DicomPort":)" << port
                        << R"(,"DicomAlwaysAllowStore":true,"DicomAlwaysAllowFind":true})";
  test::Background archive(program, {test::q(config)});
  ASSERT_NO_FATAL_FAILURE(answers(port));
  const auto said = send(port, {test::q(exported())});
  ASSERT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.summary().value(QLatin1String("sent")).toInt(), count(exported(), ".dcm"));
  for (const auto& [modality, ending] :
       {std::pair("SEG", "-seg.dcm"), std::pair("SR", "-sr.dcm")}) {
    const auto found = ctl({QStringLiteral("pacs"), QStringLiteral("find"),
                            QStringLiteral("ARCHIVE@127.0.0.1:%1").arg(port),
                            QStringLiteral("--modality"), QLatin1String(modality)});
    EXPECT_EQ(found.summary().value(QLatin1String("series")).toInt(), count(exported(), ending))
        << modality;
  }
}

}  // namespace
}  // namespace gadolin
