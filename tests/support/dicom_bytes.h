#pragma once
// Classic MR images in explicit little-endian DICOM, byte by byte, so that tests can leave out and
// distort what they like. An empty text leaves its element out.

#include <cstdint>
#include <string>
#include <vector>

namespace gadolin::test {

struct DicomSpec {
  std::string patient = "4711", study = "1.2.3", series = "1.2.3.1", sop = "1.2.3.1.1";
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.4", modality = "MR";
  std::string description = "LGE SAX", image_type = "ORIGINAL\\PRIMARY\\M";
  std::string position = "0\\0\\0", orientation = "1\\0\\0\\0\\1\\0";
  std::string spacing = "1.25\\0.75";  // between rows, then between columns
  std::string thickness = "8", slope, intercept;
  std::uint16_t rows = 2, columns = 3;
  std::vector<std::int16_t> pixels = {0, 1, 2, 3, 4, 5};
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
  if (kind == "OB" || kind == "OW") {
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

}  // namespace detail

inline std::string dicomBytes(const DicomSpec& s) {
  using namespace detail;
  std::string meta;
  putElement(meta, 2, 1, "OB", std::string("\0\1", 2));
  putText(meta, 2, 2, "UI", s.sop_class);
  putText(meta, 2, 3, "UI", s.sop);
  putText(meta, 2, 0x10, "UI", "1.2.840.10008.1.2.1");
  std::string out(128, '\0');
  out += "DICM";
  std::string length;
  putWhole(length, static_cast<std::uint32_t>(meta.size()), 4);
  putElement(out, 2, 0, "UL", length);
  out += meta;
  putText(out, 0x0008, 0x0008, "CS", s.image_type);
  putText(out, 0x0008, 0x0016, "UI", s.sop_class);
  putText(out, 0x0008, 0x0018, "UI", s.sop);
  putText(out, 0x0008, 0x0060, "CS", s.modality);
  putText(out, 0x0008, 0x103e, "LO", s.description);
  putText(out, 0x0010, 0x0010, "PN", "Secret^Name");
  putText(out, 0x0010, 0x0020, "LO", s.patient);
  putText(out, 0x0018, 0x0050, "DS", s.thickness);
  putText(out, 0x0020, 0x000d, "UI", s.study);
  putText(out, 0x0020, 0x000e, "UI", s.series);
  putText(out, 0x0020, 0x0032, "DS", s.position);
  putText(out, 0x0020, 0x0037, "DS", s.orientation);
  putShort(out, 0x0002, 1);
  putText(out, 0x0028, 0x0004, "CS", "MONOCHROME2");
  putShort(out, 0x0010, s.rows);
  putShort(out, 0x0011, s.columns);
  putText(out, 0x0028, 0x0030, "DS", s.spacing);
  putShort(out, 0x0100, 16);
  putShort(out, 0x0101, 16);
  putShort(out, 0x0102, 15);
  putShort(out, 0x0103, 1);
  putText(out, 0x0028, 0x1052, "DS", s.intercept);
  putText(out, 0x0028, 0x1053, "DS", s.slope);
  std::string pixels;
  for (const auto value : s.pixels) putWhole(pixels, static_cast<std::uint16_t>(value), 2);
  putElement(out, 0x7fe0, 0x0010, "OW", pixels);
  return out;
}

}  // namespace gadolin::test
