// JSON of small requests and tokens, as a tree, within limits: at most 8 levels, 4096 values, one
// document, valid UTF-8, no member twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/status.h"

namespace nearzone::authority {

struct Json {
  enum class Kind : uint8_t { null, boolean, integer, real, text, array, object };
  static constexpr int kDeepest = 8;
  static constexpr size_t kMostValues = 4096;

  Kind kind = Kind::null;
  bool boolean = false;
  int64_t integer = 0;
  std::string text;
  std::vector<std::string> names;  // of an object's members, as they came
  std::vector<Json> items;         // of an array, or what an object's names stand for

  // Fails with corrupt and an offset.
  static Result<Json> parse(std::string_view text);

  // Null where there is no such member, or this is no object.
  const Json* find(std::string_view name) const;
  bool is_text() const { return kind == Kind::text; }
  bool is_integer() const { return kind == Kind::integer; }
};

// A text as a JSON string, with its quotes.
std::string json_text(std::string_view text);

}  // namespace nearzone::authority
