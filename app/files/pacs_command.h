#pragma once
// What the files of `gadolinctl pacs` share.

#include <filesystem>
#include <string>
#include <vector>

#include "app/ctl/command.h"
#include "app/ctl/import_run.h"
#include "core/pacs/find.h"
#include "core/pacs/peer.h"

namespace gadolin::ctl {

/// The file of the user's account with the peers: CONFIG/gadolin/peers.json.
std::filesystem::path peersFile();

/// By name out of that file, or AETITLE@HOST:PORT; `own_ae_title` replaces the stored one unless
/// empty.
Result<pacs::Peer> peerNamed(const std::string& name, const std::string& own_ae_title);

/// One series of a search: its fields, and what its description says about late enhancement
/// ("points", "verdict", "reasons").
nlohmann::json toJson(const pacs::FoundSeries& series);

struct FetchArguments {
  std::string project, peer, own_ae_title;
  std::string study;
  std::vector<std::string> series;  // UID, or STUDY/SERIES
  pacs::Query query;                // where no UID is given
  bool by_move = false;
  bool with_segmentations = false;  // also those of the studies that the search finds
  ImportWishes wishes;
};
int fetchInto(const FetchArguments& arguments, Output& output);

struct SendArguments {
  std::string peer, own_ae_title;
  std::vector<std::string> paths;  // files and folders
};
int sendTo(const SendArguments& arguments, Output& output);

struct ListenArguments {
  std::string project;
  std::string ae_title = "GADOLIN";
  int port = 11112;
  std::string address = "127.0.0.1";
  std::vector<std::string> callers;
  ImportWishes wishes;
  int quiet_s = 5;
  int idle_s = 60;
  int most_mb = 2048;
  bool with_parent = false;
};
int listenFor(const ListenArguments& arguments, Output& output);

}  // namespace gadolin::ctl
