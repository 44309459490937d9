#include "ui/view/slice_scene.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkImageStack.h>
#include <vtkLookupTable.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>

#include "ui/view/mask_outline.h"

namespace gadolin::view {
namespace {

/// An image that looks at somebody else's voxels, on `g`, the grid of the stack: a mask may be
/// shared by stacks whose pixels differ in mm. VTK never writes into the input of a mapper.
template <typename Array, typename T>
void lookAt(vtkImageData* image, const Volume<T>& volume, const Geometry& g) {
  image->SetDimensions(g.size[0], g.size[1], g.size[2]);
  image->SetSpacing(g.spacing_mm[0], g.spacing_mm[1], 1.0);
  vtkNew<Array> values;
  values->SetArray(const_cast<T*>(volume.voxels.data()),
                   static_cast<vtkIdType>(volume.voxels.size()), 1);
  image->GetPointData()->SetScalars(values);
}

/// One picture of the stack: its data, mapper and prop.
struct Layer {
  vtkNew<vtkImageSliceMapper> mapper;
  vtkNew<vtkImageSlice> slice;

  Layer(int number, bool smooth) {
    mapper->SetOrientationToZ();
    mapper->SliceFacesCameraOff();
    mapper->SliceAtFocalPointOff();
    mapper->BorderOn();  // whole voxels at the rim
    slice->SetMapper(mapper);
    slice->GetProperty()->SetLayerNumber(number);
    slice->PickableOff();
    setSmooth(smooth);
    slice->VisibilityOff();
  }
  void setSmooth(bool smooth) {
    if (smooth) {
      slice->GetProperty()->SetInterpolationTypeToLinear();
    } else {
      slice->GetProperty()->SetInterpolationTypeToNearest();
    }
  }
  template <typename Array, typename T>
  void show(const Volume<T>& volume, const Geometry& grid, int z) {
    vtkNew<vtkImageData> image;
    lookAt<Array>(image, volume, grid);
    mapper->SetInputData(image);
    mapper->SetSliceNumber(z);
  }
  /// Draws only the part of the slice that holds something: a full sheet of transparent pixels
  /// costs software rendering as much as the image itself. False when the slice is empty.
  bool cropTo(const Volume<std::uint8_t>& volume, int z) {
    const auto& g = volume.geometry;
    int low_x = g.size[0], low_y = g.size[1], high_x = -1, high_y = -1;
    const auto* voxel = volume.slice(z).data();
    for (int y = 0; y < g.size[1]; ++y) {
      for (int x = 0; x < g.size[0]; ++x) {
        if (*voxel++ == 0) continue;
        low_x = std::min(low_x, x);
        high_x = std::max(high_x, x);
        low_y = std::min(low_y, y);
        high_y = y;
      }
    }
    if (high_x < 0) return false;
    // One voxel more on each side: interpolation fades out into it.
    mapper->SetCroppingRegion(std::max(0, low_x - 1), std::min(g.size[0] - 1, high_x + 1),
                              std::max(0, low_y - 1), std::min(g.size[1] - 1, high_y + 1), z, z);
    mapper->CroppingOn();
    return true;
  }
};

/// Borders of one mask on the present slice, as coloured lines.
struct Outline {
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkActor> actor;

  Outline() {
    mapper->SetColorModeToDirectScalars();
    mapper->SetScalarModeToUseCellData();
    mapper->ScalarVisibilityOn();
    actor->SetMapper(mapper);
    actor->GetProperty()->LightingOff();
    actor->PickableOff();
    actor->VisibilityOff();
  }

  /// `toward_eye`: the lines lie this far before the image along the slice axis.
  void trace(const Mask& mask, const Geometry& g, int z, const MaskColours& colours,
             double toward_eye) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> lines;
    vtkNew<vtkUnsignedCharArray> colour_of_line;
    colour_of_line->SetNumberOfComponents(3);
    // Borders often share an edge; the depth decides whose colour it has.
    const auto add = [&](unsigned labels, Rgb colour, double share_of_depth) {
      for (const auto& piece : borderOf(mask.slice(z), g.size[0], g.size[1], labels)) {
        const auto corner = [&](int x, int y) {
          return points->InsertNextPoint((x - 0.5) * g.spacing_mm[0], (y - 0.5) * g.spacing_mm[1],
                                         z + toward_eye * share_of_depth);
        };
        const vtkIdType ends[2] = {corner(piece.x0, piece.y0), corner(piece.x1, piece.y1)};
        lines->InsertNextCell(2, ends);
        const unsigned char rgb[3] = {colour.r, colour.g, colour.b};
        colour_of_line->InsertNextTypedTuple(rgb);
      }
    };
    add(0b11110u, colours.epi, 0.85);
    add(0b00010u, colours.endo, 0.90);
    add(0b11000u, colours.scar, 0.95);
    add(0b10000u, colours.mvo, 1.00);
    vtkNew<vtkPolyData> data;
    data->SetPoints(points);
    data->SetLines(lines);
    data->GetCellData()->SetScalars(colour_of_line);
    mapper->SetInputData(data);
  }
};

void setEntry(vtkLookupTable* table, int index, Rgb colour, double alpha) {
  table->SetTableValue(index, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, alpha);
}

}  // namespace

