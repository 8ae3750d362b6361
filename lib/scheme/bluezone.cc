#include "nearzone/bluezone.h"

#include <algorithm>

#include "kernel/kernel.h"
#include "scheme/hash_chain.h"

namespace nearzone::bluezone {

Millis slot_length(uint32_t per_day) { return Day::kLength / per_day; }

uint32_t slot_index(Instant at, uint32_t per_day) {
  return static_cast<uint32_t>((at - Day::of(at).start()) / slot_length(per_day));
}

Secret<32> step_day_key(const Secret<32>& day_key, uint32_t days) {
  return later_day_key(day_key, days);
}

std::vector<Identifier> identifiers_of_day(const Secret<32>& day_key, uint32_t per_day) {
  ChainLanes chain;
  chain.load(0, day_key.expose(ForDerivation{}).data(), kBluezoneSubKeySalt);
  std::vector<Identifier> identifiers(per_day);
  chain.advance(1, per_day, identifiers.data());
  return identifiers;
}

Result<std::string> info_f(const Secret<32>& base_key, Day base_day, Instant now,
                           int32_t days_back) {
  if (now < base_day.start())
    return Status(Code::invalid_argument, "the time is before the base key's day", "now");
  const int64_t steps = ((now - base_day.start()) - Day::kLength * days_back) / Day::kLength;
  const int32_t days = static_cast<int32_t>(std::max<int64_t>(steps, 0));
  auto upper_hex = [](const Secret<32>& key) {
    std::string text = to_hex(key.expose(ForDisclosure{}));
    for (char& c : text)
      if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    return text;
  };
  auto seconds = [](Day day) { return std::to_string(day.start().ms / 1000); };
  return "{\"base_id\":\"" + upper_hex(base_key) + "\",\"time\":" + seconds(base_day) +
         ",\"daily_key\":\"" + upper_hex(step_day_key(base_key, static_cast<uint32_t>(days))) +
         "\",\"time_start\":" + seconds(base_day + days) + "}";
}

}  // namespace nearzone::bluezone
