#include "core/pacs/association.h"

#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/diutil.h>
#include <dcmtk/oflog/oflog.h>

#include <cstdlib>
#include <utility>

#include "core/pacs/identifiers.h"

namespace gadolin::pacs {
namespace {

std::string place(const Peer& peer) {
  return peer.host + ":" + std::to_string(peer.port);
}

Error rejected(const Peer& peer, T_ASC_Parameters* params) {
  T_ASC_RejectParameters why{};
  ASC_getRejectParameters(params, &why);
  switch (why.reason) {
    case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED:
      return {ErrorCode::Conflict, toText(peer) + " does not know the AE title '" +
                                       peer.own_ae_title +
                                       "'. Have it entered there as a client that may ask."};
    case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED:
      return {ErrorCode::Conflict, "The application at " + place(peer) + " is not called '" +
                                       peer.ae_title + "'. Correct the AE title of the peer."};
    default:
      return {ErrorCode::Conflict, toText(peer) + " refused the connection" +
                                       (why.result == ASC_RESULT_REJECTEDTRANSIENT
                                            ? " for now; try again later."
                                            : " and gives no reason that helps; ask those "
                                              "who run it whether '" +
                                                  peer.own_ae_title + "' may ask.")};
  }
}

}  // namespace

std::string toText(const Peer& peer) {
  const std::string address = peer.ae_title + " at " + place(peer);
  return peer.name.find('@') != std::string::npos ? address : peer.name + " (" + address + ")";
}

void prepareNetwork(int idle_timeout_s) {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  // A request and its data are two small writes: with Nagle's algorithm each pair costs 40 ms.
  ::setenv("TCP_NODELAY", "1", 1);
  dcmDisableGethostbyaddr.set(OFTrue);
  dcmConnectionTimeout.set(connect_timeout_s);
  dcmSocketReceiveTimeout.set(idle_timeout_s);
  dcmSocketSendTimeout.set(idle_timeout_s);
}

Error talkError(const Peer& peer, const OFCondition& condition) {
  if (condition == DIMSE_NODATAAVAILABLE || condition == DUL_READTIMEOUT)
    return {ErrorCode::WorkerLost,
            toText(peer) + " stopped answering. Try again; if it goes on, ask those who run it."};
  if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_NETWORKCLOSED)
    return {ErrorCode::WorkerLost, toText(peer) + " broke the connection off. Try again."};
  return {ErrorCode::WorkerLost,
          "The conversation with " + toText(peer) + " failed: " + shown(condition.text()) + "."};
}

Result<Association> Association::request(
    const Peer& peer, const std::function<OFCondition(T_ASC_Parameters*)>& propose) {
  prepareNetwork(answer_timeout_s);
  T_ASC_Network* network = nullptr;
  T_ASC_Parameters* params = nullptr;
  OFCondition done = ASC_initializeNetwork(NET_REQUESTOR, 0, connect_timeout_s, &network);
  if (done.bad()) return Error{ErrorCode::Internal, std::string("No network: ") + done.text()};
  Association opened(network, nullptr);
  done = ASC_createAssociationParameters(&params, ASC_MAXIMUMPDUSIZE);
  if (done.good())
    done = ASC_setAPTitles(params, peer.own_ae_title.c_str(), peer.ae_title.c_str(), nullptr);
  if (done.good())
    done = ASC_setPresentationAddresses(params, OFStandard::getHostName().c_str(),
                                        place(peer).c_str());
  if (done.good()) done = propose(params);
  if (done.bad()) {
    if (params != nullptr) ASC_destroyAssociationParameters(&params);
    return Error{ErrorCode::Internal,
                 std::string("No association could be prepared: ") + done.text()};
  }
  // The parameters belong to the association from here on, also to one that failed.
  done = ASC_requestAssociation(network, params, &opened.association_);
  if (done.good()) {
    if (ASC_countAcceptedPresentationContexts(params) > 0) return opened;
    return Error{ErrorCode::Unsupported,
                 toText(peer) + " offers none of the services that were asked for."};
  }
  Error error = done == DUL_ASSOCIATIONREJECTED
                    ? rejected(peer, params)
                    : Error{ErrorCode::WorkerLost, "There is no DICOM answer from " + toText(peer) +
                                                       ". Is it running, are host and port right, "
                                                       "and does no firewall stand between?"};
  // There is nobody to abort to.
  if (opened.association_ != nullptr) ASC_destroyAssociation(&opened.association_);
  return error;
}

Association::Association(Association&& other) noexcept
    : network_(std::exchange(other.network_, nullptr)),
      association_(std::exchange(other.association_, nullptr)) {}

Association::~Association() {
  if (association_ != nullptr) {
    ASC_abortAssociation(association_);
    ASC_destroyAssociation(&association_);
  }
  if (network_ != nullptr) ASC_dropNetwork(&network_);
}

void Association::release() {
  if (association_ == nullptr) return;
  ASC_releaseAssociation(association_);
  ASC_destroyAssociation(&association_);
}

T_ASC_PresentationContextID Association::contextOf(const char* abstract_syntax) const {
  return ASC_findAcceptedPresentationContextID(association_, abstract_syntax);
}

}  // namespace gadolin::pacs
