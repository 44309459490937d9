#include "app/files/decode_command.h"

#include <malloc.h>

#include <cstddef>
#include <iostream>
#include <string>

#include "app/files/child_limits.h"
#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/decoder.h"

namespace gadolin::ctl {
namespace {

// A file that announces absurd sizes must not push the workstation into swap.
constexpr std::size_t memory_limit_bytes = std::size_t{3} << 30;

}  // namespace

int runDecoder() {
  limitChild(memory_limit_bytes);
  // Freed voxels stay for the next stack: giving megabytes back to the kernel and getting them cleared again is
  // a sixth of an import's time.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto request = decodeRequestFromLine(line);
    const DecodeAnswer answer = request ? io::answer(*request) : DecodeAnswer(request.error());
    std::cout << toLine(answer) << '\n' << std::flush;
  }
  return 0;
}

}  // namespace gadolin::ctl
