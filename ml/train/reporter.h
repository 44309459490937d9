#pragma once
// How a training speaks and listens, without knowing through which pipe.

#include <optional>

#include "core/base/result.h"
#include "core/run/event.h"

namespace gadolin::ml {

class Reporter {
 public:
  virtual ~Reporter() = default;
  /// Thread: any.
  virtual void emit(run::EventBody body) = 0;
  /// The next command, each once. Thread: the one that trains.
  virtual std::optional<run::Command> poll() = 0;
};

/// What a training ends with that was told to leave.
inline Error stoppedAsAsked() {
  return {ErrorCode::Cancelled, "Stopped as asked; the run can be resumed."};
}

}  // namespace gadolin::ml
