#include "core/pacs/send.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/diutil.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "core/pacs/association.h"
#include "core/pacs/identifiers.h"

namespace gadolin::pacs {
namespace fs = std::filesystem;
namespace {

/// What is negotiated for a file: its kind, and how its bytes lie.
struct ObjectKind {
  std::string sop_class;
  std::string syntax;
  auto operator<=>(const ObjectKind&) const = default;
};

struct OutgoingObject {
  fs::path file;
  std::string sop_uid;
  ObjectKind kind;
};

bool isUncompressed(const std::string& syntax) {
  return syntax == UID_LittleEndianExplicitTransferSyntax ||
         syntax == UID_LittleEndianImplicitTransferSyntax ||
         syntax == UID_BigEndianExplicitTransferSyntax;
}

/// Looks into the head alone.
Result<OutgoingObject> lookInto(const fs::path& file) {
  const std::string name = file.filename().string();
  DcmFileFormat format;
  const auto read = format.loadFileUntilTag(file.c_str(), EXS_Unknown, EGL_noChange, 65536,
                                            ERM_autoDetect, DCM_PatientID);
  const auto textOf = [&](DcmItem* item, const DcmTagKey& tag) {
    OFString value;
    if (item != nullptr) item->findAndGetOFString(tag, value);
    return trimmed({value.data(), value.size()});
  };
  OutgoingObject object{file,
                        textOf(format.getDataset(), DCM_SOPInstanceUID),
                        {textOf(format.getDataset(), DCM_SOPClassUID), {}}};
  if (read.bad() || !isUid(object.sop_uid) || !isUid(object.kind.sop_class))
    return Error{ErrorCode::InvalidInput, name + " is no DICOM object."};
  if (object.kind.sop_class == UID_MediaStorageDirectoryStorage)
    return Error{ErrorCode::Unsupported, name + " is a directory of other files (DICOMDIR)."};
  object.kind.syntax = DcmXfer(format.getDataset()->getOriginalXfer()).getXferID();
  return object;
}

/// A context for each kind: as the file has it, and where that is uncompressed also the syntax that
/// every peer takes. At most 128 fit into an association.
constexpr std::size_t most_contexts = 128;

OFCondition propose(T_ASC_Parameters* params, const std::vector<ObjectKind>& kinds) {
  T_ASC_PresentationContextID id = 1;
  for (const ObjectKind& kind : kinds) {
    std::vector<const char*> syntaxes{kind.syntax.c_str()};
    if (isUncompressed(kind.syntax)) {
      for (const char* other :
           {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax})
        if (kind.syntax != other) syntaxes.push_back(other);
    }
    const auto added = ASC_addPresentationContext(
        params, id, kind.sop_class.c_str(), syntaxes.data(), static_cast<int>(syntaxes.size()));
    if (added.bad()) return added;
    id = static_cast<T_ASC_PresentationContextID>(id + 2);
  }
  return EC_Normal;
}

/// The peer's own words for a status that is no success.
std::string refusalOf(Uint16 status, DcmDataset* detail) {
  std::string why = "the archive refused it (" + std::string(DU_cstoreStatusString(status)) + ")";
  OFString comment;
  if (detail != nullptr && detail->findAndGetOFString(DCM_ErrorComment, comment).good() &&
      !comment.empty())
    why += ": " + shown({comment.data(), comment.size()});
  return why + ".";
}

/// The files of one association.
class Sender {
 public:
  Sender(const Peer& peer, Association association, std::vector<ObjectKind> kinds)
      : peer_(peer), association_(std::move(association)), kinds_(std::move(kinds)) {}

