#pragma once
// Labels and masks of two readers, AB and CD, on a phantom project: alike, and not the same.

#include <filesystem>
#include <string>
#include <vector>

#include "core/imaging/stack_file.h"
#include "database/labels.h"
#include "database/masks.h"
#include "tests/support/phantom_project.h"
#include "ui/session/project.h"

namespace gadolin::test {

/// The truth with scar taken away at its border (`less` times) where it meets healthy myocardium.
inline Mask withLessScar(Mask mask, int less) {
  const auto [columns, rows, slices] = mask.geometry.size;
  for (; less > 0; --less) {
    const Mask before = mask;
    for (int z = 0; z < slices; ++z)
      for (int y = 1; y + 1 < rows; ++y)
        for (int x = 1; x + 1 < columns; ++x)
          if (before.at(x, y, z) >= 3 &&
              (before.at(x - 1, y, z) == 2 || before.at(x, y - 1, z) == 2))
            mask.at(x, y, z) = 2;
  }
  return mask;
}

/// AB labels as the truth says but misses the last fibrotic slice of every third patient and is
/// unsure of the most basal slice of every fourth; CD says fibrosis on one slice more of every
/// second. AB draws the truth, CD with less scar; patients are counted from 0.
inline Result<void> addTwoReaders(session::Project& project, int patients, bool masks) {
  for (int i = 0; i < patients; ++i) {
    const phantom::Subject& subject = phantomSubject(i);
    const std::string stack = subject.name + "-s1";
    const int slices = subject.truth.geometry.size[2];
    std::vector<db::SliceChange> first, second;
    int last = -1;
    for (int z = 0; z < slices; ++z) {
      bool scar = false;
      for (const auto label : subject.truth.slice(z)) scar |= label >= 3;
      if (scar) last = z;
      const SliceLabel label = scar ? SliceLabel::Fibrosis : SliceLabel::None;
      first.push_back({z, label});
      second.push_back({z, label});
    }
    if (i % 3 == 0 && last >= 0) first[static_cast<std::size_t>(last)].label = SliceLabel::None;
    if (i % 4 == 1) first.front().label = SliceLabel::Unsure;
    if (i % 2 == 0 && last >= 0 && last + 1 < slices)
      second[static_cast<std::size_t>(last) + 1].label = SliceLabel::Fibrosis;
    std::vector<db::MaskRecord> drawn;
    for (const char* author : {"AB", "CD"}) {
      if (!masks) break;
      const Mask mask = withLessScar(subject.truth, author[0] == 'A' ? 0 : i % 3);
      db::MaskRecord record;
      record.stack = stack;
      record.source = db::MaskSource::Reader;
      record.author = author;
      record.sha256 = contentHash(mask);
      GADOLIN_CHECK(writeMask(project.paths().mask(record.sha256), mask));
      drawn.push_back(record);
    }
    const auto written = project.writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::setSliceLabels(database, stack, first, "AB", 20, "key"));
      GADOLIN_CHECK(db::setSliceLabels(database, stack, second, "CD", 25, "key"));
      for (const db::MaskRecord& record : drawn) GADOLIN_CHECK(db::addMask(database, record));
      return 0;
    });
    if (!written) return written.error();
  }
  return {};
}

}  // namespace gadolin::test
