/// DP-3T's cryptography. Source: docs/provenance.md, "DP-3T schemes".
///
///     nearzone::dp3t::DayKey today = nearzone::dp3t::step_day_key(first, days);
///     std::vector<nearzone::Identifier> ephids = nearzone::dp3t::identifiers_of_day(today, 96);
///
/// The order here is that of the derivation. On the air it is shuffled, secretly: a sender that
/// kept to this one would tell everybody who reads a published key when it was where.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/time.h"

namespace nearzone::dp3t {

inline constexpr uint32_t kIdentifiersPerDay = 96;  ///< an epoch of 15 minutes
inline constexpr uint32_t kMaxIdentifiersPerDay = 1440;
inline constexpr int32_t kMaxKeyDays = 62;  ///< longest span of one published low-cost key

/// Low-cost design: SK_t, the key of a UTC day. Every later day's follows from it.
struct DayKey {
  Secret<32> secret;
};
/// Hybrid design: the seed of one window, from which nothing but its own identifiers follows.
struct WindowSeed {
  Secret<16> secret;
};

/// Unlinkable design: the seed of one epoch's identifier.
struct EpochSeed {
  Secret<32> secret;
};

/// SK_(t + days) from SK_t: SHA-256 applied `days` times.
DayKey step_day_key(const DayKey& key, uint32_t days);
/// The first `count` identifiers of a day: AES-256-CTR under HMAC-SHA256(SK_t, "broadcast key").
std::vector<Identifier> identifiers_of_day(const DayKey& key, uint32_t count);
/// The first `count` identifiers of a window, likewise with "DP3T-HYBRID".
std::vector<Identifier> identifiers_of_window(const WindowSeed& seed, uint32_t count);

/// Length of the unlinkable design's epochs.
inline constexpr Millis kEpoch = std::chrono::minutes(15);
/// The epoch of a time from 1970 on: floor(Unix seconds / 900).
uint32_t epoch_of(Instant at);
/// The first half of SHA-256(seed).
Identifier identifier_of_epoch(const EpochSeed& seed);
/// What is published of an identifier that was sent in an epoch, and asked for one that was heard
/// in it: SHA-256(identifier || epoch as four bytes, big-endian).
SetItem set_item(const Identifier& identifier, uint32_t epoch);
/// The items of published keys, which must pass dp3t_unlinkable_scheme().check(): what an authority
/// makes the published set of. Nobody can claim another's identifiers, whose seeds he cannot know.
std::vector<SetItem> set_items(std::span<const PublishedKey> keys);

}  // namespace nearzone::dp3t
