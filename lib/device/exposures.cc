#include "device/exposures.h"

#include <algorithm>

namespace nearzone::device {
namespace {

// See docs/formats/exposures.md.
constexpr uint8_t kVersion = 2;
constexpr size_t kFirstRecordBytes = kDigestBytes + 4 + 4 + 1;  // of version 1
constexpr size_t kRecordBytes = kFirstRecordBytes + 1 + 4 * 2;
constexpr uint32_t kNoAttenuation = 0xffffffff;

// Those of version 1 know nothing of nearness, which zeros say.
std::optional<Record> take(ByteView& rest, uint8_t version) {
  const size_t stored = version == 1 ? kFirstRecordBytes : kRecordBytes;
  if (rest.size() < stored) return {};
  Record record(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(stored));
  record.resize(kRecordBytes);
  rest = rest.subspan(stored);
  return record;
}

constexpr RecordFormat kFormat{"exposures", kVersion, take};

Record record_of(const ListDigest& list_digest, const Exposure& exposure) {
  Record record(kRecordBytes);
  std::copy_n(list_digest.begin(), kDigestBytes, record.begin());
  store_le32(&record[kDigestBytes], static_cast<uint32_t>(exposure.duration.count()));
  store_le32(&record[kDigestBytes + 4],
             exposure.minimum_attenuation_db
                 ? static_cast<uint32_t>(*exposure.minimum_attenuation_db)
                 : kNoAttenuation);
  record[kDigestBytes + 8] = static_cast<uint8_t>(exposure.report_type);
  record[kFirstRecordBytes] = static_cast<uint8_t>(exposure.band);
  uint8_t* to = &record[kFirstRecordBytes + 1];
  for (Millis time : {exposure.near, exposure.near_low, exposure.near_high, exposure.dose}) {
    const auto tenths = static_cast<uint16_t>(time / kTenth);
    *to++ = static_cast<uint8_t>(tenths);
    *to++ = static_cast<uint8_t>(tenths >> 8);
  }
  return record;
}

Exposure read_record(Day day, const Record& record) {
  Exposure exposure;
  exposure.day = day;
  exposure.duration = Millis(load_le32(&record[kDigestBytes]));
  exposure.report_type = static_cast<ReportType>(record[kDigestBytes + 8]);
  const uint32_t attenuation = load_le32(&record[kDigestBytes + 4]);
  if (attenuation != kNoAttenuation)
    exposure.minimum_attenuation_db = static_cast<int32_t>(attenuation);
  exposure.band = static_cast<ExposureBand>(record[kFirstRecordBytes]);
  const uint8_t* from = &record[kFirstRecordBytes + 1];
  for (Millis* time : {&exposure.near, &exposure.near_low, &exposure.near_high, &exposure.dose}) {
    *time = kTenth * (from[0] | from[1] << 8);
    from += 2;
  }
  return exposure;
}

}  // namespace

Status store_exposures(EncounterLog& log, const ListDigest& list_digest,
                       std::span<const Exposure> exposures) {
  RecordsByDay found;
  for (const Exposure& exposure : exposures)
    found[exposure.day].push_back(record_of(list_digest, exposure));
  return replace_findings(log, kFormat, list_digest, found);
}

Result<std::vector<Exposure>> load_exposures(const EncounterLog& log,
                                             const ListDigest* list_digest) {
  NEARZONE_ASSIGN(const RecordsByDay stored, load_findings(log, kFormat));
  std::vector<Exposure> exposures;
  for (const auto& [day, records] : stored)
    for (const Record& record : records)
      if (list_digest == nullptr || is_of(record, *list_digest))
        exposures.push_back(read_record(day, record));
  return exposures;
}

}  // namespace nearzone::device
