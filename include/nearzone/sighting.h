/// What a radio heard: sightings, scans, and the sorted columns that matching reads.
///
///     nearzone::SightingTable table = nearzone::SightingTable::from(sightings);
///     for (nearzone::DaySlice slice : table.columns().days) show(slice);
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// Which scheme an identifier or a key belongs to. The numbers are stored; they never change.
enum class SchemeTag : uint8_t {
  bluezone = 1,         ///< 12-byte identifiers
  gaen = 2,             ///< Exposure Notification, 16-byte identifiers, 4 bytes of sealed metadata
  dp3t_low_cost = 3,    ///< DP-3T's design 1, 16-byte identifiers like those that follow
  dp3t_hybrid = 4,      ///< DP-3T's hybrid design
  tcn = 5,              ///< Temporary Contact Numbers
  dp3t_unlinkable = 6,  ///< DP-3T's design 2
};
inline constexpr std::array kSchemeTags = {SchemeTag::bluezone,      SchemeTag::gaen,
                                           SchemeTag::dp3t_low_cost, SchemeTag::dp3t_hybrid,
                                           SchemeTag::tcn,           SchemeTag::dp3t_unlinkable};
/// "bluezone", "gaen", "dp3t-lowcost", "dp3t-hybrid", "tcn", "dp3t-unlinkable".
std::string_view scheme_name(SchemeTag tag);
Result<SchemeTag> parse_scheme(std::string_view name);
/// Bytes of the scheme's identifiers on the air: 12 or 16.
size_t identifier_size(SchemeTag tag);

/// A rotating proximity identifier; shorter ones than 16 bytes are followed by zeros.
struct Identifier {
  std::array<uint8_t, 16> bytes{};
  /// By bytes. The result is spelt out because std::array has no <=> in libc++ 16.
  std::strong_ordering operator<=>(const Identifier&) const = default;
};

/// How an identifier was obtained: from the advertisement itself, or by a GATT read afterwards.
enum class HeardBy : uint8_t { advertisement = 0, gatt = 1 };

/// What came with the identifier, at most 4 bytes: Exposure Notification's sealed metadata (4), or
/// a transmit power in dBm as one signed byte (1), or nothing (0).
struct Metadata {
  static constexpr size_t kCapacity = 4;
  std::array<uint8_t, kCapacity> bytes{};
  uint8_t size = 0;
  bool operator==(const Metadata&) const = default;
};

/// One identifier heard once.
struct Sighting {
  Identifier identifier;
  SchemeTag scheme = SchemeTag::gaen;
  HeardBy heard_by = HeardBy::advertisement;
  Instant time;
  int8_t rssi_dbm = 0;  ///< as the radio gave it; 127 where it gave none
  Metadata metadata;
  bool operator==(const Sighting&) const = default;
};

/// One opening of the radio's ear. Scans that heard nothing count too: the next one names them.
struct Scan {
  Instant start;
  std::optional<Instant> previous_start;  ///< of the scan before this one, if it is known
  bool operator==(const Scan&) const = default;
};

/// Names a stored sighting for as long as it exists: `sequence` numbers the day's appended batches,
/// `offset` the sighting in its batch. Survives compaction of the log.
struct RowId {
  Day day;
  uint32_t sequence = 0;
  uint32_t offset = 0;
  auto operator<=>(const RowId&) const = default;
};

/// The rows of one day and scheme: [first, first + count) of the columns.
struct DaySlice {
  Day day;
  SchemeTag scheme = SchemeTag::gaen;
  size_t first = 0;
  size_t count = 0;
};

/// Read-only columns of equal length, sorted by (UTC day of time, scheme, identifier, time, row).
/// Borrowed from the table or snapshot that made them. `days` covers them in order, without gaps.
struct SightingColumns {
  std::span<const DaySlice> days;
  std::span<const Identifier> identifier;
  std::span<const Instant> time;
  std::span<const int8_t> rssi_dbm;
  std::span<const Metadata> metadata;
  std::span<const HeardBy> heard_by;
  std::span<const uint32_t> scan;  ///< index into `scans`
  std::span<const RowId> row;
  std::span<const Scan> scans;

  size_t size() const { return identifier.size(); }
};

/// A sighting with where it is stored and the scan that heard it.
struct StoredSighting {
  Sighting sighting;
  RowId row;
  uint32_t scan = 0;  ///< index into the scans given beside it
};

/// Columns that are being filled, row by row, in the order of SightingColumns: for readers whose
/// rows come sorted. What they hold is wiped when they die. Reserve before, since a column that
/// grows leaves a copy behind.
struct SortedSightings {
  std::vector<DaySlice> days;
  std::vector<Identifier> identifier;
  std::vector<Instant> time;
  std::vector<int8_t> rssi_dbm;
  std::vector<Metadata> metadata;
  std::vector<HeardBy> heard_by;
  std::vector<uint32_t> scan;
  std::vector<RowId> row;
  std::vector<Scan> scans;

  SortedSightings() = default;
  SortedSightings(SortedSightings&&) noexcept = default;
  SortedSightings& operator=(SortedSightings&& other) noexcept;
  ~SortedSightings();

  /// Room for this many rows in every column.
  void reserve(size_t rows);
  /// Makes every column of rows this long, and counts the new ones to a slice of `days`.
  void extend(Day day, SchemeTag scheme, size_t rows);
  /// Forgets all rows but the first so many.
  void shrink(size_t rows);
  /// Adds a row that does not come before the last one.
  void add(const StoredSighting& row);

 private:
  void wipe_all();
};

/// Owns sorted columns; what it held is wiped when it dies. Move-only. Safe to read from any
/// thread.
class SightingTable {
 public:
  SightingTable() = default;
  /// Takes columns that are sorted as SightingColumns says.
  explicit SightingTable(SortedSightings sorted) : sorted_(std::move(sorted)) {}
  /// Sorts the rows; `scans` are those that StoredSighting::scan counts. The input is wiped.
  static SightingTable from(std::vector<StoredSighting> rows, std::vector<Scan> scans);
  /// Sightings that no log stores: numbered in the order given within each day, each sighting's
  /// scan being every run of equal times.
  static SightingTable from(std::span<const Sighting> sightings);

  SightingColumns columns() const;

 private:
  SortedSightings sorted_;
};

/// A flag to stop long work from another thread; polled, never waited for.
class Cancel {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace nearzone
