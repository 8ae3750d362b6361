#include "crash/needles.h"

#include <algorithm>

namespace nearzone::crash_test {
namespace {

// What stands before the sealed part of a slot, and how much of it is searched for at once.
constexpr size_t kSealedOffset = 36;
constexpr size_t kPiece = 32;

}  // namespace

void Needles::add(ByteView bytes, const char* name) {
  needles_.emplace(load_le64(bytes.data()), Needle{{bytes.begin(), bytes.end()}, name});
}

void Needles::add_identifiers(const log_test::Heard& heard) {
  for (const Sighting& sighting : heard.sightings)
    add(ByteView(sighting.identifier.bytes).first(identifier_size(sighting.scheme)),
        "an identifier");
}

void Needles::add_keys(const encounter_log::KeyTable& table) {
  for (const encounter_log::DayKey& day : table.days)
    add(day.key.expose(ForSealing{}), "a day key in the open");
}

void Needles::add_slot(ByteView slot) {
  for (size_t at = kSealedOffset; at + kPiece <= slot.size(); at += kPiece)
    add(slot.subspan(at, kPiece), "a sealed table with the erased key");
}

std::string Needles::found_in(ByteView haystack) const {
  for (size_t at = 0; at + 8 <= haystack.size(); ++at) {
    const auto [first, last] = needles_.equal_range(load_le64(haystack.data() + at));
    for (auto needle = first; needle != last; ++needle) {
      const std::vector<uint8_t>& bytes = needle->second.bytes;
      if (bytes.size() <= haystack.size() - at &&
          std::ranges::equal(bytes, haystack.subspan(at, bytes.size())))
        return std::string(needle->second.name) + " at byte " + std::to_string(at);
    }
  }
  return {};
}

bool is_slot(ByteView bytes) {
  return bytes.size() == encounter_log::kSlotSize && encounter_log::check_slot(bytes).ok();
}

}  // namespace nearzone::crash_test
