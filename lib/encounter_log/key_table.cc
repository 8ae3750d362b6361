#include "encounter_log/key_table.h"

#include <algorithm>

#include "core/crypto.h"

namespace nearzone::encounter_log {
namespace {

constexpr std::string_view kMagic = "NZLogKey";
constexpr uint32_t kVersion = 1;
constexpr size_t kVersionOffset = 8;
constexpr size_t kIdOffset = 12;
constexpr size_t kSequenceOffset = 28;
constexpr size_t kSealedOffset = 36;
constexpr size_t kChecksumOffset = kSlotSize - sizeof(Digest);

constexpr size_t kCountSize = 4;
constexpr size_t kEntrySize = 4 + 32;
constexpr size_t kPlainSize = kChecksumOffset - kSealedOffset - kSealOverhead;
// Behind the room for all entries; version 1 began without them, and passes over them.
constexpr size_t kMarksOffset = kCountSize + KeyTable::kMostDays * kEntrySize;
constexpr size_t kMarkSize = 4 + 4 + 4 + 4;
// Likewise; zeros where nothing is sure.
constexpr size_t kSureOffset = kMarksOffset + kCountSize + KeyTable::kMostDays * kMarkSize;
static_assert(kSureOffset + 8 + 8 <= kPlainSize);

constexpr std::string_view kNotesMagic = "NZLogNew";
constexpr size_t kNotesCountOffset = 36;
constexpr size_t kNotesOffset = 40;
constexpr size_t kNotesTagSize = 8;

auto lower_bound(auto& days, Day day) {
  return std::ranges::lower_bound(days, day, {}, &DayKey::day);
}

// What stands before the sealed part is bound to it.
ByteView associated(ByteView slot) { return slot.first(kSealedOffset); }

Status read_entries(ByteView plain, std::vector<DayKey>& days) {
  const Status malformed(Code::corrupt, "the key file is malformed");
  if (plain.size() != kPlainSize) return malformed;
  const uint32_t count = load_le32(plain.data());
  if (count > KeyTable::kMostDays) return malformed;
  days.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const ByteView entry = plain.subspan(kCountSize + i * kEntrySize, kEntrySize);
    const Day day{static_cast<int32_t>(load_le32(entry.data()))};
    if (!days.empty() && days.back().day >= day) return malformed;
    days.push_back({day, Secret<32>(entry.subspan<4, 32>())});
  }
  return {};
}

void write_marks(std::span<const DayMark> marks, uint8_t* out) {
  for (const DayMark& mark : marks) {
    store_le32(out, static_cast<uint32_t>(mark.day.number));
    store_le32(out + 4, mark.blocks);
    store_le32(out + 8, mark.sightings);
    store_le32(out + 12, mark.states);
    out += kMarkSize;
  }
}

std::vector<DayMark> read_marks(ByteView bytes) {
  std::vector<DayMark> marks;
  for (; bytes.size() >= kMarkSize; bytes = bytes.subspan(kMarkSize)) {
    const uint8_t* mark = bytes.data();
    marks.push_back({Day{static_cast<int32_t>(load_le32(mark))}, load_le32(mark + 4),
                     load_le32(mark + 8), load_le32(mark + 12)});
  }
  return marks;
}

Status read_marks(ByteView plain, std::vector<DayMark>& marks) {
  const uint32_t count = load_le32(plain.data() + kMarksOffset);
  if (count > KeyTable::kMostDays) return {Code::corrupt, "the key file is malformed"};
  marks = read_marks(plain.subspan(kMarksOffset + kCountSize, count * kMarkSize));
  return {};
}

std::optional<SureTime> read_sure(const uint8_t* from) {
  const Instant at{static_cast<int64_t>(load_le64(from))};
  if (at == Instant{}) return {};
  return SureTime{at, Millis(static_cast<int64_t>(load_le64(from + 8)))};
}

constexpr size_t notes_size(size_t count) {
  return kNotesOffset + count * kMarkSize + kNotesTagSize;
}

// What tells one table from all others.
void write_header(std::string_view magic, const KeyTable& table, std::vector<uint8_t>& out) {
  std::ranges::copy(magic, out.begin());
  store_le32(out.data() + kVersionOffset, kVersion);
  std::ranges::copy(table.database_id, out.begin() + kIdOffset);
  store_le64(out.data() + kSequenceOffset, table.sequence);
}

}  // namespace

const Secret<32>* KeyTable::find(Day day) const {
  const auto at = lower_bound(days, day);
  return at != days.end() && at->day == day ? &at->key : nullptr;
}

void KeyTable::insert(Day day, Secret<32> key) {
  days.insert(lower_bound(days, day), DayKey{day, std::move(key)});
}

DayMark KeyTable::mark(Day day) const {
  DayMark most{day};
  for (const auto* list : {&marks, &notes})
    if (const auto at = std::ranges::find(*list, day, &DayMark::day); at != list->end())
      most = {day, std::max(most.blocks, at->blocks), std::max(most.sightings, at->sightings),
              std::max(most.states, at->states)};
  return most;
}

