// Searching and fetching, from DCMTK's archive and from Orthanc.

#include <fstream>

#include "tests/pacs/pacs_fixture.h"
#include "tests/support/segmentation_bytes.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

class Archive : public test::PacsTest {
 protected:
  /// Adds the peer "archive" to the account's list.
  void know(int port, int receive_port) {
    const auto added = ctl({QStringLiteral("pacs"), QStringLiteral("peers"), QStringLiteral("add"),
                            QStringLiteral("archive"), QStringLiteral("ARCHIVE"),
                            QStringLiteral("127.0.0.1"), QString::number(port),
                            QStringLiteral("--receive-port"), QString::number(receive_port)});
    ASSERT_EQ(added.status, 0) << added.errors;
  }
  /// Waits until it answers.
  void answers() {
    test::Said said;
    for (int i = 0; i < 40 && said.status != 0; ++i) {
      said = ctl({QStringLiteral("pacs"), QStringLiteral("echo"), QStringLiteral("archive")});
      if (said.status != 0) QThread::msleep(250);
    }
    ASSERT_EQ(said.status, 0) << said.errors;
  }
  void fill(int port) { ASSERT_EQ(sendFolder(port, files(), {}, "ARCHIVE"), 0); }
  test::Said find(const QStringList& options) {
    return ctl(
        QStringList{QStringLiteral("pacs"), QStringLiteral("find"), QStringLiteral("archive")} +
        options);
  }
  test::Said fetch(const QStringList& options) {
    return ctl(QStringList{QStringLiteral("pacs"), QStringLiteral("fetch"), test::q(project()),
                           QStringLiteral("archive")} +
               options);
  }
  /// --series of everything that `find` lists.
  QStringList everything() {
    QStringList options;
    const auto found = find({});
    for (const auto& line : found.lines)
      if (line.value(QLatin1String("type")) == QLatin1String("series"))
        options << QStringLiteral("--series")
                << line.value(QLatin1String("study")).toString() + QLatin1Char('/') +
                       line.value(QLatin1String("series")).toString();
    return options;
  }
  void expectTheSame(const test::Said& said, const char* method) {
    ASSERT_EQ(said.status, 0) << said.errors;
    EXPECT_EQ(said.summary().value(QLatin1String("method")).toString(), QLatin1String(method));
    EXPECT_EQ(said.summary().value(QLatin1String("new_stacks")).toInt(), 2);
    EXPECT_EQ(hashes(project()), hashes(folderProject()));
    EXPECT_EQ(leftovers(project()), 0);
  }
};

class DcmtkArchive : public Archive {
 protected:
  void start(const QStringList& options = {}) {
    const int port = test::freePort(), receive_port = test::freePort();
    const fs::path store = own_.path() / "store";
    fs::create_directory(store);
    const fs::path config = own_.path() / "dcmqrscp.cfg";
    std::ofstream(config) << "MaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\n"
                          << "gadolin = (GADOLIN, 127.0.0.1, " << receive_port
                          << ")\nHostTable END\n"
                          << "VendorTable BEGIN\nVendorTable END\nAETable BEGIN\nARCHIVE "
                          << store.string() << " RW (200, 1024mb) ANY\nAETable END\n";
    archive_ = std::make_unique<test::Background>(
        QStringLiteral("dcmqrscp"), QStringList{QStringLiteral("-c"), test::q(config)} + options +
                                        QStringList{QString::number(port)});
    ASSERT_NO_FATAL_FAILURE(know(port, receive_port));
    ASSERT_NO_FATAL_FAILURE(answers());
    ASSERT_NO_FATAL_FAILURE(fill(port));
  }
  void sendToArchive(const test::SegmentationSpec& spec) {
    const fs::path folder = own_.path() / "segmentation";
    fs::create_directory(folder);
    std::ofstream(folder / "seg.dcm", std::ios::binary) << test::segmentationBytes(spec);
    const auto peers = ctl({QStringLiteral("pacs"), QStringLiteral("peers")});
    const auto archive = peers.summary().value(QLatin1String("peers")).toArray().at(0).toObject();
    ASSERT_EQ(sendFolder(archive.value(QLatin1String("port")).toInt(), folder,
                         {QStringLiteral("-R")}, "ARCHIVE"),
              0);
  }
  std::unique_ptr<test::Background> archive_;
};

