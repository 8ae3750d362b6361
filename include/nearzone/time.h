/// Time as the field counts it: UTC milliseconds, UTC days and ten-minute intervals.
///
///     nearzone::Instant now = nearzone::Instant::from_seconds(1595376000);
///     nearzone::Day day = nearzone::Day::of(now);
///     nearzone::Interval next{nearzone::Interval::of(now).number + 1};
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "nearzone/status.h"

namespace nearzone {

using Millis = std::chrono::milliseconds;

/// A moment: milliseconds since 1970-01-01T00:00:00 UTC. Arithmetic saturates, so that no time a
/// foreign file claims can overflow.
struct Instant {
  int64_t ms = 0;

  static constexpr Instant from_seconds(int64_t seconds) { return Instant{} + scaled(seconds); }
  constexpr auto operator<=>(const Instant&) const = default;

  friend constexpr Instant operator+(Instant at, Millis by) {
    int64_t sum = 0;
    if (__builtin_add_overflow(at.ms, int64_t{by.count()}, &sum))
      sum = by.count() > 0 ? std::numeric_limits<int64_t>::max()
                           : std::numeric_limits<int64_t>::min();
    return {sum};
  }
  friend constexpr Instant operator-(Instant at, Millis by) {
    int64_t difference = 0;
    if (__builtin_sub_overflow(at.ms, int64_t{by.count()}, &difference))
      difference = by.count() < 0 ? std::numeric_limits<int64_t>::max()
                                  : std::numeric_limits<int64_t>::min();
    return {difference};
  }
  friend constexpr Millis operator-(Instant a, Instant b) { return Millis((a - Millis(b.ms)).ms); }

 private:
  static constexpr Millis scaled(int64_t seconds) {
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / 1000;
    return Millis(1000 * (seconds > kMost ? kMost : seconds < -kMost ? -kMost : seconds));
  }
};

/// [from, to): `to` is not part of it. Empty where to <= from.
struct TimeRange {
  Instant from;
  Instant to;
  constexpr bool operator==(const TimeRange&) const = default;
  constexpr bool contains(Instant at) const { return from <= at && at < to; }
  constexpr bool overlaps(const TimeRange& other) const {
    return from < other.to && other.from < to && from < to && other.from < other.to;
  }
};

/// Whole days since 1970-01-01, UTC. Arithmetic saturates.
struct Day {
  static constexpr Millis kLength = std::chrono::hours(24);
  int32_t number = 0;

  static constexpr Day of(Instant at) {
    int64_t length = kLength.count();
    int64_t day = at.ms / length - (at.ms % length < 0 ? 1 : 0);
    return {clamped(day)};
  }
  constexpr Instant start() const { return {int64_t{number} * kLength.count()}; }
  constexpr TimeRange range() const { return {start(), start() + kLength}; }
  constexpr auto operator<=>(const Day&) const = default;
  friend constexpr Day operator+(Day day, int32_t days) {
    return {clamped(int64_t{day.number} + days)};
  }
  friend constexpr int32_t operator-(Day a, Day b) { return clamped(int64_t{a.number} - b.number); }

 private:
  static constexpr int32_t clamped(int64_t days) {
    constexpr int64_t kLeast = std::numeric_limits<int32_t>::min();
    constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
    return static_cast<int32_t>(days < kLeast ? kLeast : days > kMost ? kMost : days);
  }
};

/// A ten-minute interval number (ENIN): floor(Unix seconds / 600).
/// Source: Exposure Notification Cryptography Specification v1.2, "ENIntervalNumber".
struct Interval {
  static constexpr Millis kLength = std::chrono::minutes(10);
  uint32_t number = 0;

  /// Times before 1970 give 0, times beyond the last interval the last.
  static constexpr Interval of(Instant at) {
    if (at.ms < 0) return {0};
    int64_t number = at.ms / kLength.count();
    constexpr int64_t kMost = std::numeric_limits<uint32_t>::max();
    return {static_cast<uint32_t>(number > kMost ? kMost : number)};
  }
  constexpr Instant start() const { return {int64_t{number} * kLength.count()}; }
  constexpr auto operator<=>(const Interval&) const = default;
};

/// "2020-07-22". Fails with invalid_argument on anything else, impossible dates included.
Result<Day> parse_day(std::string_view text);
std::string format_day(Day day);
/// "2020-07-22 09:30:00" in UTC.
std::string format_instant(Instant at);

/// Where the time comes from. NearZone never asks the system by itself below its facade.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC; may jump in either direction when a person or a network sets it.
  virtual Instant now() const = 0;
  /// Time since some fixed point; never goes back.
  virtual Millis monotonic() const = 0;
};

/// A clock that stands still until it is told, for tests and simulations.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant at) : now_(at) {}
  Instant now() const override { return now_; }
  Millis monotonic() const override { return monotonic_; }
  /// Sets UTC only, as a person would; time itself does not pass.
  void set(Instant at) { now_ = at; }
  /// Lets time pass.
  void advance(Millis by) {
    now_ = now_ + by;
    monotonic_ += by;
  }

 private:
  Instant now_;
  Millis monotonic_{0};
};

}  // namespace nearzone
