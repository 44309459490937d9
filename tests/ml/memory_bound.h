#pragma once
// Less memory for LibTorch's tensors than the machine has: an allocator that refuses beyond a bound
// with the words of LibTorch's own.

#include <c10/core/CPUAllocator.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <limits>

namespace gadolin::test {

/// While it lives, tensors of the processor are counted and bounded.
class MemoryBound final : public c10::Allocator {
 public:
  MemoryBound() : before_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 100); }
  MemoryBound(const MemoryBound&) = delete;
  ~MemoryBound() override { c10::SetCPUAllocator(before_, 100); }

  void allow(std::size_t bytes) { allowed_ = bytes; }
  [[nodiscard]] std::size_t used() const { return used_; }
  [[nodiscard]] std::size_t peak() const { return peak_; }
  void forgetPeak() { peak_ = used_.load(); }
  [[nodiscard]] std::size_t refused() const { return refused_; }

  c10::DataPtr allocate(std::size_t bytes) const override {
    const std::size_t now = used_.fetch_add(bytes) + bytes;
    if (now > allowed_) {
      used_ -= bytes;
      ++refused_;
      TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                  " bytes. Error code 12 (Cannot allocate memory)");
    }
    for (std::size_t seen = peak_; now > seen && !peak_.compare_exchange_weak(seen, now);) {
    }
    void* data = std::aligned_alloc(64, (bytes + 127) / 64 * 64);
    used_ += ::malloc_usable_size(data) - bytes;
    return {data, data, &MemoryBound::release, c10::Device(c10::DeviceType::CPU)};
  }
  /// LibTorch asks for this where it wants plain pointers; they are their own context.
  [[nodiscard]] c10::DeleterFnPtr raw_deleter() const override { return &MemoryBound::release; }

 private:
  static void release(void* data) {
    if (data == nullptr) return;
    used_ -= ::malloc_usable_size(data);
    std::free(data);
  }

  c10::Allocator* before_;
  // Of the class: tensors may outlive the object.
  static inline std::atomic<std::size_t> used_{0}, peak_{0}, refused_{0};
  static inline std::atomic<std::size_t> allowed_{std::numeric_limits<std::size_t>::max()};
};

}  // namespace gadolin::test
