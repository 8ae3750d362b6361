#include <algorithm>

#include "nearzone/bluezone.h"
#include "scheme/own_chains.h"
#include "scheme/own_state.h"

namespace nearzone {
namespace {

class BluezoneBroadcaster final : public Broadcaster {
 public:
  explicit BluezoneBroadcaster(OwnChains chains = {}) : chains_(std::move(chains)) {}

  SchemeTag tag() const override { return SchemeTag::bluezone; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const Day today = Day::of(now);
    const Secret<32> day_key = chains_.key_of(today, random);
    const uint32_t slot = bluezone::slot_index(now, bluezone::kIdentifiersPerDay);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::bluezone;
    advertisement.identifier = bluezone::identifiers_of_day(day_key, slot + 1).back();
    advertisement.valid_until =
        today.start() + bluezone::slot_length(bluezone::kIdentifiersPerDay) * (slot + 1);
    return advertisement;
  }

  void forget_before(Day day) override { chains_.forget_before(day); }

  SecretBytes save() const override {
    SecretBytes state(kOwnStateHeader + OwnChains::kRecord * chains_.size());
    uint8_t* to = begin_own_state(state, SchemeTag::bluezone, chains_.size());
    chains_.save(to);
    return state;
  }

 protected:
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now,
                                                        Random& random) override {
    // Lists write whole seconds, and a slot that begins right now has been on the air.
    const Instant until = Instant::from_seconds(now.ms / 1000 + 1);
    std::vector<PublishedKey> keys;
    for (const OwnChains::Given& given :
         chains_.give_away_and_renew(first, Day::of(now), until, random)) {
      PublishedKey& key = keys.emplace_back();
      key.scheme = SchemeTag::bluezone;
      std::ranges::copy(given.key.expose(ForDisclosure{}), key.bytes.begin());
      key.valid_from = given.from.start();
      key.valid_to = given.until;
      key.identifiers_per_day = bluezone::kIdentifiersPerDay;
    }
    return keys;
  }

 private:
  OwnChains chains_;
};

}  // namespace

std::unique_ptr<Broadcaster> new_bluezone_broadcaster() {
  return std::make_unique<BluezoneBroadcaster>();
}

Result<std::unique_ptr<Broadcaster>> load_bluezone_broadcaster(ByteView records, uint8_t count) {
  NEARZONE_ASSIGN(OwnChains chains, OwnChains::load(records, count));
  return std::unique_ptr<Broadcaster>(std::make_unique<BluezoneBroadcaster>(std::move(chains)));
}

}  // namespace nearzone
