#include "core/base/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>


namespace gadolin {
namespace {

struct DtypeName {
  Dtype dtype;
  const char* name;
  std::size_t bytes;
};
constexpr std::array<DtypeName, 8> dtype_names{{{Dtype::U8, "U8", 1},
                                                {Dtype::I16, "I16", 2},
                                                {Dtype::I32, "I32", 4},
                                                {Dtype::I64, "I64", 8},
                                                {Dtype::F16, "F16", 2},
                                                {Dtype::BF16, "BF16", 2},
                                                {Dtype::F32, "F32", 4},
                                                {Dtype::F64, "F64", 8}}};
constexpr std::size_t header_limit_bytes = 100'000'000;
constexpr std::size_t alignment_bytes = 64;

const DtypeName& describe(Dtype dtype) {
  for (const auto& entry : dtype_names) {
    if (entry.dtype == dtype) return entry;
  }
  return dtype_names[0];
}

std::optional<Dtype> dtypeFromName(std::string_view name) {
  for (const auto& entry : dtype_names) {
    if (name == entry.name) return entry.dtype;
  }
  return std::nullopt;
}

/// Elements times element size; nothing when negative or past the address space.
std::optional<std::size_t> checkedSize(const std::vector<std::int64_t>& shape, std::size_t element) {
  std::size_t size = element;
  for (const auto extent : shape) {
    if (extent < 0) return std::nullopt;
    const auto count = static_cast<std::size_t>(extent);
    if (count != 0 && size > std::numeric_limits<std::size_t>::max() / count) return std::nullopt;
    size *= count;
  }
  return size;
}

}  // namespace

std::size_t sizeBytes(Dtype dtype) { return describe(dtype).bytes; }

std::size_t TensorView::elementCount() const { return bytes.size() / sizeBytes(dtype); }

Result<void> writeSafetensors(const std::filesystem::path& path,
                              const std::vector<TensorView>& tensors,
                              const TensorMetadata& metadata, Durability durability) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& tensor : tensors) {
    const auto size = checkedSize(tensor.shape, sizeBytes(tensor.dtype));
    if (!size || *size != tensor.bytes.size() || header.contains(tensor.name)) {
      return Error{ErrorCode::Internal, "Tensor " + tensor.name + " has a shape that does not fit."};
    }
    header[tensor.name] = {{"dtype", describe(tensor.dtype).name},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + *size}}};
    offset += *size;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& fault) {
    return Error{ErrorCode::InvalidInput,
                 "Cannot describe " + path.string() + ": " + fault.what() + "."};
  }
  while ((8 + text.size()) % alignment_bytes != 0) text.push_back(' ');
  const std::uint64_t length = text.size();

  GADOLIN_TRY(auto file, AtomicFile::create(path));
  GADOLIN_CHECK(file.write(std::as_bytes(std::span(&length, 1))));
  GADOLIN_CHECK(file.write(std::as_bytes(std::span(text.data(), text.size()))));
  for (const auto& tensor : tensors) GADOLIN_CHECK(file.write(tensor.bytes));
  return file.commit(durability);
}

struct SafetensorsFile::Mapping {
  void* address = MAP_FAILED;
  std::size_t size = 0;
  ~Mapping() {
    if (address != MAP_FAILED) ::munmap(address, size);
  }
};

SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;
SafetensorsFile::~SafetensorsFile() = default;

const TensorView* SafetensorsFile::find(std::string_view name) const {
  for (const auto& tensor : tensors_) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  const auto corrupt = [&path](const std::string& why) {
    return Error{ErrorCode::Corrupt, path.string() + " is damaged: " + why + "."};
  };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return systemError(errno, "read", path.string());
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Error{ErrorCode::Io, path.string() + " is not a regular file."};
  }
  SafetensorsFile file;
  file.mapping_ = std::make_unique<Mapping>();
  file.mapping_->size = static_cast<std::size_t>(status.st_size);
  if (file.mapping_->size < 8) {
    ::close(descriptor);
    return corrupt("it is shorter than its header");
  }
  file.mapping_->address =
      ::mmap(nullptr, file.mapping_->size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int reason = errno;
  ::close(descriptor);
  if (file.mapping_->address == MAP_FAILED) return systemError(reason, "map", path.string());

  const auto* begin = static_cast<const std::byte*>(file.mapping_->address);
  std::uint64_t header_length = 0;
  std::memcpy(&header_length, begin, 8);
  if (header_length > header_limit_bytes || header_length > file.mapping_->size - 8) {
    return corrupt("its header length is impossible");
  }
  const auto* header_begin = reinterpret_cast<const char*>(begin + 8);
  const auto header =
      nlohmann::json::parse(header_begin, header_begin + header_length, nullptr, false);
  if (!header.is_object()) return corrupt("its header is not JSON");
  const std::byte* data = begin + 8 + header_length;
  const std::size_t data_size = file.mapping_->size - 8 - header_length;

  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) return corrupt("its metadata is not an object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) return corrupt("metadata '" + key + "' is not text");
        file.metadata_[key] = value.get<std::string>();
      }
      continue;
    }
    TensorView tensor;
    tensor.name = name;
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
        !entry.contains("shape") || !entry["shape"].is_array() ||
        !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
        entry["data_offsets"].size() != 2) {
      return corrupt("tensor '" + name + "' is not described");
    }
    const auto dtype = dtypeFromName(entry["dtype"].get_ref<const std::string&>());
    if (!dtype) return corrupt("tensor '" + name + "' has an unknown type");
    tensor.dtype = *dtype;
    for (const auto& extent : entry["shape"]) {
      if (!extent.is_number_integer()) return corrupt("tensor '" + name + "' has no valid shape");
      tensor.shape.push_back(extent.get<std::int64_t>());
    }
    const auto& from = entry["data_offsets"][0];
    const auto& to = entry["data_offsets"][1];
    const auto size = checkedSize(tensor.shape, sizeBytes(tensor.dtype));
    if (!from.is_number_unsigned() || !to.is_number_unsigned() || !size ||
        from.get<std::size_t>() > to.get<std::size_t>() || to.get<std::size_t>() > data_size ||
        to.get<std::size_t>() - from.get<std::size_t>() != *size) {
      return corrupt("tensor '" + name + "' lies outside the file");
    }
    tensor.bytes = {data + from.get<std::size_t>(), *size};
    file.tensors_.push_back(std::move(tensor));
  }
  return file;
}

}  // namespace gadolin
