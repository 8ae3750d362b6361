#include "nearzone/bluezone_contacts.h"

#include <algorithm>
#include <tuple>

#include "nearzone/proximity.h"

namespace nearzone {

bool bluezone_is_near(int8_t rssi_dbm, PhonePlatform receiver, PhonePlatform sender) {
  // By receiver, then sender; Android first.
  constexpr int kThresholdDbm[2][2] = {{-86, -69}, {-88, -74}};
  return rssi_dbm >= kThresholdDbm[static_cast<size_t>(receiver)][static_cast<size_t>(sender)];
}

std::vector<BluezoneDayContacts> bluezone_contacts_by_day(const SightingColumns& columns,
                                                          Millis utc_offset,
                                                          int32_t threshold_dbm) {
  struct Heard {
    Day day;
    Identifier identifier;
    bool near;
  };
  std::vector<Heard> heard;
  for (const DaySlice& slice : columns.days) {
    if (slice.scheme != SchemeTag::bluezone) continue;
    for (size_t row = slice.first; row < slice.first + slice.count; ++row) {
      const int8_t rssi = columns.rssi_dbm[row];
      heard.push_back({Day::of(columns.time[row] + utc_offset), columns.identifier[row],
                       rssi != kNoRssi && rssi > threshold_dbm});
    }
  }
  std::ranges::sort(heard, {},
                    [](const Heard& h) { return std::tuple(h.day, h.identifier, !h.near); });
  std::vector<BluezoneDayContacts> days;
  for (size_t i = 0; i < heard.size(); ++i) {
    if (days.empty() || days.back().day != heard[i].day) days.push_back({heard[i].day, 0, 0});
    // Of each identifier the near sightings come first.
    if (i > 0 && heard[i - 1].day == heard[i].day && heard[i - 1].identifier == heard[i].identifier)
      continue;
    ++days.back().contacts;
    if (heard[i].near) ++days.back().near_contacts;
  }
  return days;
}

}  // namespace nearzone
