#include "core/pacs/fetch.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/diutil.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/pacs/association.h"
#include "core/pacs/identifiers.h"
#include "core/pacs/object_store.h"

namespace gadolin::pacs {
namespace {

constexpr const char* get_model = UID_GETStudyRootQueryRetrieveInformationModel;
constexpr const char* move_model = UID_MOVEStudyRootQueryRetrieveInformationModel;

/// What a heart MR study holds. An association has room for 128 contexts, so not for every class
/// with every compression.
constexpr std::array fetched_classes{
    UID_MRImageStorage,
    UID_EnhancedMRImageStorage,
    UID_EnhancedMRColorImageStorage,
    UID_LegacyConvertedEnhancedMRImageStorage,
    UID_SecondaryCaptureImageStorage,
    UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage,
    UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
    UID_MultiframeTrueColorSecondaryCaptureImageStorage,
    UID_SegmentationStorage,
};

/// Each list is a context of its own: an archive that keeps files compressed sends them only where
/// their very syntax was agreed.
const std::vector<std::vector<const char*>>& fetchedSyntaxes() {
  static const std::vector<std::vector<const char*>> lists{
      {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax,
       UID_BigEndianExplicitTransferSyntax},
      {UID_DeflatedExplicitVRLittleEndianTransferSyntax},
      {UID_JPEGProcess14SV1TransferSyntax},
      {UID_JPEGProcess14TransferSyntax},
      {UID_JPEGLSLosslessTransferSyntax},
      {UID_JPEGLSLossyTransferSyntax},
      {UID_JPEG2000LosslessOnlyTransferSyntax},
      {UID_JPEG2000TransferSyntax},
      {UID_RLELosslessTransferSyntax},
      {UID_JPEGProcess2_4TransferSyntax},
      {UID_JPEGProcess1TransferSyntax},
  };
  return lists;
}

OFCondition proposeGet(T_ASC_Parameters* params) {
  const char* plain[] = {UID_LittleEndianExplicitTransferSyntax,
                         UID_LittleEndianImplicitTransferSyntax};
  T_ASC_PresentationContextID id = 1;
  OFCondition done = ASC_addPresentationContext(params, id, get_model, plain, 2);
  for (const char* storage : fetched_classes) {
    for (auto syntaxes : fetchedSyntaxes()) {
      id = static_cast<T_ASC_PresentationContextID>(id + 2);
      // Here the peer is the one that stores, with us.
      if (done.good())
        done = ASC_addPresentationContext(params, id, storage, syntaxes.data(),
                                          static_cast<int>(syntaxes.size()), ASC_SC_ROLE_SCP);
    }
  }
  return done;
}

OFCondition proposeMove(T_ASC_Parameters* params) {
  const char* plain[] = {UID_LittleEndianExplicitTransferSyntax,
                         UID_LittleEndianImplicitTransferSyntax};
  return ASC_addPresentationContext(params, 1, move_model, plain, 2);
}

void fillKeys(DcmDataset& keys, const SeriesKey& wanted) {
  keys.putAndInsertString(DCM_QueryRetrieveLevel, wanted.series_uid.empty() ? "STUDY" : "SERIES");
  keys.putAndInsertString(DCM_StudyInstanceUID, wanted.study_uid.c_str());
  if (!wanted.series_uid.empty())
    keys.putAndInsertString(DCM_SeriesInstanceUID, wanted.series_uid.c_str());
}

Result<void> checkKeys(const std::vector<SeriesKey>& series) {
  if (series.empty())
    return Error{ErrorCode::InvalidInput, "No series was named that could be fetched."};
  for (const SeriesKey& key : series) {
    for (const std::string& uid : {key.study_uid, key.series_uid})
      if (!isUid(uid) && (!uid.empty() || &uid == &key.study_uid))
        return Error{ErrorCode::InvalidInput, "'" + shown(uid) + "' is no DICOM UID."};
    if (key.study_uid.empty())
      return Error{ErrorCode::InvalidInput,
                   "A series can be fetched only with the UID of its study."};
  }
  return {};
}

Error cancelledError() {
  return {ErrorCode::Cancelled, "Fetching was cancelled. Nothing was imported."};
}

/// Counts of one answer to C-GET or C-MOVE, which share their form.
template <class Response>
int remainingOf(const Response& response, unsigned int flag) {
  return (response.opts & flag) != 0 ? response.NumberOfRemainingSubOperations : -1;
}
template <class Response>
int failedOf(const Response& response, unsigned int flag) {
  return (response.opts & flag) != 0 ? response.NumberOfFailedSubOperations : 0;
}

bool isPending(DIC_US status) {
  return status == 0xff00 || status == 0xff01;
}
/// Everything was sent, or some with failures that are counted.
bool isOver(DIC_US status) {
  return status == STATUS_Success ||
         status == STATUS_MOVE_Warning_SubOperationsCompleteOneOrMoreFailures;
}

/// C-GET of all series, one after another, on one association.
class Getting {
 public:
  Getting(const Peer& peer, Association& association, ObjectStore& store,
          const std::function<void(const FetchProgress&)>& progress,
          const std::atomic<bool>& cancelled)
      : peer_(peer),
        association_(association),
        store_(store),
        progress_(progress),
        cancelled_(cancelled) {}

