#include "core/pacs/peer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/pacs/identifiers.h"

namespace gadolin::pacs {
namespace {

constexpr int highest_port = 65'535;
constexpr std::size_t longest_host = 253;  // of a domain name
constexpr std::size_t longest_name = 64;
constexpr std::size_t largest_file = std::size_t{1} << 20;

Error wrong(const std::string& what) {
  return {ErrorCode::InvalidInput, what};
}

bool isHost(std::string_view host) {
  return !host.empty() && host.size() <= longest_host && host.front() != '-' &&
         std::ranges::all_of(host, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
         });
}

Result<void> checkPort(int port, const std::string& what) {
  if (port >= 1 && port <= highest_port) return {};
  return wrong(what + " " + std::to_string(port) + " is not between 1 and 65535.");
}

Peer fromJson(const nlohmann::json& object) {
  Peer peer;
  peer.name = object.at("name").get<std::string>();
  peer.ae_title = object.at("aet").get<std::string>();
  peer.host = object.at("host").get<std::string>();
  peer.port = object.at("port").get<int>();
  peer.own_ae_title = object.value("own_aet", peer.own_ae_title);
  peer.receive_at = object.value("receive_at", peer.receive_at);
  peer.receive_port = object.value("receive_port", peer.receive_port);
  return peer;
}

}  // namespace

nlohmann::json toJson(const Peer& peer) {
  return {{"name", peer.name},
          {"aet", peer.ae_title},
          {"host", peer.host},
          {"port", peer.port},
          {"own_aet", peer.own_ae_title},
          {"receive_at", peer.receive_at},
          {"receive_port", peer.receive_port}};
}

bool sameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Result<Peer> checkedPeer(Peer peer) {
  peer.name = trimmed(peer.name);
  if (peer.name.empty() || peer.name.size() > longest_name)
    return wrong("A peer needs a name of 1 to 64 characters.");
  GADOLIN_TRY(peer.ae_title, aeTitle(peer.ae_title, "of " + peer.name));
  GADOLIN_TRY(peer.own_ae_title, aeTitle(peer.own_ae_title, "of Gadolin"));
  peer.host = trimmed(peer.host);
  peer.receive_at = trimmed(peer.receive_at);
  if (!isHost(peer.host))
    return wrong("'" + shown(peer.host) + "' is no name or IPv4 address of a computer.");
  if (!isHost(peer.receive_at))
    return wrong("'" + shown(peer.receive_at) + "' is no address to receive at.");
  GADOLIN_CHECK(checkPort(peer.port, "The port"));
  GADOLIN_CHECK(checkPort(peer.receive_port, "The port to receive at,"));
  return peer;
}

Result<Peer> peerFromText(std::string_view text) {
  const auto at = text.find('@');
  const auto colon = text.rfind(':');
  Peer peer;
  if (at == std::string_view::npos || colon == std::string_view::npos || colon < at)
    return wrong("'" + shown(text) + "' is not of the form AETITLE@HOST:PORT.");
  const auto port = text.substr(colon + 1);
  const auto read = std::from_chars(port.data(), port.data() + port.size(), peer.port);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size())
    return wrong("'" + shown(port) + "' is no port.");
  peer.name = std::string(text);
  peer.ae_title = std::string(text.substr(0, at));
  peer.host = std::string(text.substr(at + 1, colon - at - 1));
  return checkedPeer(std::move(peer));
}

Result<std::vector<Peer>> loadPeers(const std::filesystem::path& file) {
  const auto text = readFile(file, largest_file);
  if (!text) {
    if (text.error().code == ErrorCode::NotFound) return std::vector<Peer>();
    return text.error();
  }
  std::vector<Peer> peers;
  try {
    const auto document = nlohmann::json::parse(*text);
    for (const auto& each : document.at("peers")) {
      auto peer = checkedPeer(fromJson(each));
      if (!peer) return peer.error().within(file.string());
      peers.push_back(std::move(*peer));
    }
  } catch (const nlohmann::json::exception&) {
    return Error{ErrorCode::Corrupt,
                 file.string() +
                     " is damaged and the list of peers cannot be read. Correct it, or "
                     "remove it and add the peers again."};
  }
  return peers;
}

Result<void> savePeers(const std::filesystem::path& file, const std::vector<Peer>& peers) {
  GADOLIN_CHECK(makePrivateFolder(file.parent_path()));
  nlohmann::json list = nlohmann::json::array();
  for (const Peer& peer : peers) list.push_back(toJson(peer));
  return writeFileAtomically(file, nlohmann::json{{"peers", list}}.dump(
                                       2, ' ', false, nlohmann::json::error_handler_t::replace) +
                                       "\n");
}

Result<Peer> findPeer(const std::vector<Peer>& peers, std::string_view name) {
  const auto found =
      std::ranges::find_if(peers, [name](const Peer& peer) { return sameName(peer.name, name); });
  if (found != peers.end()) return *found;
  if (name.find('@') != std::string_view::npos) return peerFromText(name);
  std::string known;
  for (const Peer& peer : peers) known += (known.empty() ? "" : ", ") + peer.name;
  return Error{
      ErrorCode::NotFound,
      "There is no peer '" + shown(name) + "'. " +
          (known.empty() ? std::string("None is stored yet") : "Those that are stored: " + known) +
          ". Add it with `gadolinctl pacs peers add`, or write AETITLE@HOST:PORT."};
}

}  // namespace gadolin::pacs
