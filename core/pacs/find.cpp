#include "core/pacs/find.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/diutil.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <memory>

#include "core/pacs/association.h"
#include "core/pacs/identifiers.h"

namespace gadolin::pacs {
namespace {

constexpr const char* find_model = UID_FINDStudyRootQueryRetrieveInformationModel;

OFCondition proposeFind(T_ASC_Parameters* params) {
  const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax,
                            UID_LittleEndianImplicitTransferSyntax};
  return ASC_addPresentationContext(params, 1, find_model, syntaxes, 2);
}

bool isAscii(const std::string& text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

/// A part of the text is enough, unless wild cards say what is.
std::string anywhere(const std::string& text) {
  if (text.empty() || text.find_first_of("*?") != std::string::npos) return text;
  return "*" + text + "*";
}

Result<std::string> dicomDate(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c != '-') digits += c;
  const bool plain = digits.size() == 8 && std::ranges::all_of(digits, [](unsigned char c) {
                       return std::isdigit(c) != 0;
                     });
  if (text.empty()) return digits;
  if (plain && (text.size() == 8 || (text[4] == '-' && text[7] == '-'))) {
    // Peers answer to a day that does not exist in ways of their own, many with every study.
    const int number = std::stoi(digits);
    const std::chrono::year_month_day day{
        std::chrono::year(number / 10'000),
        std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
        std::chrono::day(static_cast<unsigned>(number % 100))};
    if (day.ok() && number >= 1000'00'00) return digits;
    return Error{ErrorCode::InvalidInput, "There is no day '" + shown(text) +
                                              "'. Write it as YYYY-MM-DD, for example 2025-01-31."};
  }
  return Error{ErrorCode::InvalidInput, "'" + shown(text) + "' is no date of the form YYYY-MM-DD."};
}

std::string shownDate(const std::string& date) {
  return date.size() == 8 ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6)
                          : date;
}

Result<std::string> dateRange(const Query& query) {
  GADOLIN_TRY(const std::string from, dicomDate(query.from));
  GADOLIN_TRY(const std::string to, dicomDate(query.to));
  if (!from.empty() && !to.empty() && to < from)
    return Error{ErrorCode::InvalidInput, "The last study date " + shownDate(to) +
                                              " is before the first one, " + shownDate(from) + "."};
  if (from.empty() && to.empty()) return std::string();
  return from == to ? from : from + "-" + to;
}

std::string textOf(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  return trimmed({value.data(), value.size()});
}

/// '*' and '?' as in DICOM, without regard to case: peers that ignore a key return everything. One
/// that tells no descriptions is left to say itself what fits.
bool matches(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip)
      if (matches(text.substr(skip), pattern.substr(1))) return true;
    return false;
  }
  if (text.empty()) return false;
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  if (pattern.front() != '?' && lower(pattern.front()) != lower(text.front())) return false;
  return matches(text.substr(1), pattern.substr(1));
}

/// One C-FIND with its answers.
class Asking {
 public:
  Asking(Association& association, const Peer& peer, const std::atomic<bool>& cancelled)
      : association_(association), peer_(peer), cancelled_(cancelled) {}

  /// `take` returns false when it wants no more; the peer is then told to stop.
  Result<void> ask(DcmDataset& keys, const std::function<bool(DcmDataset&)>& take) {
    T_DIMSE_C_FindRQ request{};
    request.MessageID = association_.get()->nextMsgID++;
    OFStandard::strlcpy(request.AffectedSOPClassUID, find_model,
                        sizeof request.AffectedSOPClassUID);
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    take_ = &take;
    stopped_ = false;
    T_DIMSE_C_FindRSP response{};
    DcmDataset* detail = nullptr;
    int answers = 0;
    const OFCondition done = DIMSE_findUser(
        association_.get(), association_.contextOf(find_model), &request, &keys, answers,
        &Asking::onAnswer, this, DIMSE_NONBLOCKING, answer_timeout_s, &response, &detail);
    delete detail;
    if (cancelled_) return Error{ErrorCode::Cancelled, "The search was cancelled."};
    if (done.bad()) return talkError(peer_, done);
    if (response.DimseStatus != STATUS_FIND_Success_MatchingIsComplete && !stopped_)
      return Error{ErrorCode::Unsupported, toText(peer_) + " could not search: " +
                                               shown(DU_cfindStatusString(response.DimseStatus)) +
                                               ". Fewer or other fields may help."};
    return {};
  }

 private:
  static void onAnswer(void* self, T_DIMSE_C_FindRQ* request, int, T_DIMSE_C_FindRSP*,
                       DcmDataset* answer) {
    auto& asking = *static_cast<Asking*>(self);
    if (asking.stopped_) return;
    // Without a character set, or with a wrong one, the bytes stay as they are.
    if (answer != nullptr) answer->convertToUTF8();
    if (!asking.cancelled_ && (answer == nullptr || (*asking.take_)(*answer))) return;
    asking.stopped_ = true;
    DIMSE_sendCancelRequest(asking.association_.get(), asking.association_.contextOf(find_model),
                            request->MessageID);
  }

  Association& association_;
  const Peer& peer_;
  const std::atomic<bool>& cancelled_;
  const std::function<bool(DcmDataset&)>* take_ = nullptr;
  bool stopped_ = false;
};

void put(DcmDataset& keys, const DcmTagKey& tag, const std::string& value) {
  keys.putAndInsertString(tag, value.c_str());
}

