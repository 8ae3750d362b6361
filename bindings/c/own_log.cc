// The person's own record: counts, losses, and everything as text.
#include "nearzone/secret.h"
#include "nearzone/sighting_writer.h"
#include "phone.h"

struct nz_export {
  nz_export(nearzone::SightingTable heard, nearzone::SightingFormat format,
            std::optional<nearzone::OwnIdentifiers> own)
      : table(std::move(heard)), writer(table.columns(), format, std::move(own)) {}
  nz_export(const nz_export&) = delete;
  nz_export& operator=(const nz_export&) = delete;
  ~nz_export() { nearzone::wipe(piece.data(), piece.size()); }

  const nearzone::SightingTable table;
  nearzone::SightingWriter writer;
  std::string piece;
  size_t given = 0;  // of the piece
};

namespace nearzone::c {
namespace {

nz_day_counts told(const LogDayStatistics& day) {
  nz_day_counts told = {};
  told.scans = day.scans;
  told.sightings = day.sightings;
  told.sealed_bytes = day.sealed_bytes;
  told.day = day.day.number;
  return told;
}

nz_day_counts told(const LogDayLoss& loss) {
  nz_day_counts told = {};
  told.scans = loss.scans;
  told.sightings = loss.sightings;
  told.day = loss.day.number;
  return told;
}

// All days, the doubtful one first.
Result<std::vector<LogDayStatistics>> days_of(const EncounterLog& log) {
  NEARZONE_ASSIGN(LogStatistics statistics, log.statistics());
  std::vector<LogDayStatistics> days;
  if (statistics.doubtful.scans != 0) {
    days.push_back(statistics.doubtful);
    days.back().day = kDoubtfulDay;
  }
  days.insert(days.end(), statistics.days.begin(), statistics.days.end());
  return days;
}

Result<std::vector<LogDayLoss>> losses_of(const EncounterLog& log, int32_t kind) {
  if (kind == NZ_LOSS_AT_OPENING) return log.opening().lost;
  if (kind != NZ_LOSS_DAMAGE && kind != NZ_LOSS_BUDGET)
    return Status(Code::invalid_argument, "not a kind of loss", "kind");
  NEARZONE_ASSIGN(LogStatistics statistics, log.statistics());
  return std::move(kind == NZ_LOSS_DAMAGE ? statistics.damaged : statistics.dropped);
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

int32_t nz_device_statistics(const nz_device* device, nz_statistics* statistics, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_size(statistics));
    NEARZONE_ASSIGN(const LogStatistics found, device->device().log().statistics());
    nz_statistics told = {};
    told.clock_in_doubt = found.clock_in_doubt ? 1 : 0;
    told.scans = found.doubtful.scans;
    told.sightings = found.doubtful.sightings;
    for (const LogDayStatistics& day : found.days) {
      told.scans += day.scans;
      told.sightings += day.sightings;
    }
    told.bytes_on_disk = found.bytes_on_disk;
    write_struct(told, statistics);
    return {};
  });
}

int32_t nz_device_days(const nz_device* device, nz_day_counts* out, size_t capacity, size_t* count,
                       nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_day_counts> room{out, capacity, count};
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(room.check());
    NEARZONE_ASSIGN(const std::vector<LogDayStatistics> days, days_of(device->device().log()));
    room.fill(days, [](const LogDayStatistics& day) { return told(day); });
    return {};
  });
}

int32_t nz_device_local_days(const nz_device* device, int64_t utc_offset_ms, nz_day_counts* out,
                             size_t capacity, size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_day_counts> room{out, capacity, count};
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(room.check());
    constexpr int64_t kMostOffset = Day::kLength.count();
    if (utc_offset_ms < -kMostOffset || utc_offset_ms > kMostOffset)
      return {Code::invalid_argument, "more than a day", "utc_offset_ms"};
    NEARZONE_ASSIGN(const SightingTable table, device->device().log().snapshot());
    room.fill(count_by_day(table.columns(), Millis(utc_offset_ms)),
              [](const LogDayStatistics& day) { return told(day); });
    return {};
  });
}

int32_t nz_device_losses(const nz_device* device, int32_t kind, nz_day_counts* out, size_t capacity,
                         size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_day_counts> room{out, capacity, count};
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(room.check());
    NEARZONE_ASSIGN(const std::vector<LogDayLoss> losses, losses_of(device->device().log(), kind));
    room.fill(losses, [](const LogDayLoss& loss) { return told(loss); });
    return {};
  });
}

int32_t nz_device_export(const nz_device* device, int32_t format, nz_cancel* cancel,
                         nz_export** out, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, out));
    if (format < NZ_EXPORT_CSV || format > NZ_EXPORT_JSON_LINES_WITH_OWN)
      return {Code::invalid_argument, "not a format of exports", "format"};
    const bool is_csv = format == NZ_EXPORT_CSV || format == NZ_EXPORT_CSV_WITH_OWN;
    const std::shared_ptr<Cancel> flag = flag_of(cancel);
    NEARZONE_ASSIGN(SightingTable table, device->device().log().snapshot(flag.get()));
    std::optional<OwnIdentifiers> own;
    if (format == NZ_EXPORT_CSV_WITH_OWN || format == NZ_EXPORT_JSON_LINES_WITH_OWN)
      own = device->device().own_identifiers(table.columns());
    *out = new nz_export(std::move(table),
                         is_csv ? SightingFormat::csv : SightingFormat::json_lines, std::move(own));
    return {};
  });
}

int32_t nz_export_read(nz_export* text, void* out, size_t capacity, size_t* size,
                       nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(text, out, size));
    if (capacity == 0) return {Code::invalid_argument, "must not be 0", "capacity"};
    if (text->given == text->piece.size()) {
      wipe(text->piece.data(), text->piece.size());
      text->piece = text->writer.next();
      text->given = 0;
    }
    *size = text->piece.copy(static_cast<char*>(out), capacity, text->given);
    text->given += *size;
    return {};
  });
}

void nz_export_free(nz_export* text) { delete text; }
