#pragma once
// `gadolinctl decode`: the child that decodes foreign files for an import. Not meant for people.

namespace gadolin::ctl {

/// Answers requests on stdin until it ends. Runs without Qt, with a limit on memory, and may be
/// killed by what it reads. Returns the exit status.
int runDecoder();

}  // namespace gadolin::ctl
