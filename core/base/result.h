#pragma once
// Errors as values. Every library border of the tree returns Result<T>; exceptions of foreign
// libraries are caught in the one .cpp that calls them and turned into an Error there.

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace gadolin {

enum class ErrorCode {
  NotFound,      // no such file, patient, stack or run
  InvalidInput,  // the caller or a file says something that cannot be meant
  Unsupported,   // understood, but not handled
  Io,            // reading or writing failed
  NoSpace,       // the disk is full
  ReadOnly,      // the medium or folder cannot be written
  Corrupt,       // a file contradicts itself or its hash
  Conflict,      // the present state forbids it
  NewerVersion,  // written by a newer Gadolin
  Busy,          // somebody else holds it
  Cancelled,
  OutOfMemory,
  WorkerLost,    // a child process died or went silent
  Internal,      // a fault of Gadolin
};

/// Short stable name of a code ("not-found"), used in JSON.
std::string_view codeName(ErrorCode code);
/// Internal for a name that is not known.
ErrorCode codeFromName(std::string_view name);

/// What went wrong in a sentence for a person: what, which file or patient, and what to do.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;

  /// The same error with "context: " before its message.
  [[nodiscard]] Error within(std::string_view context) const {
    return {code, std::string(context) + ": " + message};
  }
};

/// Maps errno after a failed system call on `path`; `doing` is a verb phrase such as "write".
Error systemError(int errno_value, std::string_view doing, std::string_view path);

/// A value or an Error. `value()` on an error is a programming fault and ends the program.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace gadolin

#define GADOLIN_CONCAT_(a, b) a##b
#define GADOLIN_CONCAT(a, b) GADOLIN_CONCAT_(a, b)

/// Leaves the function with the error of a Result<void> (or any Result whose value is not needed).
#define GADOLIN_CHECK(expression)                         \
  do {                                                    \
    if (auto gadolin_check_result = (expression); !gadolin_check_result) \
      return gadolin_check_result.error();                \
  } while (false)

/// `GADOLIN_TRY(auto x, f());` declares x from the value or leaves the function with the error.
#define GADOLIN_TRY(declaration, expression)                                        \
  auto GADOLIN_CONCAT(gadolin_try_, __LINE__) = (expression);                       \
  if (!GADOLIN_CONCAT(gadolin_try_, __LINE__))                                      \
    return GADOLIN_CONCAT(gadolin_try_, __LINE__).error();                          \
  declaration = std::move(GADOLIN_CONCAT(gadolin_try_, __LINE__)).value()
