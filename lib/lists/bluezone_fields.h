// The names in Bluezone's published list. Source: docs/formats/bluezone-list.md
#pragma once

#include <cstdint>

namespace nearzone::bluezone_fields {

inline constexpr const char* kData = "data";

enum Field : uint8_t { kDailyKey = 0, kTimeStart = 1, kTimeEnd = 2, kMax = 3, kFields = 4 };
inline constexpr const char* kNames[kFields] = {"daily_key", "time_start", "time_end", "max"};

// 9999-12-31T23:59:59Z
inline constexpr int64_t kLastSecond = 253402300799;

}  // namespace nearzone::bluezone_fields
