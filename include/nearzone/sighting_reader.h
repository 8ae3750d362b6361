/// Sightings from text: Bluezone history lines and NearZone's CSV.
///
///     auto read = nearzone::read_sightings(nearzone::as_bytes(text));
///     if (!read.ok()) return read.status();
///     for (const nearzone::ReadScan& scan : read->scans) show(scan);
#pragma once

#include <span>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone {

/// A scan as it was read, owning its sightings.
struct ReadScan {
  Scan scan;
  std::vector<Sighting> sightings;
};

/// What a file of sightings holds.
struct ReadSightings {
  std::vector<ReadScan> scans;  ///< in the order in which the file first names them
  uint64_t sightings = 0;
};

/// Reads either format, told apart by its first line. Fails with corrupt, naming the field, the
/// offset and the zero-based line as the record; nothing is returned of a file with a bad line.
/// docs/formats/sightings.md describes both.
///
/// CSV: a header that names at least `time_ms,identifier,rssi_dbm,metadata` and, optionally,
/// `scheme,source,scan_ms,previous_scan_ms`, in any order; identifiers and metadata in hexadecimal,
/// metadata may be empty; without `scheme` a 12-byte identifier is Bluezone's, a 16-byte one
/// Exposure Notification's; `source` is advertisement or gatt; `scan_ms` groups rows into scans,
/// without it each time is a scan of its own; a row with nothing but a scan is one that heard
/// nothing. Bluezone history: own identifier, contact identifier, RSSI, time in ms or s (below
/// 10^11 it is seconds), tab separated.
Result<ReadSightings> read_sightings(ByteView text);

}  // namespace nearzone
