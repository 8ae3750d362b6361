#include <algorithm>

#include "nearzone/dp3t.h"
#include "scheme/own_days.h"
#include "scheme/own_state.h"

namespace nearzone {
namespace {

dp3t::EpochSeed seed_of(const Secret<32>& secret, uint32_t epoch) {
  return {OwnDays::key_for(secret, "DP-3T epoch seed", epoch)};
}

class UnlinkableBroadcaster final : public Broadcaster {
 public:
  static_assert(OwnDays::kEpoch == dp3t::kEpoch);

  explicit UnlinkableBroadcaster(OwnDays days = {}) : days_(std::move(days)) {}

  SchemeTag tag() const override { return SchemeTag::dp3t_unlinkable; }
  bool can_redact() const override { return true; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const uint32_t epoch = dp3t::epoch_of(now);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::dp3t_unlinkable;
    advertisement.identifier =
        dp3t::identifier_of_epoch(seed_of(days_.secret_at(now, random), epoch));
    advertisement.valid_until = Instant{} + dp3t::kEpoch * (int64_t{epoch} + 1);
    return advertisement;
  }

  void forget_before(Day day) override { days_.forget_before(day); }

  SecretBytes save() const override { return days_.save(SchemeTag::dp3t_unlinkable); }

 protected:
  // The seeds of all epochs in which the phone can have been sending.
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now, Random&) override {
    std::vector<PublishedKey> keys;
    for (const OwnDays::Record& record : days_.give_away(first, Day::of(now))) {
      const Instant end = std::min(now + Millis(1), (record.day() + 1).start());
      for (uint32_t epoch = record.first_epoch; Instant{} + dp3t::kEpoch * epoch < end; ++epoch) {
        PublishedKey& key = keys.emplace_back();
        key.scheme = SchemeTag::dp3t_unlinkable;
        std::ranges::copy(seed_of(record.secret, epoch).secret.expose(ForDisclosure{}),
                          key.bytes.begin());
        key.valid_from = Instant{} + dp3t::kEpoch * epoch;
        key.valid_to = key.valid_from + dp3t::kEpoch;
        key.identifiers_per_day = dp3t::kIdentifiersPerDay;
      }
    }
    return keys;
  }

 private:
  OwnDays days_;
};

}  // namespace

std::unique_ptr<Broadcaster> new_dp3t_unlinkable_broadcaster() {
  return std::make_unique<UnlinkableBroadcaster>();
}

Result<std::unique_ptr<Broadcaster>> load_dp3t_unlinkable_broadcaster(ByteView records,
                                                                      uint8_t count) {
  NEARZONE_ASSIGN(OwnDays days, OwnDays::load(records, count));
  return std::unique_ptr<Broadcaster>(std::make_unique<UnlinkableBroadcaster>(std::move(days)));
}

}  // namespace nearzone