  FetchOutcome outcome;

  Result<void> get(const SeriesKey& wanted, FetchProgress& at) {
    T_DIMSE_Message request{};
    request.CommandField = DIMSE_C_GET_RQ;
    T_DIMSE_C_GetRQ& ask = request.msg.CGetRQ;
    ask.MessageID = association_.get()->nextMsgID++;
    OFStandard::strlcpy(ask.AffectedSOPClassUID, get_model, sizeof ask.AffectedSOPClassUID);
    ask.Priority = DIMSE_PRIORITY_MEDIUM;
    ask.DataSetType = DIMSE_DATASET_PRESENT;
    DcmDataset keys;
    fillKeys(keys, wanted);
    const auto context = association_.contextOf(get_model);
    OFCondition done = DIMSE_sendMessageUsingMemoryData(association_.get(), context, &request,
                                                        nullptr, &keys, nullptr, nullptr);
    while (done.good()) {
      if (cancelled_) return cancelledError();
      T_ASC_PresentationContextID on = 0;
      T_DIMSE_Message message{};
      DcmDataset* detail = nullptr;
      done = DIMSE_receiveCommand(association_.get(), DIMSE_NONBLOCKING, answer_timeout_s, &on,
                                  &message, &detail);
      delete detail;
      if (done.bad()) break;
      if (message.CommandField == DIMSE_C_STORE_RQ) {
        done = take(on, message.msg.CStoreRQ, at);
      } else if (message.CommandField == DIMSE_C_GET_RSP) {
        const T_DIMSE_C_GetRSP& answer = message.msg.CGetRSP;
        at.remaining = remainingOf(answer, O_GET_NUMBEROFREMAININGSUBOPERATIONS);
        if (answer.DataSetType == DIMSE_DATASET_PRESENT) {  // UIDs of what failed
          DIC_UL bytes = 0;
          DIC_UL parts = 0;
          done = DIMSE_ignoreDataSet(association_.get(), DIMSE_NONBLOCKING, answer_timeout_s,
                                     &bytes, &parts);
        }
        progress_(at);
        if (isPending(answer.DimseStatus)) continue;
        outcome.failed += failedOf(answer, O_GET_NUMBEROFFAILEDSUBOPERATIONS);
        if (!isOver(answer.DimseStatus))
          outcome.faults.push_back(toText(peer_) + " did not send a series: " +
                                   shown(DU_cgetStatusString(answer.DimseStatus)) + ".");
        return {};
      } else {
        done = DIMSE_BADCOMMANDTYPE;
      }
    }
    return talkError(peer_, done);
  }

 private:
  OFCondition take(T_ASC_PresentationContextID context, const T_DIMSE_C_StoreRQ& request,
                   FetchProgress& at) {
    return store_.take(
        association_.get(), context, request, answer_timeout_s, [&](const ReceiveEvent& event) {
          if (event.kind == ReceiveEvent::Kind::Stored) {
            at.images = ++outcome.images;
          } else if (std::ranges::find(outcome.refused, event.why) == outcome.refused.end()) {
            outcome.refused.push_back(event.why);
          }
          progress_(at);
        });
  }

  const Peer& peer_;
  Association& association_;
  ObjectStore& store_;
  const std::function<void(const FetchProgress&)>& progress_;
  const std::atomic<bool>& cancelled_;
};

/// A C-MOVE of one series.
struct Moving {
  Association& association;
  const std::function<void(const FetchProgress&)>& progress;
  const std::atomic<bool>& cancelled;
  FetchProgress& at;
  int before = 0;  // images of the series that are done
  bool told = false;

