#include <algorithm>

#include "nearzone/bluezone.h"
#include "nearzone/scheme.h"
#include "scheme/day_chain.h"

namespace nearzone {
namespace {

// Links that are made before they are copied to where they belong; they stay in the first cache.
constexpr uint32_t kLinksTogether = 32;

class BluezoneScheme final : public Scheme {
 public:
  explicit BluezoneScheme(BluezoneWindows windows) : windows_(windows) {}

  SchemeTag tag() const override { return SchemeTag::bluezone; }

  TimeRule rule() const override {
    if (windows_ == BluezoneWindows::strict) return {Millis(0), Millis(1)};
    return {std::chrono::minutes(5), std::chrono::minutes(5)};
  }

  Status check(const PublishedKey& key) const override {
    if (key.identifiers_per_day < 1 || key.identifiers_per_day > bluezone::kMaxIdentifiersPerDay)
      return {Code::invalid_argument, "must be 1 to 1440", "max"};
    if (key.valid_from.ms < 0 || key.valid_to.ms < 0)
      return {Code::invalid_argument, "must not be before 1970", "time_start"};
    if (key.valid_to < key.valid_from)
      return {Code::invalid_argument, "must not be before time_start", "time_end"};
    if (key.valid_to - key.valid_from > Day::kLength * bluezone::kMaxRecordDays)
      return {Code::limit_exceeded, "must be at most 62 days after time_start", "time_end"};
    return {};
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    const auto append = [this](const PublishedKey& key, uint32_t index, std::vector<KeyPart>& all) {
      return append_days(key, index, all);
    };
    split_by_days(keys, append, parts);
  }

  void prepare(std::span<KeyPart* const>) const override {}

  bool derives_in_order() const override { return true; }

  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    for (size_t first = 0; first < derivations.size(); first += ChainLanes::kLanes) {
      const size_t lanes = std::min(ChainLanes::kLanes, derivations.size() - first);
      out = expand_lanes(derivations.subspan(first, lanes), out);
    }
  }

  Metadata open_metadata(const PublishedKey&, const Identifier&,
                         const Metadata& heard) const override {
    return heard;
  }

 private:
  // How many slots a record stands for. Strict: slot k is visited while its start <= time_end.
  uint32_t slots(const PublishedKey& key) const {
    const int64_t length = bluezone::slot_length(key.identifiers_per_day).count();
    const int64_t span = (key.valid_to - key.valid_from).count();
    const int64_t count = windows_ == BluezoneWindows::strict || span == 0
                              ? span / length + 1
                              : (span - 1) / length + 1;
    return static_cast<uint32_t>(count);
  }

  // The parts of a key, of which only the first has its state yet. Returns how many.
  uint32_t append_days(const PublishedKey& key, uint32_t index, std::vector<KeyPart>& parts) const {
    const Millis length = bluezone::slot_length(key.identifiers_per_day);
    const uint32_t total = slots(key);
    uint32_t days = 0;
    for (uint32_t slot = 0; slot < total; slot += key.identifiers_per_day, ++days)
      parts.push_back({key.bytes, index, slot, std::min(key.identifiers_per_day, total - slot),
                       key.valid_from + length * slot, length});
    return days;
  }

  // Writes what up to kLanes derivations give and returns the rest of `out`.
  static std::span<Identifier> expand_lanes(std::span<const Derivation> derivations,
                                            std::span<Identifier> out) {
    struct Lane {
      const Derivation* derivation;
      Identifier* out;
    };
    std::array<Lane, ChainLanes::kLanes> lanes;
    size_t active = 0;
    for (const Derivation& derivation : derivations) {
      if (derivation.slots.size() == 0) continue;
      lanes[active++] = {&derivation, out.data()};
      out = out.subspan(derivation.slots.size());
    }
    // Longest first, so that the lanes still at work are always the first ones.
    std::sort(lanes.begin(), lanes.begin() + static_cast<ptrdiff_t>(active),
              [](const Lane& a, const Lane& b) {
                return a.derivation->slots.last > b.derivation->slots.last;
              });
    ChainLanes chain;
    for (size_t i = 0; i < active; ++i)
      chain.load(i, lanes[i].derivation->part->state.data(), kBluezoneSubKeySalt);
    std::array<Identifier, kLinksTogether * ChainLanes::kLanes> links;
    for (uint32_t slot = 0; active > 0;) {
      const uint32_t end =
          std::min(slot + kLinksTogether, lanes[active - 1].derivation->slots.last);
      chain.advance(active, end - slot, links.data());
      for (size_t i = 0; i < active; ++i) {
        const uint32_t begin = std::max(slot, lanes[i].derivation->slots.first);
        size_t link = (begin - slot) * active + i;
        Identifier* to = lanes[i].out;
        for (uint32_t at = begin; at < end; ++at, link += active) *to++ = links[link];
        lanes[i].out = to;
      }
      slot = end;
      while (active > 0 && lanes[active - 1].derivation->slots.last == slot) --active;
    }
    return out;
  }

  BluezoneWindows windows_;
};

}  // namespace

const Scheme& bluezone_scheme(BluezoneWindows windows) {
  static const BluezoneScheme tolerant(BluezoneWindows::tolerant);
  static const BluezoneScheme strict(BluezoneWindows::strict);
  return windows == BluezoneWindows::strict ? strict : tolerant;
}

}  // namespace nearzone
