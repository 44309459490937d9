#include "ui/session/import_identities.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/base/hash.h"
#include "ui/session/foreign_text.h"
#include "ui/session/import_store.h"
#include "ui/session/series_decisions.h"
#include "ui/session/unread_names.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// The sentence with a file's name replaced where it stands as a word.
std::string withNameReplaced(std::string sentence, const std::string& name,
                             const std::string& by) {
  if (name.empty() || name == by) return sentence;
  const auto ends = [](char c) {
    return std::string_view(" .,:;()'\"").find(c) != std::string_view::npos;
  };
  for (auto at = sentence.find(name); at != std::string::npos; at = sentence.find(name, at)) {
    const auto after = at + name.size();
    const bool word = (at == 0 || ends(sentence[at - 1]) || sentence[at - 1] == '/') &&
                      (after == sentence.size() || ends(sentence[after]));
    if (word) sentence.replace(at, name.size(), by);
    at += word ? by.size() : 1;
  }
  return sentence;
}

/// What a pseudonym is made of.
std::string identityOf(const std::string& patient_id, const std::string& study_uid) {
  return patient_id.empty() ? "study " + study_uid : patient_id;
}

/// Most images name their patient like the one before.
bool sameIdentity(const DicomHeader& a, const DicomHeader& b) {
  return a.patient_id == b.patient_id && a.study_uid == b.study_uid &&
         a.patient_name == b.patient_name && a.birth_date == b.birth_date &&
         a.other_identities == b.other_identities && (a.rows > 0) == (b.rows > 0);
}

}  // namespace

Result<ImportIdentities> ImportIdentities::make(Project& project, const ImportRequest& request) {
  ImportIdentities identities;
  identities.identity_ = request.identity;
  GADOLIN_TRY(identities.salt_, projectSalt(project));
  return identities;
}

void ImportIdentities::learn(ScannedFiles& files, const std::map<std::string, std::string>& shown) {
  for (const auto& header : files.images)
    uids_[{header.path, header.frame}] = {header.frame_of_reference_uid, header.series_uid,
                                          header.sop_uid};
  if (identity_ == Identity::Keep) return;
  for (const auto* headers : {&files.images, &files.segmentations})
    for (const auto& header : *headers)  // a header that is cut off may end before the patient
      if (!header.patient_id.empty() || !header.patient_name.empty())
        read_.insert(shown.at(header.path));
  for (const auto* headers : {&files.images, &files.segmentations}) {
    const DicomHeader* before = nullptr;
    for (const auto& header : *headers) {
      if (header.frame != 0) continue;  // the same for all of a file
      if (!before || !sameIdentity(*before, header)) learnHeader(header, shown.at(header.path));
      before = &header;
    }
  }
  std::map<std::pair<std::string, std::string>, std::string> cleaned;
  for (auto& header : files.images) {
    // Of this patient alone: the name of another is a word like any other.
    const std::string patient = patientOfDicom(header.patient_id, header.study_uid);
    for (auto* text : {&header.series_description, &header.protocol_name}) {
      const auto [known, is_new] = cleaned.try_emplace({patient, *text});
      if (is_new) known->second = own_[patient].cleanDescription(*text);
      *text = known->second;
    }
  }
}

void ImportIdentities::learnHeader(const DicomHeader& header, const std::string& shown) {
  const std::string name = patientOfDicom(header.patient_id, header.study_uid);
  DicomHeader readable = header;
  readable.patient_id = asUtf8(header.patient_id);
  scrubber_.learn(readable, name);
  own_[name].learn(readable, name);
  if (header.rows <= 0) return;  // no image, so nobody of the project
  auto& row = keys_
                  .try_emplace(name, KeyRow{readable.patient_id, header.patient_name,
                                            header.birth_date, shown})
                  .first->second;
  if (header.birth_date.empty() || !births_[name].insert(header.birth_date).second) return;
  if (births_[name].size() > 1) {  // the way back leads to all of them
    row.patient_name += " / " + header.patient_name;
    row.birth_date += " / " + header.birth_date;
  }
}

std::vector<std::string> ImportIdentities::doubtful() const {
  std::vector<std::string> names;
  for (const auto& [name, dates] : births_)
    if (dates.size() > 1) names.push_back(name);
  return names;
}

