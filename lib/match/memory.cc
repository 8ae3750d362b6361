#include <algorithm>

#include "nearzone/bytes.h"
#include "nearzone/match.h"

// The encoded form is described in docs/formats/match-memory.md.
namespace nearzone {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 1 + 1 + 32 + 8 + 8 + 4 + 4;
constexpr size_t kDayBytes = 4 + 4;
constexpr size_t kHitBytes = 4;
// More days than any log holds; the rest of the space is for hits.
constexpr size_t kMaxDays = 1024;

Status malformed(const char* field) {
  return {Code::corrupt, "the memory of a match is malformed", field};
}

}  // namespace

// A row may be stored under another day than that of its time.
LogMark LogMark::of(const SightingColumns& columns) {
  LogMark mark;
  size_t at = 0;
  for (const RowId& row : columns.row) {
    if (at >= mark.days.size() || mark.days[at].day != row.day) {
      const auto found = std::ranges::lower_bound(mark.days, row.day, {}, &DayMark::day);
      at = static_cast<size_t>(found - mark.days.begin());
      if (found == mark.days.end() || found->day != row.day)
        mark.days.insert(found, DayMark{row.day, 0});
    }
    mark.days[at].next_sequence = std::max(mark.days[at].next_sequence, row.sequence + 1);
  }
  return mark;
}

bool LogMark::covers(const RowId& row) const {
  const auto found = std::ranges::lower_bound(days, row.day, {}, &DayMark::day);
  return found != days.end() && found->day == row.day && row.sequence < found->next_sequence;
}

void LogMark::forget(Day day) {
  std::erase_if(days, [&](const DayMark& mark) { return mark.day == day; });
}

std::vector<uint8_t> MatchMemory::encode() const {
  const size_t day_count = std::min(log.days.size(), kMaxDays);
  const size_t room = (kMaxEncodedSize - kHeaderBytes - kDayBytes * day_count) / kHitBytes;
  const size_t hit_count = std::min(hits.size(), room);
  const bool whole = hit_count == hits.size() && day_count == log.days.size();
  std::vector<uint8_t> bytes(kHeaderBytes + kDayBytes * day_count + kHitBytes * hit_count);
  uint8_t* to = bytes.data();
  *to++ = kVersion;
  *to++ = complete && whole ? 1 : 0;
  to = std::ranges::copy(list_digest, to).out;
  store_le64(to, hit_count == hits.size() ? next_record : hits[hit_count]);
  store_le64(to + 8, static_cast<uint64_t>(heard_until.ms));
  store_le32(to + 16, static_cast<uint32_t>(day_count));
  store_le32(to + 20, static_cast<uint32_t>(hit_count));
  to += 24;
  for (const LogMark::DayMark& mark : std::span(log.days).first(day_count)) {
    store_le32(to, static_cast<uint32_t>(mark.day.number));
    store_le32(to + 4, mark.next_sequence);
    to += kDayBytes;
  }
  uint64_t before = 0;
  for (uint64_t hit : std::span(hits).first(hit_count)) {
    store_le32(to, static_cast<uint32_t>(hit - before));
    before = hit;
    to += kHitBytes;
  }
  return bytes;
}

Result<MatchMemory> MatchMemory::decode(ByteView bytes) {
  if (bytes.empty()) return malformed("version");
  if (bytes[0] != kVersion)
    return Status(Code::newer_format, "the memory of a match was written by another version",
                  "version");
  if (bytes.size() < kHeaderBytes || bytes.size() > kMaxEncodedSize) return malformed("size");
  if (bytes[1] > 1) return malformed("complete");
  MatchMemory memory;
  memory.complete = bytes[1] == 1;
  std::ranges::copy(bytes.subspan(2, 32), memory.list_digest.begin());
  const uint8_t* from = &bytes[34];
  memory.next_record = load_le64(from);
  memory.heard_until = {static_cast<int64_t>(load_le64(from + 8))};
  const size_t day_count = load_le32(from + 16);
  const size_t hit_count = load_le32(from + 20);
  if (day_count > kMaxDays) return malformed("days");
  if (bytes.size() != kHeaderBytes + kDayBytes * day_count + kHitBytes * hit_count)
    return malformed("size");
  from += 24;
  for (size_t i = 0; i < day_count; ++i, from += kDayBytes) {
    const Day day{static_cast<int32_t>(load_le32(from))};
    if (i > 0 && day <= memory.log.days.back().day) return malformed("days");
    memory.log.days.push_back({day, load_le32(from + 4)});
  }
  uint64_t hit = 0;
  for (size_t i = 0; i < hit_count; ++i, from += kHitBytes) {
    const uint32_t step = load_le32(from);
    if (i > 0 && step == 0) return malformed("hits");
    hit += step;
    if (hit >= memory.next_record) return malformed("hits");
    memory.hits.push_back(hit);
  }
  return memory;
}

}  // namespace nearzone