TEST_F(DcmtkArchive, FindsByPatientDateAndModality) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto count = [this](const QStringList& options) {
    const auto said = find(options);
    EXPECT_EQ(said.status, 0) << said.errors;
    return said.summary().value(QLatin1String("series")).toInt(-1);
  };
  EXPECT_EQ(count({}), 2);
  EXPECT_EQ(count({QStringLiteral("--patient"), QStringLiteral("Phantom-001")}), 1);
  EXPECT_EQ(count({QStringLiteral("--name"), QStringLiteral("Phantom-003")}), 1);
  EXPECT_EQ(count({QStringLiteral("--from"), QStringLiteral("2020-01-01"), QStringLiteral("--to"),
                   QStringLiteral("2020-12-31")}),
            2);
  EXPECT_EQ(count({QStringLiteral("--to"), QStringLiteral("2019-12-31")}), 0);
  EXPECT_EQ(count({QStringLiteral("--modality"), QStringLiteral("CT")}), 0);
  const auto limited = find({QStringLiteral("--limit"), QStringLiteral("1")});
  EXPECT_EQ(limited.summary().value(QLatin1String("series")).toInt(), 1);
  EXPECT_TRUE(limited.summary().value(QLatin1String("more")).toBool());
  EXPECT_EQ(find({QStringLiteral("--from"), QStringLiteral("yesterday")}).status, 2);
  for (const char* day : {"2025-13-45", "2025-02-29", "20250431", "2025-1-131"})
    EXPECT_EQ(find({QStringLiteral("--from"), QString::fromLatin1(day)}).status, 2) << day;
  EXPECT_EQ(find({QStringLiteral("--from"), QStringLiteral("2024-02-29")}).status, 0);
  EXPECT_EQ(find({QStringLiteral("--from"), QStringLiteral("2025-01-02"), QStringLiteral("--to"),
                  QStringLiteral("2025-01-01")})
                .status,
            2);
}

TEST_F(DcmtkArchive, WhatIsFetchedByCGetIsTheSameAsFromTheFolder) {
  ASSERT_NO_FATAL_FAILURE(start());
  expectTheSame(fetch(everything()), "C-GET");
  const auto again = fetch(everything());
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.summary().value(QLatin1String("new_stacks")).toInt(), 0);
}

TEST_F(DcmtkArchive, WithoutCGetItIsAskedByCMove) {
  ASSERT_NO_FATAL_FAILURE(start({QStringLiteral("--disable-get")}));
  expectTheSame(fetch(everything()), "C-MOVE");
}

TEST_F(DcmtkArchive, OneSeriesOfASearchIsFetchedAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto said = fetch({QStringLiteral("--patient"), QStringLiteral("Phantom-003")});
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(hashes(project()).size(), 1u);
  const auto nothing = fetch({QStringLiteral("--patient"), QStringLiteral("Nobody")});
  EXPECT_EQ(nothing.status, 3);
  EXPECT_NE(nothing.errors.find("has no such series"), std::string::npos) << nothing.errors;
  EXPECT_EQ(fetch({}).status, 2);  // not the whole archive by an oversight
}

TEST_F(DcmtkArchive, ASegmentationFetchedBeforeItsImagesWaitsAndIsNoFailure) {
  ASSERT_NO_FATAL_FAILURE(start());
  test::SegmentationSpec spec;
  spec.patient = "Phantom-Seg";
  spec.study = "1.2.3";
  spec.frame_of_reference = "1.2.77";
  spec.segments = {{"Myocardium", "", "", "", ""}};
  spec.frames = {{"0\\0\\0", 1, {1, 1, 0, 0, 0, 1}, "1.2.3.9.1"}};
  ASSERT_NO_FATAL_FAILURE(sendToArchive(spec));
  const auto said = fetch({QStringLiteral("--series"), QStringLiteral("1.2.3/1.2.9.1.9")});
  EXPECT_EQ(said.status, 1) << said.errors;
  EXPECT_NE(said.errors.find("It is kept"), std::string::npos) << said.errors;
  EXPECT_EQ(said.errors.find("no stack could be imported"), std::string::npos) << said.errors;
}

TEST_F(DcmtkArchive, ASearchFetchesTheSegmentationsOfTheStudiesThatItFindsToo) {
  ASSERT_NO_FATAL_FAILURE(start());
  const QStringList patient{QStringLiteral("--patient"), QStringLiteral("Phantom-003")};
  const auto found = find(patient);
  ASSERT_FALSE(found.lines.empty());
  test::SegmentationSpec spec;
  spec.patient = "Phantom-003";
  spec.study = found.lines.front().value(QLatin1String("study")).toString().toStdString();
  spec.frame_of_reference = "1.2.77";
  spec.segments = {{"Myocardium", "", "", "", ""}};
  spec.frames = {{"0\\0\\0", 1, {1, 1, 0, 0, 0, 1}, "1.2.3.9.1"}};
  ASSERT_NO_FATAL_FAILURE(sendToArchive(spec));
  const auto images = [](const test::Said& said) {
    return said.summary().value(QLatin1String("images")).toInt(-1);
  };
  const auto alone =
      fetch(patient + QStringList{QStringLiteral("--modality"), QStringLiteral("MR")});
  EXPECT_EQ(alone.status, 0) << alone.errors;
  EXPECT_GT(images(alone), 0);
  EXPECT_EQ(images(fetch(patient)), images(alone) + 1);
}

