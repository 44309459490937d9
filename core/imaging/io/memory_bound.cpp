#include "core/imaging/io/memory_bound.h"

#include <unistd.h>

#include <cstdio>

namespace gadolin::io {

MemoryBound::MemoryBound(std::size_t extra_bytes) {
#ifndef __SANITIZE_ADDRESS__  // the sanitizer reserves terabytes of addresses
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return;
  unsigned long pages = 0;
  const bool known = std::fscanf(file, "%lu", &pages) == 1;
  std::fclose(file);
  if (!known || ::getrlimit(RLIMIT_AS, &before_) != 0) return;
  rlimit limit = before_;
  const auto now = static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
  limit.rlim_cur = now + extra_bytes;
  if (before_.rlim_cur != RLIM_INFINITY && limit.rlim_cur >= before_.rlim_cur) return;
  lowered_ = ::setrlimit(RLIMIT_AS, &limit) == 0;
#else
  static_cast<void>(extra_bytes);
#endif
}

MemoryBound::~MemoryBound() {
  if (lowered_) ::setrlimit(RLIMIT_AS, &before_);
}

}  // namespace gadolin::io