struct SliceScene::Impl {
  vtkNew<vtkRenderer> renderer;
  vtkNew<vtkImageStack> pictures;
  Layer grey{0, true};
  Layer heat{1, true};
  Layer fill{2, false};
  vtkNew<vtkLookupTable> heat_table;
  vtkNew<vtkLookupTable> fill_table;
  Outline outline;
  Outline reference_outline;

  std::shared_ptr<const Stack> stack;
  std::shared_ptr<const Mask> mask;
  std::shared_ptr<const Mask> reference;
  std::shared_ptr<const HeatMap> heat_map;
  int z = 0;
  double toward_eye = -0.4;
  OverlayStyle style;

  Impl() {
    renderer->AddViewProp(pictures);
    pictures->AddImage(grey.slice);
    pictures->AddImage(heat.slice);
    pictures->AddImage(fill.slice);
    renderer->AddActor(outline.actor);
    renderer->AddActor(reference_outline.actor);
    renderer->GetActiveCamera()->ParallelProjectionOn();
    renderer->SetBackground(0, 0, 0);
    // Nothing here is lit. With a light every fragment computes a normal and a power for it, a third
    // of a picture in software.
    renderer->AutomaticLightCreationOff();
    for (auto* table : {heat_table.Get(), fill_table.Get()}) {
      table->SetNumberOfTableValues(256);
      table->SetRange(0, 255);
      table->SetRampToLinear();
    }
    heat.slice->GetProperty()->SetLookupTable(heat_table);
    heat.slice->GetProperty()->UseLookupTableScalarRangeOn();
    fill.slice->GetProperty()->SetLookupTable(fill_table);
    fill.slice->GetProperty()->UseLookupTableScalarRangeOn();
    fillTables();
  }

  [[nodiscard]] bool fits(const Geometry& geometry) const {
    return stack && geometry.size == stack->image.geometry.size;
  }

  void fillTables() {
    const auto& heat_colours = heatColours();
    for (int i = 0; i < 256; ++i) {
      // The lowest values fade in, so that a probability of 1 % does not veil the image. Entry 0
      // has the colour of entry 1 because interpolation mixes it with its neighbours.
      const double fade = std::min(1.0, i / 64.0);
      setEntry(heat_table, i, heat_colours[static_cast<std::size_t>(std::max(i, 1))],
               i == 0 ? 0.0 : style.opacity * fade);
      setEntry(fill_table, i, {}, 0.0);
    }
    const auto colours = palette(style.palette).main;
    setEntry(fill_table, 2, colours.epi, style.opacity * 0.3);
    setEntry(fill_table, 3, colours.scar, style.opacity);
    setEntry(fill_table, 4, colours.mvo, style.opacity);
  }

  void showLayers() {
    const bool shown = style.visible && stack;
    grey.slice->SetVisibility(stack ? 1 : 0);
    const bool coloured = shown && style.opacity > 0;
    const bool heated = coloured && style.heat && heat_map && heat.cropTo(*heat_map, z);
    const bool filled = coloured && style.fill && mask && fill.cropTo(*mask, z);
    heat.slice->SetVisibility(heated ? 1 : 0);
    fill.slice->SetVisibility(filled ? 1 : 0);
    outline.actor->SetVisibility(shown && style.outline && mask ? 1 : 0);
    reference_outline.actor->SetVisibility(shown && style.reference && reference ? 1 : 0);
  }

  void traceOutlines() {
    const auto colours = palette(style.palette);
    // The mask's own lines lie before those of the reference.
    if (mask && style.outline) {
      outline.trace(*mask, stack->image.geometry, z, colours.main, toward_eye);
    }
    if (reference && style.reference) {
      reference_outline.trace(*reference, stack->image.geometry, z, colours.reference,
                              toward_eye * 0.75);
    }
  }

