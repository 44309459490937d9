#include "core/pacs/object_store.h"

#include <dcmtk/dcmdata/dcostrmf.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <utility>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/pacs/association.h"
#include "core/pacs/identifiers.h"

namespace gadolin::pacs {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t hash_digits = 16;

std::string hashName(const std::string& uid) {
  return sha256Hex(uid).substr(0, hash_digits);
}

Result<void> syncFile(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return systemError(errno, "open", path.string());
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failed != 0) return systemError(failed, "sync", path.string());
  return {};
}

std::string uidOf(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFString(tag, value);
  return trimmed({value.data(), value.size()});
}

}  // namespace

const std::vector<const char*>& storageClasses() {
  static const std::vector<const char*> classes = [] {
    std::vector<const char*> all(dcmImageSOPClassUIDs,
                                 dcmImageSOPClassUIDs + numberOfDcmImageSOPClassUIDs);
    all.push_back(UID_SegmentationStorage);
    return all;
  }();
  return classes;
}

const std::vector<const char*>& transferSyntaxes() {
  static const std::vector<const char*> syntaxes{
      UID_LittleEndianExplicitTransferSyntax,
      UID_LittleEndianImplicitTransferSyntax,
      UID_BigEndianExplicitTransferSyntax,
      UID_DeflatedExplicitVRLittleEndianTransferSyntax,
      UID_JPEGProcess14SV1TransferSyntax,
      UID_JPEGProcess14TransferSyntax,
      UID_JPEGLSLosslessTransferSyntax,
      UID_JPEG2000LosslessOnlyTransferSyntax,
      UID_RLELosslessTransferSyntax,
      UID_JPEGLSLossyTransferSyntax,
      UID_JPEG2000TransferSyntax,
      UID_JPEGProcess2_4TransferSyntax,
      UID_JPEGProcess1TransferSyntax,
  };
  return syntaxes;
}

/// One object on its way: where it lies, and what is to be answered.
struct ObjectStore::Arrival {
  fs::path file;
  std::string study, series;  // names, when it was examined
  std::uint64_t bytes = 0;
  DIC_US status = STATUS_Success;
  std::string why;  // when it is refused

  void refuse(DIC_US with, std::string reason) {
    status = with;
    why = std::move(reason);
  }
};

Result<ObjectStore> ObjectStore::open(const StoreRules& rules) {
  fs::path arriving = rules.folder / (std::string(arriving_prefix) + rules.tag);
  GADOLIN_CHECK(makePrivateFolder(arriving));
  return ObjectStore(rules, std::move(arriving));
}

ObjectStore::ObjectStore(ObjectStore&& other) noexcept
    : rules_(std::move(other.rules_)),
      arriving_(std::exchange(other.arriving_, {})),
      count_(other.count_) {}

ObjectStore::~ObjectStore() {
  std::error_code ignored;
  if (!arriving_.empty()) fs::remove_all(arriving_, ignored);
}

OFCondition ObjectStore::take(T_ASC_Association* association, T_ASC_PresentationContextID context,
                              const T_DIMSE_C_StoreRQ& request, int idle_timeout_s,
                              const std::function<void(const ReceiveEvent&)>& event) {
  Arrival arrival;
  OFCondition going = receive(association, context, request, idle_timeout_s, arrival);
  if (arrival.status == STATUS_Success) examine(request, arrival);
  if (arrival.status == STATUS_Success) keep(arrival);
  std::error_code ignored;
  if (!arrival.file.empty()) fs::remove(arrival.file, ignored);  // it was renamed, or is not wanted
  const bool stored = arrival.status == STATUS_Success;
  if (going.good()) {
    T_DIMSE_C_StoreRSP response{};
    response.DimseStatus = arrival.status;
    going = DIMSE_sendStoreResponse(association, context, &request, &response, nullptr);
  }
  event({stored ? ReceiveEvent::Kind::Stored : ReceiveEvent::Kind::Refused,
         {},
         arrival.study,
         arrival.series,
         arrival.bytes,
         arrival.why});
  return going;
}