  static void onAnswer(void* self, T_DIMSE_C_MoveRQ* request, int, T_DIMSE_C_MoveRSP* response) {
    auto& moving = *static_cast<Moving*>(self);
    moving.at.remaining = remainingOf(*response, O_MOVE_NUMBEROFREMAININGSUBOPERATIONS);
    if ((response->opts & O_MOVE_NUMBEROFCOMPLETEDSUBOPERATIONS) != 0)
      moving.at.images = moving.before + response->NumberOfCompletedSubOperations;
    moving.progress(moving.at);
    if (!moving.cancelled || std::exchange(moving.told, true)) return;
    DIMSE_sendCancelRequest(moving.association.get(), moving.association.contextOf(move_model),
                            request->MessageID);
  }
};

}  // namespace

Result<FetchOutcome> fetchByGet(const Peer& peer, const std::vector<SeriesKey>& series,
                                const StoreRules& rules,
                                const std::function<void(const FetchProgress&)>& progress,
                                const std::atomic<bool>& cancelled) {
  GADOLIN_CHECK(checkKeys(series));
  GADOLIN_TRY(auto association, Association::request(peer, proposeGet));
  const bool can_store = std::ranges::any_of(
      fetched_classes, [&](const char* storage) { return association.contextOf(storage) != 0; });
  if (association.contextOf(get_model) == 0 || !can_store) {
    association.release();
    return Error{ErrorCode::Unsupported, toText(peer) + " has no C-GET."};
  }
  GADOLIN_TRY(ObjectStore store, ObjectStore::open(rules));
  Getting getting(peer, association, store, progress, cancelled);
  FetchProgress at;
  at.of_series = static_cast<int>(series.size());
  for (const SeriesKey& key : series) {
    ++at.series;
    at.remaining = -1;
    progress(at);
    GADOLIN_CHECK(getting.get(key, at));
  }
  association.release();
  return std::move(getting.outcome);
}

Result<FetchOutcome> fetchByMove(const Peer& peer, const std::vector<SeriesKey>& series,
                                 const std::function<void(const FetchProgress&)>& progress,
                                 const std::atomic<bool>& cancelled) {
  GADOLIN_CHECK(checkKeys(series));
  GADOLIN_TRY(auto association, Association::request(peer, proposeMove));
  FetchOutcome outcome;
  FetchProgress at;
  at.of_series = static_cast<int>(series.size());
  for (const SeriesKey& key : series) {
    ++at.series;
    at.remaining = -1;
    progress(at);
    T_DIMSE_C_MoveRQ request{};
    request.MessageID = association.get()->nextMsgID++;
    OFStandard::strlcpy(request.AffectedSOPClassUID, move_model,
                        sizeof request.AffectedSOPClassUID);
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    OFStandard::strlcpy(request.MoveDestination, peer.own_ae_title.c_str(),
                        sizeof request.MoveDestination);
    DcmDataset keys;
    fillKeys(keys, key);
    Moving moving{association, progress, cancelled, at, outcome.images, false};
    T_DIMSE_C_MoveRSP response{};
    DcmDataset* detail = nullptr;
    DcmDataset* failed = nullptr;
    const OFCondition done =
        DIMSE_moveUser(association.get(), association.contextOf(move_model), &request, &keys,
                       &Moving::onAnswer, &moving, DIMSE_NONBLOCKING, answer_timeout_s, nullptr,
                       nullptr, nullptr, &response, &detail, &failed);
    delete detail;
    delete failed;
    if (cancelled) return cancelledError();
    if (done.bad()) return talkError(peer, done);
    if (response.DimseStatus == STATUS_MOVE_Refused_MoveDestinationUnknown)
      return Error{ErrorCode::Conflict,
                   toText(peer) + " does not know where '" + peer.own_ae_title +
                       "' is. Have that AE title entered there with the address of this "
                       "computer and port " +
                       std::to_string(peer.receive_port) + "."};
    if ((response.opts & O_MOVE_NUMBEROFCOMPLETEDSUBOPERATIONS) != 0)
      at.images = moving.before + response.NumberOfCompletedSubOperations;
    outcome.images = at.images;
    outcome.failed += failedOf(response, O_MOVE_NUMBEROFFAILEDSUBOPERATIONS);
    if (!isOver(response.DimseStatus))
      outcome.faults.push_back(toText(peer) + " did not send a series: " +
                               shown(DU_cmoveStatusString(response.DimseStatus)) + ".");
  }
  association.release();
  return outcome;
}

}  // namespace gadolin::pacs
