// What the golden logs hold, one of each format version; they are made by make_golden and never
// made again.
#pragma once

#include "encounter_log/support.h"

namespace nearzone::log_test {

inline constexpr uint8_t kGoldenRoot = 0x5a;
inline constexpr std::string_view kGoldenState = "kept by the first version";

inline std::vector<Heard> golden_scans() {
  SeededRandom random(1);
  std::vector<Heard> scans;
  for (int32_t i = 0; i < 24; ++i)
    scans.push_back(random_scan(random, kNoon + Millis(int64_t{i} * 7'200'000),
                                i == 20 ? 700 : static_cast<size_t>(i) % 7));
  return scans;
}

}  // namespace nearzone::log_test
