// The day keys of a log, and their sealed form: one slot of the key file, and the notes behind the
// slots. The layout is described in docs/formats/encounter-log.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "encounter_log/credible_clock.h"
#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::encounter_log {

using DatabaseId = std::array<uint8_t, 16>;

struct DayKey {
  Day day;
  Secret<32> key;
};

// How much a day held when this was written: a database with less is an older one.
struct DayMark {
  Day day;
  uint32_t blocks = 0;
  uint32_t sightings = 0;
  uint32_t states = 0;
  bool operator==(const DayMark&) const = default;
};

struct KeyTable {
  static constexpr size_t kMostDays = 64;

  DatabaseId database_id{};
  uint64_t sequence = 0;       // grows with every writing of the key file
  std::vector<DayKey> days;    // ascending, each once, at most kMostDays
  std::vector<DayMark> marks;  // of some of these days, ascending
  std::vector<DayMark> notes;  // of days that something was recorded on since, each once
  std::optional<SureTime> sure;

  // Null where the day has no key.
  const Secret<32>* find(Day day) const;
  // `day` must have no key yet.
  void insert(Day day, Secret<32> key);
  // The most that marks and notes say of the day.
  DayMark mark(Day day) const;
  // In place of what was noted of that day.
  void note(const DayMark& mark);
  KeyTable duplicate() const;
};

inline constexpr size_t kSlotSize = 4096;

// The key that seals slots, from the root secret of the log.
Secret<32> slot_key(const Secret<32>& root);

std::vector<uint8_t> encode_slot(const KeyTable& table, const Secret<32>& slot_key, Random& random);

// What can be said of a slot without its key: the table's sequence. Fails with corrupt where the
// checksum differs (a torn or damaged slot), with newer_format where it holds but the version is
// a later one.
Result<uint64_t> check_slot(ByteView slot);

// Fails as check_slot, and with wrong_key where the checksum holds but the seal does not.
Result<KeyTable> decode_slot(ByteView slot, const Secret<32>& slot_key);

// The key that authenticates notes, from the root secret of the log.
Secret<32> notes_key(const Secret<32>& root);

// The table's notes. They belong to its sequence: the next table will say all that they do.
std::vector<uint8_t> encode_notes(const KeyTable& table, const Secret<32>& notes_key);
// None where there are none, or none of this table, or damaged ones: they are a help only.
std::vector<DayMark> decode_notes(ByteView bytes, const KeyTable& table,
                                  const Secret<32>& notes_key);

}  // namespace nearzone::encounter_log
