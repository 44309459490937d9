#include "ui/view/heart_mesh.h"

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkIdList.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkPolyDataNormals.h>
#include <vtkWindowedSincPolyDataFilter.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/connected_part.h"
#include "core/analysis/distance_transform.h"
#include "core/imaging/display_orientation.h"

namespace gadolin::view {
namespace {

constexpr double step_mm = 1.5;       // between samples along the slice axis
constexpr double farthest_mm = 6;     // distances beyond are all the same
constexpr double margin_mm = 5;       // around the heart
// Scar that fills the wall would share its surfaces, and the pixels of two that coincide flicker.
constexpr double apart_mm = 0.4;

/// The part of a slice that is looked at, in pixels.
struct Window {
  int left = 0, top = 0, columns = 0, rows = 0;
};

std::optional<Window> windowOf(const Mask& mask) {
  const Geometry& g = mask.geometry;
  int left = g.size[0], top = g.size[1], right = -1, bottom = -1;
  for (int z = 0; z < g.size[2]; ++z) {
    for (int y = 0; y < g.size[1]; ++y) {
      for (int x = 0; x < g.size[0]; ++x) {
        if (mask.at(x, y, z) == 0) continue;
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
      }
    }
  }
  if (right < 0) return std::nullopt;
  // Beyond the picture there is nothing; the surface closes there.
  const int dx = static_cast<int>(std::ceil(margin_mm / g.spacing_mm[0]));
  const int dy = static_cast<int>(std::ceil(margin_mm / g.spacing_mm[1]));
  return Window{left - dx, top - dy, right - left + 1 + 2 * dx, bottom - top + 1 + 2 * dy};
}

/// Millimetres to the border of a region of one slice, positive inside, within -farthest..farthest.
std::vector<float> signedDistance(const std::vector<std::uint8_t>& inside, const Window& window,
                                  const Geometry& g) {
  std::vector<float> result(inside.size(), static_cast<float>(-farthest_mm));
  if (std::ranges::find(inside, std::uint8_t{1}) == inside.end()) return result;
  std::vector<std::uint8_t> outside(inside.size());
  std::ranges::transform(inside, outside.begin(),
                         [](std::uint8_t one) { return static_cast<std::uint8_t>(one == 0); });
  const std::array<int, 3> size{window.columns, window.rows, 1};
  const std::array<double, 3> spacing{g.spacing_mm[0], g.spacing_mm[1], 1};
  const auto to_inside = analysis::squaredDistance_mm2(inside, size, spacing);
  const auto to_outside = analysis::squaredDistance_mm2(outside, size, spacing);
  // The border lies half a pixel from the centres on both sides.
  const double half = 0.25 * (g.spacing_mm[0] + g.spacing_mm[1]);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const double distance =
        inside[i] != 0 ? std::sqrt(to_outside[i]) - half : half - std::sqrt(to_inside[i]);
    result[i] = static_cast<float>(std::clamp(distance, -farthest_mm, farthest_mm));
  }
  return result;
}

/// Where the slices lie along the slice axis, from the first, mm.
std::vector<double> placesOf(const Stack& stack) {
  std::vector<double> places;
  for (const SliceInfo& slice : stack.slices)
    places.push_back(dot(slice.origin_mm - stack.slices.front().origin_mm,
                         stack.image.geometry.axes[2]));
  return places;
}

/// Where the distance to the border is `within_mm`.
template <typename Inside>
Mesh surfaceOf(const Stack& stack, const Window& window, double within_mm, Inside&& inside) {
  const Geometry& g = stack.image.geometry;
  std::vector<std::vector<float>> distances;
  bool any = false;
  for (int z = 0; z < g.size[2]; ++z) {
    const std::vector<std::uint8_t> region = inside(z);
    any = any || std::ranges::find(region, std::uint8_t{1}) != region.end();
    distances.push_back(signedDistance(region, window, g));
  }
  if (!any) return {};
  const auto places = placesOf(stack);
  const double first = places.front() - 0.5 * stack.slices.front().extent_mm;
  const double last = places.back() + 0.5 * stack.slices.back().extent_mm;
  // One sample beyond each end, where nothing is.
  const int layers = static_cast<int>(std::ceil((last - first) / step_mm)) + 3;

  vtkNew<vtkImageData> field;
  field->SetDimensions(window.columns, window.rows, layers);
  field->SetSpacing(g.spacing_mm[0], g.spacing_mm[1], step_mm);
  field->SetOrigin(window.left * g.spacing_mm[0], window.top * g.spacing_mm[1], first - step_mm);
  vtkNew<vtkFloatArray> values;
  const std::size_t area = distances.front().size();
  values->SetNumberOfValues(static_cast<vtkIdType>(area * static_cast<std::size_t>(layers)));
  float* out = values->GetPointer(0);
  for (int layer = 0; layer < layers; ++layer) {
    const double at = first + (layer - 1) * step_mm;
    const auto above = std::ranges::lower_bound(places, at);
    const auto hi = static_cast<std::size_t>(
        std::min<std::ptrdiff_t>(above - places.begin(), std::ssize(places) - 1));
    const std::size_t lo = above == places.begin() || above == places.end() ? hi : hi - 1;
    const double span = places[hi] - places[lo];
    const auto share = static_cast<float>(span > 0 ? (at - places[lo]) / span : 0.0);
    const auto end = static_cast<float>(std::min(at - first, last - at));  // to the nearer face
    for (std::size_t i = 0; i < area; ++i) {
      const float mixed = (1 - share) * distances[lo][i] + share * distances[hi][i];
      *out++ = std::min(mixed, end);
    }
  }
  field->GetPointData()->SetScalars(values);

  vtkNew<vtkFlyingEdges3D> edges;
  edges->SetInputData(field);
  edges->SetValue(0, within_mm);
  edges->ComputeNormalsOff();
  edges->ComputeGradientsOff();
  edges->ComputeScalarsOff();
  vtkNew<vtkWindowedSincPolyDataFilter> smooth;
  smooth->SetInputConnection(edges->GetOutputPort());
  smooth->SetNumberOfIterations(20);
  smooth->SetPassBand(0.08);
  smooth->NonManifoldSmoothingOn();
  smooth->NormalizeCoordinatesOn();
  vtkNew<vtkPolyDataNormals> normals;
  normals->SetInputConnection(smooth->GetOutputPort());
  normals->SplittingOff();
  normals->ConsistencyOn();
  normals->AutoOrientNormalsOn();
  normals->Update();
  vtkPolyData* surface = normals->GetOutput();

  Mesh mesh;
  const Vec3 origin = stack.slices.front().origin_mm;
  // A grid whose axes are left-handed turns the triangles inside out.
  const bool mirrored = dot(cross(g.axes[0], g.axes[1]), g.axes[2]) < 0;
  const auto put = [](std::vector<float>& to, const Vec3& v) {
    for (const double one : v) to.push_back(static_cast<float>(one));
  };
  const auto turned = [&](const double* v) {
    return v[0] * g.axes[0] + v[1] * g.axes[1] + v[2] * g.axes[2];
  };
  auto* directions = surface->GetPointData()->GetNormals();
  for (vtkIdType i = 0; i < surface->GetNumberOfPoints(); ++i) {
    put(mesh.points, origin + turned(surface->GetPoint(i)));
    put(mesh.normals, turned(directions->GetTuple(i)));
  }
  vtkNew<vtkIdList> corners;
  vtkCellArray* polygons = surface->GetPolys();
  for (polygons->InitTraversal(); polygons->GetNextCell(corners) != 0;) {
    if (corners->GetNumberOfIds() != 3) continue;
    for (const vtkIdType k : {0, mirrored ? 2 : 1, mirrored ? 1 : 2})
      mesh.triangles.push_back(static_cast<std::uint32_t>(corners->GetId(k)));
  }
  return mesh;
}

/// The labels within the window; 0 beyond the picture.
std::vector<std::uint8_t> labelsOf(const Mask& mask, int z, const Window& window) {
  std::vector<std::uint8_t> labels;
  labels.reserve(static_cast<std::size_t>(window.columns) * static_cast<std::size_t>(window.rows));
  for (int y = window.top; y < window.top + window.rows; ++y) {
    for (int x = window.left; x < window.left + window.columns; ++x) {
      const bool there = x >= 0 && y >= 0 && x < mask.geometry.size[0] && y < mask.geometry.size[1];
      labels.push_back(there ? mask.at(x, y, z) : std::uint8_t{0});
    }
  }
  return labels;
}

void place(HeartMeshes& heart, const Stack& stack, const Window& window) {
  const Geometry& g = stack.image.geometry;
  std::array<double, 3> low{}, high{};
  low.fill(std::numeric_limits<double>::max());
  high.fill(std::numeric_limits<double>::lowest());
  for (std::size_t i = 0; i < heart.wall.points.size(); ++i) {
    low[i % 3] = std::min(low[i % 3], static_cast<double>(heart.wall.points[i]));
    high[i % 3] = std::max(high[i % 3], static_cast<double>(heart.wall.points[i]));
  }
  for (std::size_t k = 0; k < 3; ++k) heart.centre_mm[k] = 0.5 * (low[k] + high[k]);
  heart.radius_mm = 0.5 * norm(Vec3{high[0] - low[0], high[1] - low[1], high[2] - low[2]});
  heart.to_apex = (stack.apex_first ? -1.0 : 1.0) * g.axes[2];
  const auto orientation = displayOrientation(g);
  Vec3 front = orientation.known ? Vec3{0, -1, 0} : -1.0 * screenAxes(g, orientation)[1];
  front = front - dot(front, heart.to_apex) * heart.to_apex;
  // A long axis along front and back leaves no front across it.
  if (norm(front) < 0.1) front = g.axes[0];
  heart.front = (1 / norm(front)) * front;
  for (const SliceInfo& slice : stack.slices) {
    const auto corner = [&](int column, int row) {
      return slice.origin_mm + (column * g.spacing_mm[0]) * g.axes[0] +
             (row * g.spacing_mm[1]) * g.axes[1];
    };
    heart.slices.push_back({corner(window.left, window.top),
                            corner(window.left + window.columns, window.top),
                            corner(window.left + window.columns, window.top + window.rows),
                            corner(window.left, window.top + window.rows)});
  }
}

}  // namespace