TEST_F(DcmtkArchive, AListenerPortThatIsTakenIsASentence) {
  const int port = test::freePort();
  ASSERT_NO_FATAL_FAILURE(start());
  test::Background holder(
      ctlProgram(), {QStringLiteral("--json"), QStringLiteral("pacs"), QStringLiteral("listen"),
                     test::q(folderProject()), QStringLiteral("--port"), QString::number(port)});
  ASSERT_TRUE(holder.waitFor("listening"));
  const auto peers = ctl({QStringLiteral("pacs"), QStringLiteral("peers")});
  const auto archive = peers.summary().value(QLatin1String("peers")).toArray().at(0).toObject();
  ASSERT_NO_FATAL_FAILURE(know(archive.value(QLatin1String("port")).toInt(), port));
  const auto said = fetch(everything() + QStringList{QStringLiteral("--move")});
  EXPECT_EQ(said.status, 3);
  EXPECT_NE(said.errors.find("is taken"), std::string::npos) << said.errors;
}

TEST_F(Archive, PeersThatAreNotThereOrNotOursAreSentences) {
  const int nobody = test::freePort();
  const auto gone = ctl({QStringLiteral("pacs"), QStringLiteral("echo"),
                         QStringLiteral("ANY@127.0.0.1:%1").arg(nobody)});
  EXPECT_EQ(gone.status, 3);
  EXPECT_NE(gone.errors.find("There is no DICOM answer"), std::string::npos) << gone.errors;
  const auto unknown =
      ctl({QStringLiteral("pacs"), QStringLiteral("echo"), QStringLiteral("nowhere")});
  EXPECT_EQ(unknown.status, 3);
  EXPECT_NE(unknown.errors.find("There is no peer 'nowhere'"), std::string::npos) << unknown.errors;
}

/// Debian's package starts a server of its own, so it is used only where somebody installed it.
class Orthanc : public Archive {
 protected:
  void start() {
    const QString program = QStandardPaths::findExecutable(
        QStringLiteral("Orthanc"), {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin"),
                                    QStringLiteral("/usr/local/sbin")});
    if (program.isEmpty()) GTEST_SKIP() << "Orthanc is not installed (Debian package orthanc)";
    const int port = test::freePort(), receive_port = test::freePort();
    const fs::path config = own_.path() / "orthanc.json";
    const std::string place = (own_.path() / "orthanc").string();
    std::ofstream(config)
        << R"({"Name":"test","StorageDirectory":")" << place << R"(","IndexDirectory":")" << place
        << R"(","HttpServerEnabled":false,"Plugins":[],"DicomAet":"ARCHIVE","DicomPort":)" << port
        << R"(,"DicomCheckCalledAet":true,"DicomAlwaysAllowFind":true,"DicomAlwaysAllowGet":true,)"
        << R"("DicomAlwaysAllowMove":true,"DicomModalities":{"g":["GADOLIN","127.0.0.1",)"
        << receive_port << "]}}";
    archive_ = std::make_unique<test::Background>(program, QStringList{test::q(config)});
    ASSERT_NO_FATAL_FAILURE(know(port, receive_port));
    ASSERT_NO_FATAL_FAILURE(answers());
    ASSERT_NO_FATAL_FAILURE(fill(port));
  }
  std::unique_ptr<test::Background> archive_;
};

TEST_F(Orthanc, IsSearchedByDescriptionAndFetchedBothWays) {
  start();
  if (IsSkipped() || HasFatalFailure()) return;
  const auto psir = find({QStringLiteral("--description"), QStringLiteral("lge sax")});
  EXPECT_EQ(psir.summary().value(QLatin1String("series")).toInt(), 2);
  ASSERT_GT(psir.lines.size(), 1u);
  EXPECT_EQ(psir.lines.front().value(QLatin1String("verdict")).toString(), QStringLiteral("take"));
  EXPECT_GT(psir.lines.front().value(QLatin1String("images")).toInt(), 4);
  EXPECT_EQ(find({QStringLiteral("--description"), QStringLiteral("cine")})
                .summary()
                .value(QLatin1String("series"))
                .toInt(),
            0);
  expectTheSame(fetch(everything()), "C-GET");
  const auto moved = fetch(everything() + QStringList{QStringLiteral("--move")});
  EXPECT_EQ(moved.status, 0) << moved.errors;
  EXPECT_EQ(moved.summary().value(QLatin1String("method")).toString(), QStringLiteral("C-MOVE"));
  EXPECT_EQ(moved.summary().value(QLatin1String("images")).toInt(),
            moved.summary().value(QLatin1String("slices")).toInt());
}

}  // namespace
}  // namespace gadolin
