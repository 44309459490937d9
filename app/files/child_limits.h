#pragma once
// What a process that reads foreign bytes may use.

#include <cstddef>

namespace gadolin::ctl {

/// Bounds the address space of this process (not under the address sanitizer, which reserves
/// terabytes) and forbids core dumps: a crash is to be expected here, and leaves no image of a
/// patient. A bound that the system refuses is left out.
void limitChild(std::size_t memory_bytes);

}  // namespace gadolin::ctl
