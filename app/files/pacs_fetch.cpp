// `gadolinctl pacs fetch`: series from a peer into a private folder, and from there through the
// importer.

#include <QEventLoop>
#include <QTimer>
#include <algorithm>
#include <atomic>
#include <future>
#include <set>

#include "app/ctl/import_run.h"
#include "app/ctl/interrupt.h"
#include "app/files/pacs_command.h"
#include "app/files/pacs_reception.h"
#include "core/pacs/fetch.h"
#include "ui/session/import_scratch.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

using pacs::FetchOutcome;
using pacs::FetchProgress;

constexpr std::string_view fetch_scratch = "fetch-";

/// What came, and how.
struct Fetched {
  FetchOutcome outcome;
  std::string method;
  int stored = 0;  // images that lie in the folder
};

Result<std::vector<pacs::SeriesKey>> namedSeries(const FetchArguments& arguments) {
  std::vector<pacs::SeriesKey> keys;
  for (const std::string& text : arguments.series) {
    const auto slash = text.find('/');
    keys.push_back(slash == std::string::npos
                       ? pacs::SeriesKey{arguments.study, text}
                       : pacs::SeriesKey{text.substr(0, slash), text.substr(slash + 1)});
    if (keys.back().study_uid.empty())
      return Error{ErrorCode::InvalidInput,
                   "Name the study of " + text + ": --study UID, or --series STUDY/SERIES."};
  }
  if (keys.empty() && !arguments.study.empty()) {
    pacs::SeriesKey whole;
    whole.study_uid = arguments.study;
    keys.push_back(std::move(whole));
  }
  return keys;
}

/// Masks that were made on the images which the search found: segmentations of the same studies,
/// however their own series are described.
Result<void> addSegmentations(const pacs::Peer& peer, std::vector<pacs::SeriesKey>& keys) {
  std::set<std::string> studies;
  for (const auto& key : keys) studies.insert(key.study_uid);
  const std::atomic<bool> never = false;
  for (const auto& study : studies) {
    pacs::Query query;
    query.study_uid = study;
    query.modality = "SEG";
    GADOLIN_TRY(const auto found, pacs::find(peer, query, {}, never));
    for (const auto& series : found.series) keys.push_back({series.study_uid, series.series_uid});
  }
  return {};
}

Result<std::vector<pacs::SeriesKey>> wantedSeries(const FetchArguments& arguments,
                                                  const pacs::Peer& peer, Output& output) {
  GADOLIN_TRY(auto keys, namedSeries(arguments));
  if (!keys.empty()) return keys;
  const pacs::Query& query = arguments.query;
  if (query.patient_id.empty() && query.patient_name.empty() && query.from.empty() &&
      query.to.empty() && query.study_description.empty() && query.series_description.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "Say what to fetch: --series or --study as `gadolinctl pacs find` prints them, or "
                 "what to search for "
                 "(--patient, --name, --from, --to, --description)."};
  }
  output.progress("Searching", 0, 0);
  const std::atomic<bool> never = false;
  GADOLIN_TRY(const auto found, pacs::find(peer, query, {}, never));
  for (const auto& series : found.series) keys.push_back({series.study_uid, series.series_uid});
  if (arguments.with_segmentations) GADOLIN_CHECK(addSegmentations(peer, keys));
  if (keys.empty())
    return Error{ErrorCode::NotFound, peer.name + " has no such series. Nothing was fetched."};
  return keys;
}

/// Talks in a thread, so that Ctrl-C and the listener of C-MOVE have the event loop.
class FetchTalk {
 public:
  explicit FetchTalk(Output& output) : output_(output) {}

  template <class Talk>
  Result<FetchOutcome> run(Talk talk) {
    QEventLoop loop;
    const Interrupt interrupt([this] { cancelled_ = true; });
    auto answer = std::async(std::launch::async, [&] {
      auto result = talk([&](const FetchProgress& at) { tell(at, loop); }, cancelled_);
      QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
      return result;
    });
    loop.exec();
    return answer.get();
  }

 private:
  void tell(const FetchProgress& at, QObject& in) {
    QMetaObject::invokeMethod(
        &in,
        [this, at] {
          const std::string what = "Fetching series " + std::to_string(at.series) + " of " +
                                   std::to_string(at.of_series);
          output_.progress(what, at.images, at.remaining < 0 ? 0 : at.images + at.remaining);
        },
        Qt::QueuedConnection);
  }

  Output& output_;
  std::atomic<bool> cancelled_ = false;
};

Result<Fetched> fetchHere(const pacs::Peer& peer, const std::vector<pacs::SeriesKey>& keys,
                          const pacs::StoreRules& rules, Output& output) {
  const std::uint64_t before = pacs::limitStoredFiles(rules.most_bytes);
  auto outcome = FetchTalk(output).run([&](const auto& progress, const auto& cancelled) {
    return pacs::fetchByGet(peer, keys, rules, progress, cancelled);
  });
  pacs::limitStoredFiles(before);
  if (!outcome) return outcome.error();
  const int stored = outcome->images;
  return Fetched{std::move(*outcome), "C-GET", stored};
}

bool isLoopback(const std::string& host) {
  return host == "localhost" || host.starts_with("127.");
}

