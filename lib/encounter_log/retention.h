// Which days may be forgotten, by a rule that a wrong clock cannot turn against the log.
#pragma once

#include <cstdint>
#include <span>

#include "nearzone/time.h"

namespace nearzone::encounter_log {

// The day that ages are counted from. Of the recorded days (ascending) up to `today` and `today`
// itself, walked upwards, the last that is credible. The first recorded day is credible; every
// other one is if it comes at most two days after the last credible one, or if at least two more
// recorded days follow it within 30 days. Days recorded beyond `today` neither count nor confirm.
// So one jump of the clock moves nothing, however often the log is used on that day.
Day reference_day(std::span<const Day> recorded, Day today);

}  // namespace nearzone::encounter_log
