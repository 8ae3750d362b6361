/// A person's own keys: what to advertise now, and the one way they can be given away.
///
///     auto own = nearzone::new_broadcaster(nearzone::SchemeTag::gaen);
///     auto air = own->advertise_at(clock.now(), {transmit_power_dbm}, random);
///
/// Not thread-safe. Applications use Device, which keeps the state sealed and asks for consent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// What a phone sends until `valid_until`, when it must change together with the radio's address.
struct Advertisement {
  SchemeTag scheme = SchemeTag::gaen;
  Identifier identifier;
  Metadata metadata;  ///< 4 sealed bytes for Exposure Notification, none for Bluezone
  Instant valid_until;
};

/// Proof that the person agreed, in a call of their own, to give keys away. Only Device can make
/// one: nothing that reads the network, a list or a configuration can. Move-only, used up by use.
class Consent {
 public:
  Consent(Consent&&) noexcept = default;
  Consent& operator=(Consent&&) noexcept = default;
  Consent(const Consent&) = delete;
  Consent& operator=(const Consent&) = delete;

 private:
  friend class Device;
  Consent() = default;
};

/// The keys a person consented to publish, and the only thing an upload can be built from.
/// Move-only; its keys can be taken once, and are wiped if they never are.
class Disclosure {
 public:
  Disclosure(Disclosure&&) noexcept = default;
  Disclosure& operator=(Disclosure&&) noexcept;
  Disclosure(const Disclosure&) = delete;
  Disclosure& operator=(const Disclosure&) = delete;
  ~Disclosure();

  SchemeTag scheme() const { return scheme_; }
  size_t size() const { return keys_.size(); }
  /// Hands the keys out, once; afterwards fails with closed.
  Result<std::vector<PublishedKey>> take_keys();

 private:
  friend class Broadcaster;
  Disclosure(SchemeTag scheme, std::vector<PublishedKey> keys)
      : scheme_(scheme), keys_(std::move(keys)) {}
  void wipe_keys();

  SchemeTag scheme_;
  std::vector<PublishedKey> keys_;
  bool taken_ = false;
};

/// What a phone states of the power that it sends with; only Exposure Notification's metadata do.
struct AdvertisedPower {
  int8_t dbm = 0;
  uint8_t calibration_confidence = 0;  ///< 0..3, as in Calibration
};

class Broadcaster {
 public:
  virtual ~Broadcaster() = default;
  virtual SchemeTag tag() const = 0;

  /// The advertisement at `now`; makes the day's key where there is none yet. Fails with
  /// invalid_argument where `now` lies outside years 1970..9999 or before every key that can be.
  virtual Result<Advertisement> advertise_at(Instant now, AdvertisedPower power,
                                             Random& random) = 0;

  /// Whether single keys can be left out of a disclosure. Not where every later one follows from
  /// the first (Bluezone, DP-3T low-cost).
  virtual bool can_redact() const { return false; }

  /// Gives away the keys of the days [first, Day::of(now)], but for those that were on the air
  /// within one of the redactions, then renews: the keys given and redacted are forgotten, and
  /// later identifiers cannot be derived from them. Fails with unsupported, changing nothing, where
  /// there are redactions and can_redact() is false, and with invalid_argument where one is empty.
  Result<Disclosure> disclose(Consent&& consent, Day first, Instant now, Random& random,
                              std::span<const TimeRange> redactions = {});

  /// What was sent at each of these times, going by the keys that are held still: nothing where
  /// they were given away, forgotten or never made. An identifier that the radio kept for longer
  /// than Advertisement::valid_until counts as its successor from there on.
  std::vector<std::optional<Identifier>> sent_at(std::span<const Instant> times) const;

  /// Forgets what could derive the identifiers of earlier days.
  virtual void forget_before(Day day) = 0;

  /// Own state for sealed storage, and back. load fails with corrupt or newer_format.
  virtual SecretBytes save() const = 0;
  static Result<std::unique_ptr<Broadcaster>> load(ByteView state);

 protected:
  virtual Result<std::vector<PublishedKey>> give_away_and_renew(Day first, Instant now,
                                                                Random& random) = 0;
};

/// No keys yet: each is made when it is first needed. Bluezone and DP-3T with 96 identifiers a day,
/// DP-3T hybrid with windows of two hours.
/// Null where the number is no scheme's.
std::unique_ptr<Broadcaster> new_broadcaster(SchemeTag scheme);

}  // namespace nearzone
