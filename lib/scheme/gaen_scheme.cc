#include <algorithm>
#include <cstring>

#include "nearzone/gaen.h"
#include "nearzone/scheme.h"
#include "scheme/gaen_derivation.h"

namespace nearzone {
namespace {

// Keys that go to the kernel in one call.
constexpr size_t kTogether = 256;

class GaenScheme final : public Scheme {
 public:
  SchemeTag tag() const override { return SchemeTag::gaen; }

  // Both systems accept a sighting from twelve intervals before an identifier's own until twelve
  // after it.
  TimeRule rule() const override { return {std::chrono::hours(2), std::chrono::hours(2)}; }

  Status check(const PublishedKey& key) const override {
    constexpr int64_t kInterval = Interval::kLength.count();
    // The last interval whose number fits the export's 32-bit field.
    constexpr int64_t kLast = int64_t{0x7fffffff} * kInterval;
    if (key.valid_from.ms < 0 || key.valid_from.ms > kLast || key.valid_from.ms % kInterval != 0)
      return {Code::invalid_argument, "must be an interval number from 0 to 2147483647",
              "rolling_start_interval_number"};
    const int64_t length = (key.valid_to - key.valid_from).count();
    if (length < kInterval || length > kInterval * gaen::kIntervalsPerDay ||
        length % kInterval != 0)
      return {Code::invalid_argument, "must be 1 to 144", "rolling_period"};
    return {};
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    // Written in place: this is done for every key of a list.
    for (size_t i = 0; i < keys.size(); ++i) {
      const PublishedKey& key = keys[i];
      KeyPart& part = parts.emplace_back();
      part.state = key.bytes;
      part.key = static_cast<uint32_t>(i);
      part.slots = static_cast<uint32_t>((key.valid_to - key.valid_from) / Interval::kLength);
      part.start = key.valid_from;
      part.slot_length = Interval::kLength;
    }
  }

  // Turns temporary exposure keys into identifier keys.
  void prepare(std::span<KeyPart* const> parts) const override {
    uint8_t keys[kTogether][16];
    for (size_t first = 0; first < parts.size(); first += kTogether) {
      const size_t count = std::min(kTogether, parts.size() - first);
      for (size_t i = 0; i < count; ++i) std::memcpy(keys[i], parts[first + i]->state.data(), 16);
      gaen::derive_keys(keys, count, gaen::kIdentifierKeyInfo, keys);
      for (size_t i = 0; i < count; ++i) std::memcpy(parts[first + i]->state.data(), keys[i], 16);
    }
  }

  bool derives_in_order() const override { return false; }

  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    in_calls(derivations, [&](const Call& call, size_t first_block) {
      gaen::encrypt_intervals(call.keys, call.firsts, call.counts, call.size,
                              as_blocks(out) + first_block);
    });
  }

  size_t expand_and_find(std::span<const Derivation> derivations, const kernel::FilterView& filter,
                         std::span<Identifier> out, uint32_t* found) const override {
    size_t hits = 0;
    in_calls(derivations, [&](const Call& call, size_t first_block) {
      const size_t end = hits + gaen::encrypt_and_find_intervals(
                                    call.keys, call.firsts, call.counts, call.size, filter,
                                    as_blocks(out) + first_block, found + hits);
      for (; hits < end; ++hits) found[hits] += static_cast<uint32_t>(first_block);
    });
    return hits;
  }

  Metadata open_metadata(const PublishedKey& key, const Identifier& identifier,
                         const Metadata& heard) const override {
    // One byte is a transmit power that was sent in the open.
    if (heard.size != Metadata::kCapacity) return heard;
    uint8_t metadata_key[1][16];
    std::memcpy(metadata_key[0], key.bytes.data(), 16);
    gaen::derive_keys(metadata_key, 1, gaen::kMetadataKeyInfo, metadata_key);
    return gaen::apply_metadata_keystream(metadata_key[0], identifier, heard);
  }

 private:
  // What the kernel takes of some derivations.
  struct Call {
    uint8_t keys[kTogether][16];
    uint32_t firsts[kTogether];
    uint32_t counts[kTogether];
    size_t size;
  };

  static uint8_t (*as_blocks(std::span<Identifier> identifiers))[16] {
    return reinterpret_cast<uint8_t(*)[16]>(identifiers.data());
  }

  // Hands over the derivations call by call, with the position of a call's first block among all.
  template <class Work>
  static void in_calls(std::span<const Derivation> derivations, const Work& work) {
    Call call;
    size_t block = 0;
    for (size_t first = 0; first < derivations.size(); first += kTogether) {
      const size_t first_block = block;
      call.size = std::min(kTogether, derivations.size() - first);
      for (size_t i = 0; i < call.size; ++i) {
        const auto& [part, slots] = derivations[first + i];
        std::memcpy(call.keys[i], part->state.data(), 16);
        call.firsts[i] = Interval::of(part->start).number + slots.first;
        call.counts[i] = slots.size();
        block += slots.size();
      }
      work(call, first_block);
    }
  }
};

}  // namespace

const Scheme& gaen_scheme() {
  static const GaenScheme scheme;
  return scheme;
}

}  // namespace nearzone
