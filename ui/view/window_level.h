#pragma once
// Grey window of an image: which values are black and which are white.

#include "core/imaging/stack.h"

namespace gadolin::view {

/// Values from centre - width/2 (black) to centre + width/2 (white), in the image's own units.
struct WindowLevel {
  double centre = 0.5;
  double width = 1.0;  // > 0

  [[nodiscard]] double low() const { return centre - width / 2; }
  [[nodiscard]] double high() const { return centre + width / 2; }
  friend bool operator==(const WindowLevel&, const WindowLevel&) = default;
};

/// A window said in terms of a stack's automatic window, so that a reader's taste carries over to
/// the next stack although every scanner scales differently.
struct RelativeWindow {
  double shift = 0.0;   // of the centre, in widths of the automatic window
  double factor = 1.0;  // of the width; > 0

  friend bool operator==(const RelativeWindow&, const RelativeWindow&) = default;
};

/// The 1st to 99.5th percentile of the finite values in the central half (in x and y) of all
/// slices, where the heart lies. A constant image gets a width of 1.
WindowLevel autoWindow(const Volume<float>& image);

WindowLevel applied(const RelativeWindow& relative, const WindowLevel& automatic);
RelativeWindow relativeTo(const WindowLevel& automatic, const WindowLevel& window);

}  // namespace gadolin::view
