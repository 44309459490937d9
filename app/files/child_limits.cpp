#include "app/files/child_limits.h"

#include <sys/resource.h>

namespace gadolin::ctl {

void limitChild([[maybe_unused]] std::size_t memory_bytes) {
#ifndef __SANITIZE_ADDRESS__
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_max >= memory_bytes) {
    limit.rlim_cur = memory_bytes;
    ::setrlimit(RLIMIT_AS, &limit);
  }
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace gadolin::ctl
