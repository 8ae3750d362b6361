// Expands every slot of one key, for tests that look at single identifiers.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "nearzone/scheme.h"

namespace nearzone::test {

struct ExpandedSlot {
  uint32_t slot;
  Identifier identifier;
  TimeRange window;
  TimeRange reach;
};

// As a name of a parametrised test.
inline std::string test_name(SchemeTag tag) {
  std::string name(scheme_name(tag));
  std::ranges::replace(name, '-', '_');
  return name;
}

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
      slots.push_back({part.first_slot + slot, identifiers[slots.size()], scheme.window(part, slot),
                       scheme.reach(part, slot)});
  return slots;
}

}  // namespace nearzone::test
