#pragma once
// A bound on what the reading of one file may add to the process's memory: a length that lies is
// refused at once, instead of a gigabyte being cleared for it first.

#include <sys/resource.h>

#include <cstddef>

namespace gadolin::io {

/// While it lives, new memory beyond `extra_bytes` is not given (std::bad_alloc). Lowers the soft limit
/// of the address space and puts it back; does nothing under a sanitizer and where the size of the
/// process is unknown. One at a time in a process.
class MemoryBound {
 public:
  explicit MemoryBound(std::size_t extra_bytes);
  ~MemoryBound();
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;

 private:
  rlimit before_{};
  bool lowered_ = false;
};

}  // namespace gadolin::io
