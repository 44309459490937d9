#include "ui/view/scene_surface.h"

#include "ui/view/graphics.h"
#include "ui/view/vtk_picture.h"
#include "ui/view/vtk_view.h"

namespace gadolin::view {

SceneSurface* makeSceneSurface(QWidget* parent, PictureHooks hooks) {
  switch (drawing()) {
    case Drawing::Composed:
      return new VtkView(std::move(hooks), parent);
    case Drawing::Copied:
      return new VtkPicture(std::move(hooks), parent);
    case Drawing::None:
      break;
  }
  return nullptr;
}

}  // namespace gadolin::view
