// One record of Bluezone's published list, gathered from the events of a JSON parser.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "lists/bluezone_fields.h"
#include "nearzone/keys.h"
#include "nearzone/status.h"

namespace nearzone {

class BluezoneRecord {
 public:
  // Forgets everything; the record begins at `offset`.
  void begin(uint64_t offset);
  // A member's name, and after it one of its possible values.
  void name(std::string_view name);
  void text(std::string_view value);
  void integer(int64_t value);
  void other_value();

  // The key, or with invalid_argument why the record is refused, with field and offset.
  Result<PublishedKey> finish() const;

 private:
  void refuse(const char* text, const char* field);
  std::optional<bluezone_fields::Field> take_field();

  uint64_t offset_ = 0;
  std::optional<bluezone_fields::Field> field_;  // whose value comes next
  std::array<bool, bluezone_fields::kFields> seen_{};
  std::array<int64_t, bluezone_fields::kFields> numbers_{};
  std::array<uint8_t, 32> key_{};
  Status problem_;  // the first one
};

}  // namespace nearzone
