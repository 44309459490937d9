#pragma once
// Classic and enhanced MR images in explicit little-endian DICOM, byte by byte, so that tests can
// leave out and distort what they like. An empty text leaves its element out.

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace gadolin::test {

struct DicomSpec {
  std::string patient = "4711", study = "1.2.3", series = "1.2.3.1", sop = "1.2.3.1.1";
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.4", modality = "MR";
  std::string description = "LGE SAX", image_type = "ORIGINAL\\PRIMARY\\M";
  std::string position = "0\\0\\0", orientation = "1\\0\\0\\0\\1\\0";
  std::string spacing = "1.25\\0.75";  // between rows, then between columns
  std::string frame_of_reference;
  std::string thickness = "8", slope, intercept;
  std::string date, time;  // of the acquisition
  std::string name = "Secret^Name", born, physician, burned_in;
  std::string photometric = "MONOCHROME2";
  std::uint16_t bits_stored = 16;
  bool is_signed = true;
  std::uint16_t rows = 2, columns = 3;
  std::vector<std::int16_t> pixels = {0, 1, 2, 3, 4, 5};
};

/// One frame of an enhanced image; the pixels of all frames follow each other in DicomSpec::pixels.
struct FrameSpec {
  std::string position = "0\\0\\0", type, stack = "1", slope, intercept;
  double inversion_time_ms = 0;
};

namespace detail {

inline void putWhole(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

inline void putElement(std::string& out, std::uint16_t group, std::uint16_t element, const char* vr,
                       std::string value, char padding = ' ') {
  if (value.size() % 2 != 0) value += padding;
  putWhole(out, group, 2);
  putWhole(out, element, 2);
  out += vr;
  const std::string kind = vr;
  if (kind == "OB" || kind == "OW" || kind == "SQ") {
    putWhole(out, 0, 2);
    putWhole(out, static_cast<std::uint32_t>(value.size()), 4);
  } else {
    putWhole(out, static_cast<std::uint32_t>(value.size()), 2);
  }
  out += value;
}

inline void putText(std::string& out, std::uint16_t group, std::uint16_t element, const char* vr,
                    const std::string& value) {
  if (!value.empty())
    putElement(out, group, element, vr, value, std::string(vr) == "UI" ? '\0' : ' ');
}

inline void putShort(std::string& out, std::uint16_t element, std::uint16_t value) {
  std::string bytes;
  putWhole(bytes, value, 2);
  putElement(out, 0x0028, element, "US", bytes);
}

/// A sequence of one item, or of the items given, all with their lengths.
inline void putSequence(std::string& out, std::uint16_t group, std::uint16_t element,
                        const std::vector<std::string>& items) {
  std::string value;
  for (const auto& item : items) {
    putWhole(value, 0xfffe, 2);
    putWhole(value, 0xe000, 2);
    putWhole(value, static_cast<std::uint32_t>(item.size()), 4);
    value += item;
  }
  putElement(out, group, element, "SQ", value);
}

inline void putDouble(std::string& out, std::uint16_t group, std::uint16_t element, double value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  putElement(out, group, element, "FD", bytes);
}

/// PerFrameFunctionalGroupsSequence: position, type, stack, inversion time and rescale.
inline void putFrames(std::string& out, const std::vector<FrameSpec>& frames) {
  std::vector<std::string> items;
  for (const auto& frame : frames) {
    std::string item, group;
    putDouble(group, 0x0018, 0x9079, frame.inversion_time_ms);
    if (frame.inversion_time_ms > 0) putSequence(item, 0x0018, 0x9115, {group});
    group.clear();
    putText(group, 0x0008, 0x9007, "CS", frame.type);
    if (!frame.type.empty()) putSequence(item, 0x0018, 0x9226, {group});
    group.clear();
    putText(group, 0x0020, 0x9056, "SH", frame.stack);
    putSequence(item, 0x0020, 0x9111, {group});
    group.clear();
    putText(group, 0x0020, 0x0032, "DS", frame.position);
    putSequence(item, 0x0020, 0x9113, {group});
    group.clear();
    putText(group, 0x0028, 0x1052, "DS", frame.intercept);
    putText(group, 0x0028, 0x1053, "DS", frame.slope);
    if (!group.empty()) putSequence(item, 0x0028, 0x9145, {group});
    items.push_back(std::move(item));
  }
  putSequence(out, 0x5200, 0x9230, items);
}

}  // namespace detail

/// Preamble and file meta information.
inline std::string fileStart(const std::string& sop_class, const std::string& sop,
                             const std::string& syntax = "1.2.840.10008.1.2.1") {
  using namespace detail;
  std::string meta;
  putElement(meta, 2, 1, "OB", std::string("\0\1", 2));
  putText(meta, 2, 2, "UI", sop_class);
  putText(meta, 2, 3, "UI", sop);
  putText(meta, 2, 0x10, "UI", syntax);
  std::string out(128, '\0');
  out += "DICM";
  std::string length;
  putWhole(length, static_cast<std::uint32_t>(meta.size()), 4);
  putElement(out, 2, 0, "UL", length);
  return out + meta;
}

/// With frames: an enhanced image, whose orientation and pixel size all frames share.
inline std::string dicomBytes(const DicomSpec& s, const std::vector<FrameSpec>& frames = {}) {
  using namespace detail;
  std::string out = fileStart(s.sop_class, s.sop);
  putText(out, 0x0008, 0x0008, "CS", s.image_type);
  putText(out, 0x0008, 0x0016, "UI", s.sop_class);
  putText(out, 0x0008, 0x0018, "UI", s.sop);
  putText(out, 0x0008, 0x0022, "DA", s.date);
  putText(out, 0x0008, 0x0032, "TM", s.time);
  putText(out, 0x0008, 0x0060, "CS", s.modality);
  putText(out, 0x0008, 0x0090, "PN", s.physician);
  putText(out, 0x0008, 0x103e, "LO", s.description);
  putText(out, 0x0010, 0x0010, "PN", s.name);
  putText(out, 0x0010, 0x0020, "LO", s.patient);
  putText(out, 0x0010, 0x0030, "DA", s.born);
  if (frames.empty()) putText(out, 0x0018, 0x0050, "DS", s.thickness);
  putText(out, 0x0020, 0x000d, "UI", s.study);
  putText(out, 0x0020, 0x000e, "UI", s.series);
  if (frames.empty()) {
    putText(out, 0x0020, 0x0032, "DS", s.position);
    putText(out, 0x0020, 0x0037, "DS", s.orientation);
  }
  putText(out, 0x0020, 0x0052, "UI", s.frame_of_reference);
  putShort(out, 0x0002, 1);
  putText(out, 0x0028, 0x0004, "CS", s.photometric);
  if (!frames.empty()) putText(out, 0x0028, 0x0008, "IS", std::to_string(frames.size()));
  putShort(out, 0x0010, s.rows);
  putShort(out, 0x0011, s.columns);
  if (frames.empty()) putText(out, 0x0028, 0x0030, "DS", s.spacing);
  putShort(out, 0x0100, 16);
  putShort(out, 0x0101, s.bits_stored);
  putShort(out, 0x0102, static_cast<std::uint16_t>(s.bits_stored - 1));
  putShort(out, 0x0103, s.is_signed ? 1 : 0);
  putText(out, 0x0028, 0x0301, "CS", s.burned_in);
  putText(out, 0x0028, 0x1052, "DS", s.intercept);
  putText(out, 0x0028, 0x1053, "DS", s.slope);
  if (!frames.empty()) {
    std::string shared, group;
    putText(group, 0x0020, 0x0037, "DS", s.orientation);
    putSequence(shared, 0x0020, 0x9116, {group});
    group.clear();
    putText(group, 0x0018, 0x0050, "DS", s.thickness);
    putText(group, 0x0028, 0x0030, "DS", s.spacing);
    putSequence(shared, 0x0028, 0x9110, {group});
    putSequence(out, 0x5200, 0x9229, {shared});
    putFrames(out, frames);
  }
  std::string pixels;
  for (const auto value : s.pixels) putWhole(pixels, static_cast<std::uint16_t>(value), 2);
  putElement(out, 0x7fe0, 0x0010, "OW", pixels);
  return out;
}

}  // namespace gadolin::test
