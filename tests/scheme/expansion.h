// Expands every slot of one key, for tests that look at single identifiers.
#pragma once

#include <vector>

#include "nearzone/scheme.h"

namespace nearzone::test {

struct ExpandedSlot {
  uint32_t slot;
  Identifier identifier;
  TimeRange window;
};

inline std::vector<ExpandedSlot> expand_all(const Scheme& scheme, const PublishedKey& key) {
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  std::vector<KeyPart*> unprepared;
  for (KeyPart& part : parts) unprepared.push_back(&part);
  scheme.prepare(unprepared);
  std::vector<Derivation> derivations;
  size_t total = 0;
  for (const KeyPart& part : parts) {
    derivations.push_back({&part, {0, part.slots}});
    total += part.slots;
  }
  std::vector<Identifier> identifiers(total);
  scheme.expand(derivations, identifiers);
  std::vector<ExpandedSlot> slots;
  for (const KeyPart& part : parts)
    for (uint32_t slot = 0; slot < part.slots; ++slot)
      slots.push_back(
          {part.first_slot + slot, identifiers[slots.size()], scheme.window(part, slot)});
  return slots;
}

}  // namespace nearzone::test