void KeyTable::note(const DayMark& mark) {
  const auto at = std::ranges::find(notes, mark.day, &DayMark::day);
  if (at == notes.end())
    notes.push_back(mark);
  else
    *at = mark;
}

KeyTable KeyTable::duplicate() const {
  KeyTable copy{database_id, sequence, {}, marks, notes, sure};
  copy.days.reserve(days.size() + 1);
  for (const DayKey& day : days) copy.days.push_back({day.day, day.key.duplicate()});
  return copy;
}

Secret<32> slot_key(const Secret<32>& root) {
  return derive_key(root, "nearzone encounter log: day keys");
}

std::vector<uint8_t> encode_slot(const KeyTable& table, const Secret<32>& slot_key,
                                 Random& random) {
  SecretBytes plain(kPlainSize);
  uint8_t* out = plain.replace().data();
  store_le32(out, static_cast<uint32_t>(table.days.size()));
  out += kCountSize;
  for (const DayKey& day : table.days) {
    store_le32(out, static_cast<uint32_t>(day.day.number));
    std::ranges::copy(day.key.expose(ForSealing{}), out + 4);
    out += kEntrySize;
  }
  out = plain.replace().data() + kMarksOffset;
  store_le32(out, static_cast<uint32_t>(table.marks.size()));
  write_marks(table.marks, out + kCountSize);
  if (table.sure) {
    out = plain.replace().data() + kSureOffset;
    store_le64(out, static_cast<uint64_t>(table.sure->at.ms));
    store_le64(out + 8, static_cast<uint64_t>(table.sure->monotonic.count()));
  }

  std::vector<uint8_t> slot(kSlotSize);
  write_header(kMagic, table, slot);
  const std::vector<uint8_t> sealed =
      seal(slot_key, plain.expose(ForSealing{}), associated(slot), random);
  std::ranges::copy(sealed, slot.begin() + kSealedOffset);
  const Digest checksum = sha256(ByteView(slot).first(kChecksumOffset));
  std::ranges::copy(checksum, slot.begin() + kChecksumOffset);
  return slot;
}

Result<uint64_t> check_slot(ByteView slot) {
  if (slot.size() != kSlotSize || !std::ranges::equal(slot.first(kMagic.size()), kMagic) ||
      !std::ranges::equal(slot.subspan(kChecksumOffset), sha256(slot.first(kChecksumOffset))))
    return Status(Code::corrupt, "the key file is damaged");
  const uint32_t version = load_le32(slot.data() + kVersionOffset);
  if (version > kVersion)
    return Status(Code::newer_format, "the log was written by a newer version of NearZone");
  if (version < kVersion) return Status(Code::corrupt, "the key file is malformed");
  return load_le64(slot.data() + kSequenceOffset);
}

Result<KeyTable> decode_slot(ByteView slot, const Secret<32>& slot_key) {
  KeyTable table;
  NEARZONE_ASSIGN(table.sequence, check_slot(slot));
  const Result<SecretBytes> plain = open_sealed(
      slot_key, slot.subspan(kSealedOffset, kChecksumOffset - kSealedOffset), associated(slot));
  if (!plain.ok()) return Status(Code::wrong_key, "the log was made with another root secret");
  std::ranges::copy(slot.subspan(kIdOffset, table.database_id.size()), table.database_id.begin());
  NEARZONE_TRY(read_entries(plain->expose(ForSealing{}), table.days));
  NEARZONE_TRY(read_marks(plain->expose(ForSealing{}), table.marks));
  table.sure = read_sure(plain->expose(ForSealing{}).data() + kSureOffset);
  return table;
}

Secret<32> notes_key(const Secret<32>& root) {
  return derive_key(root, "nearzone encounter log: notes");
}

std::vector<uint8_t> encode_notes(const KeyTable& table, const Secret<32>& notes_key) {
  std::vector<uint8_t> bytes(notes_size(table.notes.size()));
  write_header(kNotesMagic, table, bytes);
  store_le32(bytes.data() + kNotesCountOffset, static_cast<uint32_t>(table.notes.size()));
  write_marks(table.notes, bytes.data() + kNotesOffset);
  uint8_t* tag = bytes.data() + bytes.size() - kNotesTagSize;
  store_le64(tag, short_hash(notes_key, ByteView(bytes).first(bytes.size() - kNotesTagSize)));
  return bytes;
}

std::vector<DayMark> decode_notes(ByteView bytes, const KeyTable& table,
                                  const Secret<32>& notes_key) {
  std::vector<uint8_t> header(kNotesCountOffset);
  write_header(kNotesMagic, table, header);
  if (bytes.size() < notes_size(0) || !std::ranges::equal(header, bytes.first(kNotesCountOffset)))
    return {};
  const size_t count = load_le32(bytes.data() + kNotesCountOffset);
  if (count > KeyTable::kMostDays || bytes.size() < notes_size(count)) return {};
  bytes = bytes.first(notes_size(count) - kNotesTagSize);
  if (load_le64(bytes.data() + bytes.size()) != short_hash(notes_key, bytes)) return {};
  return read_marks(bytes.subspan(kNotesOffset));
}

}  // namespace nearzone::encounter_log
