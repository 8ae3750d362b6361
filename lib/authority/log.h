// The server's log: one JSON object a line. Its fields are numbers and literals of the program, so
// that no key, code, token, number or address can get into it, whatever goes wrong. Safe from any
// thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <variant>

#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// A text known when the program was compiled.
class Literal {
 public:
  template <size_t N>
  consteval Literal(const char (&text)[N]) : text_(text) {}  // NOLINT(google-explicit-constructor)
  // Texts of a Status are literals.
  static Literal of(const Status& status) { return Literal(status.text(), 0); }
  static Literal of(Code code) { return Literal(code_name(code), 0); }
  const char* text() const { return text_; }

 private:
  Literal(const char* text, int) : text_(text) {}
  const char* text_;
};

struct LogField {
  Literal name;
  std::variant<int64_t, Literal> value;
};

enum class LogLevel : uint8_t { debug, info, warning, error };

class Log {
 public:
  // Where lines go; called by one thread at a time.
  using Sink = void (*)(const std::string& line, void* context);

  Log(LogLevel least, const Clock& clock, Sink sink, void* context)
      : least_(least), clock_(clock), sink_(sink), context_(context) {}

  void write(LogLevel level, Literal event, std::initializer_list<LogField> fields);

 private:
  const LogLevel least_;
  const Clock& clock_;
  const Sink sink_;
  void* const context_;
  std::mutex mutex_;
};

}  // namespace nearzone::authority
