// NearZone's own signed list. Source: docs/formats/nearzone-list.md
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "lists/formats.h"
#include "lists/nearzone_envelope.h"
#include "lists/nearzone_fields.h"
#include "lists/record_list.h"
#include "nearzone/scheme.h"
#include "nearzone/tcn.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

constexpr uint64_t kDefaultRollingPeriod = 144;  // and the longest
constexpr uint64_t kDefaultWindowMinutes = 120;
constexpr uint64_t kDefaultPerDay = 96;          // of DP-3T
constexpr uint64_t kMostSeconds = 253402300800;  // of the year 9999

constexpr Status damaged(const char* text, const char* field) {
  return {Code::corrupt, text, field};
}

// The values of a key's fields before any of them is judged.
struct RawKey {
  ByteView key;
  uint64_t first = 0;  // rolling start, time_start, day or window
  uint64_t last = 0;   // rolling period, time_end or release
  uint64_t per_day = 0;
  uint64_t window_minutes = kDefaultWindowMinutes;
  uint64_t report_type = 0;
  std::optional<uint64_t> days_since_onset;
  uint64_t risk = 0;
  bool revised = false;
};

Status read_raw_key(uint32_t tag, ByteView record, RawKey& raw) {
  if (tag == kGaenKeys) raw.last = kDefaultRollingPeriod;
  if (tag == kDp3tLowCostKeys || tag == kDp3tHybridKeys) raw.per_day = kDefaultPerDay;
  MessageReader reader(record);
  WireField field;
  while (reader.next(field)) {
    // Numbers 2 and 3 mean another thing in each kind of key, but are kept alike.
    static_assert(kRollingStart == kTimeStart && kRollingPeriod == kTimeEnd);
    static_assert(kDay == kTimeStart && kWindow == kTimeStart && kReleasedAt == kTimeEnd);
    switch (field.tag) {
      case kKey: raw.key = reader.take(field); break;
      case kTimeStart: raw.first = field.value; break;
      case kTimeEnd: raw.last = field.value; break;
      case kIdentifiersPerDay: raw.per_day = field.value; break;
      case kReportType: raw.report_type = field.value; break;
      case kDaysSinceOnset: raw.days_since_onset = field.value; break;
      case kTransmissionRiskLevel: raw.risk = field.value; break;
      case kRevised: raw.revised = field.value != 0; break;
      case kWindowMinutes: raw.window_minutes = field.value; break;
      default: reader.skip(field);
    }
  }
  return reader.status();
}

Status set_statement(const RawKey& raw, PublishedKey& key) {
  if (raw.report_type > 5) return damaged("a report type is unknown", "report_type");
  if (raw.risk > 8) return damaged("a risk level is not within 0..8", "transmission_risk_level");
  key.report_type = static_cast<ReportType>(raw.report_type);
  key.transmission_risk_level = static_cast<uint8_t>(raw.risk);
  key.revised = raw.revised;
  if (!raw.days_since_onset) return {};
  int32_t days = unzigzag(*raw.days_since_onset);
  if (days < -14 || days > 14)
    return damaged("days since onset are not within -14..14", "days_since_onset");
  key.days_since_onset = static_cast<int8_t>(days);
  return {};
}

Status set_gaen(const RawKey& raw, PublishedKey& key) {
  if (raw.first > std::numeric_limits<uint32_t>::max())
    return damaged("a rolling start is beyond all intervals", "rolling_start_interval");
  if (raw.last > kDefaultRollingPeriod)
    return damaged("a rolling period is not within 1..144", "rolling_period");
  key.scheme = SchemeTag::gaen;
  key.valid_from = Interval{static_cast<uint32_t>(raw.first)}.start();
  key.valid_to = key.valid_from + static_cast<int64_t>(raw.last) * Interval::kLength;
  return {};
}

Status set_bluezone(const RawKey& raw, PublishedKey& key) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  if (raw.first > kMost || raw.last > kMost)
    return damaged("a time is beyond all calendars", "time_start_ms");
  if (raw.per_day > std::numeric_limits<uint32_t>::max())
    return damaged("identifiers per day are not within 1..1440", "identifiers_per_day");
  key.scheme = SchemeTag::bluezone;
  key.valid_from = {static_cast<int64_t>(raw.first)};
  key.valid_to = {static_cast<int64_t>(raw.last)};
  key.identifiers_per_day = static_cast<uint32_t>(raw.per_day);
  return {};
}

// What the two kinds of DP-3T keys have in common.
Status set_dp3t(const RawKey& raw, uint64_t most_first, PublishedKey& key) {
  if (raw.first > most_first) return damaged("a key's time is beyond all calendars", "day");
  if (raw.last > kMostSeconds) return damaged("a release is beyond all calendars", "released_at_s");
  if (raw.per_day > std::numeric_limits<uint32_t>::max())
    return damaged("identifiers per day are not within 1..1440", "identifiers_per_day");
  key.identifiers_per_day = static_cast<uint32_t>(raw.per_day);
  key.released_at = Instant::from_seconds(static_cast<int64_t>(raw.last));
  return {};
}

Status set_low_cost(const RawKey& raw, PublishedKey& key) {
  NEARZONE_TRY(set_dp3t(raw, kMostSeconds / 86400, key));
  key.scheme = SchemeTag::dp3t_low_cost;
  key.valid_from = Day{static_cast<int32_t>(raw.first)}.start();
  key.valid_to = (Day::of(*key.released_at - Millis(1)) + 1).start();
  return {};
}

