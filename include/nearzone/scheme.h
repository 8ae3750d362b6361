/// Identifier schemes behind one interface: how a published key becomes identifiers, and when each
/// of them may have been heard.
///
///     const nearzone::Scheme& scheme = nearzone::gaen_scheme();
///     std::vector<nearzone::KeyPart> parts;
///     scheme.split({&key, 1}, parts);
///     nearzone::KeyPart* part = &parts[0];
///     scheme.prepare({&part, 1});
///     nearzone::Derivation all{part, {0, part->slots}};
///     std::vector<nearzone::Identifier> identifiers(part->slots);
///     scheme.expand({&all, 1}, identifiers);
///
/// Schemes are stateless values; every function is safe from any thread and never allocates more
/// than it returns.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

namespace kernel {
struct FilterView;
}

/// Half-open range of slots of one key part: [first, last).
struct SlotRange {
  uint32_t first = 0;
  uint32_t last = 0;
  uint32_t size() const { return last > first ? last - first : 0; }
};

/// At most one day of a published key. A key that stands for many days (Bluezone, DP-3T low-cost)
/// is split into one part a day, any other is its own part.
struct KeyPart {
  /// Later than any sighting: of keys whose release is not known, or does not cut the part short.
  static constexpr Instant kNotReleased{std::numeric_limits<int64_t>::max()};

  std::array<uint8_t, 32> state{};  ///< the part's key; after prepare() what expand() starts from
  uint32_t key = 0;                 ///< index into the keys given to split()
  uint32_t first_slot = 0;          ///< the part's slot 0, counted from the key's first slot
  uint32_t slots = 0;               ///< identifiers that this part stands for
  Instant start;                    ///< when slot 0 begins
  Millis slot_length{0};
  /// The order of the slots is the sender's secret: each may have been on the air at any time of
  /// the one slot_length that begins at `start`.
  bool shuffled = false;
  Instant released_at = kNotReleased;
  /// TCN: the key's own `bytes`, which must outlive the part.
  const uint8_t* key_bytes = nullptr;
};

/// Slots to derive of a prepared part, which is borrowed.
struct Derivation {
  const KeyPart* part = nullptr;
  SlotRange slots;
};

/// The slot of a time that schemes which publish sets count by.
struct HeardSlot {
  uint32_t number = 0;
  TimeRange window;
};

/// When a sighting counts: from `before` ahead of a slot's window until `after` beyond it.
struct TimeRule {
  Millis before{0};
  Millis after{0};
  bool until_release = false;  ///< and only before the key was released
  bool timeless = false;       ///< identifiers are bound to no time: windows are the whole of it
};

class Scheme {
 public:
  virtual ~Scheme() = default;
  virtual SchemeTag tag() const = 0;
  virtual TimeRule rule() const = 0;

  /// Refuses keys that no honest list holds and whose work would not be bounded. Every other
  /// function may be called only with keys that pass.
  virtual Status check(const PublishedKey& key) const = 0;

  /// What must hold of a key that was heard, and costs too much to be asked of all: that a TCN
  /// report was signed with its own key. Fails with signature_refused.
  virtual Status admit(const PublishedKey&) const { return {}; }

  /// Appends the parts of each key, in order of key and time.
  virtual void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const = 0;

  /// The slots of a part that a sighting within `when` can match under rule(); possibly empty.
  SlotRange slots_near(const KeyPart& part, TimeRange when) const;

  /// When slot `slot` of a part was, or can have been, on the air, without rule()'s tolerance.
  /// slot < part.slots.
  TimeRange window(const KeyPart& part, uint32_t slot) const;

  /// When a sighting of the slot counts: its window under rule().
  TimeRange reach(const KeyPart& part, uint32_t slot) const;

  /// Does what is needed once for each part before expand(), for many parts side by side, wherever
  /// they lie.
  virtual void prepare(std::span<KeyPart* const> parts) const = 0;

  /// Whether a slot costs as much as all slots of its part up to it: then a part is expanded once,
  /// over all of the slots wanted and those between them.
  virtual bool derives_in_order() const = 0;

  /// Writes the identifiers of all derivations, densely and in order. `out` must hold exactly the
  /// sum of the ranges' sizes; each range must lie within its part.
  virtual void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const = 0;

  /// expand(), and a look at which identifiers may be in a filter: their positions in `out`,
  /// ascending, go to `found`, which has room for as many. Returns how many they are. For matchers,
  /// which make the filters.
  virtual size_t expand_and_find(std::span<const Derivation> derivations,
                                 const kernel::FilterView& filter, std::span<Identifier> out,
                                 uint32_t* found) const;

  /// Of a scheme that publishes sets: what a published set is asked for identifiers that were heard
  /// in those slots, and the slot of a time. All have equal sizes. Others leave both alone.
  virtual void set_items(std::span<const Identifier>, std::span<const uint32_t>,
                         std::span<SetItem>) const {}
  virtual HeardSlot slot_at(Instant) const { return {}; }

  /// What the sender sealed into its advertisement (Exposure Notification's associated encrypted
  /// metadata), or what was heard in the open where the scheme seals nothing.
  virtual Metadata open_metadata(const PublishedKey& key, const Identifier& identifier,
                                 const Metadata& heard) const = 0;
};

/// How Bluezone's windows are read.
enum class BluezoneWindows : uint8_t {
  /// A slot counts if it begins before time_end; its window is widened by five minutes either side
  /// for slow rotation and clock skew; ends are exclusive.
  tolerant,
  /// Bit for bit as the original: no tolerance, both ends of a window and time_end inclusive.
  strict,
};

/// The schemes of this library; they live for ever.
const Scheme& bluezone_scheme(BluezoneWindows windows = BluezoneWindows::tolerant);
const Scheme& gaen_scheme();
/// DP-3T's low-cost design: a day's identifiers, shuffled, until the key's release.
const Scheme& dp3t_low_cost_scheme();
/// DP-3T's hybrid design: a window's identifiers, shuffled, until the seed's release. Windows of
/// two and of four hours are matched; a phone of this library sends those of two only.
const Scheme& dp3t_hybrid_scheme();

/// Temporary Contact Numbers: bound to no time, until the report's release.
const Scheme& tcn_scheme();
/// DP-3T's unlinkable design. Its keys, one an epoch, are for the authority alone; phones match
/// the set that it publishes of them.
const Scheme& dp3t_unlinkable_scheme();

/// All of them, in order of their tags.
std::array<const Scheme*, 6> every_scheme(BluezoneWindows windows = BluezoneWindows::tolerant);
/// The scheme of a tag, or null where the number is no scheme's.
const Scheme* find_scheme(SchemeTag tag);

}  // namespace nearzone
