#include "lists/bluezone_record.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "nearzone/scheme.h"

namespace nearzone {

using namespace bluezone_fields;

void BluezoneRecord::begin(uint64_t offset) {
  *this = BluezoneRecord();
  offset_ = offset;
}

void BluezoneRecord::refuse(const char* text, const char* field) {
  if (problem_.ok()) problem_ = Status(Code::invalid_argument, text, field);
}

std::optional<Field> BluezoneRecord::take_field() { return std::exchange(field_, std::nullopt); }

void BluezoneRecord::name(std::string_view name) {
  field_.reset();
  for (uint8_t i = 0; i < kFields; ++i) {
    if (name != kNames[i]) continue;
    field_ = static_cast<Field>(i);
    if (seen_[i]) refuse("a field is there twice", kNames[i]);
    seen_[i] = true;
  }
}

void BluezoneRecord::text(std::string_view value) {
  std::optional<Field> field = take_field();
  if (!field) return;
  if (*field != kDailyKey) return refuse("a number is written as text", kNames[*field]);
  Status status = from_hex(value, key_);
  if (!status.ok()) refuse(status.text(), kNames[kDailyKey]);
}

void BluezoneRecord::integer(int64_t value) {
  std::optional<Field> field = take_field();
  if (!field) return;
  if (*field == kDailyKey) return refuse("the key is not hexadecimal text", kNames[kDailyKey]);
  numbers_[*field] = value;
}

void BluezoneRecord::other_value() {
  std::optional<Field> field = take_field();
  if (field) refuse("a value has the wrong type", kNames[*field]);
}

Result<PublishedKey> BluezoneRecord::finish() const {
  auto refused = [this](const char* text, const char* field) {
    return Status(Code::invalid_argument, text, field).at_offset(offset_);
  };
  if (!problem_.ok()) return problem_.at_offset(offset_);
  for (uint8_t i = 0; i < kFields; ++i)
    if (!seen_[i]) return refused("a field is missing", kNames[i]);
  if (numbers_[kTimeStart] < 0 || numbers_[kTimeStart] > kLastSecond)
    return refused("a time is not within 1970..9999", kNames[kTimeStart]);
  PublishedKey key;
  key.scheme = SchemeTag::bluezone;
  key.bytes = key_;
  key.valid_from = Instant::from_seconds(numbers_[kTimeStart]);
  key.valid_to = Instant::from_seconds(numbers_[kTimeEnd]);
  constexpr int64_t kMost = std::numeric_limits<uint32_t>::max();
  key.identifiers_per_day = static_cast<uint32_t>(std::clamp<int64_t>(numbers_[kMax], 0, kMost));
  Status status = bluezone_scheme().check(key);
  if (!status.ok()) return refused(status.text(), status.field());
  return key;
}

}  // namespace nearzone
