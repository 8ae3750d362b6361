// Published keys that stand for many days, the key of each day being the SHA-256 of the day's
// before.
#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

#include "nearzone/scheme.h"
#include "scheme/hash_chain.h"

namespace nearzone {

// Appends the parts of the keys, whose day keys step side by side. `append_days(key, index, parts)`
// appends those of one key, of which only the first gets its state, and returns how many.
template <typename AppendDays>
void split_by_days(std::span<const PublishedKey> keys, const AppendDays& append_days,
                   std::vector<KeyPart>& parts) {
  constexpr size_t kLanes = ChainLanes::kLanes;
  for (size_t first = 0; first < keys.size(); first += kLanes) {
    const size_t lanes = std::min(kLanes, keys.size() - first);
    std::array<size_t, kLanes> begin{};
    std::array<size_t, kLanes> order{};
    std::array<uint32_t, kLanes> days{};
    for (size_t lane = 0; lane < lanes; ++lane) {
      begin[lane] = parts.size();
      days[lane] = append_days(keys[first + lane], static_cast<uint32_t>(first + lane), parts);
    }
    // Longest first, so that the lanes still at work are always the first ones.
    std::iota(order.begin(), order.begin() + static_cast<ptrdiff_t>(lanes), size_t{0});
    std::sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(lanes),
              [&](size_t a, size_t b) { return days[a] > days[b]; });
    ChainLanes chain;
    for (size_t i = 0; i < lanes; ++i) chain.load(i, keys[first + order[i]].bytes.data());
    size_t active = lanes;
    for (uint32_t day = 1;; ++day) {
      while (active > 0 && days[order[active - 1]] <= day) --active;
      if (active == 0) break;
      std::array<Identifier, kLanes> unused;
      chain.advance(active, 1, unused.data());
      for (size_t i = 0; i < active; ++i)
        std::copy_n(chain.digest(i), 32, parts[begin[order[i]] + day].state.begin());
    }
  }
}

}  // namespace nearzone
