#include <algorithm>

#include "nearzone/dp3t.h"
#include "scheme/own_chains.h"
#include "scheme/own_state.h"
#include "scheme/secret_order.h"

namespace nearzone {
namespace {

class LowCostBroadcaster final : public Broadcaster {
 public:
  static constexpr size_t kOrder = 32;

  LowCostBroadcaster() = default;
  LowCostBroadcaster(OwnChains chains, Secret<32> order)
      : chains_(std::move(chains)), order_(std::move(order)) {}

  SchemeTag tag() const override { return SchemeTag::dp3t_low_cost; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    if (chains_.size() == 0) order_ = Secret<32>::random(random);
    const Day today = Day::of(now);
    const dp3t::DayKey key{chains_.key_of(today, random)};
    const Millis epoch = Day::kLength / dp3t::kIdentifiersPerDay;
    const auto number = static_cast<uint32_t>((now - today.start()) / epoch);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::dp3t_low_cost;
    advertisement.identifier = dp3t::identifiers_of_day(key, dp3t::kIdentifiersPerDay)[secret_order(
        order_, static_cast<uint32_t>(today.number), dp3t::kIdentifiersPerDay, number)];
    advertisement.valid_until = today.start() + epoch * (number + 1);
    return advertisement;
  }

  void forget_before(Day day) override { chains_.forget_before(day); }

  SecretBytes save() const override {
    SecretBytes state(kOwnStateHeader + kOrder + OwnChains::kRecord * chains_.size());
    uint8_t* to = begin_own_state(state, SchemeTag::dp3t_low_cost, chains_.size());
    to = std::ranges::copy(order_.expose(ForSealing{}), to).out;
    chains_.save(to);
    return state;
  }

 protected:
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now,
                                                        Random& random) override {
    // Lists write whole seconds.
    const Instant until = Instant::from_seconds(now.ms / 1000 + 1);
    std::vector<PublishedKey> keys;
    for (const OwnChains::Given& given :
         chains_.give_away_and_renew(first, Day::of(now), until, random)) {
      // A chain that another replaced on its first day.
      if (given.until <= given.from.start()) continue;
      PublishedKey& key = keys.emplace_back();
      key.scheme = SchemeTag::dp3t_low_cost;
      std::ranges::copy(given.key.expose(ForDisclosure{}), key.bytes.begin());
      key.valid_from = given.from.start();
      key.valid_to = (Day::of(given.until - Millis(1)) + 1).start();
      key.identifiers_per_day = dp3t::kIdentifiersPerDay;
      key.released_at = given.until;
    }
    order_ = Secret<32>::random(random);
    return keys;
  }

 private:
  OwnChains chains_;
  Secret<32> order_;  // of no use while there is no chain
};

}  // namespace

std::unique_ptr<Broadcaster> new_dp3t_low_cost_broadcaster() {
  return std::make_unique<LowCostBroadcaster>();
}

Result<std::unique_ptr<Broadcaster>> load_dp3t_low_cost_broadcaster(ByteView records,
                                                                    uint8_t count) {
  constexpr size_t kOrder = LowCostBroadcaster::kOrder;
  if (records.size() < kOrder) return Status(Code::corrupt, "own keys have the wrong length");
  NEARZONE_ASSIGN(OwnChains chains, OwnChains::load(records.subspan(kOrder), count));
  return std::unique_ptr<Broadcaster>(
      std::make_unique<LowCostBroadcaster>(std::move(chains), Secret<32>(records.first<kOrder>())));
}

}  // namespace nearzone
