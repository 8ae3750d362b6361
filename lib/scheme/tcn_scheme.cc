#include <algorithm>
#include <array>
#include <cstring>

#include "nearzone/scheme.h"
#include "nearzone/tcn.h"
#include "scheme/tcn_ratchet.h"

namespace nearzone {
namespace {

using tcn::RatchetLanes;

class TcnScheme final : public Scheme {
 public:
  SchemeTag tag() const override { return SchemeTag::tcn; }

  // Nothing binds a number to a time; but once a report is out, anybody can send what it reveals.
  TimeRule rule() const override { return {.until_release = true, .timeless = true}; }

  Status check(const PublishedKey& key) const override {
    const Result<tcn::Report> report = tcn::read_report(key.report);
    if (!report.ok())
      return {Code::invalid_argument, report.status().text(), report.status().field()};
    if (report->key.bytes != key.bytes)
      return {Code::invalid_argument, "must be the report's own verification key", "key"};
    if (report->size() > tcn::kMaxNumbers)
      return {Code::limit_exceeded, "must be at most 1440 numbers", "last"};
    return {};
  }

  Status admit(const PublishedKey& key) const override {
    return tcn::verify_report(key.report).status();
  }

  void split(std::span<const PublishedKey> keys, std::vector<KeyPart>& parts) const override {
    for (size_t i = 0; i < keys.size(); ++i) {
      const Result<tcn::Report> report = tcn::read_report(keys[i].report);
      if (!report.ok() || report->size() == 0) continue;
      KeyPart& part = parts.emplace_back();
      part.state = report->before.bytes;
      part.key = static_cast<uint32_t>(i);
      part.key_bytes = keys[i].bytes.data();
      part.first_slot = report->first;
      part.slots = report->size();
      part.slot_length = Day::kLength;
      part.released_at = keys[i].released_at.value_or(KeyPart::kNotReleased);
    }
  }

  void prepare(std::span<KeyPart* const>) const override {}

  bool derives_in_order() const override { return true; }

  void expand(std::span<const Derivation> derivations, std::span<Identifier> out) const override {
    for (size_t first = 0; first < derivations.size(); first += RatchetLanes::kLanes) {
      const size_t lanes = std::min(RatchetLanes::kLanes, derivations.size() - first);
      out = expand_lanes(derivations.subspan(first, lanes), out);
    }
  }

  Metadata open_metadata(const PublishedKey&, const Identifier&,
                         const Metadata& heard) const override {
    return heard;
  }

 private:
  // Writes what up to kLanes derivations give and returns the rest of `out`.
  static std::span<Identifier> expand_lanes(std::span<const Derivation> derivations,
                                            std::span<Identifier> out) {
    struct Lane {
      SlotRange slots;
      Identifier* out;
      const KeyPart* part;
    };
    std::array<Lane, RatchetLanes::kLanes> lanes;
    size_t active = 0;
    for (const auto& [part, slots] : derivations) {
      if (slots.size() == 0) continue;
      lanes[active++] = {slots, out.data(), part};
      out = out.subspan(slots.size());
    }
    // Longest first, so that the lanes still at work are always the first ones.
    std::sort(lanes.begin(), lanes.begin() + static_cast<ptrdiff_t>(active),
              [](const Lane& a, const Lane& b) { return a.slots.last > b.slots.last; });
    RatchetLanes ratchet;
    for (size_t i = 0; i < active; ++i) {
      const KeyPart& part = *lanes[i].part;
      ratchet.load(i, part.key_bytes, part.state.data(),
                   static_cast<uint16_t>(part.first_slot - 1));
    }
    std::array<Identifier, RatchetLanes::kLanes> numbers;
    for (uint32_t slot = 0; active > 0; ++slot) {
      ratchet.advance(active, numbers.data());
      for (size_t i = 0; i < active; ++i)
        if (slot >= lanes[i].slots.first) *lanes[i].out++ = numbers[i];
      while (active > 0 && lanes[active - 1].slots.last == slot + 1) --active;
    }
    return out;
  }
};

}  // namespace

const Scheme& tcn_scheme() {
  static const TcnScheme scheme;
  return scheme;
}

}  // namespace nearzone
