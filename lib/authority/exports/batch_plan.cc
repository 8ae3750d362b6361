#include "authority/exports/batch_plan.h"

namespace nearzone::authority {
namespace {

constexpr Millis kShortestPeriod = std::chrono::minutes(1);
constexpr Millis kLongestEmbargo = std::chrono::hours(24);

bool divides_a_day(Millis period) { return Day::kLength % period == Millis(0); }

}  // namespace

Status check_batch_rules(const BatchRules& rules) {
  if (rules.period < kShortestPeriod || rules.period > Day::kLength || !divides_a_day(rules.period))
    return {Code::invalid_argument, "the period must be at least a minute and divide 24 hours",
            "period"};
  if (rules.embargo < Millis(0) || rules.embargo > kLongestEmbargo)
    return {Code::invalid_argument, "the embargo is not within 0..24 hours", "embargo"};
  if (rules.batches_per_day < 0)
    return {Code::invalid_argument, "the number of batches a day is negative", "batches_per_day"};
  return {};
}

Millis merged_period(const BatchRules& rules) {
  Millis merged = rules.period;
  while (rules.batches_per_day > 0 &&
         (Day::kLength / merged > rules.batches_per_day || !divides_a_day(merged)))
    merged += rules.period;
  return merged;
}

Instant window_start(const BatchRules& rules, Instant at) {
  const int64_t period = merged_period(rules).count();
  const int64_t rest = ((at.ms % period) + period) % period;
  return at - Millis(rest);
}

std::optional<TimeRange> due_batch(const BatchRules& rules, Instant done, Instant now) {
  const TimeRange range{done, window_start(rules, now - rules.embargo)};
  if (range.to <= range.from) return std::nullopt;
  return range;
}

}  // namespace nearzone::authority
