// Loads a phone's own keys. What is loaded is saved as it was, sends, forgets, and goes on.
#include <algorithm>
#include <cstdlib>

#include "nearzone/broadcaster.h"
#include "nearzone/random.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  const ByteView bytes(data, size);
  const auto own = Broadcaster::load(bytes);
  if (!own.ok()) return 0;
  const SecretBytes saved = (*own)->save();
  require(std::ranges::equal(saved.expose(ForSealing{}), bytes));
  SeededRandom random(1);
  constexpr Instant kNoon{1596844800000 + 12 * 3600 * 1000};
  const auto sent = (*own)->advertise_at(kNoon, {-20}, random);
  require(sent.ok() && sent->valid_until > kNoon && sent->scheme == (*own)->tag());
  const SecretBytes sending = (*own)->save();
  const auto again = Broadcaster::load(sending.expose(ForSealing{}));
  require(again.ok());
  require((*again)->advertise_at(kNoon, {-20}, random)->identifier == sent->identifier);
  (*own)->forget_before(Day::of(kNoon));
  require((*own)->advertise_at(kNoon, {-20}, random)->identifier == sent->identifier);
  (*own)->forget_before(Day::of(kNoon) + 1);
  const SecretBytes left = (*own)->save();
  require(Broadcaster::load(left.expose(ForSealing{})).ok());
  return 0;
}
