#include "scheme/own_chains.h"

#include <algorithm>

#include "scheme/hash_chain.h"

namespace nearzone {

Secret<32> OwnChains::key_of(Day day, Random& random) {
  if (chains_.empty() || day < chains_.front().first) begin(day, random);
  const auto next =
      std::find_if(chains_.begin(), chains_.end(), [&](const Chain& c) { return c.first > day; });
  return step(*std::prev(next), day);
}

void OwnChains::forget_before(Day day) {
  for (size_t i = 0; i < chains_.size();) {
    if (i + 1 < chains_.size() && chains_[i + 1].first <= day) {
      chains_.erase(chains_.begin() + static_cast<ptrdiff_t>(i));
      continue;
    }
    if (chains_[i].first < day) {
      chains_[i].key = step(chains_[i], day);
      chains_[i].first = day;
    }
    ++i;
  }
}

std::vector<OwnChains::Given> OwnChains::give_away_and_renew(Day first, Day today, Instant until,
                                                             Random& random) {
  std::vector<Given> given;
  for (size_t i = 0; i < chains_.size() && chains_[i].first <= today; ++i) {
    const Instant end =
        i + 1 < chains_.size() ? std::min(until, chains_[i + 1].first.start()) : until;
    const Day from = std::max(first, chains_[i].first);
    if (end >= from.start()) given.push_back({from, step(chains_[i], from), end});
  }
  std::erase_if(chains_, [&](const Chain& chain) { return chain.first <= today; });
  begin(today, random);
  return given;
}

void OwnChains::save(uint8_t* to) const {
  for (const Chain& chain : chains_) {
    store_le32(to, static_cast<uint32_t>(chain.first.number));
    std::ranges::copy(chain.key.expose(ForSealing{}), to + 4);
    to += kRecord;
  }
}

Result<OwnChains> OwnChains::load(ByteView records, size_t count) {
  if (records.size() != kRecord * count || count > kMaxChains)
    return Status(Code::corrupt, "own keys have the wrong length");
  OwnChains own;
  for (size_t at = 0; at < records.size(); at += kRecord)
    own.chains_.push_back({{static_cast<int32_t>(load_le32(&records[at]))},
                           Secret<32>(records.subspan(at + 4).first<32>())});
  for (size_t i = 0; i < own.chains_.size(); ++i)
    if (own.chains_[i].first.number < 0 ||
        (i > 0 && own.chains_[i].first <= own.chains_[i - 1].first))
      return Status(Code::corrupt, "own keys are out of order").at_record(i);
  return own;
}

Secret<32> OwnChains::step(const Chain& chain, Day day) {
  return later_day_key(chain.key, static_cast<uint32_t>(day - chain.first));
}

void OwnChains::begin(Day day, Random& random) {
  if (chains_.size() == kMaxChains) chains_.erase(chains_.begin());
  chains_.insert(chains_.begin(), Chain{day, Secret<32>::random(random)});
}

}  // namespace nearzone
