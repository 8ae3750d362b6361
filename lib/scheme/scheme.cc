#include "nearzone/scheme.h"

#include <algorithm>

#include "kernel/kernel.h"

namespace nearzone {

size_t published_key_size(SchemeTag tag) {
  return tag == SchemeTag::gaen || tag == SchemeTag::dp3t_hybrid ? 16 : 32;
}

std::array<const Scheme*, 6> every_scheme(BluezoneWindows windows) {
  return {&bluezone_scheme(windows), &gaen_scheme(), &dp3t_low_cost_scheme(),
          &dp3t_hybrid_scheme(),     &tcn_scheme(),  &dp3t_unlinkable_scheme()};
}

const Scheme* find_scheme(SchemeTag tag) {
  const auto schemes = every_scheme();
  const auto found = std::ranges::find(schemes, tag, &Scheme::tag);
  return found == schemes.end() ? nullptr : *found;
}

size_t Scheme::expand_and_find(std::span<const Derivation> derivations,
                               const kernel::FilterView& filter, std::span<Identifier> out,
                               uint32_t* found) const {
  expand(derivations, out);
  return kernel::active().filter_find(filter, reinterpret_cast<uint8_t(*)[16]>(out.data()),
                                      out.size(), found);
}

SlotRange Scheme::slots_near(const KeyPart& part, TimeRange when) const {
  const TimeRule rule = this->rule();
  if (when.to <= when.from) return {};
  if (rule.until_release && when.from >= part.released_at) return {};
  if (rule.timeless) return {0, part.slots};
  if (part.shuffled) return {0, when.overlaps(reach(part, 0)) ? part.slots : 0};
  const int64_t length = part.slot_length.count();
  const int64_t end_offset = (when.to + rule.before - part.start).count();
  const int64_t begin_offset = (when.from - rule.after - part.start).count();
  if (end_offset <= 0) return {};
  // Slot s can match if it begins before end_offset and ends after begin_offset.
  const int64_t last = std::min<int64_t>(part.slots, (end_offset - 1) / length + 1);
  const int64_t first = begin_offset <= 0 ? 0 : begin_offset / length;
  if (first >= last) return {};
  return {static_cast<uint32_t>(first), static_cast<uint32_t>(last)};
}

TimeRange Scheme::window(const KeyPart& part, uint32_t slot) const {
  if (rule().timeless) return {Instant{std::numeric_limits<int64_t>::min()}, KeyPart::kNotReleased};
  const Instant from = part.shuffled ? part.start : part.start + part.slot_length * slot;
  return {from, from + part.slot_length};
}

TimeRange Scheme::reach(const KeyPart& part, uint32_t slot) const {
  const TimeRule rule = this->rule();
  const TimeRange window = this->window(part, slot);
  const Instant end = window.to + rule.after;
  return {window.from - rule.before, rule.until_release ? std::min(end, part.released_at) : end};
}

}  // namespace nearzone
