#include <algorithm>

#include "nearzone/dp3t.h"
#include "scheme/own_days.h"
#include "scheme/own_state.h"
#include "scheme/secret_order.h"

namespace nearzone {
namespace {

// Windows of two hours: the most private of those that the design names.
constexpr Millis kWindow = std::chrono::hours(2);
constexpr uint32_t kPerWindow = static_cast<uint32_t>(kWindow / OwnDays::kEpoch);

dp3t::WindowSeed seed_of(const Secret<32>& secret, uint32_t window) {
  const Secret<32> key = OwnDays::key_for(secret, "DP-3T window seed", window);
  return {Secret<16>(key.expose(ForDerivation{}).first<16>())};
}

class HybridBroadcaster final : public Broadcaster {
 public:
  explicit HybridBroadcaster(OwnDays days = {}) : days_(std::move(days)) {}

  SchemeTag tag() const override { return SchemeTag::dp3t_hybrid; }
  bool can_redact() const override { return true; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const Secret<32>& secret = days_.secret_at(now, random);
    const auto window = static_cast<uint32_t>(now.ms / kWindow.count());
    const Instant start = Instant{} + kWindow * window;
    const auto place = static_cast<uint32_t>((now - start) / OwnDays::kEpoch);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::dp3t_hybrid;
    advertisement.identifier = dp3t::identifiers_of_window(
        seed_of(secret, window), kPerWindow)[secret_order(secret, window, kPerWindow, place)];
    advertisement.valid_until = start + OwnDays::kEpoch * (place + 1);
    return advertisement;
  }

  void forget_before(Day day) override { days_.forget_before(day); }

  SecretBytes save() const override { return days_.save(SchemeTag::dp3t_hybrid); }

 protected:
  // All windows in which the phone can have been sending.
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now, Random&) override {
    // Lists write whole seconds.
    const Instant released = Instant::from_seconds(now.ms / 1000 + 1);
    std::vector<PublishedKey> keys;
    for (const OwnDays::Record& record : days_.give_away(first, Day::of(now))) {
      const Instant end = std::min(released, (record.day() + 1).start());
      for (auto window = static_cast<uint32_t>(record.start().ms / kWindow.count());
           Instant{} + kWindow * window < end; ++window) {
        PublishedKey& key = keys.emplace_back();
        key.scheme = SchemeTag::dp3t_hybrid;
        std::ranges::copy(seed_of(record.secret, window).secret.expose(ForDisclosure{}),
                          key.bytes.begin());
        key.valid_from = Instant{} + kWindow * window;
        key.valid_to = key.valid_from + kWindow;
        key.identifiers_per_day = dp3t::kIdentifiersPerDay;
        key.released_at = released;
      }
    }
    return keys;
  }

 private:
  OwnDays days_;
};

}  // namespace

std::unique_ptr<Broadcaster> new_dp3t_hybrid_broadcaster() {
  return std::make_unique<HybridBroadcaster>();
}

Result<std::unique_ptr<Broadcaster>> load_dp3t_hybrid_broadcaster(ByteView records, uint8_t count) {
  NEARZONE_ASSIGN(OwnDays days, OwnDays::load(records, count));
  return std::unique_ptr<Broadcaster>(std::make_unique<HybridBroadcaster>(std::move(days)));
}

}  // namespace nearzone
