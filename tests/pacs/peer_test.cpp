#include "core/pacs/peer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/pacs/identifiers.h"
#include "core/pacs/receiver.h"
#include "tests/support/temp_folder.h"

namespace gadolin::pacs {
namespace {

TEST(Uid, IsDigitsAndDotsOnly) {
  for (const char* good : {"1", "1.2.840.10008.1.1", "2.25.0", "0.0"})
    EXPECT_TRUE(isUid(good)) << good;
  for (const char* bad :
       {"", ".", "1.", ".1", "1..2", "1.02", "../../etc", "1.2/3", "1.2 ", "1.2a", "-1"})
    EXPECT_FALSE(isUid(bad)) << bad;
  EXPECT_TRUE(isUid("1." + std::string(62, '2')));
  EXPECT_FALSE(isUid("1." + std::string(63, '2')));
}

TEST(AeTitle, HasOneToSixteenCharactersWithoutPadding) {
  EXPECT_EQ(*aeTitle("  GADOLIN ", ""), "GADOLIN");
  EXPECT_EQ(aeTitle("sixteen chars ok", "")->size(), 16u);
  for (const char* bad : {"", "   ", "seventeen chars !", "A\\B", "A\nB", "ä"})
    EXPECT_FALSE(aeTitle(bad, "of it").ok()) << bad;
}

TEST(Peer, IsReadFromText) {
  const auto peer = peerFromText("ARCHIVE@pacs.example:104");
  ASSERT_TRUE(peer.ok());
  EXPECT_EQ(peer->ae_title, "ARCHIVE");
  EXPECT_EQ(peer->host, "pacs.example");
  EXPECT_EQ(peer->port, 104);
  EXPECT_EQ(peer->own_ae_title, "GADOLIN");
  for (const char* bad : {"ARCHIVE", "A@b", "A@b:", "A@b:0", "A@b:70000", "A@b:1x", "@b:1", "A@:1",
                          "A@-x:1", "A@b c:1"})
    EXPECT_FALSE(peerFromText(bad).ok()) << bad;
}

TEST(Peers, LiveInAPrivateFile) {
  const test::TempFolder folder;
  const auto file = folder.path() / "gadolin" / "peers.json";
  EXPECT_TRUE(loadPeers(file)->empty());
  auto ris = *peerFromText("A@b:1");
  ris.name = "RIS Süd";
  ris.receive_at = "0.0.0.0";
  ASSERT_TRUE(savePeers(file, {ris}).ok());
  EXPECT_EQ(*loadPeers(file), std::vector<Peer>{ris});
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(findPeer({ris}, "ris SüD").ok(), true);
  const auto absent = findPeer({ris}, "other");
  ASSERT_FALSE(absent.ok());
  EXPECT_NE(absent.error().message.find("RIS Süd"), std::string::npos) << absent.error().message;
  std::ofstream(file) << "{\"peers\": [{";
  const auto damaged = loadPeers(file);
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, ErrorCode::Corrupt);
  EXPECT_NE(damaged.error().message.find("peers.json"), std::string::npos);
}

TEST(ReceiveLines, ComeBackAsTheyWere) {
  const ReceiveEvent event{ReceiveEvent::Kind::Refused, "A\"B", "study-1", "s", 12, "Because."};
  const auto back = receiveEventFromLine(toLine(event));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->kind, event.kind);
  EXPECT_EQ(back->caller, event.caller);
  EXPECT_EQ(back->bytes, 12u);
  EXPECT_FALSE(receiveEventFromLine("{}").ok());
  EXPECT_FALSE(receiveEventFromLine("{\"kind\":\"dance\"}").ok());
  ReceiveRules rules;
  rules.ae_title = "X";
  rules.only_callers = {"A", "B"};
  rules.store.folder = "/a b";
  rules.store.only_series = {"1.2"};
  const auto same = receiveRulesFromLine(toLine(rules));
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->only_callers, rules.only_callers);
  EXPECT_EQ(same->store.folder, rules.store.folder);
  EXPECT_EQ(same->store.only_series, rules.store.only_series);
  EXPECT_FALSE(receiveRulesFromLine("[]").ok());
}

}  // namespace
}  // namespace gadolin::pacs
