#include <algorithm>

#include "nearzone/bluezone.h"
#include "scheme/own_state.h"

namespace nearzone {
namespace {

// A chain of day keys, kept from its oldest remembered day on. It serves until the next chain's
// day.
struct Chain {
  Day first;
  Secret<32> key;
};

class BluezoneBroadcaster final : public Broadcaster {
 public:
  // A new chain begins only when the clock shows a day before all others, or after a disclosure.
  static constexpr size_t kMaxChains = 8;
  static constexpr size_t kRecord = 4 + 32;

  explicit BluezoneBroadcaster(std::vector<Chain> chains = {}) : chains_(std::move(chains)) {}

  SchemeTag tag() const override { return SchemeTag::bluezone; }

  Result<Advertisement> advertise_at(Instant now, int8_t, Random& random) override {
    NEARZONE_TRY(check_own_time(now));
    const Day today = Day::of(now);
    if (chains_.empty() || today < chains_.front().first) begin_chain(today, random);
    const auto next = std::find_if(chains_.begin(), chains_.end(),
                                   [&](const Chain& chain) { return chain.first > today; });
    const Secret<32> day_key = key_of(*std::prev(next), today);
    const uint32_t slot = bluezone::slot_index(now, bluezone::kIdentifiersPerDay);
    Advertisement advertisement;
    advertisement.scheme = SchemeTag::bluezone;
    advertisement.identifier = bluezone::identifiers_of_day(day_key, slot + 1).back();
    advertisement.valid_until =
        today.start() + bluezone::slot_length(bluezone::kIdentifiersPerDay) * (slot + 1);
    return advertisement;
  }

  void forget_before(Day day) override {
    for (size_t i = 0; i < chains_.size();) {
      if (i + 1 < chains_.size() && chains_[i + 1].first <= day) {
        chains_.erase(chains_.begin() + static_cast<ptrdiff_t>(i));
        continue;
      }
      if (chains_[i].first < day) {
        chains_[i].key = key_of(chains_[i], day);
        chains_[i].first = day;
      }
      ++i;
    }
  }

  SecretBytes save() const override {
    SecretBytes state(kOwnStateHeader + kRecord * chains_.size());
    uint8_t* to = state.replace().data();
    *to++ = kOwnStateVersion;
    *to++ = static_cast<uint8_t>(SchemeTag::bluezone);
    *to++ = static_cast<uint8_t>(chains_.size());
    for (const Chain& chain : chains_) {
      store_le32(to, static_cast<uint32_t>(chain.first.number));
      std::ranges::copy(chain.key.expose(ForSealing{}), to + 4);
      to += kRecord;
    }
    return state;
  }

 protected:
  // Each chain gives the key of its first disclosed day; the days after follow from it.
  Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now,
                                                        Random& random) override {
    const Day today = Day::of(now);
    // Lists write whole seconds, and a slot that begins right now has been on the air.
    const Instant until = Instant::from_seconds(now.ms / 1000 + 1);
    std::vector<PublishedKey> keys;
    for (size_t i = 0; i < chains_.size() && chains_[i].first <= today; ++i) {
      const Instant end =
          i + 1 < chains_.size() ? std::min(until, chains_[i + 1].first.start()) : until;
      const Day from = std::max(first, chains_[i].first);
      if (end < from.start()) continue;
      PublishedKey key;
      key.scheme = SchemeTag::bluezone;
      const Secret<32> day_key = key_of(chains_[i], from);
      std::ranges::copy(day_key.expose(ForDisclosure{}), key.bytes.begin());
      key.valid_from = from.start();
      key.valid_to = end;
      key.identifiers_per_day = bluezone::kIdentifiersPerDay;
      keys.push_back(key);
    }
    std::erase_if(chains_, [&](const Chain& chain) { return chain.first <= today; });
    begin_chain(today, random);
    return keys;
  }

 private:
  static Secret<32> key_of(const Chain& chain, Day day) {
    return bluezone::step_day_key(chain.key, static_cast<uint32_t>(day - chain.first));
  }

  void begin_chain(Day day, Random& random) {
    if (chains_.size() == kMaxChains) chains_.erase(chains_.begin());
    chains_.insert(chains_.begin(), Chain{day, Secret<32>::random(random)});
  }

  std::vector<Chain> chains_;  // ascending by first
};

}  // namespace

std::unique_ptr<Broadcaster> new_bluezone_broadcaster() {
  return std::make_unique<BluezoneBroadcaster>();
}

Result<std::unique_ptr<Broadcaster>> load_bluezone_broadcaster(ByteView records, uint8_t count) {
  if (records.size() != BluezoneBroadcaster::kRecord * count ||
      count > BluezoneBroadcaster::kMaxChains)
    return Status(Code::corrupt, "own keys have the wrong length");
  std::vector<Chain> chains;
  for (size_t at = 0; at < records.size(); at += BluezoneBroadcaster::kRecord)
    chains.push_back({{static_cast<int32_t>(load_le32(&records[at]))},
                      Secret<32>(records.subspan(at + 4).first<32>())});
  for (size_t i = 0; i < chains.size(); ++i)
    if (chains[i].first.number < 0 || (i > 0 && chains[i].first <= chains[i - 1].first))
      return Status(Code::corrupt, "own keys are out of order").at_record(i);
  return std::unique_ptr<Broadcaster>(std::make_unique<BluezoneBroadcaster>(std::move(chains)));
}

}  // namespace nearzone
