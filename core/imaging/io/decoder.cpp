#include "core/imaging/io/decoder.h"

#include <filesystem>
#include <new>
#include <span>
#include <system_error>

#include "core/imaging/image_kind.h"
#include "core/imaging/io/dicom_header_end.h"
#include "core/imaging/io/dicom_reader.h"
#include "core/imaging/io/gzip.h"
#include "core/imaging/io/memory_bound.h"
#include "core/imaging/io/metaimage_header.h"
#include "core/imaging/io/nifti_header.h"
#include "core/imaging/io/nrrd_header.h"
#include "core/imaging/io/tissue_planes.h"
#include "core/imaging/io/volume_reader.h"
#include "core/imaging/stack_file.h"

namespace gadolin::io {
namespace {

Error needsTooMuch() {
  return {ErrorCode::OutOfMemory, "The file needs more memory than an import may use."};
}

Result<DecodeAnswer> stackAnswer(FiledStack stack, const std::string& out, bool former_hash) {
  auto& about = stack.about;
  if (about.kind == ImageKind::Unknown)
    about.kind = std::visit(
        [](const auto& voxels) { return kindFromPixels(std::span(voxels)); }, stack.voxels);
  GADOLIN_CHECK(writeStack(out, stack, Durability::Later));
  return DecodeAnswer(StackAnswer{contentHash(stack),
                                  former_hash ? formerContentHash(stack) : std::string(),
                                  about.image.geometry, about.kind, about.apex_first, about.notes, {}});
}

Result<ScanAnswer> scan(const std::filesystem::path& path) {
  GADOLIN_TRY(const auto start, readStartMaybeGzip(path, 348));
  if (start.bytes.empty()) return Error{ErrorCode::Corrupt, "The file is empty."};
  // Two-byte checks come after four-byte ones: an Analyze header may look like DICOM's group 8.
  if (looksLikeNifti(start.bytes)) return ScanAnswer{FileKind::Volume, {}};
  if (!start.compressed && (looksLikeNrrd(start.bytes) || looksLikeMetaImage(start.bytes)))
    return ScanAnswer{FileKind::Volume, {}};
  if (start.compressed || !looksLikeDicom(start.bytes)) return ScanAnswer{};
  // A new reader for each of many files that were copied in part would take minutes.
  if (endsWithinHeader(path))
    return Error{ErrorCode::Corrupt, "It is cut off: the file ends within its DICOM header."};
  // A header needs a few times the file's size at most, whatever lengths it announces.
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  const MemoryBound bound((std::size_t{128} << 20) + 4 * (ignored ? 0 : size));
  auto headers = readDicomHeaders(path);
  if (!headers && headers.error().code == ErrorCode::OutOfMemory)
    return Error{ErrorCode::Corrupt, "Its header announces more data than the file holds."};
  if (!headers && headers.error().code == ErrorCode::NotFound) return ScanAnswer{};
  if (!headers) return headers.error();
  return ScanAnswer{FileKind::Dicom, std::move(*headers)};
}

Result<DecodeAnswer> handle(const ScanRequest& request) {
  ScanAnswers answers;
  for (const auto& path : request.paths) {
    try {
      auto answer = scan(path);
      if (answer)
        answers.files.emplace_back(std::move(*answer));
      else
        answers.files.emplace_back(answer.error());
    } catch (const std::bad_alloc&) {
      answers.files.emplace_back(needsTooMuch());
    }
  }
  return DecodeAnswer(std::move(answers));
}

Result<DecodeAnswer> handle(const LoadImageRequest& request) {
  GADOLIN_TRY(auto stack, readVolumeStack(request.path, request.apex_first));
  FiledStack image = filed(std::move(stack));
  if (auto labels = labelValues(image.voxels); !labels.empty()) {
    StackAnswer mask;
    mask.label_values = std::move(labels);
    return DecodeAnswer(std::move(mask));
  }
  return stackAnswer(std::move(image), request.out, request.former_hash);
}

Result<DecodeAnswer> handle(const LoadMaskRequest& request) {
  GADOLIN_TRY(const auto read, readVolumeMask(request.path, request.labels));
  GADOLIN_CHECK(writeMask(request.out, read.mask, Durability::Later));
  return DecodeAnswer(MaskAnswer{contentHash(read.mask), read.mask.geometry, read.notes});
}

Result<DecodeAnswer> handle(const LoadSeriesRequest& request) {
  GADOLIN_TRY(auto stack, readDicomSeries(request.plan));
  return stackAnswer(std::move(stack), request.out, request.former_hash);
}

Result<DecodeAnswer> handle(const LoadSegmentationRequest& request) {
  GADOLIN_TRY(auto read, readTissuePlanes(request.path));
  GADOLIN_CHECK(writeMask(request.out, read.planes));
  read.answer.sha256 = contentHash(read.planes);
  read.answer.geometry = read.planes.geometry;
  return DecodeAnswer(std::move(read.answer));
}

}  // namespace

DecodeAnswer answer(const DecodeRequest& request) {
  try {
    auto result = std::visit([](const auto& what) { return handle(what); }, request);
    if (!result) return result.error();
    return std::move(*result);
  } catch (const std::bad_alloc&) {
    return needsTooMuch();
  }
}

}  // namespace gadolin::io
