#include "nearzone/scheme.h"

#include <algorithm>

namespace nearzone {

size_t published_key_size(SchemeTag tag) {
  return tag == SchemeTag::gaen || tag == SchemeTag::dp3t_hybrid ? 16 : 32;
}

SlotRange Scheme::slots_near(const KeyPart& part, TimeRange when) const {
  if (when.to <= when.from) return {};
  const int64_t length = part.slot_length.count();
  const int64_t end_offset = (when.to + rule().before - part.start).count();
  const int64_t begin_offset = (when.from - rule().after - part.start).count();
  if (end_offset <= 0) return {};
  // Slot s can match if it begins before end_offset and ends after begin_offset.
  const int64_t last = std::min<int64_t>(part.slots, (end_offset - 1) / length + 1);
  const int64_t first = begin_offset <= 0 ? 0 : begin_offset / length;
  if (first >= last) return {};
  return {static_cast<uint32_t>(first), static_cast<uint32_t>(last)};
}

TimeRange Scheme::window(const KeyPart& part, uint32_t slot) const {
  const Instant from = part.start + part.slot_length * slot;
  return {from, from + part.slot_length};
}

}  // namespace nearzone
