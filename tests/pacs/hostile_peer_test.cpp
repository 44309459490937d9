// Peers that send garbage, hang, lie about names, or die: each costs itself and nothing else.

#include <random>

#include "tests/pacs/pacs_fixture.h"
#include "tests/support/dicom_wire.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;
using test::WirePeer;

class HostilePeer : public test::ListenTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(ListenTest::SetUp());
    ASSERT_NO_FATAL_FAILURE(
        listen({QStringLiteral("--quiet"), QStringLiteral("0"), QStringLiteral("--idle"),
                QStringLiteral("2"), QStringLiteral("--most-mb"), QStringLiteral("1")}));
  }
  /// The listener is as good as new.
  void stillReceives() {
    ASSERT_TRUE(listener_->isRunning());
    ASSERT_EQ(sendFolder(port_, files()), 0);
    EXPECT_TRUE(imported(2)) << listener_->errors();
    EXPECT_EQ(hashes(project()), hashes(folderProject()));
  }
  /// Regular files anywhere below the test's folder whose name is not one of ours.
  std::vector<std::string> strangers() {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(own_.path()))
      if (entry.path().string().find("evil") != std::string::npos)
        names.push_back(entry.path().string());
    return names;
  }
};

TEST_F(HostilePeer, GarbageCostsOneConnectionEach) {
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    WirePeer peer(port_);
    ASSERT_TRUE(peer.connected());
    std::string bytes = round % 3 == 0 ? std::string() : WirePeer::associateRequest("X", "GADOLIN");
    if (round % 3 == 1) bytes.replace(2, 4, "\x7f\xff\xff\xff");  // a length that lies
    for (int i = 0; i < 300; ++i) {
      const char byte = static_cast<char>(random());
      if (round % 3 == 2) {
        bytes[74 + random() % (bytes.size() - 74)] = byte;
        if (i > 20) break;
      } else {
        bytes += byte;
      }
    }
    peer.send(bytes);
  }
  stillReceives();
}

TEST_F(HostilePeer, APeerThatSaysNothingIsCutOffAndHoldsNobodyUp) {
  std::vector<std::unique_ptr<WirePeer>> silent;
  for (int i = 0; i < 4; ++i) silent.push_back(std::make_unique<WirePeer>(port_));
  stillReceives();
  WirePeer half(port_);
  half.send(WirePeer::associateRequest("SLOW", "GADOLIN").substr(0, 40));
  EXPECT_TRUE(half.isHungUp(15'000));
  for (const auto& peer : silent) EXPECT_TRUE(peer->isHungUp(15'000));
}

TEST_F(HostilePeer, ApeerThatDiesInTheMiddleLeavesNothing) {
  {
    WirePeer peer(port_);
    ASSERT_TRUE(peer.associate("DYING", "GADOLIN"));
    const std::string image = WirePeer::image("1.2.3.4.1", "1.2.3", "1.2.3.4", 40'000);
    peer.request("1.2.3.4.1");
    peer.dataSet(image);
    EXPECT_EQ(peer.status(), 0);
    peer.request("1.2.3.4.2");
    peer.dataSet(WirePeer::image("1.2.3.4.2", "1.2.3", "1.2.3.4", 40'000).substr(0, 20'000), false);
  }
  const auto broken = listener_->waitFor([](const QJsonObject& event) {
    return event.value(QLatin1String("what")) == QLatin1String("broken");
  });
  ASSERT_TRUE(broken) << listener_->errors();
  EXPECT_EQ(broken->value(QLatin1String("caller")).toString(), QStringLiteral("DYING"));
  // The whole one went to the importer, which has no use for it (no geometry); the half one is
  // gone.
  ASSERT_TRUE(listener_->waitFor("importing"));
  stillReceives();
  EXPECT_EQ(leftovers(project()), 0);
}

TEST_F(HostilePeer, NamesFromTheWireAreNoPaths) {
  WirePeer peer(port_);
  ASSERT_TRUE(peer.associate("../../evil", "GADOLIN"));
  const auto send = [&peer](const std::string& asked, const std::string& in_data,
                            const std::string& study, const std::string& series) {
    peer.request(asked);
    peer.dataSet(WirePeer::image(in_data, study, series));
    return peer.status();
  };
  EXPECT_EQ(send("../../../evil", "../../../evil", "1.2.3", "1.2.3.4"), 0xc000);
  EXPECT_EQ(send("1.2.3.4.5", "1.2.3.4.5", "../../evil", "1.2.3.4"), 0xc000);
  EXPECT_EQ(send("1.2.3.4.5", "1.2.3.4.5", "1.2.3", "../evil"), 0xc000);
  EXPECT_EQ(send("1.2.3.4.5", "1.2.3.4.6", "1.2.3", "1.2.3.4"),
            0xa900);  // another UID than announced
  EXPECT_EQ(send("1.2.3.4.5", "1.2.3.4.5", "1.2.3", "1.2.3.4"), 0);
  peer.release();
  EXPECT_TRUE(strangers().empty()) << strangers().front();
  stillReceives();
}

TEST_F(HostilePeer, AnObjectThatIsTooLargeIsCutOff) {
  {
    WirePeer peer(port_);
    ASSERT_TRUE(peer.associate("LARGE", "GADOLIN"));
    peer.request("1.2.3.4.1");
    peer.dataSet(WirePeer::image("1.2.3.4.1", "1.2.3", "1.2.3.4", 3 << 20));
    EXPECT_NE(peer.status(), 0);
  }
  const auto refused = listener_->waitFor([](const QJsonObject& event) {
    return event.value(QLatin1String("what")) == QLatin1String("refused");
  });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->value(QLatin1String("why")).toString(),
            QStringLiteral("It is larger than 1 MiB."));
  stillReceives();
  EXPECT_EQ(leftovers(project()), 0);
}

}  // namespace
}  // namespace gadolin
