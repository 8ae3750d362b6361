#include <algorithm>

#include "nearzone/gaen.h"
#include "nearzone/scheme.h"
#include "scheme/gaen_derivation.h"

namespace nearzone {
namespace {

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
    for (size_t i = 0; i < keys.size(); ++i) {
      const PublishedKey& key = keys[i];
      parts.push_back({key.bytes, static_cast<uint32_t>(i), 0,
                       static_cast<uint32_t>((key.valid_to - key.valid_from) / Interval::kLength),
                       key.valid_from, Interval::kLength});
    }
  }

  void expand(std::span<const KeyPart> parts, std::span<const SlotRange> ranges,
              std::span<Identifier> out) const override {
    auto* next = reinterpret_cast<uint8_t(*)[16]>(out.data());
    for (size_t first = 0; first < parts.size(); first += gaen::kDerivationLanes) {
      const size_t lanes = std::min(gaen::kDerivationLanes, parts.size() - first);
      const uint8_t* keys[gaen::kDerivationLanes];
      uint8_t identifier_keys[gaen::kDerivationLanes][16];
      for (size_t lane = 0; lane < lanes; ++lane) keys[lane] = parts[first + lane].state.data();
      gaen::derive_keys(keys, lanes, gaen::kIdentifierKeyInfo, identifier_keys);
      for (size_t lane = 0; lane < lanes; ++lane) {
        const SlotRange& range = ranges[first + lane];
        const uint32_t interval = Interval::of(parts[first + lane].start).number + range.first;
        gaen::encrypt_intervals(identifier_keys[lane], interval, range.size(), next);
        next += range.size();
      }
    }
  }

  Metadata open_metadata(const PublishedKey& key, const Identifier& identifier,
                         const Metadata& heard) const override {
    uint8_t metadata_key[1][16];
    const uint8_t* bytes = key.bytes.data();
    gaen::derive_keys(&bytes, 1, gaen::kMetadataKeyInfo, metadata_key);
    return gaen::apply_metadata_keystream(metadata_key[0], identifier, heard);
  }
};

}  // namespace

const Scheme& gaen_scheme() {
  static const GaenScheme scheme;
  return scheme;
}

}  // namespace nearzone
