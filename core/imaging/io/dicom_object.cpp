#include "core/imaging/io/dicom_object.h"

#include <algorithm>

#include "core/imaging/io/dicom_writer.h"

namespace gadolin::io {

Result<void> loadHeader(const std::filesystem::path& path, DcmFileFormat& file) {
  const auto read = file.loadFileUntilTag(path.c_str(), EXS_Unknown, EGL_noChange, 65536,
                                          ERM_autoDetect, DCM_PixelData);
  if (read.bad())
    return Error{ErrorCode::Corrupt,
                 path.filename().string() + " cannot be read as DICOM: " + read.text() + "."};
  // Texts that are in no known set stay as they are, with the set that they claim.
  (void)file.getDataset()->convertToUTF8();
  return {};
}

Result<void> checkSources(const Stack& stack, const Mask& mask,
                          const std::vector<SourceImage>& images) {
  const auto slices = static_cast<std::size_t>(stack.sliceCount());
  if (mask.geometry.size != stack.image.geometry.size || stack.slices.size() != slices)
    return Error{ErrorCode::InvalidInput, "The mask does not have the size of its stack."};
  if (images.size() != slices || slices == 0)
    return Error{ErrorCode::InvalidInput, "There is not one image for each slice of the stack."};
  for (const SourceImage& image : images) {
    if (image.study_uid != images.front().study_uid ||
        image.frame_of_reference_uid != images.front().frame_of_reference_uid)
      return Error{ErrorCode::InvalidInput,
                   "The images of the stack are of several studies or frames of reference."};
    if (image.columns != stack.image.geometry.size[0] || image.rows != stack.image.geometry.size[1])
      return Error{ErrorCode::InvalidInput, image.path.filename().string() +
                                                " does not have the size of the stack's slices."};
  }
  return {};
}

Result<void> describeObject(DcmDataset& set, const MaskFacts& facts, const std::string& kind,
                            const std::string& series_description) {
  Conditions all("describe the object");
  const auto text = [&](const DcmTagKey& tag, const std::string& value) {
    all.note(set.putAndInsertString(DcmTag(tag), value.c_str()));
  };
  text(DCM_SOPInstanceUID, uidFromText(kind + " object " + facts.key));
  text(DCM_SeriesInstanceUID, uidFromText(kind + " series " + facts.key));
  text(DCM_SeriesNumber, std::to_string(facts.series_number));
  text(DCM_SeriesDescription, fitting(series_description, 64));
  // "2026-01-31T12:00:00.000Z"
  if (facts.made_utc.size() >= 19) {
    const std::string& t = facts.made_utc;
    const std::string date = t.substr(0, 4) + t.substr(5, 2) + t.substr(8, 2);
    const std::string time = t.substr(11, 2) + t.substr(14, 2) + t.substr(17, 2);
    text(DCM_ContentDate, date);
    text(DCM_ContentTime, time);
    text(DCM_SeriesDate, date);
    text(DCM_SeriesTime, time);
    text(DCM_TimezoneOffsetFromUTC, "+0000");
  }
  for (const auto& tag :
       {DCM_InstanceCreationDate, DCM_InstanceCreationTime, DCM_InstanceCreatorUID})
    delete set.remove(tag);  // the clock does not enter the object
  return all.outcome();
}

std::string fitting(const std::string& utf8, std::size_t most) {
  std::string text = utf8;
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' ' || c == 0x7f || c == '\\'; }, ' ');
  if (text.size() > most) {
    text.resize(most);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
      text.pop_back();
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0) text.pop_back();
  }
  return text;
}

std::string fittingName(const std::string& utf8) {
  std::string name = fitting(utf8, 64);
  std::ranges::replace_if(
      name, [](char c) { return c == '^' || c == '='; }, ' ');
  return name;
}

bool Conditions::note(const OFCondition& condition) {
  if (condition.good()) return true;
  if (fault_.empty()) fault_ = condition.text();
  return false;
}

Result<void> Conditions::outcome() const {
  if (fault_.empty()) return {};
  return Error{ErrorCode::Internal, "Could not " + doing_ + ": " + fault_ + "."};
}

}  // namespace gadolin::io