  /// Nothing when the peer has stored it, else why not; an error ends the conversation.
  Result<std::string> store(const OutgoingObject& object) {
    const auto kind = std::ranges::find(kinds_, object.kind);
    // Context numbers are odd, in the order in which they were proposed.
    const auto context = static_cast<T_ASC_PresentationContextID>(1 + 2 * (kind - kinds_.begin()));
    T_ASC_PresentationContext accepted{};
    const auto found =
        ASC_findAcceptedPresentationContext(association_.get()->params, context, &accepted);
    const std::string name = object.file.filename().string();
    if (found.bad() || accepted.resultReason != ASC_P_ACCEPTANCE)
      return name + ": the archive takes no objects of this kind (" + className(object.kind) + ").";
    DcmFileFormat format;
    if (const auto read = format.loadFile(object.file.c_str()); read.bad())
      return name + " cannot be read: " + shown(read.text()) + ".";
    T_DIMSE_C_StoreRQ request{};
    request.MessageID = association_.get()->nextMsgID++;
    OFStandard::strlcpy(request.AffectedSOPClassUID, object.kind.sop_class.c_str(),
                        sizeof request.AffectedSOPClassUID);
    OFStandard::strlcpy(request.AffectedSOPInstanceUID, object.sop_uid.c_str(),
                        sizeof request.AffectedSOPInstanceUID);
    request.DataSetType = DIMSE_DATASET_PRESENT;
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    T_DIMSE_C_StoreRSP response{};
    DcmDataset* detail = nullptr;
    const auto done =
        DIMSE_storeUser(association_.get(), context, &request, nullptr, format.getDataset(),
                        nullptr, nullptr, DIMSE_NONBLOCKING, answer_timeout_s, &response, &detail);
    const std::unique_ptr<DcmDataset> owned(detail);
    if (done.bad()) return talkError(peer_, done);
    // Warnings (B000 and its like) say that the peer stored it, changed.
    const bool stored =
        response.DimseStatus == STATUS_Success || (response.DimseStatus & 0xf000) == 0xb000;
    return stored ? std::string() : name + ": " + refusalOf(response.DimseStatus, detail);
  }

  void release() { association_.release(); }

 private:
  static std::string className(const ObjectKind& kind) {
    const char* known = dcmFindNameOfUID(kind.sop_class.c_str());
    return known != nullptr ? known : kind.sop_class;
  }

  const Peer& peer_;
  Association association_;
  std::vector<ObjectKind> kinds_;
};

}  // namespace

Result<SendOutcome> send(const Peer& peer, const std::vector<fs::path>& files,
                         const std::function<void(int, int)>& progress,
                         const std::atomic<bool>& cancelled) {
  prepareNetwork(answer_timeout_s);
  SendOutcome outcome;
  const int all = static_cast<int>(files.size());
  const auto tell = [&] {
    if (progress) progress(outcome.sent + static_cast<int>(outcome.refused.size()), all);
  };
  std::vector<OutgoingObject> objects;
  std::set<ObjectKind> kinds;
  for (const fs::path& file : files) {
    if (cancelled) return Error{ErrorCode::Cancelled, "Nothing was sent."};
    auto object = lookInto(file);
    if (!object) {
      outcome.refused.push_back({file, object.error().message});
      tell();
      continue;
    }
    kinds.insert(object->kind);
    objects.push_back(std::move(*object));
  }
  if (objects.empty()) return outcome;
  if (kinds.size() > most_contexts)
    return Error{ErrorCode::Unsupported,
                 "The files are of more than 128 kinds. Send them in several goes."};
  const std::vector<ObjectKind> proposed(kinds.begin(), kinds.end());
  GADOLIN_TRY(auto association, Association::request(peer, [&](T_ASC_Parameters* params) {
                return propose(params, proposed);
              }));
  Sender sender(peer, std::move(association), proposed);
  for (const OutgoingObject& object : objects) {
    if (cancelled) {
      outcome.ended_early = Error{ErrorCode::Cancelled, "Sending was stopped."};
      break;
    }
    const auto why = sender.store(object);
    if (!why) {
      outcome.ended_early = Error{why.error().code, why.error().message + " Whether " +
                                                        shown(object.file.filename().string()) +
                                                        " arrived is not known."};
      return outcome;  // nothing is left to release
    }
    if (why->empty())
      ++outcome.sent;
    else
      outcome.refused.push_back({object.file, *why});
    tell();
  }
  sender.release();
  return outcome;
}

}  // namespace gadolin::pacs
