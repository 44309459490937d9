#pragma once
// DICOM segmentations in explicit little-endian DICOM, byte by byte, so that tests can distort what
// they like. An empty text leaves its element out.

#include <string>
#include <utility>
#include <vector>

#include "tests/support/dicom_bytes.h"

namespace gadolin::test {

struct SegmentSpec {
  std::string label, description, scheme, code, meaning;
  std::string algorithm = "MANUAL";
};

struct SegmentFrame {
  std::string position;
  int segment = 1;                   // from 1; unused in a label map
  std::vector<std::uint8_t> voxels;  // 0 or 1; a fraction; a number of a segment
  std::string image;                 // SOPInstanceUID that it was derived from
};

struct SegmentationSpec {
  std::string type = "BINARY", sop_class = "1.2.840.10008.5.1.4.1.1.66.4", sop = "1.2.9.1";
  std::string syntax = "1.2.840.10008.1.2.1", date = "20260101", organisation;
  std::string patient = "4711", study = "1.2.3", frame_of_reference;
  std::string orientation = "1\\0\\0\\0\\1\\0", spacing = "1.25\\0.75";
  std::uint16_t rows = 2, columns = 3, fraction_maximum = 0;
  std::string source_class = "1.2.840.10008.5.1.4.1.1.4";
  std::vector<SegmentSpec> segments;
  std::vector<SegmentFrame> frames;
  std::string listed_series;               // of ReferencedSeriesSequence
  std::vector<std::string> listed_images;  // in it
  int announced = -1;                      // frames; -1: as many as there are
  std::string pixels;  // instead of the frames' voxels: the whole element's value
};

namespace detail {

inline std::string shortBytes(int value) {
  std::string bytes;
  putWhole(bytes, static_cast<std::uint32_t>(value), 2);
  return bytes;
}

inline std::string packedVoxels(const SegmentationSpec& s) {
  std::string bytes;
  std::size_t bit = 0;
  for (const auto& frame : s.frames) {
    for (const auto voxel : frame.voxels) {
      if (s.type != "BINARY") {
        bytes += static_cast<char>(voxel);
        continue;
      }
      // The lowest bit first, and no new byte for a new frame (PS3.5 8.1.1, D.2).
      if (bit % 8 == 0) bytes += '\0';
      if (voxel != 0) bytes.back() = static_cast<char>(bytes.back() | (1 << (bit % 8)));
      ++bit;
    }
  }
  return bytes;
}

inline std::string reference(const SegmentationSpec& s, const std::string& image) {
  std::string item;
  putText(item, 0x0008, 0x1150, "UI", s.source_class);
  putText(item, 0x0008, 0x1155, "UI", image);
  return item;
}

inline void putSegments(std::string& out, const SegmentationSpec& s) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < s.segments.size(); ++i) {
    const auto& segment = s.segments[i];
    std::string item, code;
    putElement(item, 0x0062, 0x0004, "US", shortBytes(static_cast<int>(i) + 1));
    putText(item, 0x0062, 0x0005, "LO", segment.label);
    putText(item, 0x0062, 0x0006, "ST", segment.description);
    putText(item, 0x0062, 0x0008, "CS", segment.algorithm);
    putText(code, 0x0008, 0x0100, "SH", segment.code);
    putText(code, 0x0008, 0x0102, "SH", segment.scheme);
    putText(code, 0x0008, 0x0104, "LO", segment.meaning);
    if (!code.empty()) putSequence(item, 0x0062, 0x000f, {code});
    items.push_back(std::move(item));
  }
  putSequence(out, 0x0062, 0x0002, items);
}

inline void putSegmentFrames(std::string& out, const SegmentationSpec& s) {
  std::vector<std::string> items;
  for (const auto& frame : s.frames) {
    std::string item, group;
    if (!frame.image.empty()) {
      putSequence(group, 0x0008, 0x2112, {reference(s, frame.image)});
      putSequence(item, 0x0008, 0x9124, {group});
      group.clear();
    }
    putText(group, 0x0020, 0x0032, "DS", frame.position);
    if (!group.empty()) putSequence(item, 0x0020, 0x9113, {group});
    group.clear();
    putElement(group, 0x0062, 0x000b, "US", shortBytes(frame.segment));
    if (s.type != "LABELMAP") putSequence(item, 0x0062, 0x000a, {group});
    items.push_back(std::move(item));
  }
  putSequence(out, 0x5200, 0x9230, items);
}

}  // namespace detail

inline std::string segmentationBytes(const SegmentationSpec& s) {
  using namespace detail;
  std::string out = fileStart(s.sop_class, s.sop, s.syntax);
  putText(out, 0x0008, 0x0016, "UI", s.sop_class);
  putText(out, 0x0008, 0x0018, "UI", s.sop);
  putText(out, 0x0008, 0x0023, "DA", s.date);
  putText(out, 0x0008, 0x0033, "TM", "101010");
  putText(out, 0x0008, 0x0060, "CS", "SEG");
  if (!s.listed_series.empty()) {
    std::vector<std::string> images;
    for (const auto& image : s.listed_images) images.push_back(reference(s, image));
    std::string item;
    if (!images.empty()) putSequence(item, 0x0008, 0x114a, images);
    putText(item, 0x0020, 0x000e, "UI", s.listed_series);
    putSequence(out, 0x0008, 0x1115, {item});
  }
  putText(out, 0x0010, 0x0010, "PN", "Secret^Name");
  putText(out, 0x0010, 0x0020, "LO", s.patient);
  putText(out, 0x0020, 0x000d, "UI", s.study);
  putText(out, 0x0020, 0x000e, "UI", s.sop + ".9");
  putText(out, 0x0020, 0x0052, "UI", s.frame_of_reference);
  putText(out, 0x0020, 0x9311, "CS", s.organisation);
  putShort(out, 0x0002, 1);
  putText(out, 0x0028, 0x0004, "CS", "MONOCHROME2");
  const int frames = s.announced < 0 ? static_cast<int>(s.frames.size()) : s.announced;
  putText(out, 0x0028, 0x0008, "IS", std::to_string(frames));
  putShort(out, 0x0010, s.rows);
  putShort(out, 0x0011, s.columns);
  const std::uint16_t bits = s.type == "BINARY" ? 1 : 8;
  putShort(out, 0x0100, bits);
  putShort(out, 0x0101, bits);
  putShort(out, 0x0102, static_cast<std::uint16_t>(bits - 1));
  putShort(out, 0x0103, 0);
  putText(out, 0x0062, 0x0001, "CS", s.type);
  putSegments(out, s);
  if (s.fraction_maximum > 0) putElement(out, 0x0062, 0x000e, "US", shortBytes(s.fraction_maximum));
  std::string shared, group;
  putText(group, 0x0020, 0x0037, "DS", s.orientation);
  putSequence(shared, 0x0020, 0x9116, {group});
  group.clear();
  putText(group, 0x0018, 0x0050, "DS", "8");
  putText(group, 0x0028, 0x0030, "DS", s.spacing);
  putSequence(shared, 0x0028, 0x9110, {group});
  putSequence(out, 0x5200, 0x9229, {shared});
  putSegmentFrames(out, s);
  putElement(out, 0x7fe0, 0x0010, "OB", s.pixels.empty() ? packedVoxels(s) : s.pixels, '\0');
  return out;
}

}  // namespace gadolin::test
