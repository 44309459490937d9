#pragma once
// The archives that a person uses: their addresses, and as whom Gadolin speaks to them.

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gadolin::pacs {

/// One archive (PACS) or other DICOM application.
struct Peer {
  std::string name;      // for people; unique, without regard to case
  std::string ae_title;  // its title: the called AE
  std::string host;      // name or IPv4 address
  int port = 104;
  std::string own_ae_title = "GADOLIN";  // the calling AE, as the peer knows us
  /// Where the peer sends what C-MOVE asks for: the address we listen at and the port that the
  /// peer knows for own_ae_title. Used only where the peer has no C-GET.
  std::string receive_at = "127.0.0.1";
  int receive_port = 11112;

  bool operator==(const Peer&) const = default;
};

/// As stored and as told to programs: "name", "aet", "host", "port", "own_aet", "receive_at", "receive_port".
nlohmann::json toJson(const Peer& peer);

/// The peer with trimmed titles; InvalidInput names the field that cannot be meant.
Result<Peer> checkedPeer(Peer peer);

/// "AETITLE@HOST:PORT"; the name is the text. InvalidInput.
Result<Peer> peerFromText(std::string_view text);

/// The peers in a file of the user's account (a JSON object, mode 0600). Absent: none. Corrupt
/// names the file. Never part of a project: a project can be handed on.
Result<std::vector<Peer>> loadPeers(const std::filesystem::path& file);
Result<void> savePeers(const std::filesystem::path& file, const std::vector<Peer>& peers);

/// By name, else as "AETITLE@HOST:PORT". NotFound lists the names that there are.
Result<Peer> findPeer(const std::vector<Peer>& peers, std::string_view name);

/// Case does not matter in names.
bool sameName(std::string_view a, std::string_view b);

}  // namespace gadolin::pacs
