#include "simulation/hearing.h"

#include <algorithm>
#include <cmath>

#include "simulation/draw.h"

namespace nearzone::simulation {
namespace {

constexpr double kFadingDb = 3.8;           // within one posture, as measured
constexpr double kWeakestAudibleDbm = -95;  // about where Bluetooth receivers of phones end
constexpr double kStrongestDbm = -20;

}  // namespace

Scan ScanSchedule::at(int64_t scan) const {
  const Instant start = first + scan * kScanEvery;
  if (scan == 0) return {start, {}};
  return {start, start - kScanEvery};
}

int64_t ScanSchedule::not_before(Instant when) const {
  if (when <= first) return 0;
  return (when - first + kScanEvery - Millis(1)) / kScanEvery;
}

void hear(const Town& town, SchemeTag scheme, const Closeness& closeness, uint32_t listener,
          const ScanSchedule& schedule, Random& random, std::vector<Hearing>& heard) {
  const uint32_t sender = closeness.a == listener ? closeness.b : closeness.a;
  const Person& from = town.people[sender];
  const Person& to = town.people[listener];
  const double mean = mean_rssi_dbm(closeness, from, to);
  const double audible = hearing_chance(scheme, from.platform, to.platform);
  const int64_t end = schedule.not_before(closeness.when.to);
  for (int64_t scan = schedule.not_before(closeness.when.from); scan < end; ++scan) {
    if (!chance(random, audible)) continue;
    const double rssi = std::min(mean + kFadingDb * normal(random), kStrongestDbm);
    if (rssi < kWeakestAudibleDbm) continue;
    const auto delay =
        Millis(static_cast<int64_t>(random.below(static_cast<uint64_t>(kScanLength.count()))));
    heard.push_back(
        {scan, sender, schedule.at(scan).start + delay, static_cast<int8_t>(std::lround(rssi))});
  }
}

}  // namespace nearzone::simulation
