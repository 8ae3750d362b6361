#include "encounter_log/retention.h"

#include <algorithm>

namespace nearzone::encounter_log {
namespace {

// 48 hours.
constexpr int32_t kCredibleStep = 2;
// Days that come in one by one over years are no sign that time has passed as the clock says.
constexpr int32_t kConfirmationSpan = 30;

}  // namespace

Day reference_day(std::span<const Day> recorded, Day today) {
  const auto past = recorded.first(
      static_cast<size_t>(std::ranges::upper_bound(recorded, today) - recorded.begin()));
  if (past.empty()) return today;
  Day reference = past.front();
  for (size_t i = 1; i < past.size(); ++i) {
    const bool follows = past[i] - reference <= kCredibleStep;
    const bool confirmed = i + 2 < past.size() && past[i + 2] - past[i] <= kConfirmationSpan;
    if (follows || confirmed) reference = past[i];
  }
  return today - reference <= kCredibleStep ? today : reference;
}

}  // namespace nearzone::encounter_log
