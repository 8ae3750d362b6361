#include "nearzone/broadcaster.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "scheme/own_state.h"

namespace nearzone {

namespace {

void wipe_key(PublishedKey& key) {
  wipe(key.bytes);
  wipe(key.report);
}

// For keys that are thrown away again.
class NoRandom final : public Random {
 public:
  void fill(std::span<uint8_t> out) override { std::ranges::fill(out, uint8_t{0}); }
};

}  // namespace

Disclosure& Disclosure::operator=(Disclosure&& other) noexcept {
  if (this != &other) {
    wipe_keys();
    scheme_ = other.scheme_;
    keys_ = std::move(other.keys_);
    taken_ = other.taken_;
  }
  return *this;
}

Disclosure::~Disclosure() { wipe_keys(); }

void Disclosure::wipe_keys() {
  for (PublishedKey& key : keys_) wipe_key(key);
}

Result<std::vector<PublishedKey>> Disclosure::take_keys() {
  if (taken_) return Status(Code::closed, "this disclosure was used before");
  taken_ = true;
  return std::move(keys_);
}

Result<Disclosure> Broadcaster::disclose(Consent&& consent, Day first, Instant now, Random& random,
                                         std::span<const TimeRange> redactions) {
  [[maybe_unused]] const Consent used = std::move(consent);
  NEARZONE_TRY(check_own_time(now));
  if (!redactions.empty() && !can_redact())
    return Status(Code::unsupported, "every key of this scheme stands for all that follows it",
                  "redactions");
  // Taken for nothing, it would give away what the person meant to keep.
  for (const TimeRange& range : redactions)
    if (range.to <= range.from)
      return Status(Code::invalid_argument, "one ends before it begins", "redactions");
  NEARZONE_ASSIGN(std::vector<PublishedKey> keys, give_away_and_renew(first, now, random));
  const auto redacted = [&](const PublishedKey& key) {
    return std::ranges::any_of(redactions, [&](const TimeRange& range) {
      return range.overlaps({key.valid_from, key.valid_to});
    });
  };
  // Moved behind, so that they are wiped with what stays.
  const auto given = std::ranges::stable_partition(keys, std::not_fn(redacted));
  for (PublishedKey& key : given) wipe_key(key);
  keys.erase(given.begin(), given.end());
  for (size_t i = 0; i < keys.size(); ++i) keys[i].record = i;
  return Disclosure(tag(), std::move(keys));
}

std::vector<std::optional<Identifier>> Broadcaster::sent_at(std::span<const Instant> times) const {
  // Every scheme's identifiers change at borders of these only.
  constexpr Millis kStep = std::chrono::minutes(5);
  const SecretBytes state = save();
  const auto is_unchanged = [&](const Broadcaster& copy) {
    const SecretBytes after = copy.save();
    return equal_in_constant_time(after.expose(ForDerivation{}), state.expose(ForDerivation{}));
  };
  std::unordered_map<int64_t, std::optional<Identifier>> known;
  std::unique_ptr<Broadcaster> copy;
  NoRandom random;
  std::vector<std::optional<Identifier>> sent;
  sent.reserve(times.size());
  for (const Instant at : times) {
    const auto [entry, is_new] = known.try_emplace(at.ms / kStep.count());
    if (is_new) {
      if (copy == nullptr) copy = *load(state.expose(ForDerivation{}));
      const Result<Advertisement> advertisement = copy->advertise_at(at, {}, random);
      // Where that took a new key, or one that began later, it was not sent.
      if (!is_unchanged(*copy))
        copy.reset();
      else if (advertisement.ok())
        entry->second = advertisement->identifier;
    }
    sent.push_back(entry->second);
  }
  return sent;
}

Result<std::unique_ptr<Broadcaster>> Broadcaster::load(ByteView state) {
  if (state.size() < kOwnStateHeader) return Status(Code::corrupt, "own keys are truncated");
  if (state[0] > kOwnStateVersion)
    return Status(Code::newer_format, "own keys were written by a newer version");
  const ByteView records = state.subspan(kOwnStateHeader);
  switch (static_cast<SchemeTag>(state[1])) {
    case SchemeTag::bluezone: return load_bluezone_broadcaster(records, state[2]);
    case SchemeTag::gaen: return load_gaen_broadcaster(records, state[2]);
    case SchemeTag::dp3t_low_cost: return load_dp3t_low_cost_broadcaster(records, state[2]);
    case SchemeTag::dp3t_hybrid: return load_dp3t_hybrid_broadcaster(records, state[2]);
    case SchemeTag::tcn: return load_tcn_broadcaster(records, state[2]);
    case SchemeTag::dp3t_unlinkable: return load_dp3t_unlinkable_broadcaster(records, state[2]);
  }
  return Status(Code::corrupt, "own keys are of an unknown scheme", "scheme").at_offset(1);
}

std::unique_ptr<Broadcaster> new_broadcaster(SchemeTag scheme) {
  switch (scheme) {
    case SchemeTag::bluezone: return new_bluezone_broadcaster();
    case SchemeTag::gaen: return new_gaen_broadcaster();
    case SchemeTag::dp3t_low_cost: return new_dp3t_low_cost_broadcaster();
    case SchemeTag::dp3t_hybrid: return new_dp3t_hybrid_broadcaster();
    case SchemeTag::tcn: return new_tcn_broadcaster();
    case SchemeTag::dp3t_unlinkable: return new_dp3t_unlinkable_broadcaster();
  }
  return nullptr;
}

}  // namespace nearzone