OFCondition ObjectStore::receive(T_ASC_Association* association,
                                 T_ASC_PresentationContextID context,
                                 const T_DIMSE_C_StoreRQ& request, int idle_timeout_s,
                                 Arrival& arrival) {
  const auto skip = [&] {
    DIC_UL bytes = 0;
    DIC_UL parts = 0;
    return DIMSE_ignoreDataSet(association, DIMSE_NONBLOCKING, idle_timeout_s, &bytes, &parts);
  };
  if (request.DataSetType == DIMSE_DATASET_NULL) {
    arrival.refuse(STATUS_STORE_Error_CannotUnderstand, "It came without any data.");
    return EC_Normal;
  }
  if (!isUid(request.AffectedSOPInstanceUID) || !isUid(request.AffectedSOPClassUID)) {
    arrival.refuse(STATUS_STORE_Error_CannotUnderstand,
                   "Its SOP instance UID '" + shown(request.AffectedSOPInstanceUID) + "' is none.");
    return skip();
  }
  struct statvfs disk {};
  if (::statvfs(arriving_.c_str(), &disk) != 0 ||
      static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < rules_.least_free_bytes) {
    arrival.refuse(STATUS_STORE_Refused_OutOfResources,
                   "The disk of the project is nearly full. Make room, then have it sent again.");
    return skip();
  }
  char name[32];
  std::snprintf(name, sizeof name, "%07d", ++count_);
  arrival.file = arriving_ / (rules_.tag + "-" + name + ".dcm");
  DcmOutputFileStream* made = nullptr;
  OFCondition done =
      DIMSE_createFilestream(arrival.file.c_str(), &request, association, context, 1, &made);
  std::unique_ptr<DcmOutputFileStream> stream(made);
  if (done.bad()) {
    arrival.refuse(STATUS_STORE_Refused_OutOfResources,
                   "No file could be made for it in the project.");
    return skip();
  }
  T_ASC_PresentationContextID of_data = 0;
  done = DIMSE_receiveDataSetInFile(association, DIMSE_NONBLOCKING, idle_timeout_s, &of_data,
                                    stream.get(), nullptr, nullptr);
  const auto written = static_cast<std::uint64_t>(stream->tell());
  stream.reset();
  std::error_code unreadable;
  const std::uintmax_t on_disk = fs::file_size(arrival.file, unreadable);
  if (done.bad()) {
    arrival.refuse(STATUS_STORE_Refused_OutOfResources,
                   !unreadable && on_disk >= rules_.most_bytes
                       ? "It is larger than " + std::to_string(rules_.most_bytes >> 20) + " MiB."
                       : "It did not arrive whole.");
    return done;
  }
  arrival.bytes = written;
  // What a full disk did to the last block shows here.
  if (unreadable || on_disk != written) {
    arrival.refuse(STATUS_STORE_Refused_OutOfResources,
                   "It could not be written whole: the disk is full.");
  } else if (of_data != context) {
    arrival.refuse(STATUS_STORE_Error_CannotUnderstand,
                   "Its data came in another presentation context than its request.");
  }
  return EC_Normal;
}

void ObjectStore::examine(const T_DIMSE_C_StoreRQ& request, Arrival& arrival) const {
  DcmFileFormat file;
  constexpr Uint32 longest_value = 1024;
  // UIDs of study and series stand in group 0020; pixels are not read.
  const OFCondition read =
      file.loadFileUntilTag(arrival.file.c_str(), EXS_Unknown, EGL_noChange, longest_value,
                            ERM_fileOnly, DcmTagKey(0x0020, 0x0010));
  DcmDataset& data = *file.getDataset();
  if (read.bad()) {
    arrival.refuse(STATUS_STORE_Error_CannotUnderstand, "It is no readable DICOM data set.");
    return;
  }
  if (uidOf(data, DCM_SOPInstanceUID) != trimmed(request.AffectedSOPInstanceUID) ||
      uidOf(data, DCM_SOPClassUID) != trimmed(request.AffectedSOPClassUID)) {
    arrival.refuse(STATUS_STORE_Error_DataSetDoesNotMatchSOPClass,
                   "Its SOP class or instance UID is another than the request says.");
    return;
  }
  const std::string study = uidOf(data, DCM_StudyInstanceUID);
  const std::string series = uidOf(data, DCM_SeriesInstanceUID);
  if (!isUid(study) || !isUid(series)) {
    arrival.refuse(STATUS_STORE_Error_CannotUnderstand,
                   "Its study or series UID is missing or is none.");
    return;
  }
  if (!rules_.only_series.empty() && !rules_.only_series.contains(series)) {
    arrival.refuse(STATUS_STORE_Refused_NotAuthorized, "Its series was not asked for.");
    return;
  }
  arrival.study = std::string(study_prefix) + hashName(study);
  arrival.series = hashName(series);
}

void ObjectStore::keep(Arrival& arrival) {
  const auto store = [&]() -> Result<void> {
    GADOLIN_CHECK(syncFile(arrival.file));
    const fs::path folder = rules_.folder / arrival.study;
    // The importer may take the study's folder away between the two steps; then it is made again.
    constexpr int tries = 3;
    std::error_code failed;
    for (int i = 0; i < tries; ++i) {
      GADOLIN_CHECK(makePrivateFolder(folder));
      fs::rename(arrival.file, folder / arrival.file.filename(), failed);
      if (!failed) break;
    }
    if (failed) return systemError(failed.value(), "move", arrival.file.string());
    // Taken away by now means: read by the importer, with the file in it.
    if (const auto synced = syncFolder(folder);
        !synced && synced.error().code != ErrorCode::NotFound)
      return synced.error();
    return syncFolder(rules_.folder);
  };
  if (const auto kept = store(); !kept)
    arrival.refuse(STATUS_STORE_Refused_OutOfResources, kept.error().message);
}

}  // namespace gadolin::pacs
