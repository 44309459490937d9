#pragma once
// Names of what other processes are writing, or were when they ended.

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "core/base/temporary_name.h"

namespace gadolin::test {

/// As that process of this machine names it.
inline std::string temporaryNameOf(pid_t pid, const std::string& rest) {
  std::string name = temporaryName(rest);
  const std::string own = std::to_string(::getpid());
  return name.replace(name.find(own), own.size(), std::to_string(pid));
}

/// A process number that nobody has: that of a child which has ended and been waited for.
inline pid_t deadProcess() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return pid;
}

}  // namespace gadolin::test
