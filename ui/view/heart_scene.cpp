#include "ui/view/heart_scene.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cmath>

namespace gadolin::view {
namespace {

void colour(vtkActor* actor, Rgb rgb) {
  actor->GetProperty()->SetColor(rgb.r / 255.0, rgb.g / 255.0, rgb.b / 255.0);
}

struct Part {
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkActor> actor;

  explicit Part(double opacity) {
    mapper->ScalarVisibilityOff();
    actor->SetMapper(mapper);
    actor->PickableOff();
    actor->VisibilityOff();
    auto* look = actor->GetProperty();
    look->SetOpacity(opacity);
    look->SetInterpolationToPhong();
    look->SetSpecular(0.25);
    look->SetSpecularPower(25);
    look->SetAmbient(0.15);
    // Of what one can look through only the near side: the far one would lie over what is inside.
    if (opacity < 1) look->BackfaceCullingOn();
  }

  void show(const Mesh& mesh) {
    actor->SetVisibility(mesh.empty() ? 0 : 1);
    if (mesh.empty()) return;
    vtkNew<vtkPolyData> surface;
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> normals;
    normals->SetNumberOfComponents(3);
    const std::size_t count = mesh.points.size() / 3;
    points->SetNumberOfPoints(static_cast<vtkIdType>(count));
    normals->SetNumberOfTuples(static_cast<vtkIdType>(count));
    for (std::size_t i = 0; i < count; ++i) {
      points->SetPoint(static_cast<vtkIdType>(i), &mesh.points[3 * i]);
      normals->SetTuple(static_cast<vtkIdType>(i), &mesh.normals[3 * i]);
    }
    vtkNew<vtkCellArray> triangles;
    for (std::size_t i = 0; i + 2 < mesh.triangles.size(); i += 3) {
      const std::array<vtkIdType, 3> corners{mesh.triangles[i], mesh.triangles[i + 1],
                                             mesh.triangles[i + 2]};
      triangles->InsertNextCell(3, corners.data());
    }
    surface->SetPoints(points);
    surface->SetPolys(triangles);
    surface->GetPointData()->SetNormals(normals);
    mapper->SetInputData(surface);
  }
};

}  // namespace

struct HeartScene::Impl {
  vtkNew<vtkRenderer> renderer;
  Part wall{0.28}, cavity{1.0}, scar{1.0}, mvo{1.0};
  vtkNew<vtkPolyDataMapper> frame_mapper;
  vtkNew<vtkActor> frame;
  std::vector<std::array<Vec3, 4>> slices;
  std::optional<int> slice;
  Vec3 centre{0, 0, 0}, to_apex{0, 0, 1}, front{0, -1, 0};
  double radius = 1;
  double narrow = 1;  // height over width of the view, at least 1
  bool shown = false;

  void showFrame() {
    const bool there = shown && slice && *slice >= 0 && *slice < static_cast<int>(slices.size());
    frame->SetVisibility(there ? 1 : 0);
    if (!there) return;
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> lines;
    lines->InsertNextCell(5);
    const auto& corners = slices[static_cast<std::size_t>(*slice)];
    for (const Vec3& corner : corners) points->InsertNextPoint(corner.data());
    for (const vtkIdType k : {0, 1, 2, 3, 0}) lines->InsertCellPoint(k);
    vtkNew<vtkPolyData> data;
    data->SetPoints(points);
    data->SetLines(lines);
    frame_mapper->SetInputData(data);
  }
};

HeartScene::HeartScene() : impl_(std::make_unique<Impl>()) {
  for (Part* part : {&impl_->cavity, &impl_->scar, &impl_->mvo, &impl_->wall})
    impl_->renderer->AddActor(part->actor);
  colour(impl_->wall.actor, {214, 222, 228});
  colour(impl_->cavity.actor, {150, 66, 66});
  impl_->frame->SetMapper(impl_->frame_mapper);
  impl_->frame->GetProperty()->SetColor(1.0, 0.82, 0.29);
  impl_->frame->GetProperty()->LightingOff();
  impl_->frame->GetProperty()->SetLineWidth(2);
  impl_->frame->PickableOff();
  impl_->frame->VisibilityOff();
  impl_->renderer->AddActor(impl_->frame);
  impl_->renderer->GetActiveCamera()->ParallelProjectionOn();
  setPalette(PaletteName::ColourBlindSafe);
}

HeartScene::~HeartScene() = default;

vtkRenderer* HeartScene::renderer() const { return impl_->renderer; }

void HeartScene::setHeart(const HeartMeshes* heart, bool keep_camera) {
  static const HeartMeshes none;
  const HeartMeshes& shown = heart != nullptr ? *heart : none;
  impl_->wall.show(shown.wall);
  impl_->cavity.show(shown.cavity);
  impl_->scar.show(shown.scar);
  impl_->mvo.show(shown.mvo);
  impl_->slices = shown.slices;
  impl_->shown = heart != nullptr;
  impl_->showFrame();
  if (heart == nullptr) return;
  impl_->centre = heart->centre_mm;
  impl_->radius = heart->radius_mm;
  impl_->to_apex = heart->to_apex;
  impl_->front = heart->front;
  if (!keep_camera) resetCamera();
}

void HeartScene::setSlice(std::optional<int> z) {
  impl_->slice = z;
  impl_->showFrame();
}

void HeartScene::setPalette(PaletteName name) {
  const MaskColours colours = palette(name).main;
  colour(impl_->scar.actor, colours.scar);
  colour(impl_->mvo.actor, colours.mvo);
}

void HeartScene::setBackground(Rgb rgb) {
  impl_->renderer->SetBackground(rgb.r / 255.0, rgb.g / 255.0, rgb.b / 255.0);
}

void HeartScene::setAspect(double width, double height) {
  // The parallel scale is half of the height; in a narrow view the width decides.
  const double narrow = width > 0 && height > 0 ? std::max(1.0, height / width) : 1.0;
  auto* camera = impl_->renderer->GetActiveCamera();
  camera->SetParallelScale(camera->GetParallelScale() * narrow / impl_->narrow);
  impl_->narrow = narrow;
}

void HeartScene::turn(double right, double down) {
  auto* camera = impl_->renderer->GetActiveCamera();
  camera->Azimuth(-right);
  camera->Elevation(down);
  camera->OrthogonalizeViewUp();
  impl_->renderer->ResetCameraClippingRange();
}

void HeartScene::zoom(double factor) {
  auto* camera = impl_->renderer->GetActiveCamera();
  const double scale = camera->GetParallelScale() / factor;
  camera->SetParallelScale(std::clamp(scale, impl_->radius / 12, impl_->radius * 6));
}

void HeartScene::resetCamera() {
  auto* camera = impl_->renderer->GetActiveCamera();
  const Vec3 eye = impl_->centre + (6 * impl_->radius) * impl_->front;
  camera->SetFocalPoint(impl_->centre.data());
  camera->SetPosition(eye.data());
  camera->SetViewUp(-impl_->to_apex[0], -impl_->to_apex[1], -impl_->to_apex[2]);
  camera->SetParallelScale(0.85 * impl_->radius * impl_->narrow);
  impl_->renderer->ResetCameraClippingRange();
}

std::array<double, 3> HeartScene::onScreen(const Vec3& direction) const {
  auto* camera = impl_->renderer->GetActiveCamera();
  Vec3 up{}, away{};
  camera->GetViewUp(up.data());
  camera->GetDirectionOfProjection(away.data());
  const Vec3 right = cross(away, up);
  return {dot(direction, right), dot(direction, up), -dot(direction, away)};
}

}  // namespace gadolin::view
