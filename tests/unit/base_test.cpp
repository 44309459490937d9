#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tests/support/temp_folder.h"
#include "tests/support/temporary_names.h"

namespace gadolin {
namespace {

// FIPS 180-4 examples and the million-'a' vector of NIST.
TEST(Sha256Test, MatchesPublishedVectors) {
  EXPECT_EQ(sha256Hex(std::string_view("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256Hex(std::string_view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  for (const bool with_instructions : {false, true}) {
    Sha256 hash(with_instructions);
    const std::string block(997, 'a');  // odd length: crosses block borders everywhere
    std::size_t left = 1'000'000;
    while (left > 0) {
      const std::size_t take = std::min(left, block.size());
      hash.update(std::as_bytes(std::span(block.data(), take)));
      left -= take;
    }
    EXPECT_EQ(hash.finishHex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
}

TEST(Sha256Test, TheProcessorsInstructionsGiveTheSameAsPlainArithmetic) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7 + i / 13);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    Sha256 plain(false), fast(true);
    const auto bytes = std::as_bytes(std::span(text.data(), length));
    plain.update(bytes);
    fast.update(bytes);
    ASSERT_EQ(plain.finishHex(), fast.finishHex()) << length;
  }
}

TEST(AtomicFileTest, UncommittedFileLeavesNothingBehind) {
  test::TempFolder folder;
  {
    auto file = AtomicFile::create(folder.path() / "a.txt");
    ASSERT_TRUE(file.ok());
    const std::string text = "half";
    ASSERT_TRUE(file->write(std::as_bytes(std::span(text.data(), text.size()))));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(AtomicFileTest, ReplacesWholeAndIsPrivate) {
  test::TempFolder folder;
  const auto path = folder.path() / "a.txt";
  ASSERT_TRUE(writeFileAtomically(path, std::string_view("old and longer")));
  ASSERT_TRUE(writeFileAtomically(path, std::string_view("new")));
  EXPECT_EQ(readFile(path).value(), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(AtomicFileTest, MissingFolderIsNamed) {
  const auto result = writeFileAtomically("/nonexistent-folder/x", std::string_view("x"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::NotFound);
  EXPECT_NE(result.error().message.find("/nonexistent-folder/x"), std::string::npos);
}

TEST(DeadTemporariesTest, WhatAKilledProcessWasWritingIsSweptAndNothingElse) {
  test::TempFolder folder;
  const pid_t gone = test::deadProcess();
  const std::string dead = ".tmp-" + std::to_string(gone);
  const std::string alive = ".tmp-" + std::to_string(::getpid());
  for (const std::string& name :
       {test::temporaryNameOf(gone, "7"), temporaryName("7"), dead + "@another.machine-7"})
    std::ofstream(folder.path() / name) << "half";
  for (const std::string& name :
       {dead + "-0", dead + "-project.sqlite", alive + "-9999", std::string(".tmp-x-1"),
        std::string(".tmp-"), std::string(".tmp--5-1"), std::string("fibrosis.latest.safetensors")})
    std::ofstream(folder.path() / name) << "half";
  std::filesystem::create_directory(folder.path() / (dead + "-folder"));
  const auto found = deadTemporaries(folder.path());
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->size(), 3U);
  ASSERT_TRUE(removeDeadTemporaries(folder.path()));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / test::temporaryNameOf(gone, "7")));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / temporaryName("7")));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / (dead + "@another.machine-7")))
      << "of a process that may live on another machine";
  EXPECT_FALSE(std::filesystem::exists(folder.path() / (dead + "-0")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / (dead + "-project.sqlite")));
  const auto left = std::distance(std::filesystem::directory_iterator(folder.path()),
                                  std::filesystem::directory_iterator());
  EXPECT_EQ(left, 8);
  EXPECT_TRUE(removeDeadTemporaries(folder.path() / "absent"));
}

TEST(AtomicFileTest, ALeftoverOfAnEarlierProcessWithOurNumberIsNoHindrance) {
  test::TempFolder folder;
  for (int i = 0; i < 300; ++i) std::ofstream(folder.path() / temporaryName(std::to_string(i)));
  const auto written = writeFileAtomically(folder.path() / "a.txt", std::string_view("new"));
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(readFile(folder.path() / "a.txt").value(), "new");
}

TEST(PrivateFileTest, IsMadeForItsUserAloneAndKeepsWhatItHolds) {
  test::TempFolder folder;
  const auto path = folder.path() / "worker.log";
  const auto mode = [&path] {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
  };
  ASSERT_TRUE(makePrivateFile(path));
  EXPECT_EQ(mode(), 0600U);
  std::ofstream(path) << "said";
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  ASSERT_TRUE(makePrivateFile(path));
  EXPECT_EQ(mode(), 0600U);
  EXPECT_EQ(readFile(path).value(), "said");
  EXPECT_FALSE(makePrivateFile(folder.path() / "absent" / "worker.log"));
}

TEST(IdTest, NamesCannotLeaveTheirFolder) {
  EXPECT_FALSE(isSafeName("../x"));
  EXPECT_FALSE(isSafeName(".hidden"));
  EXPECT_FALSE(isSafeName(""));
  EXPECT_FALSE(isSafeName("a/b"));
  EXPECT_TRUE(isSafeName("Case_P001-s1"));
  EXPECT_TRUE(isSafeName(toSafeName("../../etc/passwd")));
  EXPECT_NE(newId("run"), newId("run"));
}

TEST(RandomTest, SameSeedSameSequence) {
  Random a(7), b(7), c(8);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
  double sum = 0, squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = a.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 20000, 0.0, 0.03);
  EXPECT_NEAR(squares / 20000, 1.0, 0.05);
}

TEST(TimeTest, FormatsUtcWithMilliseconds) {
  EXPECT_EQ(
      utcIso8601(std::chrono::system_clock::time_point(std::chrono::milliseconds(951782400123))),
      "2000-02-29T00:00:00.123Z");
}

TEST(TimeTest, ReadsWhatASpreadsheetMakesOfIt) {
  EXPECT_EQ(utcFromText("2000-02-29T00:00:00.123Z"), "2000-02-29T00:00:00.123Z");
  EXPECT_EQ(utcFromText("2000-02-29 07:05"), "2000-02-29T07:05:00.000Z");
  EXPECT_EQ(utcFromText("2026-11-30 23:59:59.5"), "2026-11-30T23:59:59.500Z");
  for (const char* wrong : {"", "yesterday", "2001-02-29T00:00:00Z", "2001-13-01T00:00:00Z",
                            "29.02.2000 07:05", "2000-02-29T24:00:00Z", "2000-02-29T00:00:00Z "})
    EXPECT_FALSE(utcFromText(wrong)) << wrong;
}

TEST(SystemErrorTest, AFileThatMayNotBeReadIsNotADiskThatCannotBeWritten) {
  EXPECT_EQ(systemError(EACCES, "read", "a.dcm").code, ErrorCode::Io);
  EXPECT_EQ(systemError(EACCES, "write", "out").code, ErrorCode::ReadOnly);
  EXPECT_EQ(systemError(EROFS, "write", "out").code, ErrorCode::ReadOnly);
}

}  // namespace
}  // namespace gadolin
