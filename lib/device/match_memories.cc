#include "device/match_memories.h"

#include <algorithm>
#include <string>

#include "device/latest_state.h"

namespace nearzone::device {
namespace {

constexpr std::string_view kLifeKind = "day-life";
constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 1 + 1 + 4;  // version, windows, number of days
constexpr size_t kLifeBytes = 4 + 8;        // day, id

// Twelve of the digest's bytes name the list: as much as a kind has room for.
std::string kind_of(const std::array<uint8_t, 32>& list_digest) {
  return "match-" + to_hex(std::span(list_digest).first(12));
}

const DayLife* life_of(const std::vector<DayLife>& lives, Day day) {
  const auto found = std::ranges::lower_bound(lives, day, {}, &DayLife::day);
  return found != lives.end() && found->day == day ? &*found : nullptr;
}

struct Record {
  MatchMemory memory;
  std::vector<DayLife> lives;
};

// Empty where it was written by another version, or cannot be read: the list is then matched anew.
Record decode(ByteView bytes, BluezoneWindows windows) {
  if (bytes.size() < kHeaderBytes || bytes[0] != kVersion ||
      bytes[1] != static_cast<uint8_t>(windows))
    return {};
  const size_t days = load_le32(&bytes[2]);
  if (days > (bytes.size() - kHeaderBytes) / kLifeBytes) return {};
  Record record;
  for (size_t i = 0; i < days; ++i) {
    const ByteView life = bytes.subspan(kHeaderBytes + kLifeBytes * i, kLifeBytes);
    record.lives.push_back({{static_cast<int32_t>(load_le32(life.data()))}, {}});
    std::ranges::copy(life.subspan(4), record.lives.back().id.begin());
  }
  Result<MatchMemory> memory = MatchMemory::decode(bytes.subspan(kHeaderBytes + kLifeBytes * days));
  if (!memory.ok()) return {};
  record.memory = *std::move(memory);
  return record;
}

}  // namespace

Result<std::vector<DayLife>> day_lives(EncounterLog& log, Random& random) {
  NEARZONE_ASSIGN(const LogStatistics statistics, log.statistics());
  std::vector<DayLife> lives;
  for (const LogDayStatistics& day : statistics.days) {
    DayLife& life = lives.emplace_back(DayLife{day.day, {}});
    const Result<SecretBytes> stored = log.get_state(day.day, kLifeKind);
    if (!stored.ok() && stored.status().code() != Code::not_found) return stored.status();
    if (stored.ok() && stored->expose(ForSealing{}).size() == life.id.size()) {
      std::ranges::copy(stored->expose(ForSealing{}), life.id.begin());
      continue;
    }
    random.fill(life.id);
    NEARZONE_TRY(log.put_state(day.day, kLifeKind, life.id));
  }
  return lives;
}

Result<MatchMemory> load_memory(const EncounterLog& log, const std::array<uint8_t, 32>& list_digest,
                                BluezoneWindows windows, const std::vector<DayLife>& lives) {
  NEARZONE_ASSIGN(const LatestState state, load_latest(log, kind_of(list_digest)));
  Record record = decode(state.bytes.expose(ForSealing{}), windows);
  if (record.memory.list_digest != list_digest) record.memory = {};
  record.memory.list_digest = list_digest;
  for (const DayLife& then : record.lives) {
    const DayLife* now = life_of(lives, then.day);
    if (now == nullptr || *now != then) record.memory.log.forget(then.day);
  }
  return record.memory;
}

Status store_memory(EncounterLog& log, MatchMemory memory, BluezoneWindows windows,
                    const std::vector<DayLife>& lives, Day today) {
  // A day that began between the question for the lives and the snapshot.
  std::erase_if(memory.log.days,
                [&](const LogMark::DayMark& mark) { return life_of(lives, mark.day) == nullptr; });
  const std::vector<uint8_t> encoded = memory.encode();
  std::vector<uint8_t> bytes(kHeaderBytes + kLifeBytes * lives.size());
  bytes[0] = kVersion;
  bytes[1] = static_cast<uint8_t>(windows);
  store_le32(&bytes[2], static_cast<uint32_t>(lives.size()));
  uint8_t* to = bytes.data() + kHeaderBytes;
  for (const DayLife& life : lives) {
    store_le32(to, static_cast<uint32_t>(life.day.number));
    std::ranges::copy(life.id, to + 4);
    to += kLifeBytes;
  }
  bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  return store_latest(log, kind_of(memory.list_digest), today, bytes);
}

}  // namespace nearzone::device
