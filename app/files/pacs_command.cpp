#include "app/files/pacs_command.h"

#include <QStandardPaths>
#include <QTextBoundaryFinder>
#include <algorithm>
#include <atomic>
#include <memory>

#include "app/ctl/files_command.h"
#include "core/base/printable_text.h"
#include "core/imaging/series_judgement.h"

namespace gadolin::ctl {
namespace {

struct PeerArguments {
  pacs::Peer peer;
  std::string name, own_ae_title;
};

int listPeers(Output& output) {
  const auto peers = pacs::loadPeers(peersFile());
  if (!peers) return output.fail(peers.error());
  nlohmann::json list = nlohmann::json::array();
  std::string text;
  for (const pacs::Peer& peer : *peers) {
    list.push_back(pacs::toJson(peer));
    text += (text.empty() ? "" : "\n") + peer.name + "  " + peer.ae_title + " at " + peer.host +
            ":" + std::to_string(peer.port) + ", we are " + peer.own_ae_title;
  }
  if (text.empty())
    text = "No peer is stored. Add one: gadolinctl pacs peers add NAME AETITLE HOST PORT";
  output.summary({{"type", "summary"}, {"peers", list}}, text);
  return exit_done;
}

/// A peer of that name is replaced.
int addPeer(const pacs::Peer& asked, Output& output) {
  auto peer = pacs::checkedPeer(asked);
  if (!peer) return output.fail(peer.error());
  auto peers = pacs::loadPeers(peersFile());
  if (!peers) return output.fail(peers.error());
  const auto same = std::ranges::find_if(
      *peers, [&](const pacs::Peer& one) { return pacs::sameName(one.name, peer->name); });
  const bool there = same != peers->end();
  if (there) {
    *same = *peer;
  } else {
    peers->push_back(*peer);
  }
  if (const auto saved = pacs::savePeers(peersFile(), *peers); !saved)
    return output.fail(saved.error());
  nlohmann::json summary = pacs::toJson(*peer);
  summary["type"] = "summary";
  output.summary(summary, peer->name + (there ? " was changed." : " was added."));
  return exit_done;
}

int removePeer(const std::string& name, Output& output) {
  auto peers = pacs::loadPeers(peersFile());
  if (!peers) return output.fail(peers.error());
  const auto before = peers->size();
  std::erase_if(*peers, [&](const pacs::Peer& one) { return pacs::sameName(one.name, name); });
  if (peers->size() == before)
    return output.fail(
        {ErrorCode::NotFound, "There is no peer '" + name + "'. `pacs peers` lists them."});
  if (const auto saved = pacs::savePeers(peersFile(), *peers); !saved)
    return output.fail(saved.error());
  output.summary({{"type", "summary"}, {"removed", name}}, name + " was removed.");
  return exit_done;
}

int echoTo(const PeerArguments& arguments, Output& output) {
  const auto peer = peerNamed(arguments.name, arguments.own_ae_title);
  if (!peer) return output.fail(peer.error());
  const auto answered = pacs::echo(*peer);
  if (!answered) return output.fail(answered.error());
  char text[64];
  std::snprintf(text, sizeof text, " answers after %.0f ms.", *answered);
  output.summary({{"type", "summary"}, {"peer", peer->name}, {"ms", *answered}}, peer->name + text);
  return exit_done;
}

/// Counts letters as people do: an accent takes no place of its own, nor are there half letters.
std::string padded(const std::string& utf8, int width) {
  const QString text =
      QString::fromStdString(printableLine(utf8)).normalized(QString::NormalizationForm_C);
  QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
  int letters = 0;
  qsizetype cut = 0;
  for (qsizetype at = finder.toNextBoundary(); at > 0; at = finder.toNextBoundary()) {
    if (++letters == width - 1) cut = at;
  }
  const QString shown = letters > width ? text.left(cut) + u'~' : text;
  return (shown + QString(width - std::min(letters, width) + 1, u' ')).toStdString();
}

std::string lineOf(const pacs::FoundSeries& series) {
  return padded(series.patient_id, 14) + padded(series.patient_name, 22) +
         padded(series.study_date, 10) + padded(series.study_description, 22) +
         padded(series.series_number, 4) + padded(series.modality, 4) +
         padded(series.description, 30) +
         padded(series.images < 0 ? "?" : std::to_string(series.images), 6) +
         padded(std::string(toText(judgeDescription(series.description).verdict)), 5) + "\n" +
         "  --series " + series.study_uid + "/" + series.series_uid;
}

int findAt(const PeerArguments& arguments, const pacs::Query& query, Output& output) {
  const auto peer = peerNamed(arguments.name, arguments.own_ae_title);
  if (!peer) return output.fail(peer.error());
  const std::atomic<bool> never = false;
  output.note(padded("PatientID", 14) + padded("Name", 22) + padded("Date", 10) +
              padded("Study", 22) + padded("No", 4) + padded("Mod", 4) + padded("Series", 30) +
              padded("Images", 6) + "LGE?");
  const auto found = pacs::find(
      *peer, query,
      [&output](const pacs::FoundSeries& series) {
        auto event = toJson(series);
        event["type"] = "series";
        output.event(event);
        output.note(lineOf(series));
      },
      never);
  if (!found) return output.fail(found.error());
  output.summary({{"type", "summary"},
                  {"studies", found->studies},
                  {"series", found->series.size()},
                  {"more", found->more}},
                 std::to_string(found->series.size()) + " series in " +
                     std::to_string(found->studies) + " studies." +
                     (found->more ? " There are more; narrow the search or raise --limit." : ""));
  return exit_done;
}

void addQueryOptions(CLI::App& command, pacs::Query& query) {
  command.add_option("--patient", query.patient_id, "Patient ID; * and ? stand for anything");
  command.add_option("--name", query.patient_name, "Part of the patient's name");
  command.add_option("--from", query.from, "First study date, YYYY-MM-DD");
  command.add_option("--to", query.to, "Last study date, YYYY-MM-DD");
  command.add_option("--modality", query.modality, "Modality (default MR; '' for all)");
  command.add_option("--study-description", query.study_description,
                     "Part of the study's description");
  command.add_option("--description", query.series_description, "Part of the series' description");
  command.add_option("--limit", query.most_series, "Most series that are listed")
      ->check(CLI::Range(1, 100'000));
}

void addPeers(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("peers", "The archives that are stored in your account");
  auto arguments = std::make_shared<PeerArguments>();
  auto* add = command->add_subcommand("add", "Store a peer, or change the one of that name");
  add->add_option("name", arguments->peer.name, "Name for people")->required();
  add->add_option("aet", arguments->peer.ae_title, "AE title of the peer")->required();
  add->add_option("host", arguments->peer.host, "Its name or IPv4 address")->required();
  add->add_option("port", arguments->peer.port, "Its port")->required();
  add->add_option("--aet", arguments->peer.own_ae_title, "Our AE title, as it is entered there");
  add->add_option("--receive-at", arguments->peer.receive_at,
                  "Our address, for C-MOVE only (default 127.0.0.1: this computer alone)");
  add->add_option("--receive-port", arguments->peer.receive_port, "Our port, for C-MOVE only");
  add->callback(
      [arguments, &context] { context.status = addPeer(arguments->peer, context.output); });
  auto* remove = command->add_subcommand("remove", "Forget a peer");
  remove->add_option("name", arguments->name, "Its name")->required();
  remove->callback(
      [arguments, &context] { context.status = removePeer(arguments->name, context.output); });
  command->callback([command, &context] {
    if (command->get_subcommands().empty()) context.status = listPeers(context.output);
  });
}

void addAsking(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<PeerArguments>();
  auto query = std::make_shared<pacs::Query>();
  const auto peer = [arguments](CLI::App* command) {
    command->add_option("peer", arguments->name, "Name of a stored peer, or AETITLE@HOST:PORT")
        ->required();
    command->add_option("--aet", arguments->own_ae_title, "Our AE title instead of the stored one");
  };
  auto* echo = app.add_subcommand("echo", "Ask whether a peer answers (C-ECHO)");
  peer(echo);
  echo->callback([arguments, &context] { context.status = echoTo(*arguments, context.output); });
  auto* find = app.add_subcommand("find", "List studies and series that a peer has (C-FIND)");
  peer(find);
  addQueryOptions(*find, *query);
  find->callback([arguments, query, &context] {
    context.status = findAt(*arguments, *query, context.output);
  });
}

void addFetch(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<FetchArguments>();
  auto* command =
      app.add_subcommand("fetch", "Fetch series from a peer (C-GET, else C-MOVE) and import them");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("peer", arguments->peer, "Name of a stored peer, or AETITLE@HOST:PORT")
      ->required();
  command->add_option("--aet", arguments->own_ae_title, "Our AE title instead of the stored one");
  command->add_option("--study", arguments->study, "UID of a study; all of it without --series");
  command
      ->add_option(
          "--series", arguments->series,
          "UID of a series of that study, or STUDY/SERIES as `find` prints it; may be repeated")
      ->allow_extra_args(false);
  addQueryOptions(*command, arguments->query);
  command->get_option("--modality")->description("Modality (default MR with its SEG; '' for all)");
  command->add_flag("--move", arguments->by_move, "By C-MOVE, also where the peer has C-GET");
  arguments->wishes.addTo(*command);
  command->callback([arguments, command, &context] {
    arguments->with_segmentations = command->count("--modality") == 0;
    context.status = fetchInto(*arguments, context.output);
  });
}

void addSend(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<SendArguments>();
  auto* command = app.add_subcommand(
      "send", "Send DICOM files to a peer (C-STORE), such as those of `gadolinctl export`");
  command->add_option("peer", arguments->peer, "Name of a stored peer, or AETITLE@HOST:PORT")
      ->required();
  command->add_option("paths", arguments->paths, "Files, and folders with all that is in them")
      ->required();
  command->add_option("--aet", arguments->own_ae_title, "Our AE title instead of the stored one");
  command->callback([arguments, &context] { context.status = sendTo(*arguments, context.output); });
}

void addListen(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ListenArguments>();
  auto* command =
      app.add_subcommand("listen", "Receive what peers send (C-STORE) and import it, until Ctrl-C");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--aet", arguments->ae_title, "Our AE title (default GADOLIN)");
  command->add_option("--port", arguments->port, "Our port (default 11112; 0: any)")
      ->check(CLI::Range(0, 65'535));
  command->add_option(
      "--bind", arguments->address,
      "Address to listen at (default 127.0.0.1: this computer alone; 0.0.0.0: all networks)");
  command
      ->add_option("--peer", arguments->callers,
                   "AE title that may send; others are refused; may be repeated")
      ->allow_extra_args(false);
  arguments->wishes.addTo(*command);
  command
      ->add_option("--quiet", arguments->quiet_s,
                   "Seconds without an image of a study before it is imported")
      ->check(CLI::Range(0, 3600));
  command
      ->add_option("--idle", arguments->idle_s, "Seconds of silence after which a peer is cut off")
      ->check(CLI::Range(1, 3600));
  command->add_option("--most-mb", arguments->most_mb, "Largest object in MiB")
      ->check(CLI::Range(1, 1'000'000));
  command->add_flag("--with-parent", arguments->with_parent,
                    "End when the program that started this one ends");
  command->callback(
      [arguments, &context] { context.status = listenFor(*arguments, context.output); });
}

}  // namespace

std::filesystem::path peersFile() {
  const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
  return std::filesystem::path(config.toStdString()) / "gadolin" / "peers.json";
}

Result<pacs::Peer> peerNamed(const std::string& name, const std::string& own_ae_title) {
  GADOLIN_TRY(const auto peers, pacs::loadPeers(peersFile()));
  GADOLIN_TRY(pacs::Peer peer, pacs::findPeer(peers, name));
  if (!own_ae_title.empty()) peer.own_ae_title = own_ae_title;
  return pacs::checkedPeer(std::move(peer));
}

nlohmann::json toJson(const pacs::FoundSeries& series) {
  const SeriesJudgement judgement = judgeDescription(series.description);
  return {{"patient_id", series.patient_id},
          {"patient_name", series.patient_name},
          {"study", series.study_uid},
          {"date", series.study_date},
          {"study_description", series.study_description},
          {"series", series.series_uid},
          {"number", series.series_number},
          {"modality", series.modality},
          {"description", series.description},
          {"images", series.images},
          {"points", judgement.points},
          {"verdict", std::string(toText(judgement.verdict))},
          {"reasons", judgement.reasons}};
}

void addPacs(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand(pacs_words.name, pacs_words.meaning);
  command->require_subcommand(1);
  addPeers(*command, context);
  addAsking(*command, context);
  addFetch(*command, context);
  addSend(*command, context);
  addListen(*command, context);
}

}  // namespace gadolin::ctl