Status set_hybrid(const RawKey& raw, PublishedKey& key) {
  constexpr uint64_t kMinutesOfDay = 1440;
  NEARZONE_TRY(set_dp3t(raw, std::numeric_limits<uint32_t>::max(), key));
  if (raw.window_minutes > kMinutesOfDay)
    return damaged("a window is longer than a day", "window_minutes");
  const Millis length = std::chrono::minutes(static_cast<int64_t>(raw.window_minutes));
  key.scheme = SchemeTag::dp3t_hybrid;
  key.valid_from = Instant{} + length * static_cast<int64_t>(raw.first);
  key.valid_to = key.valid_from + length;
  return {};
}

Status set_tcn(const RawKey& raw, PublishedKey& key) {
  if (raw.key.size() < key.bytes.size() || raw.key.size() > tcn::kMaxReport)
    return damaged("a report has the wrong length", "report");
  if (raw.last > kMostSeconds) return damaged("a release is beyond all calendars", "released_at_s");
  key.scheme = SchemeTag::tcn;
  key.report.assign(raw.key.begin(), raw.key.end());
  if (raw.last != 0) key.released_at = Instant::from_seconds(static_cast<int64_t>(raw.last));
  return {};
}

Status set_time(uint32_t tag, const RawKey& raw, PublishedKey& key) {
  switch (tag) {
    case kGaenKeys: return set_gaen(raw, key);
    case kBluezoneKeys: return set_bluezone(raw, key);
    case kDp3tLowCostKeys: return set_low_cost(raw, key);
    case kTcnReports: return set_tcn(raw, key);
    default: return set_hybrid(raw, key);
  }
}

Status read_key(uint32_t tag, ByteView record, PublishedKey& key) {
  RawKey raw;
  NEARZONE_TRY(read_raw_key(tag, record, raw));
  NEARZONE_TRY(set_time(tag, raw, key));
  NEARZONE_TRY(set_statement(raw, key));
  // A report begins with its key.
  const size_t size = published_key_size(key.scheme);
  if (key.report.empty() && raw.key.size() != size)
    return damaged("a key has the wrong length", "key");
  std::memcpy(key.bytes.data(), raw.key.data(), size);
  const Status status = find_scheme(key.scheme)->check(key);
  if (!status.ok()) return damaged(status.text(), status.field());
  return {};
}

Status read_fact(const WireField& field, StreamReader& reader, ListInfo& info) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  switch (field.tag) {
    case kListId: info.list_id = field.value; return {};
    case kSequence: info.sequence = field.value; return {};
    case kValidFrom:
    case kValidTo: {
      if (field.value > kMost)
        return damaged("a time is beyond all calendars", "valid_to_ms").at_offset(field.offset);
      Instant at{static_cast<int64_t>(field.value)};
      (field.tag == kValidFrom ? info.start : info.end) = at;
      return {};
    }
    case kRegion: {
      ByteView bytes;
      NEARZONE_TRY(reader.take(field, bytes));
      Status status = copy_text(bytes, info.region);
      return status.ok() ? status : status.in_field("region").at_offset(field.offset);
    }
    default: return reader.skip(field);
  }
}

// The writer makes no malformed key, so a single one means damage.
constexpr uint32_t kKeyTags[] = {kGaenKeys, kBluezoneKeys, kDp3tLowCostKeys, kDp3tHybridKeys,
                                 kTcnReports};
constexpr RecordFormat kFormat{0, kKeyTags, read_key, read_fact, 0};

class NearzoneList final : public RecordList {
 public:
  // `body` begins `body_offset` bytes into the file.
  static Result<std::unique_ptr<KeyList>> open(std::unique_ptr<Content> body, uint64_t body_offset,
                                               std::vector<NearzoneSignature> signatures,
                                               const ListOptions& options) {
    NEARZONE_ASSIGN(body, hold_if_small(std::move(body), options.hold_in_memory, options.cancel));
    auto list = std::unique_ptr<NearzoneList>(
        new NearzoneList(std::move(body), std::move(signatures), options.cancel));
    Status status = list->scan();
    if (status.offset() != Status::kNone)
      status = status.at_offset(static_cast<uint64_t>(status.offset()) + body_offset);
    NEARZONE_TRY(status);
    return std::unique_ptr<KeyList>(std::move(list));
  }

  SignatureReport verify(std::span<const PublicKey> keys) const override {
    return verify_envelope(signatures_, kContext, content_digest(), keys, cancel_);
  }

 private:
  NearzoneList(std::unique_ptr<Content> body, std::vector<NearzoneSignature> signatures,
               const Cancel* cancel)
      : RecordList(kFormat, std::move(body), cancel), signatures_(std::move(signatures)) {
    info_.format = ListFormat::nearzone;
    info_.signatures = claims_of(signatures_);
  }

  std::vector<NearzoneSignature> signatures_;
};

}  // namespace

Result<std::unique_ptr<KeyList>> open_nearzone_list(ByteSource& source,
                                                    const ListOptions& options) {
  NEARZONE_ASSIGN(NearzoneEnvelope envelope, open_envelope(source, kNearzoneHeader));
  return NearzoneList::open(content_of(source, envelope.body_offset, envelope.body_size),
                            envelope.body_offset, std::move(envelope.signatures), options);
}

}  // namespace nearzone
