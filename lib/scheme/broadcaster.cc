#include "nearzone/broadcaster.h"

#include "scheme/own_state.h"

namespace nearzone {

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
  for (PublishedKey& key : keys_) wipe(key.bytes);
}

Result<std::vector<PublishedKey>> Disclosure::take_keys() {
  if (taken_) return Status(Code::closed, "this disclosure was used before");
  taken_ = true;
  return std::move(keys_);
}

Result<Disclosure> Broadcaster::disclose(Consent&& consent, Day first, Instant now,
                                         Random& random) {
  [[maybe_unused]] const Consent used = std::move(consent);
  NEARZONE_TRY(check_own_time(now));
  NEARZONE_ASSIGN(std::vector<PublishedKey> keys, give_away_and_renew(first, now, random));
  for (size_t i = 0; i < keys.size(); ++i) keys[i].record = i;
  return Disclosure(tag(), std::move(keys));
}

Result<std::unique_ptr<Broadcaster>> Broadcaster::load(ByteView state) {
  if (state.size() < kOwnStateHeader) return Status(Code::corrupt, "own keys are truncated");
  if (state[0] > kOwnStateVersion)
    return Status(Code::newer_format, "own keys were written by a newer version");
  const ByteView records = state.subspan(kOwnStateHeader);
  if (state[1] == static_cast<uint8_t>(SchemeTag::bluezone))
    return load_bluezone_broadcaster(records, state[2]);
  if (state[1] == static_cast<uint8_t>(SchemeTag::gaen))
    return load_gaen_broadcaster(records, state[2]);
  return Status(Code::corrupt, "own keys are of an unknown scheme", "scheme").at_offset(1);
}

std::unique_ptr<Broadcaster> new_broadcaster(SchemeTag scheme) {
  return scheme == SchemeTag::bluezone ? new_bluezone_broadcaster() : new_gaen_broadcaster();
}

}  // namespace nearzone