std::optional<HeartMeshes> heartMeshes(const Stack& stack, const Mask& mask) {
  if (stack.image.geometry.size != mask.geometry.size || stack.slices.empty()) return std::nullopt;
  if (!outlinesMyocardium(mask.voxels)) return std::nullopt;
  const auto window = windowOf(mask);
  if (!window) return std::nullopt;
  const auto region = [&](auto&& belongs) {
    return [&mask, &window, belongs](int z) {
      auto labels = labelsOf(mask, z, *window);
      for (std::uint8_t& label : labels) label = belongs(label) ? 1 : 0;
      return labels;
    };
  };
  HeartMeshes heart;
  heart.wall = surfaceOf(stack, *window, 0, [&](int z) {
    auto filled = region([](std::uint8_t label) { return label != 0; })(z);
    const auto holes = analysis::enclosedPixels(filled, window->columns, window->rows);
    for (std::size_t i = 0; i < filled.size(); ++i) filled[i] |= holes[i];
    return filled;
  });
  if (heart.wall.empty()) return std::nullopt;
  heart.cavity =
      surfaceOf(stack, *window, 0, region([](std::uint8_t label) { return label == 1; }));
  heart.scar = surfaceOf(stack, *window, apart_mm, region(isFibrosis));
  heart.mvo = surfaceOf(stack, *window, 0, region([](std::uint8_t label) { return label == 4; }));
  place(heart, stack, *window);
  return heart;
}

}  // namespace gadolin::view
