// What peers send to `gadolinctl pacs listen`.

#include <sys/stat.h>

#include "tests/pacs/pacs_fixture.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

class Listen : public test::ListenTest {
 protected:
  /// The files, compressed by one of DCMTK's programs.
  fs::path compressed(const char* program, const QStringList& options) {
    const fs::path folder = own_.path() / program;
    fs::create_directories(folder);
    int number = 0;
    for (const auto& entry : fs::recursive_directory_iterator(files())) {
      if (!entry.is_regular_file()) continue;
      QStringList arguments = options;
      arguments << test::q(entry.path()) << test::q(folder / std::to_string(++number));
      EXPECT_EQ(tool(program, arguments), 0);
    }
    return folder;
  }
};

TEST_F(Listen, WhatStorescuSendsIsTheSameAsFromTheFolder) {
  ASSERT_NO_FATAL_FAILURE(listen());
  ASSERT_EQ(tool("echoscu", {QStringLiteral("-aec"), QStringLiteral("GADOLIN"),
                             QStringLiteral("127.0.0.1"), QString::number(port_)}),
            0);
  ASSERT_EQ(sendFolder(port_, files()), 0);
  ASSERT_TRUE(imported(2)) << listener_->errors();
  EXPECT_EQ(hashes(project()), hashes(folderProject()));
  EXPECT_EQ(leftovers(project()), 0);
  // Sent again it is known.
  ASSERT_EQ(sendFolder(port_, files()), 0);
  const auto again = listener_->waitFor("imported");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->value(QLatin1String("new_stacks")).toInt(), 0);
  const auto said = listener_->end();
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.summary().value(QLatin1String("new_stacks")).toInt(), 2);
  EXPECT_EQ(said.summary().value(QLatin1String("series")).toInt(), 2);
  EXPECT_FALSE(said.summary().value(QLatin1String("waiting")).toBool(true));
}

TEST_F(Listen, CompressedImagesAreTakenAsTheyAre) {
  ASSERT_NO_FATAL_FAILURE(listen());
  const fs::path rle = compressed("dcmcrle", {});
  const fs::path jpeg = compressed("dcmcjpeg", {QStringLiteral("+e1")});
  const fs::path jpeg_ls = compressed("dcmcjpls", {});
  ASSERT_EQ(sendFolder(port_, rle, {QStringLiteral("-xr")}), 0);
  ASSERT_TRUE(imported(2)) << listener_->errors();
  EXPECT_EQ(hashes(project()), hashes(folderProject()));
  for (const auto& [folder, option] : {std::pair(jpeg, "-xs"), std::pair(jpeg_ls, "-xt")}) {
    ASSERT_EQ(sendFolder(port_, folder, {QLatin1String(option)}), 0) << option;
    for (int study = 0; study < 2; ++study) {
      const auto known = listener_->waitFor("imported");
      ASSERT_TRUE(known) << option;
      EXPECT_EQ(known->value(QLatin1String("new_stacks")).toInt(), 0) << option;
      EXPECT_EQ(known->value(QLatin1String("refused")).toArray().size(), 0) << option;
    }
  }
}

TEST_F(Listen, WhoIsNotOnTheListIsRefused) {
  ASSERT_NO_FATAL_FAILURE(listen({QStringLiteral("--peer"), QStringLiteral("SCANNER"),
                                  QStringLiteral("--quiet"), QStringLiteral("0")}));
  EXPECT_NE(sendFolder(port_, files(), {}, "GADOLIN", "STRANGER"), 0);
  EXPECT_NE(sendFolder(port_, files(), {}, "OTHER", "SCANNER"), 0);
  const auto refused = listener_->waitFor("peer");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->value(QLatin1String("what")).toString(), QStringLiteral("refused"));
  EXPECT_EQ(refused->value(QLatin1String("caller")).toString(), QStringLiteral("STRANGER"));
  EXPECT_EQ(sendFolder(port_, files(), {}, "GADOLIN", "SCANNER"), 0);
  EXPECT_TRUE(imported(2));
}

TEST_F(Listen, SeveralPeersSendAtOnce) {
  ASSERT_NO_FATAL_FAILURE(listen({QStringLiteral("--quiet"), QStringLiteral("1")}));
  std::vector<std::unique_ptr<QProcess>> senders;
  for (int i = 0; i < 6; ++i) {
    senders.push_back(std::make_unique<QProcess>());
    senders.back()->start(QStringLiteral("storescu"),
                          {QStringLiteral("-aec"), QStringLiteral("GADOLIN"), QStringLiteral("+sd"),
                           QStringLiteral("+r"), QStringLiteral("127.0.0.1"),
                           QString::number(port_), test::q(files())});
  }
  for (const auto& sender : senders) {
    ASSERT_TRUE(sender->waitForFinished(60'000));
    EXPECT_EQ(sender->exitCode(), 0);
  }
  // One study is one import, whoever sent it.
  EXPECT_TRUE(imported(2)) << listener_->errors();
  EXPECT_EQ(hashes(project()), hashes(folderProject()));
}

TEST_F(Listen, WhatWasAcknowledgedSurvivesAKill) {
  ASSERT_NO_FATAL_FAILURE(listen({QStringLiteral("--quiet"), QStringLiteral("3600")}));
  ASSERT_EQ(sendFolder(port_, files()), 0);
  listener_->end(SIGKILL);
  EXPECT_EQ(hashes(project()).size(), 0u);
  const int waiting = leftovers(project());
  EXPECT_GT(waiting, 2);
  for (const auto& entry : fs::recursive_directory_iterator(project() / "scratch")) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 077, 0u) << entry.path();
  }
  ASSERT_NO_FATAL_FAILURE(listen());
  EXPECT_TRUE(imported(2)) << listener_->errors();
  EXPECT_EQ(hashes(project()), hashes(folderProject()));
  EXPECT_EQ(leftovers(project()), 0);
}

TEST_F(Listen, EndingItImportsWhatCame) {
  ASSERT_NO_FATAL_FAILURE(listen({QStringLiteral("--quiet"), QStringLiteral("3600")}));
  ASSERT_EQ(sendFolder(port_, files()), 0);
  const auto said = listener_->end(SIGINT);
  EXPECT_EQ(said.status, 0) << said.errors;
  EXPECT_EQ(said.summary().value(QLatin1String("new_stacks")).toInt(), 2);
  EXPECT_EQ(hashes(project()), hashes(folderProject()));
}

TEST_F(Listen, APortThatIsTakenIsASentence) {
  ASSERT_NO_FATAL_FAILURE(listen());
  const fs::path other = own_.path() / "other.gadolin";
  ASSERT_EQ(ctl({QStringLiteral("init"), test::q(other)}).status, 0);
  const auto taken = ctl({QStringLiteral("pacs"), QStringLiteral("listen"), test::q(other),
                          QStringLiteral("--port"), QString::number(port_)});
  EXPECT_EQ(taken.status, 3);
  EXPECT_NE(taken.errors.find("Port " + std::to_string(port_) + " is taken"), std::string::npos)
      << taken.errors;
  EXPECT_NE(taken.errors.find("choose another port"), std::string::npos) << taken.errors;
  const auto twice = ctl({QStringLiteral("pacs"), QStringLiteral("listen"), test::q(project()),
                          QStringLiteral("--port"), QStringLiteral("0")});
  EXPECT_EQ(twice.status, 3);
  EXPECT_NE(twice.errors.find("receives for this project already"), std::string::npos)
      << twice.errors;
}

}  // namespace
}  // namespace gadolin
