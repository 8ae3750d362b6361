// A secret for each of a phone's own days, from which keys for shorter times are made: DP-3T's
// window and epoch seeds, TCN's report keys. To everybody else they are as good as random ones; the
// phone keeps 36 bytes a day instead of all of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

class OwnDays {
 public:
  static constexpr Millis kEpoch = std::chrono::minutes(15);
  // Of the longest retention, and what a jumping clock adds; then the oldest made goes.
  static constexpr size_t kMaxDays = 64;
  static constexpr size_t kRecord = 4 + 32;

  // Serves from this epoch, the earliest that it was asked for, to the end of its day.
  struct Record {
    uint32_t first_epoch;
    Secret<32> secret;

    Day day() const { return Day::of(start()); }
    Instant start() const { return Instant{} + kEpoch * first_epoch; }
  };

  // The secret of now's day, made where there is none.
  const Secret<32>& secret_at(Instant now, Random& random);
  void forget_before(Day day);
  // Takes those of the days [first, today] out, and forgets those before.
  std::vector<Record> give_away(Day first, Day today);

  // The key for one of the times that are counted by `number`.
  static Secret<32> key_for(const Secret<32>& secret, std::string_view purpose, uint32_t number);

  SecretBytes save(SchemeTag tag) const;
  static Result<OwnDays> load(ByteView records, size_t count);

 private:
  std::vector<Record> days_;  // in the order they were made; one a day
};

}  // namespace nearzone
