#include "core/imaging/io/nifti_writer.h"

#include <fcntl.h>
#include <itkNiftiImageIO.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/files.h"

namespace gadolin::io {
namespace {

std::string ending(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  for (const char* known : {".nii.gz", ".nii"}) {
    if (name.ends_with(known) && name.size() > std::string_view(known).size()) return known;
  }
  return {};
}

/// fsync of what ITK has written and closed.
Result<void> syncFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return systemError(errno, "write", path.string());
  const int failed = ::fchmod(file, 0600) != 0 || ::fsync(file) != 0 ? errno : 0;
  ::close(file);
  if (failed) return systemError(failed, "write", path.string());
  return {};
}

Result<void> writeWithItk(const std::filesystem::path& path, const Geometry& g,
                          itk::IOComponentEnum type, const void* voxels) {
  try {
    const auto io = itk::NiftiImageIO::New();
    io->SetFileName(path.string());
    io->SetNumberOfDimensions(3);
    itk::ImageIORegion region(3);
    for (unsigned i = 0; i < 3; ++i) {
      io->SetDimensions(i, static_cast<itk::SizeValueType>(g.size[i]));
      io->SetSpacing(i, g.spacing_mm[i]);
      io->SetOrigin(i, g.origin_mm[i]);
      io->SetDirection(i, {g.axes[i][0], g.axes[i][1], g.axes[i][2]});
      region.SetSize(i, static_cast<itk::SizeValueType>(g.size[i]));
    }
    io->SetIORegion(region);
    io->SetPixelType(itk::IOPixelEnum::SCALAR);
    io->SetNumberOfComponents(1);
    io->SetComponentType(type);
    io->UseCompressionOn();
    io->Write(voxels);
  } catch (const std::exception& failure) {
    return Error{ErrorCode::Io, "Cannot write " + path.string() + ": " + failure.what()};
  }
  return {};
}

Result<void> write(const std::filesystem::path& path, const Geometry& g, itk::IOComponentEnum type,
                   const void* voxels) {
  const std::string tail = ending(path);
  if (tail.empty()) {
    return Error{ErrorCode::InvalidInput,
                 path.string() + ": a NIfTI file is called .nii or .nii.gz."};
  }
  if (g.voxels() == 0)
    return Error{ErrorCode::InvalidInput, path.string() + ": there are no voxels to write."};
  // ITK chooses the format by the ending, so the temporary name has to keep it.
  const auto temporary = path.parent_path() /
                         ("." + path.filename().string() + "." + std::to_string(::getpid()) + tail);
  auto outcome = writeWithItk(temporary, g, type, voxels);
  if (outcome.ok()) outcome = syncFile(temporary);
  std::error_code failed;
  if (outcome.ok()) {
    std::filesystem::rename(temporary, path, failed);
    if (failed) outcome = systemError(failed.value(), "write", path.string());
  }
  if (!outcome.ok()) {
    std::filesystem::remove(temporary, failed);
    return outcome;
  }
  return syncFolder(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path());
}

}  // namespace

Result<void> writeNifti(const std::filesystem::path& path, const Volume<float>& volume) {
  return write(path, volume.geometry, itk::IOComponentEnum::FLOAT, volume.voxels.data());
}

Result<void> writeNifti(const std::filesystem::path& path, const Volume<std::uint8_t>& volume) {
  return write(path, volume.geometry, itk::IOComponentEnum::UCHAR, volume.voxels.data());
}

}  // namespace gadolin::io
