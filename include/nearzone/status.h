/// Errors as values: a closed set of codes, a Status that costs no heap, and Result<T>.
///
///     nearzone::Result<nearzone::Day> day = nearzone::parse_day(text);
///     if (!day.ok()) return day.status();
///
/// No public function of NearZone throws. A Status never carries an identifier, a key, a code or a
/// file name: its texts are string literals, and command lines add the name of the file themselves.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>

namespace nearzone {

/// What went wrong, for programs. Numbers are fixed for ever; the C ABI and every binding mirror
/// them.
enum class Code : int32_t {
  ok = 0,
  invalid_argument = 1,   ///< the caller asked for something that cannot be
  corrupt = 2,            ///< foreign or stored bytes are malformed or damaged
  wrong_key = 3,          ///< a sealed file was opened with a key that is not its own
  signature_refused = 4,  ///< no given public key verifies the list
  not_found = 5,
  io = 6,            ///< the operating system failed a read or a write
  no_space = 7,      ///< the disk or a byte budget is full
  in_use = 8,        ///< another process holds the log
  newer_format = 9,  ///< written by a newer version of NearZone
  unsupported = 10,
  cancelled = 11,
  limit_exceeded = 12,  ///< input is larger than a stated limit
  closed = 13,          ///< the object was closed or used up
  consent_required = 14,
  internal = 15,  ///< a fault of NearZone's own
};

/// The stable lower-case name of a code, such as "signature_refused". Never null.
const char* code_name(Code code);

/// The outcome of a call. A value type of a few words; copying is free and never allocates.
class [[nodiscard]] Status {
 public:
  static constexpr int64_t kNone = -1;

  /// Success.
  constexpr Status() = default;
  /// A failure. `text` and `field` must be string literals; `text` says what is wrong in words a
  /// person can act on, `field` names the field, option or member that is wrong (may be null).
  constexpr Status(Code code, const char* text, const char* field = nullptr)
      : code_(code), text_(text), field_(field) {}

  constexpr bool ok() const { return code_ == Code::ok; }
  constexpr Code code() const { return code_; }
  constexpr const char* text() const { return text_; }
  constexpr const char* field() const { return field_; }
  /// Byte offset in the input at which the fault was seen, or kNone.
  constexpr int64_t offset() const { return offset_; }
  /// Zero-based index of the record (key, row, line) at fault, or kNone.
  constexpr int64_t record() const { return record_; }

  /// The same status with a position added. Chainable.
  constexpr Status at_offset(uint64_t offset) const {
    Status copy = *this;
    copy.offset_ = static_cast<int64_t>(offset);
    return copy;
  }
  constexpr Status at_record(uint64_t record) const {
    Status copy = *this;
    copy.record_ = static_cast<int64_t>(record);
    return copy;
  }
  constexpr Status in_field(const char* field) const {
    Status copy = *this;
    copy.field_ = field;
    return copy;
  }

 private:
  Code code_ = Code::ok;
  const char* text_ = "";
  const char* field_ = nullptr;
  int64_t offset_ = kNone;
  int64_t record_ = kNone;
};

/// A T, or the Status that says why there is none. T need not be copyable.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// `status` must be a failure.
  Result(Status status) : status_(status) {  // NOLINT(google-explicit-constructor)
    assert(!status.ok());
  }

  bool ok() const { return value_.has_value(); }
  /// Success, or the failure.
  const Status& status() const { return status_; }

  /// Only where ok().
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace nearzone

#define NEARZONE_JOIN_INNER(a, b) a##b
#define NEARZONE_JOIN(a, b) NEARZONE_JOIN_INNER(a, b)

/// Returns from the calling function with the failure of `expression` (a Status), if it failed.
#define NEARZONE_TRY(expression)                                                  \
  do {                                                                            \
    if (::nearzone::Status nearzone_status = (expression); !nearzone_status.ok()) \
      return nearzone_status;                                                     \
  } while (false)

/// `NEARZONE_ASSIGN(auto day, parse_day(text));` unpacks a Result or returns with its failure.
#define NEARZONE_ASSIGN(declaration, expression) \
  NEARZONE_ASSIGN_INNER(NEARZONE_JOIN(nearzone_result_, __LINE__), declaration, expression)
#define NEARZONE_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                                  \
  if (!name.ok()) return name.status();                      \
  declaration = *std::move(name)