  void refresh() {
    showLayers();
    traceOutlines();
  }
};

SliceScene::SliceScene() : impl_(std::make_unique<Impl>()) {}
SliceScene::~SliceScene() = default;

vtkRenderer* SliceScene::renderer() const {
  return impl_->renderer;
}

void SliceScene::setStack(std::shared_ptr<const Stack> stack) {
  impl_->mask.reset();
  impl_->reference.reset();
  impl_->heat_map.reset();
  impl_->z = stack ? std::clamp(impl_->z, 0, std::max(0, stack->sliceCount() - 1)) : 0;
  if (stack) impl_->grey.show<vtkFloatArray>(stack->image, stack->image.geometry, impl_->z);
  impl_->stack = std::move(stack);
  impl_->refresh();
}

bool SliceScene::setMask(std::shared_ptr<const Mask> mask) {
  const bool fits = !mask || impl_->fits(mask->geometry);
  impl_->mask = fits ? std::move(mask) : nullptr;
  if (impl_->mask) {
    impl_->fill.show<vtkUnsignedCharArray>(*impl_->mask, impl_->stack->image.geometry, impl_->z);
  }
  impl_->refresh();
  return fits;
}

void SliceScene::maskChanged() {
  if (impl_->mask) setMask(impl_->mask);
}

bool SliceScene::setReference(std::shared_ptr<const Mask> mask) {
  const bool fits = !mask || impl_->fits(mask->geometry);
  impl_->reference = fits ? std::move(mask) : nullptr;
  impl_->refresh();
  return fits;
}

bool SliceScene::setHeatMap(std::shared_ptr<const HeatMap> heat) {
  const bool fits = !heat || impl_->fits(heat->geometry);
  impl_->heat_map = fits ? std::move(heat) : nullptr;
  if (impl_->heat_map) {
    impl_->heat.show<vtkUnsignedCharArray>(*impl_->heat_map, impl_->stack->image.geometry,
                                           impl_->z);
  }
  impl_->refresh();
  return fits;
}

void SliceScene::setSlice(int z) {
  if (!impl_->stack) return;
  impl_->z = std::clamp(z, 0, std::max(0, impl_->stack->sliceCount() - 1));
  for (auto* layer : {&impl_->grey, &impl_->heat, &impl_->fill}) {
    layer->mapper->SetSliceNumber(impl_->z);
  }
  impl_->refresh();
}

void SliceScene::setWindow(const WindowLevel& window) {
  impl_->grey.slice->GetProperty()->SetColorWindow(window.width);
  impl_->grey.slice->GetProperty()->SetColorLevel(window.centre);
}

void SliceScene::setStyle(const OverlayStyle& style) {
  impl_->style = style;
  impl_->style.opacity = std::clamp(style.opacity, 0.0, 1.0);
  impl_->fillTables();
  impl_->refresh();
}

void SliceScene::setSmooth(bool smooth) {
  impl_->grey.setSmooth(smooth);
}

void SliceScene::setPlane(const ViewPlane& plane) {
  const auto& orientation = plane.orientation();
  Vec3 right{1, 0, 0};
  Vec3 down{0, 1, 0};
  if (orientation.transpose) std::swap(right, down);
  if (orientation.flip_right) right = -1.0 * right;
  if (orientation.flip_down) down = -1.0 * down;
  const Vec3 look = cross(right, down);
  // Lines lie on the eye's side of the slice; that side depends on the orientation.
  if (const double toward_eye = -0.4 * look[2]; toward_eye != impl_->toward_eye) {
    impl_->toward_eye = toward_eye;
    impl_->traceOutlines();
  }
  constexpr double distance = 1000;
  const Vec3 focus{plane.centre_mm().x, plane.centre_mm().y, static_cast<double>(impl_->z)};
  const Vec3 eye = focus - distance * look;
  auto* camera = impl_->renderer->GetActiveCamera();
  camera->SetFocalPoint(focus.data());
  camera->SetPosition(eye.data());
  camera->SetViewUp(-down[0], -down[1], -down[2]);
  camera->SetParallelScale(plane.halfHeight_mm());
  camera->SetClippingRange(distance - 300, distance + 300);
}

void SliceScene::setLineWidth(double pixels) {
  for (auto* outline : {&impl_->outline, &impl_->reference_outline}) {
    outline->actor->GetProperty()->SetLineWidth(static_cast<float>(pixels));
  }
}

void SliceScene::setBackground(Rgb colour) {
  impl_->renderer->SetBackground(colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
}

}  // namespace gadolin::view
