#include <cstdlib>
#include <string_view>

#include "authority/bluezone_report.h"

// Every key that is taken is that of one day of the last weeks.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  constexpr Instant kNow{1'599'998'400'000};
  const authority::BluezoneSettings settings;
  const auto report =
      authority::read_bluezone_report({reinterpret_cast<const char*>(data), size}, settings, kNow);
  if (!report.ok()) return 0;
  if (report->keys.empty() || report->keys.size() > settings.most_keys) std::abort();
  for (const PublishedKey& key : report->keys) {
    const Day day = Day::of(key.valid_from);
    if (key.valid_from != day.start() || key.valid_to > (day + 1).start() ||
        key.valid_to <= key.valid_from || day > Day::of(kNow) ||
        day < Day::of(kNow) + -settings.oldest_day || key.identifiers_per_day < 1)
      std::abort();
  }
  return 0;
}
