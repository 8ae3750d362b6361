// DP-3T's two designs whose lists hold keys: a day's or a window's identifiers, in secret order.
#include <algorithm>
#include <cstring>

#include "nearzone/dp3t.h"
#include "nearzone/scheme.h"
#include "scheme/day_chain.h"
#include "scheme/dp3t_derivation.h"

namespace nearzone {
namespace {

// Keys that go to the kernel in one call.
constexpr size_t kTogether = 256;

Status check_shuffled(const PublishedKey& key) {
  if (key.identifiers_per_day < 1 || key.identifiers_per_day > dp3t::kMaxIdentifiersPerDay ||
      dp3t::kMaxIdentifiersPerDay % key.identifiers_per_day != 0)
    return {Code::invalid_argument, "must be whole minutes' share of a day", "identifiers_per_day"};
  if (key.valid_from.ms < 0)
    return {Code::invalid_argument, "must not be before 1970", "valid_from"};
  if (!key.released_at || *key.released_at <= key.valid_from)
    return {Code::invalid_argument, "must be a time after the key's first", "released_at"};
  return {};
}

class ShuffledScheme : public Scheme {
 public:
  ShuffledScheme(size_t key_size, std::string_view message)
      : key_size_(key_size), message_(message) {}

  TimeRule rule() const override { return {.until_release = true}; }

  // Turns keys into those of their streams.
  void prepare(std::span<KeyPart* const> parts) const override {
    uint8_t keys[kTogether][32];
    for (size_t first = 0; first < parts.size(); first += kTogether) {
      const size_t count = std::min(kTogether, parts.size() - first);
      for (size_t i = 0; i < count; ++i) std::memcpy(keys[i], parts[first + i]->state.data(), 32);
      dp3t::derive_stream_keys(keys, key_size_, count, message_);
      for (size_t i = 0; i < count; ++i) std::memcpy(parts[first + i]->state.data(), keys[i], 32);
    }
  }

  bool derives_in_order() const override { return false; }

  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    for (const auto& [part, slots] : derivations) {
      uint8_t key[32];
      std::memcpy(key, part->state.data(), 32);
      dp3t::expand_stream(key, slots.first, out.first(slots.size()));
      out = out.subspan(slots.size());
    }
  }

  Metadata open_metadata(const PublishedKey&, const Identifier&,
                         const Metadata& heard) const override {
    return heard;
  }

 protected:
  // A part of one day or window. A release behind it makes no difference, so that parts of one time
  // are alike whenever they were released.
  static KeyPart part_of(const PublishedKey& key, uint32_t index, Instant start, Millis length) {
    KeyPart part;
    part.state = key.bytes;
    part.key = index;
    part.slots = static_cast<uint32_t>(int64_t{key.identifiers_per_day} * length.count() /
                                       Day::kLength.count());
    part.start = start;
    part.slot_length = length;
    part.shuffled = true;
    if (*key.released_at < start + length) part.released_at = *key.released_at;
    return part;
  }

 private:
  const size_t key_size_;
  const std::string_view message_;
};

class LowCostScheme final : public ShuffledScheme {
 public:
  LowCostScheme() : ShuffledScheme(32, dp3t::kDayMessage) {}

  SchemeTag tag() const override { return SchemeTag::dp3t_low_cost; }

  Status check(const PublishedKey& key) const override {
    NEARZONE_TRY(check_shuffled(key));
    if (key.valid_from != Day::of(key.valid_from).start())
      return {Code::invalid_argument, "must be the start of a UTC day", "valid_from"};
    if (*key.released_at - key.valid_from > Day::kLength * dp3t::kMaxKeyDays)
      return {Code::limit_exceeded, "must be at most 62 days after the key's day", "released_at"};
    if (key.valid_to != (Day::of(*key.released_at - Millis(1)) + 1).start())
      return {Code::invalid_argument, "must be the end of the day of the release", "valid_to"};
    return {};
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    const auto append = [](const PublishedKey& key, uint32_t index, std::vector<KeyPart>& all) {
      uint32_t days = 0;
      for (Instant start = key.valid_from; start < key.valid_to; start = start + Day::kLength) {
        all.push_back(part_of(key, index, start, Day::kLength));
        all.back().first_slot = key.identifiers_per_day * days++;
      }
      return days;
    };
    split_by_days(keys, append, parts);
  }
};

class HybridScheme final : public ShuffledScheme {
 public:
  HybridScheme() : ShuffledScheme(16, dp3t::kWindowMessage) {}

  SchemeTag tag() const override { return SchemeTag::dp3t_hybrid; }

  Status check(const PublishedKey& key) const override {
    NEARZONE_TRY(check_shuffled(key));
    const int64_t length = (key.valid_to - key.valid_from).count();
    const int64_t epoch = Day::kLength.count() / key.identifiers_per_day;
    if (length < epoch || length % epoch != 0 || Day::kLength.count() % length != 0)
      return {Code::invalid_argument, "must be whole epochs that divide a day", "window"};
    if (key.valid_from.ms % length != 0)
      return {Code::invalid_argument, "must begin on a border of its windows", "valid_from"};
    return {};
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    for (size_t i = 0; i < keys.size(); ++i)
      parts.push_back(part_of(keys[i], static_cast<uint32_t>(i), keys[i].valid_from,
                              keys[i].valid_to - keys[i].valid_from));
  }
};

}  // namespace

const Scheme& dp3t_low_cost_scheme() {
  static const LowCostScheme scheme;
  return scheme;
}

const Scheme& dp3t_hybrid_scheme() {
  static const HybridScheme scheme;
  return scheme;
}

}  // namespace nearzone
