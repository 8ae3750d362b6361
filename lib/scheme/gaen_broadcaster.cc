#include <algorithm>

#include "nearzone/gaen.h"
#include "scheme/own_state.h"

namespace nearzone {
namespace {

struct OwnKey {
  Interval start;
  uint32_t period = gaen::kIntervalsPerDay;
  gaen::TemporaryExposureKey key;

  bool covers(Interval interval) const {
    return start <= interval && interval.number - start.number < period;
  }
};

class GaenBroadcaster final : public Broadcaster {
 public:
  // Two a day for the longest retention; what a jumping clock adds pushes out the oldest made.
  static constexpr size_t kMaxKeys = 64;
  static constexpr size_t kRecord = 4 + 1 + 16;

  explicit GaenBroadcaster(std::vector<OwnKey> keys = {}) : keys_(std::move(keys)) {}

  SchemeTag tag() const override { return SchemeTag::gaen; }
  bool can_redact() const override { return true; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower power, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const Interval interval = Interval::of(now);
    const OwnKey& own = key_for(interval, random);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::gaen;
    advertisement.identifier = gaen::rolling_proximity_identifier(own.key, interval);
    gaen::AssociatedMetadata metadata;
    metadata.transmit_power_dbm = power.dbm;
    metadata.calibration_confidence = power.calibration_confidence;
    advertisement.metadata =
        gaen::apply_metadata_cipher(own.key, advertisement.identifier, metadata.encode());
    advertisement.valid_until = interval.start() + Interval::kLength;
    return advertisement;
  }

  void forget_before(Day day) override {
    std::erase_if(keys_, [&](const OwnKey& own) {
      return Interval{own.start.number + own.period}.start() <= day.start();
    });
  }

  SecretBytes save() const override {
    SecretBytes state(kOwnStateHeader + kRecord * keys_.size());
    uint8_t* to = begin_own_state(state, SchemeTag::gaen, keys_.size());
    for (const OwnKey& own : keys_) {
      store_le32(to, own.start.number);
      to[4] = static_cast<uint8_t>(own.period);
      std::ranges::copy(own.key.expose(ForSealing{}), to + 5);
      to += kRecord;
    }
    return state;
  }

 protected:
  // Today's key is cut after the interval in progress and another takes over within it, so that no
  // minute before the disclosure goes unpublished.
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now,
                                                        Random& random) override {
    const Interval current = Interval::of(now);
    std::vector<PublishedKey> published;
    for (const OwnKey& own : keys_) {
      const Instant end = Interval{own.start.number + own.period}.start();
      if (own.start > current || end <= first.start()) continue;
      PublishedKey key;
      key.scheme = SchemeTag::gaen;
      std::ranges::copy(own.key.expose(ForDisclosure{}), key.bytes.begin());
      key.valid_from = own.start.start();
      key.valid_to = std::min(end, current.start() + Interval::kLength);
      published.push_back(key);
    }
    std::erase_if(keys_, [&](const OwnKey& own) { return own.start <= current; });
    add(current, gaen::kIntervalsPerDay - current.number % gaen::kIntervalsPerDay, random);
    return published;
  }

 private:
  // The newest key made for this interval, or a new one for its whole day.
  const OwnKey& key_for(Interval interval, Random& random) {
    const auto found = std::find_if(keys_.rbegin(), keys_.rend(),
                                    [&](const OwnKey& own) { return own.covers(interval); });
    if (found != keys_.rend()) return *found;
    const Interval midnight{interval.number - interval.number % gaen::kIntervalsPerDay};
    return add(midnight, gaen::kIntervalsPerDay, random);
  }

  const OwnKey& add(Interval start, uint32_t period, Random& random) {
    if (keys_.size() == kMaxKeys) keys_.erase(keys_.begin());
    keys_.push_back({start, period, gaen::TemporaryExposureKey::random(random)});
    return keys_.back();
  }

  std::vector<OwnKey> keys_;  // in the order they were made
};

}  // namespace

std::unique_ptr<Broadcaster> new_gaen_broadcaster() { return std::make_unique<GaenBroadcaster>(); }

Result<std::unique_ptr<Broadcaster>> load_gaen_broadcaster(ByteView records, uint8_t count) {
  if (records.size() != GaenBroadcaster::kRecord * count || count > GaenBroadcaster::kMaxKeys)
    return Status(Code::corrupt, "own keys have the wrong length");
  std::vector<OwnKey> keys;
  for (size_t at = 0; at < records.size(); at += GaenBroadcaster::kRecord) {
    OwnKey own{{load_le32(&records[at])},
               records[at + 4],
               gaen::TemporaryExposureKey(records.subspan(at + 5).first<16>())};
    if (own.period < 1 || own.period > gaen::kIntervalsPerDay || own.start.number > 0x7fffffff)
      return Status(Code::corrupt, "own key has an impossible period").at_record(keys.size());
    keys.push_back(std::move(own));
  }
  return std::unique_ptr<Broadcaster>(std::make_unique<GaenBroadcaster>(std::move(keys)));
}

}  // namespace nearzone
