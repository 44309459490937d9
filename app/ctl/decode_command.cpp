#include "app/ctl/decode_command.h"

#include <signal.h>
#include <sys/resource.h>

#include <iostream>
#include <string>

#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/decoder.h"

namespace gadolin::ctl {
namespace {

// A file that announces absurd sizes must not push the workstation into swap.
constexpr rlim_t memory_limit_bytes = rlim_t{3} << 30;

void limitResources() {
#ifndef __SANITIZE_ADDRESS__  // the sanitizer reserves terabytes of addresses
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_max >= memory_limit_bytes) {
    limit.rlim_cur = memory_limit_bytes;
    ::setrlimit(RLIMIT_AS, &limit);
  }
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);  // a crash is expected here and leaves no image of a patient
}

}  // namespace

int runDecoder() {
  limitResources();
  // Ctrl-C in a terminal reaches the whole group; the parent ends us by closing our input, after
  // the file at hand, which would else be refused as one that kills its reader.
  ::signal(SIGINT, SIG_IGN);
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