Result<Fetched> fetchToListener(const pacs::Peer& peer, const std::vector<pacs::SeriesKey>& keys,
                                const pacs::StoreRules& rules, Output& output) {
  if (!isLoopback(peer.host) && isLoopback(peer.receive_at)) {
    return Error{ErrorCode::InvalidInput,
                 peer.name + " has no C-GET, and by C-MOVE it would have to send to " +
                     peer.receive_at +
                     ", which it cannot reach. Say where it can: gadolinctl pacs peers add ... "
                     "--receive-at ADDRESS "
                     "--receive-port PORT, as they are entered there for '" +
                     peer.own_ae_title + "'."};
  }
  ReceptionSetup setup;
  setup.address = peer.receive_at;
  setup.port = peer.receive_port;
  setup.rules.ae_title = peer.own_ae_title;
  setup.rules.store = rules;
  Reception reception(setup);
  Fetched fetched;
  fetched.method = "C-MOVE";
  std::set<std::string> refused;
  reception.on_event = [&](const std::string&, const pacs::ReceiveEvent& event) {
    using Kind = pacs::ReceiveEvent::Kind;
    if (event.kind == Kind::Stored) ++fetched.stored;
    if (event.kind == Kind::Refused || event.kind == Kind::Broken) refused.insert(event.why);
  };
  GADOLIN_CHECK(reception.listen());
  auto outcome = FetchTalk(output).run([&](const auto& progress, const auto& cancelled) {
    return pacs::fetchByMove(peer, keys, progress, cancelled);
  });
  if (!outcome) return outcome.error();
  // The peer says it is done; the last connection may still be closing.
  QEventLoop loop;
  QTimer patience;
  patience.setSingleShot(true);
  QObject::connect(&patience, &QTimer::timeout, &loop, &QEventLoop::quit);
  reception.on_end = [&](const std::string&) {
    if (reception.associations() == 0) loop.quit();
  };
  constexpr int closing_ms = 5'000;
  patience.start(closing_ms);
  if (reception.associations() > 0) loop.exec();
  reception.stop();
  fetched.outcome = std::move(*outcome);
  fetched.outcome.refused.assign(refused.begin(), refused.end());
  return fetched;
}

Result<Fetched> fetchSeries(const FetchArguments& arguments, const pacs::Peer& peer,
                            const std::filesystem::path& folder, Output& output) {
  GADOLIN_TRY(const auto keys, wantedSeries(arguments, peer, output));
  pacs::StoreRules rules;
  rules.folder = folder;
  rules.tag = "get";
  // A study that is fetched whole has series whose names are not known before.
  const bool all_named =
      std::ranges::none_of(keys, [](const auto& key) { return key.series_uid.empty(); });
  for (const auto& key : keys)
    if (all_named) rules.only_series.insert(key.series_uid);
  if (!arguments.by_move) {
    auto fetched = fetchHere(peer, keys, rules, output);
    if (fetched || fetched.error().code != ErrorCode::Unsupported) return fetched;
    output.note(fetched.error().message + " It is asked by C-MOVE.");
  }
  return fetchToListener(peer, keys, rules, output);
}

}  // namespace

int fetchInto(const FetchArguments& arguments, Output& output) {
  const auto peer = peerNamed(arguments.peer, arguments.own_ae_title);
  if (!peer) return output.fail(peer.error());
  auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  const auto scratch = session::ImportScratch::make((*project)->paths().scratch(), fetch_scratch);
  if (!scratch) return output.fail(scratch.error());
  const auto fetched = fetchSeries(arguments, *peer, scratch->path(), output);
  if (!fetched) return output.fail(fetched.error());

  std::vector<std::string> faults = fetched->outcome.faults;
  if (fetched->outcome.failed > 0)
    faults.push_back(peer->name + " could not send " + std::to_string(fetched->outcome.failed) +
                     " images.");
  if (fetched->stored < fetched->outcome.images)
    faults.push_back("Of " + std::to_string(fetched->outcome.images) + " images that " +
                     peer->name + " sent, " + std::to_string(fetched->stored) + " arrived.");
  for (const std::string& why : fetched->outcome.refused)
    faults.push_back("An image was not taken: " + why);
  for (const std::string& fault : faults) output.warn(fault);
  if (fetched->stored == 0) {
    return output.fail(
        {ErrorCode::NotFound, peer->name + " sent no image that could be taken" +
                                  (faults.empty() ? std::string(".") : ". " + faults.front())});
  }

  session::ImportRequest request;
  request.paths = {scratch->path()};
  request.layout = session::Layout::Dicom;
  arguments.wishes.applyTo(request);
  request.afresh = true;  // the folder is new each time
  const auto summary = runImport(**project, request, output);
  if (!summary) return output.fail(summary.error());
  for (const auto& warning : summary->warnings) output.warn(warning);
  const int refused = static_cast<int>(summary->refused.size()) - seriesLeft(*summary);
  int status = faults.empty() && refused == 0 ? exit_done : exit_part;
  if (summary->ended_by) {
    output.fail(*summary->ended_by);
    status = exit_part;
  } else if (broughtNothing(*summary)) {
    output.fail({ErrorCode::InvalidInput,
                 std::to_string(fetched->stored) +
                     " images came, but no stack could be imported from them: " +
                     (summary->refused.empty() ? std::string("there was none.")
                                               : summary->refused.front().reason)});
    status = exit_failed;
  }
  auto object = toJson(*summary);
  object["peer"] = peer->name;
  object["method"] = fetched->method;
  object["images"] = fetched->stored;
  object["faults"] = faults;
  output.summary(object, std::to_string(fetched->stored) + " images from " + peer->name + " by " +
                             fetched->method + ". " + toText(*summary));
  return status;
}

}  // namespace gadolin::ctl
