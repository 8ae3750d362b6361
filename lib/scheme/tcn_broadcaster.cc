#include <algorithm>

#include "nearzone/tcn.h"
#include "scheme/own_days.h"
#include "scheme/own_state.h"

namespace nearzone {
namespace {

// A report key serves for six hours, as the protocol suggests, a number for fifteen minutes.
constexpr Millis kReportTime = std::chrono::hours(6);

tcn::ReportAuthorizationKey key_of(const Secret<32>& secret, uint32_t quarter) {
  return {OwnDays::key_for(secret, "TCN report authorization key", quarter)};
}

// The quarter of a day, counted from 1970, and the number's index in it, from 1 on.
struct Place {
  uint32_t quarter;
  uint16_t index;
  Instant start;  // of the quarter

  explicit Place(Instant at)
      : quarter(static_cast<uint32_t>(at.ms / kReportTime.count())),
        index(static_cast<uint16_t>(at.ms % kReportTime.count() / OwnDays::kEpoch.count() + 1)),
        start(Instant{} + kReportTime * quarter) {}
};

class TcnBroadcaster final : public Broadcaster {
 public:
  explicit TcnBroadcaster(OwnDays days = {}) : days_(std::move(days)) {}

  SchemeTag tag() const override { return SchemeTag::tcn; }
  bool can_redact() const override { return true; }

  Result<Advertisement> advertise_at(Instant now, AdvertisedPower, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const Place place(now);
    const tcn::ReportAuthorizationKey rak = key_of(days_.secret_at(now, random), place.quarter);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::tcn;
    advertisement.identifier = tcn::numbers(rak, place.index, place.index).front();
    advertisement.valid_until = place.start + OwnDays::kEpoch * place.index;
    return advertisement;
  }

  void forget_before(Day day) override { days_.forget_before(day); }

  SecretBytes save() const override { return days_.save(SchemeTag::tcn); }

 protected:
  // A report for each quarter of a day in which the phone can have been sending, with an empty
  // memo. It reveals the quarter's later numbers too, so that is what it stands for.
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now, Random&) override {
    // Lists write whole seconds.
    const Instant released = Instant::from_seconds(now.ms / 1000 + 1);
    std::vector<PublishedKey> keys;
    for (const OwnDays::Record& record : days_.give_away(first, Day::of(now))) {
      const Instant end = std::min(released, (record.day() + 1).start());
      for (Instant at = record.start(); at < end; at = Place(at).start + kReportTime) {
        const Place from(at);
        const Place to(std::min(end, from.start + kReportTime) - Millis(1));
        const tcn::ReportAuthorizationKey rak = key_of(record.secret, from.quarter);
        PublishedKey& key = keys.emplace_back();
        key.scheme = SchemeTag::tcn;
        key.bytes = tcn::verification_key(rak).bytes;
        NEARZONE_ASSIGN(key.report,
                        tcn::make_report(rak, from.index, to.index, tcn::MemoType::coepi_v1, {}));
        key.valid_from = at;
        key.valid_to = from.start + kReportTime;
        key.identifiers_per_day = 96;
        key.released_at = released;
      }
    }
    return keys;
  }

 private:
  OwnDays days_;
};

}  // namespace

std::unique_ptr<Broadcaster> new_tcn_broadcaster() { return std::make_unique<TcnBroadcaster>(); }

Result<std::unique_ptr<Broadcaster>> load_tcn_broadcaster(ByteView records, uint8_t count) {
  NEARZONE_ASSIGN(OwnDays days, OwnDays::load(records, count));
  return std::unique_ptr<Broadcaster>(std::make_unique<TcnBroadcaster>(std::move(days)));
}

}  // namespace nearzone
