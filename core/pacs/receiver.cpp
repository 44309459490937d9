#include "core/pacs/receiver.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dul.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/pacs/association.h"
#include "core/pacs/identifiers.h"
#include "core/pacs/object_store.h"

namespace gadolin::pacs {
namespace {

using Kind = ReceiveEvent::Kind;
using nlohmann::json;

constexpr std::array<std::pair<Kind, const char*>, 5> kind_names{{{Kind::Opened, "opened"},
                                                                  {Kind::Stored, "stored"},
                                                                  {Kind::Refused, "refused"},
                                                                  {Kind::Closed, "closed"},
                                                                  {Kind::Broken, "broken"}}};

std::string dump(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The network and the association of a peer that connected to us.
class Accepted {
 public:
  Accepted() = default;
  Accepted(const Accepted&) = delete;
  Accepted& operator=(const Accepted&) = delete;
  ~Accepted() {
    if (association != nullptr) {
      ASC_dropSCPAssociation(association, 1);
      ASC_destroyAssociation(&association);
    }
    if (network != nullptr) ASC_dropNetwork(&network);
  }
  T_ASC_Network* network = nullptr;
  T_ASC_Association* association = nullptr;
};

OFCondition acceptContexts(T_ASC_Parameters* params) {
  auto classes = storageClasses();
  auto syntaxes = transferSyntaxes();
  const char* plain[] = {UID_LittleEndianImplicitTransferSyntax,
                         UID_LittleEndianExplicitTransferSyntax};
  const char* verification[] = {UID_VerificationSOPClass};
  OFCondition done =
      ASC_acceptContextsWithPreferredTransferSyntaxes(params, verification, 1, plain, 2);
  if (done.bad()) return done;
  return ASC_acceptContextsWithPreferredTransferSyntaxes(
      params, classes.data(), static_cast<int>(classes.size()), syntaxes.data(),
      static_cast<int>(syntaxes.size()));
}

/// Why the association is refused, if it is.
struct Refusal {
  T_ASC_RejectParametersReason reason;
  std::string why;
};

std::optional<Refusal> refusalOf(const ReceiveRules& rules, const std::string& calling,
                                 const std::string& called) {
  if (called != rules.ae_title)
    return Refusal{ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED,
                   "It asked for '" + shown(called) + "'; this is " + rules.ae_title + "."};
  if (!rules.only_callers.empty() &&
      std::ranges::find(rules.only_callers, calling) == rules.only_callers.end())
    return Refusal{ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED,
                   "Its AE title '" + shown(calling) + "' is not among those that may send."};
  return std::nullopt;
}

std::string brokenWhy(const OFCondition& condition) {
  if (condition == DIMSE_NODATAAVAILABLE || condition == DUL_READTIMEOUT) return "It fell silent.";
  if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_NETWORKCLOSED)
    return "It broke the connection off.";
  return "What it sent is no DICOM conversation (" + shown(condition.text()) + ").";
}

/// Answers requests until the peer is done. Returns how it ended.
OFCondition serve(T_ASC_Association* association, const ReceiveRules& rules, ObjectStore& store,
                  const std::function<void(const ReceiveEvent&)>& event) {
  OFCondition going;
  while (going.good()) {
    T_ASC_PresentationContextID context = 0;
    T_DIMSE_Message message{};
    DcmDataset* detail = nullptr;
    going = DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, rules.idle_timeout_s, &context,
                                 &message, &detail);
    delete detail;
    if (going.bad()) break;
    if (message.CommandField == DIMSE_C_STORE_RQ) {
      going = store.take(association, context, message.msg.CStoreRQ, rules.idle_timeout_s, event);
    } else if (message.CommandField == DIMSE_C_ECHO_RQ) {
      going = DIMSE_sendEchoResponse(association, context, &message.msg.CEchoRQ, STATUS_Success,
                                     nullptr);
    } else {
      going = DIMSE_BADCOMMANDTYPE;
    }
  }
  return going;
}

}  // namespace

std::string toLine(const ReceiveEvent& event) {
  const auto name = std::ranges::find(kind_names, event.kind, &std::pair<Kind, const char*>::first);
  return dump({{"kind", name->second},
               {"caller", event.caller},
               {"study", event.study},
               {"series", event.series},
               {"bytes", event.bytes},
               {"why", event.why}});
}

