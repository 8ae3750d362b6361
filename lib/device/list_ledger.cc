#include "device/list_ledger.h"

#include <algorithm>
#include <vector>

#include "device/latest_state.h"

namespace nearzone::device {
namespace {

constexpr std::string_view kKind = "list-ledger";
constexpr uint8_t kVersion = 1;
constexpr size_t kRecordBytes = 8 + 8 + 32;

struct Entry {
  uint64_t list_id;
  uint64_t sequence;
  std::array<uint8_t, 32> digest;
};

Result<std::vector<Entry>> load_ledger(const EncounterLog& log) {
  NEARZONE_ASSIGN(const LatestState state, load_latest(log, kKind));
  std::vector<Entry> ledger;
  if (state.generation == 0) return ledger;
  const ByteView bytes = state.bytes.expose(ForSealing{});
  if (bytes.empty() || bytes.size() % kRecordBytes != 1)
    return Status(Code::corrupt, "the ledger of lists has the wrong length");
  if (bytes[0] != kVersion)
    return Status(Code::newer_format, "the ledger of lists was written by a newer version");
  for (size_t at = 1; at < bytes.size(); at += kRecordBytes) {
    Entry entry{load_le64(&bytes[at]), load_le64(&bytes[at + 8]), {}};
    std::ranges::copy(bytes.subspan(at + 16, 32), entry.digest.begin());
    ledger.push_back(entry);
  }
  return ledger;
}

Entry* find(std::vector<Entry>& ledger, uint64_t list_id) {
  const auto found = std::ranges::find(ledger, list_id, &Entry::list_id);
  return found == ledger.end() ? nullptr : &*found;
}

}  // namespace

Status check_against_ledger(const EncounterLog& log, const KeyList& list) {
  if (!is_nearzone(list.info().format)) return {};
  NEARZONE_ASSIGN(std::vector<Entry> ledger, load_ledger(log));
  const Entry* entry = find(ledger, list.info().list_id);
  if (entry == nullptr || list.info().sequence > entry->sequence) return {};
  if (list.info().sequence < entry->sequence)
    return {Code::invalid_argument, "the list is older than one of its series checked before",
            "sequence"};
  if (entry->digest != list.content_digest())
    return {Code::invalid_argument, "a different list of this number was checked before",
            "sequence"};
  return {};
}

Status note_in_ledger(EncounterLog& log, const KeyList& list, Day today) {
  const ListInfo& info = list.info();
  if (!is_nearzone(info.format)) return {};
  NEARZONE_ASSIGN(std::vector<Entry> ledger, load_ledger(log));
  Entry* entry = find(ledger, info.list_id);
  if (entry == nullptr) entry = &ledger.emplace_back(Entry{info.list_id, 0, {}});
  *entry = {info.list_id, info.sequence, list.content_digest()};
  std::vector<uint8_t> bytes(1 + kRecordBytes * ledger.size());
  bytes[0] = kVersion;
  uint8_t* to = bytes.data() + 1;
  for (const Entry& kept : ledger) {
    store_le64(to, kept.list_id);
    store_le64(to + 8, kept.sequence);
    std::ranges::copy(kept.digest, to + 16);
    to += kRecordBytes;
  }
  return store_latest(log, kKind, today, bytes);
}

}  // namespace nearzone::device
