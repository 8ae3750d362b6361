// Chains of day keys that are a phone's own: Bluezone's and DP-3T low-cost's.
#pragma once

#include <cstdint>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

class OwnChains {
 public:
  // A new chain begins only when the clock shows a day before all others, or after a disclosure.
  static constexpr size_t kMaxChains = 8;
  static constexpr size_t kRecord = 4 + 32;

  // What a disclosure gives of one chain: the key of its first disclosed day, from which the days
  // after follow, and until when it served.
  struct Given {
    Day from;
    Secret<32> key;
    Instant until;
  };

  size_t size() const { return chains_.size(); }
  // The day's key, of a chain that may be made for it.
  Secret<32> key_of(Day day, Random& random);
  void forget_before(Day day);
  // Of every chain that served on `first` or after and before `until`, within `today`; then
  // forgets them and begins another one today.
  std::vector<Given> give_away_and_renew(Day first, Day today, Instant until, Random& random);

  // size() records.
  void save(uint8_t* to) const;
  static Result<OwnChains> load(ByteView records, size_t count);

 private:
  // Kept from its oldest remembered day on. It serves until the next chain's day.
  struct Chain {
    Day first;
    Secret<32> key;
  };

  static Secret<32> step(const Chain& chain, Day day);
  void begin(Day day, Random& random);

  std::vector<Chain> chains_;  // ascending by first
};

}  // namespace nearzone