Result<ReceiveEvent> receiveEventFromLine(std::string_view line) {
  try {
    const json object = json::parse(line);
    ReceiveEvent event;
    const auto kind = object.at("kind").get<std::string>();
    const auto name =
        std::ranges::find_if(kind_names, [&](const auto& one) { return kind == one.second; });
    if (name == kind_names.end()) return Error{ErrorCode::Corrupt, "An event of no known kind."};
    event.kind = name->first;
    event.caller = object.at("caller").get<std::string>();
    event.study = object.at("study").get<std::string>();
    event.series = object.at("series").get<std::string>();
    event.bytes = object.at("bytes").get<std::uint64_t>();
    event.why = object.at("why").get<std::string>();
    return event;
  } catch (const json::exception&) {
    return Error{ErrorCode::Corrupt, "A line that is no event of a receiver."};
  }
}

std::string toLine(const ReceiveRules& rules) {
  return dump({{"aet", rules.ae_title},
               {"callers", rules.only_callers},
               {"idle_s", rules.idle_timeout_s},
               {"folder", rules.store.folder.string()},
               {"tag", rules.store.tag},
               {"most_bytes", rules.store.most_bytes},
               {"least_free_bytes", rules.store.least_free_bytes},
               {"series", rules.store.only_series}});
}

Result<ReceiveRules> receiveRulesFromLine(std::string_view line) {
  try {
    const json object = json::parse(line);
    ReceiveRules rules;
    rules.ae_title = object.at("aet").get<std::string>();
    rules.only_callers = object.at("callers").get<std::vector<std::string>>();
    rules.idle_timeout_s = object.at("idle_s").get<int>();
    rules.store.folder = object.at("folder").get<std::string>();
    rules.store.tag = object.at("tag").get<std::string>();
    rules.store.most_bytes = object.at("most_bytes").get<std::uint64_t>();
    rules.store.least_free_bytes = object.at("least_free_bytes").get<std::uint64_t>();
    rules.store.only_series = object.at("series").get<std::set<std::string>>();
    return rules;
  } catch (const json::exception&) {
    return Error{ErrorCode::InvalidInput, "These are no rules of a receiver."};
  }
}

std::uint64_t limitStoredFiles(std::uint64_t most_bytes) {
  ::umask(077);
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return most_bytes;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(most_bytes, limit.rlim_max);
  ::setrlimit(RLIMIT_FSIZE, &limit);
  return before;
}

Result<void> receiveAssociation(int socket, const ReceiveRules& rules,
                                const std::function<void(const ReceiveEvent&)>& event) {
  limitStoredFiles(rules.store.most_bytes);
  prepareNetwork(rules.idle_timeout_s);
  dcmExternalSocketHandle.set(socket);
  Accepted accepted;
  // With a socket from outside no port is opened.
  OFCondition done =
      ASC_initializeNetwork(NET_ACCEPTOR, 0, rules.idle_timeout_s, &accepted.network);
  if (done.good())
    done = ASC_receiveAssociation(accepted.network, &accepted.association, ASC_MAXIMUMPDUSIZE,
                                  nullptr, nullptr, OFFalse, DUL_NOBLOCK, rules.idle_timeout_s);
  if (done.bad()) {
    event({Kind::Broken, {}, {}, {}, 0, brokenWhy(done)});
    return {};
  }
  T_ASC_Parameters* params = accepted.association->params;
  const std::string calling = trimmed(params->DULparams.callingAPTitle);
  const std::string called = trimmed(params->DULparams.calledAPTitle);
  if (const auto refusal = refusalOf(rules, calling, called)) {
    const T_ASC_RejectParameters reject{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                                        refusal->reason};
    ASC_rejectAssociation(accepted.association, &reject);
    event({Kind::Refused, shown(calling), {}, {}, 0, refusal->why});
    return {};
  }
  GADOLIN_TRY(ObjectStore store, ObjectStore::open(rules.store));
  done = acceptContexts(params);
  if (done.good()) done = ASC_acknowledgeAssociation(accepted.association);
  event({Kind::Opened, shown(calling), {}, {}, 0, {}});
  if (done.good()) done = serve(accepted.association, rules, store, event);
  if (done == DUL_PEERREQUESTEDRELEASE) {
    ASC_acknowledgeRelease(accepted.association);
    event({Kind::Closed, shown(calling), {}, {}, 0, {}});
    return {};
  }
  ASC_abortAssociation(accepted.association);
  event({Kind::Broken, shown(calling), {}, {}, 0, brokenWhy(done)});
  return {};
}

}  // namespace gadolin::pacs
