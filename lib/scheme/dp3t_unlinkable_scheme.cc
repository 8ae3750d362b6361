#include <algorithm>
#include <cstring>
#include <utility>

#include "kernel/kernel.h"
#include "nearzone/dp3t.h"
#include "nearzone/scheme.h"

namespace nearzone {
namespace {

// Hashes that go to the kernel in one call.
constexpr size_t kTogether = 32;
// Bytes of what is hashed.
constexpr size_t kSeed = 32;
constexpr size_t kIdentifierInEpoch = 16 + 4;

// SHA-256 of short messages side by side. A block is written once: all messages have one length.
class ShortHashes {
 public:
  explicit ShortHashes(size_t size) {
    for (auto& block : block_) {
      block[size] = 0x80;
      store_be32(block + 60, static_cast<uint32_t>(size * 8));
    }
  }
  ~ShortHashes() { wipe(this, sizeof(*this)); }

  uint8_t* message(size_t lane) { return block_[lane]; }
  // The first `words` 32-bit words of the hash of each lane's message, written where `out(lane)`
  // says.
  template <typename Out>
  void hash(size_t lanes, size_t words, const Out& out) {
    for (size_t lane = 0; lane < lanes; ++lane)
      std::memcpy(state_[lane], kernel::kSha256Initial, sizeof(state_[lane]));
    kernel::active().sha256_compress(state_, block_, lanes);
    for (size_t lane = 0; lane < lanes; ++lane)
      for (size_t word = 0; word < words; ++word)
        store_be32(out(lane) + 4 * word, state_[lane][word]);
  }

 private:
  uint8_t block_[kTogether][64] = {};
  uint32_t state_[kTogether][8];
};

class UnlinkableScheme final : public Scheme {
 public:
  SchemeTag tag() const override { return SchemeTag::dp3t_unlinkable; }

  // An identifier counts in the receiver's epoch, which must be the sender's.
  TimeRule rule() const override { return {}; }

  Status check(const PublishedKey& key) const override {
    if (key.valid_from.ms < 0 || key.valid_from.ms % dp3t::kEpoch.count() != 0 ||
        key.valid_from.ms / dp3t::kEpoch.count() > 0xffffffff)
      return {Code::invalid_argument, "must be the start of an epoch", "valid_from"};
    if (key.valid_to != key.valid_from + dp3t::kEpoch)
      return {Code::invalid_argument, "must be the end of the epoch", "valid_to"};
    return {};
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    for (size_t i = 0; i < keys.size(); ++i) {
      KeyPart& part = parts.emplace_back();
      part.state = keys[i].bytes;
      part.key = static_cast<uint32_t>(i);
      part.slots = 1;
      part.start = keys[i].valid_from;
      part.slot_length = dp3t::kEpoch;
    }
  }

  void prepare(std::span<KeyPart* const>) const override {}

  bool derives_in_order() const override { return false; }

  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    ShortHashes hashes(kSeed);
    size_t lanes = 0;
    for (const auto& [part, slots] : derivations) {
      if (slots.size() == 0) continue;
      std::memcpy(hashes.message(lanes++), part->state.data(), kSeed);
      if (lanes == kTogether) out = hash_identifiers(hashes, std::exchange(lanes, 0), out);
    }
    hash_identifiers(hashes, lanes, out);
  }

  void set_items(std::span<const Identifier> identifiers, std::span<const uint32_t> slots,
                 std::span<SetItem> items) const override {
    ShortHashes hashes(kIdentifierInEpoch);
    for (size_t first = 0; first < items.size(); first += kTogether) {
      const size_t lanes = std::min(kTogether, items.size() - first);
      for (size_t i = 0; i < lanes; ++i) {
        std::memcpy(hashes.message(i), identifiers[first + i].bytes.data(), 16);
        store_be32(hashes.message(i) + 16, slots[first + i]);
      }
      hashes.hash(lanes, 8, [&](size_t lane) { return items[first + lane].bytes.data(); });
    }
  }

  HeardSlot slot_at(Instant heard) const override {
    const uint32_t epoch = dp3t::epoch_of(heard);
    const Instant start = Instant{} + dp3t::kEpoch * epoch;
    return {epoch, {start, start + dp3t::kEpoch}};
  }

  Metadata open_metadata(const PublishedKey&, const Identifier&,
                         const Metadata& heard) const override {
    return heard;
  }

 private:
  static std::span<Identifier> hash_identifiers(ShortHashes& hashes, size_t lanes,
                                                std::span<Identifier> out) {
    hashes.hash(lanes, 4, [&](size_t lane) { return out[lane].bytes.data(); });
    return out.subspan(lanes);
  }
};

}  // namespace

const Scheme& dp3t_unlinkable_scheme() {
  static const UnlinkableScheme scheme;
  return scheme;
}

SetItem dp3t::set_item(const Identifier& identifier, uint32_t epoch) {
  SetItem item;
  dp3t_unlinkable_scheme().set_items({&identifier, 1}, {&epoch, 1}, {&item, 1});
  return item;
}

std::vector<SetItem> dp3t::set_items(std::span<const PublishedKey> keys) {
  std::vector<SetItem> items(keys.size());
  ShortHashes seeds(kSeed), identifiers(kIdentifierInEpoch);
  for (size_t first = 0; first < keys.size(); first += kTogether) {
    const size_t lanes = std::min(kTogether, keys.size() - first);
    for (size_t i = 0; i < lanes; ++i) {
      std::memcpy(seeds.message(i), keys[first + i].bytes.data(), kSeed);
      store_be32(identifiers.message(i) + 16, epoch_of(keys[first + i].valid_from));
    }
    seeds.hash(lanes, 4, [&](size_t lane) { return identifiers.message(lane); });
    identifiers.hash(lanes, 8, [&](size_t lane) { return items[first + lane].bytes.data(); });
  }
  return items;
}

}  // namespace nearzone