void ImportIdentities::learnFile(const std::string& patient, const std::string& shown) {
  if (!hidesFiles()) return;
  const std::string name = patientOfFile(patient);
  scrubber_.learnPhrase(patient, name);
  keys_.try_emplace(name, KeyRow{patient, "", "", shown});
}

std::string ImportIdentities::patientOfDicom(const std::string& patient_id,
                                             const std::string& study_uid) const {
  const std::string identity = identityOf(patient_id, study_uid);
  return identity_ == Identity::Keep ? safePatient(identity) : pseudonym(salt_, identity);
}

std::string ImportIdentities::patientOfFile(const std::string& name) const {
  return hidesFiles() ? pseudonym(salt_, name) : safePatient(name);
}

ImageMarks ImportIdentities::marksOf(const SeriesPlan& plan) const {
  ImageMarks marks;
  const auto add = [this](std::vector<std::string>& list, const std::string& uid) {
    const std::string mark = markOf(salt_, uid);
    if (!mark.empty() && std::ranges::find(list, mark) == list.end()) list.push_back(mark);
  };
  for (const auto& slice : plan.slices) {
    for (const auto& source : slice.sources) {
      const auto found = uids_.find({source.path, source.frame});
      if (found == uids_.end()) continue;
      marks.space = markOf(salt_, found->second.space);
      add(marks.series, found->second.series);
      add(marks.images, found->second.image);
    }
  }
  return marks;
}

ImageMarks ImportIdentities::marksOf(const DicomHeader& segmentation,
                                     const SegmentationAnswer& answer) const {
  ImageMarks marks;
  marks.space = markOf(salt_, segmentation.frame_of_reference_uid);
  for (const auto& uid : answer.source.series) marks.series.push_back(markOf(salt_, uid));
  for (const auto& uid : answer.source.images) marks.images.push_back(markOf(salt_, uid));
  return marks;
}

std::string ImportIdentities::nameOf(const SeriesPlan& plan) const {
  return seriesName(plan, salt_);
}

std::vector<Refusal> ImportIdentities::clean(std::vector<Refusal> refusals) const {
  for (auto& refusal : refusals) {
    const std::string name = fs::path(refusal.path).filename().string();
    // One that waited was cleaned when it came.
    refusal.path = refusal.place.empty() ? cleanRefused(refusal.path) : clean(refusal.path);
    const std::string cleaned = fs::path(refusal.path).filename().string();
    refusal.reason = cleanSentence(withNameReplaced(refusal.reason, name, cleaned));
  }
  return refusals;
}

std::string ImportIdentities::cleanSentence(const std::string& sentence) const {
  constexpr std::string_view before = "Series '", after = "' (";
  const auto begin = sentence.find(before);
  const auto end = begin == std::string::npos ? begin : sentence.find(after, begin);
  if (end == std::string::npos) return clean(sentence);
  const auto description = begin + before.size();
  return clean(sentence.substr(0, begin)) + std::string(before) +
         scrubber_.cleanDescription(sentence.substr(description, end - description)) +
         clean(sentence.substr(end));
}

std::string ImportIdentities::cleanRefused(const std::string& shown) const {
  const std::string cleaned = clean(shown);
  const bool named = identity_ == Identity::Keep || read_.contains(shown) ||
                     (!hidesFiles() && isVolumeName(shown));
  return named ? cleaned : withoutUnreadNames(cleaned, salt_);
}

std::string ImportIdentities::placeOf(const std::string& shown,
                                      const std::map<std::string, std::string>& places) const {
  constexpr std::size_t digits = 24;
  const auto found = places.find(shown);
  return sha256Hex(salt_ + "place " + (found == places.end() ? shown : found->second))
      .substr(0, digits);
}

ImportSummary ImportIdentities::clean(ImportSummary summary) const {
  summary.refused = clean(std::move(summary.refused));
  for (auto& series : summary.series) series.path = clean(series.path);
  for (auto& warning : summary.warnings) warning = cleanSentence(warning);
  return summary;
}

KeyTable ImportIdentities::keysOf(const std::set<std::string>& patients) const {
  KeyTable keys = keys_;
  std::erase_if(keys, [&](const auto& row) { return !patients.contains(row.first); });
  return keys;
}

}  // namespace gadolin::session
