#pragma once
// Where in the wall of the left ventricle a pixel of a short-axis slice lies: the slice's centre, the
// angle from the anterior insertion of the right ventricle, and the turn that leads to the septum.

#include <array>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin::analysis {

enum class InsertionKind : std::uint8_t { Anterior, Inferior };

/// Where the wall of the right ventricle meets that of the left in one slice, in continuous indices
/// (column, row). At least one of the two.
struct RvInsertion {
  int slice = 0;  // stored order
  std::optional<std::array<double, 2>> anterior;
  std::optional<std::array<double, 2>> inferior;

  [[nodiscard]] const std::optional<std::array<double, 2>>& at(InsertionKind kind) const {
    return kind == InsertionKind::Anterior ? anterior : inferior;
  }
};

/// A slice that shows the cavity.
struct SliceFrame {
  std::array<double, 2> centre{};  // centroid of the cavity, continuous indices
  double anterior_rad = 0;         // of the anterior insertion, as imageAngle() counts
};

struct ShortAxisFrame {
  /// One a slice in stored order; none where a slice shows no cavity within myocardium.
  std::vector<std::optional<SliceFrame>> slices;
  std::array<double, 2> pixel_mm{1, 1};  // columns, rows
  /// +1 where angles that grow from column towards row lead from the anterior insertion into the
  /// septum, else -1.
  int septal_turn = 1;
  std::vector<std::string> sentences;  // what was assumed or contradicts itself

  /// Angle in the picture, from the direction of columns towards that of rows, true millimetres.
  [[nodiscard]] double imageAngle(const std::array<double, 2>& centre, double column,
                                  double row) const;
  /// Angle of a place of slice z about the long axis, 0 .. 2 pi: 0 at the anterior insertion, then
  /// through the septum (the insertion at 60 degrees before the septum's middle), the inferior and
  /// the lateral wall. The slice must have a frame.
  [[nodiscard]] double wallAngle(int z, double column, double row) const;
};

/// Which pixels of a slice are the cavity: label 1, and what myocardium (2..4) encloses. 1 or 0, row
/// by row; empty when there is none.
std::vector<std::uint8_t> cavityOf(const Mask& mask, int z);

/// The centroid of the cavity of every slice (continuous column, row); none without one.
std::vector<std::optional<std::array<double, 2>>> cavityCentres(const Mask& mask);

/// The frame of every slice. A slice without a point of its own has the angle of the nearest slice
/// that has one, about its own centre. The turn to the septum follows from the patient's axes
/// (positive about the direction from base to apex, because the right ventricle lies to the
/// patient's right); with `orientation_known` false, or as a second opinion, from an inferior
/// insertion: the septum is the shorter way to it.
/// NotFound when no anterior insertion is given, or nothing tells the turn; InvalidInput when sizes
/// differ. Pure; any thread.
Result<ShortAxisFrame> shortAxisFrame(const Stack& stack, const Mask& mask,
                                      std::span<const RvInsertion> insertions,
                                      bool orientation_known);

}  // namespace gadolin::analysis
