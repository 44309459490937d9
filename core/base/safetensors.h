#pragma once
// The safetensors container (https://github.com/huggingface/safetensors, format of v0.4): eight
// bytes little-endian header length, a JSON header, raw little-endian tensors. Stacks, masks,
// frozen datasets, checkpoints and predictions are all stored in it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"

namespace gadolin {

enum class Dtype { U8, I16, I32, I64, F16, BF16, F32, F64 };

std::size_t sizeBytes(Dtype dtype);

/// A named block of memory that somebody else owns. Row-major: the last dimension is fastest.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::F32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;

  [[nodiscard]] std::size_t elementCount() const;
  /// The bytes as values. T must have the size of dtype.
  template <typename T>
  [[nodiscard]] std::span<const T> as() const {
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

template <typename T>
TensorView tensorView(std::string name, Dtype dtype, std::vector<std::int64_t> shape,
                      std::span<const T> values) {
  return {std::move(name), dtype, std::move(shape), std::as_bytes(values)};
}

using TensorMetadata = std::map<std::string, std::string>;

/// Writes atomically. Tensors are aligned to 64 bytes; names must differ. The same input gives the
/// same bytes.
Result<void> writeSafetensors(const std::filesystem::path& path,
                              const std::vector<TensorView>& tensors,
                              const TensorMetadata& metadata,
                              Durability durability = Durability::Now);

/// A file mapped into memory. Every offset, shape and size is checked on opening, so that a file
/// that lies is refused (Corrupt) and never read past its end.
/// Thread: reading from several threads is fine. Views live as long as the object.
class SafetensorsFile {
 public:
  static Result<SafetensorsFile> open(const std::filesystem::path& path);
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  ~SafetensorsFile();

  [[nodiscard]] const TensorMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const std::vector<TensorView>& tensors() const { return tensors_; }
  /// nullptr when there is no tensor of that name.
  [[nodiscard]] const TensorView* find(std::string_view name) const;

 private:
  SafetensorsFile() = default;
  struct Mapping;
  std::unique_ptr<Mapping> mapping_;
  TensorMetadata metadata_;
  std::vector<TensorView> tensors_;
};

}  // namespace gadolin