FoundSeries studyOf(DcmDataset& answer) {
  FoundSeries study;
  study.patient_id = textOf(answer, DCM_PatientID);
  study.patient_name = textOf(answer, DCM_PatientName);
  study.study_uid = textOf(answer, DCM_StudyInstanceUID);
  study.study_date = shownDate(textOf(answer, DCM_StudyDate));
  study.study_description = textOf(answer, DCM_StudyDescription);
  return study;
}

}  // namespace

Result<double> echo(const Peer& peer) {
  const auto begin = std::chrono::steady_clock::now();
  GADOLIN_TRY(auto association, Association::request(peer, [](T_ASC_Parameters* params) {
                const char* syntaxes[] = {UID_LittleEndianImplicitTransferSyntax};
                return ASC_addPresentationContext(params, 1, UID_VerificationSOPClass, syntaxes, 1);
              }));
  DIC_US status = 0;
  DcmDataset* detail = nullptr;
  const OFCondition done = DIMSE_echoUser(association.get(), association.get()->nextMsgID++,
                                          DIMSE_NONBLOCKING, answer_timeout_s, &status, &detail);
  delete detail;
  if (done.bad()) return talkError(peer, done);
  association.release();
  if (status != STATUS_Success)
    return Error{ErrorCode::Conflict, toText(peer) + " answers the echo with a fault of its own."};
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

Result<FindAnswer> find(const Peer& peer, const Query& query,
                        const std::function<void(const FoundSeries&)>& found,
                        const std::atomic<bool>& cancelled) {
  GADOLIN_TRY(const std::string dates, dateRange(query));
  for (const std::string& uid : {query.study_uid, query.series_uid})
    if (!uid.empty() && !isUid(uid))
      return Error{ErrorCode::InvalidInput, "'" + shown(uid) + "' is no DICOM UID."};
  GADOLIN_TRY(auto association, Association::request(peer, proposeFind));
  Asking asking(association, peer, cancelled);

  DcmDataset keys;
  if (!isAscii(query.patient_name + query.study_description + query.patient_id))
    put(keys, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(keys, DCM_QueryRetrieveLevel, "STUDY");
  put(keys, DCM_PatientID, query.patient_id);
  put(keys, DCM_PatientName, anywhere(query.patient_name));
  put(keys, DCM_StudyDate, dates);
  put(keys, DCM_StudyDescription, anywhere(query.study_description));
  put(keys, DCM_ModalitiesInStudy, query.modality);
  put(keys, DCM_StudyInstanceUID, query.study_uid);
  std::vector<FoundSeries> studies;
  FindAnswer answer;
  GADOLIN_CHECK(asking.ask(keys, [&](DcmDataset& each) {
    if (static_cast<int>(studies.size()) >= query.most_series) {
      answer.more = true;
      return false;
    }
    FoundSeries study = studyOf(each);
    const bool fits = isUid(study.study_uid) &&
                      (query.study_description.empty() || study.study_description.empty() ||
                       matches(study.study_description, anywhere(query.study_description)));
    if (fits) studies.push_back(std::move(study));
    return true;
  }));
  std::ranges::sort(studies, [](const FoundSeries& a, const FoundSeries& b) {
    return std::pair(a.patient_id, a.study_date) < std::pair(b.patient_id, b.study_date);
  });

  for (const FoundSeries& study : studies) {
    DcmDataset inner;
    put(inner, DCM_QueryRetrieveLevel, "SERIES");
    put(inner, DCM_StudyInstanceUID, study.study_uid);
    put(inner, DCM_SeriesInstanceUID, query.series_uid);
    put(inner, DCM_Modality, query.modality);
    // Matched here: many peers mind case, and few series lie in one study.
    put(inner, DCM_SeriesDescription, "");
    put(inner, DCM_SeriesNumber, "");
    put(inner, DCM_NumberOfSeriesRelatedInstances, "");
    std::vector<FoundSeries> of_study;
    GADOLIN_CHECK(asking.ask(inner, [&](DcmDataset& each) {
      FoundSeries series = study;
      series.series_uid = textOf(each, DCM_SeriesInstanceUID);
      series.series_number = textOf(each, DCM_SeriesNumber);
      series.modality = textOf(each, DCM_Modality);
      series.description = textOf(each, DCM_SeriesDescription);
      const std::string images = textOf(each, DCM_NumberOfSeriesRelatedInstances);
      std::from_chars(images.data(), images.data() + images.size(), series.images);
      const bool fits = isUid(series.series_uid) &&
                        (query.modality.empty() || series.modality.empty() ||
                         series.modality == query.modality) &&
                        (query.series_description.empty() || series.description.empty() ||
                         matches(series.description, anywhere(query.series_description)));
      if (!fits) return true;
      if (answer.series.size() + of_study.size() >= static_cast<std::size_t>(query.most_series)) {
        answer.more = true;
        return false;
      }
      of_study.push_back(std::move(series));
      return true;
    }));
    std::ranges::stable_sort(of_study, {}, [](const FoundSeries& series) {
      int number = 0;
      std::from_chars(series.series_number.data(),
                      series.series_number.data() + series.series_number.size(), number);
      return number;
    });
    answer.studies += of_study.empty() ? 0 : 1;
    for (FoundSeries& series : of_study) {
      if (found) found(series);
      answer.series.push_back(std::move(series));
    }
    if (static_cast<int>(answer.series.size()) >= query.most_series) {
      answer.more = answer.more || &study != &studies.back();
      break;
    }
  }
  association.release();
  return answer;
}

}  // namespace gadolin::pacs
