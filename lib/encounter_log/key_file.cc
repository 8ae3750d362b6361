#include "encounter_log/key_file.h"

#include <algorithm>

namespace nearzone::encounter_log {
namespace {

constexpr uint64_t kSlotA = 0;
constexpr uint64_t kSlotB = kSlotSize;
constexpr uint64_t kNotes = 2 * kSlotSize;

// The sequence of a whole slot, 0 of any other.
uint64_t sequence_of(const Result<uint64_t>& checked) { return checked.ok() ? *checked : 0; }

}  // namespace

Result<KeyFile> KeyFile::open(const SystemCalls& calls, const std::string& path,
                              PrivateFile::Opening opening, Durability durability,
                              const Secret<32>& root) {
  NEARZONE_ASSIGN(PrivateFile file, PrivateFile::open(calls, path, opening));
  NEARZONE_TRY(file.lock());
  return KeyFile(std::move(file), durability, root);
}

Result<std::vector<uint8_t>> KeyFile::read_slot(uint64_t offset) const {
  std::vector<uint8_t> slot(kSlotSize);
  NEARZONE_ASSIGN(const size_t size, file_.read(offset, slot));
  slot.resize(size);
  return slot;
}

Status KeyFile::write_slot(uint64_t offset, ByteView slot) {
  NEARZONE_TRY(file_.write(offset, slot));
  return durability_ == Durability::none ? Status() : file_.sync();
}

Result<bool> KeyFile::unfinished() const {
  NEARZONE_ASSIGN(const std::vector<uint8_t> a, read_slot(kSlotA));
  NEARZONE_ASSIGN(const std::vector<uint8_t> b, read_slot(kSlotB));
  return std::ranges::all_of(a, [](uint8_t byte) { return byte == 0; }) &&
         check_slot(b).status().code() == Code::corrupt;
}

Result<KeyTable> KeyFile::load() {
  NEARZONE_ASSIGN(const std::vector<uint8_t> a, read_slot(kSlotA));
  NEARZONE_ASSIGN(const std::vector<uint8_t> b, read_slot(kSlotB));
  const Result<uint64_t> checked_a = check_slot(a);
  const Result<uint64_t> checked_b = check_slot(b);
  for (const Result<uint64_t>* checked : {&checked_a, &checked_b})
    if (checked->status().code() == Code::newer_format) return checked->status();
  if (!checked_a.ok() && !checked_b.ok()) return checked_a.status();

  const bool b_is_newer =
      !checked_a.ok() || (checked_b.ok() && sequence_of(checked_b) > sequence_of(checked_a));
  const std::vector<uint8_t>& newest = b_is_newer ? b : a;
  NEARZONE_ASSIGN(KeyTable table, decode_slot(newest, key_));
  if (a != b) NEARZONE_TRY(write_slot(b_is_newer ? kSlotA : kSlotB, newest));
  NEARZONE_ASSIGN(const std::vector<uint8_t> notes, read_slot(kNotes));
  table.notes = decode_notes(notes, table, notes_key_);
  return table;
}

Status KeyFile::store(const KeyTable& table, Random& random) {
  const std::vector<uint8_t> slot = encode_slot(table, key_, random);
  NEARZONE_TRY(write_slot(kSlotB, slot));
  return write_slot(kSlotA, slot);
}

void KeyFile::note(const KeyTable& table) {
  static_cast<void>(file_.write(kNotes, encode_notes(table, notes_key_)).ok());
}

}  // namespace nearzone::encounter_log
