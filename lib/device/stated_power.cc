#include "device/stated_power.h"

#include <algorithm>

#include "nearzone/gaen.h"

namespace nearzone::device {

StatedPower stated_power(const PublishedKey& key, const SightingColumns& columns, size_t row,
                         std::span<const Scheme* const> schemes) {
  const Metadata& heard = columns.metadata[row];
  if (heard.size == 1) return {static_cast<int8_t>(heard.bytes[0]), 0};
  const auto scheme = std::ranges::find(schemes, key.scheme, &Scheme::tag);
  if (key.scheme != SchemeTag::gaen || heard.size != Metadata::kCapacity || scheme == schemes.end())
    return {};
  const auto metadata = gaen::AssociatedMetadata::decode(
      (*scheme)->open_metadata(key, columns.identifier[row], heard));
  if (metadata.major_version != gaen::AssociatedMetadata().major_version) return {};
  return {metadata.transmit_power_dbm, metadata.calibration_confidence};
}

}  // namespace nearzone::device
