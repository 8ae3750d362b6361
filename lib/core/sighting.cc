#include "nearzone/sighting.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "nearzone/secret.h"

namespace nearzone {

std::string_view scheme_name(SchemeTag tag) {
  switch (tag) {
    case SchemeTag::bluezone: return "bluezone";
    case SchemeTag::gaen: return "gaen";
    case SchemeTag::dp3t_low_cost: return "dp3t-lowcost";
    case SchemeTag::dp3t_hybrid: return "dp3t-hybrid";
    case SchemeTag::tcn: return "tcn";
    case SchemeTag::dp3t_unlinkable: return "dp3t-unlinkable";
  }
  return "unknown";
}

Result<SchemeTag> parse_scheme(std::string_view name) {
  for (SchemeTag tag : kSchemeTags)
    if (name == scheme_name(tag)) return tag;
  return Status(Code::invalid_argument,
                "not the name of a scheme: use bluezone, gaen, dp3t-lowcost, dp3t-hybrid, "
                "dp3t-unlinkable or tcn",
                "scheme");
}

size_t identifier_size(SchemeTag tag) { return tag == SchemeTag::bluezone ? 12 : 16; }

SightingTable SightingTable::from(std::vector<StoredSighting> rows, std::vector<Scan> scans) {
  auto key = [](const StoredSighting& r) {
    return std::tuple(Day::of(r.sighting.time), r.sighting.scheme, r.sighting.identifier,
                      r.sighting.time, r.row);
  };
  std::sort(rows.begin(), rows.end(),
            [&](const StoredSighting& a, const StoredSighting& b) { return key(a) < key(b); });

  SortedSightings sorted;
  sorted.scans = std::move(scans);
  sorted.reserve(rows.size());
  for (const StoredSighting& row : rows) sorted.add(row);
  wipe(rows.data(), rows.size() * sizeof(StoredSighting));
  return SightingTable(std::move(sorted));
}

SightingTable SightingTable::from(std::span<const Sighting> sightings) {
  std::vector<StoredSighting> rows;
  std::vector<Scan> scans;
  std::unordered_map<int32_t, uint32_t> rows_of_day;
  rows.reserve(sightings.size());
  for (const Sighting& sighting : sightings) {
    if (scans.empty() || scans.back().start != sighting.time)
      scans.push_back({sighting.time, scans.empty() ? std::optional<Instant>()
                                                    : std::optional(scans.back().start)});
    Day day = Day::of(sighting.time);
    rows.push_back(
        {sighting, {day, 0, rows_of_day[day.number]++}, static_cast<uint32_t>(scans.size() - 1)});
  }
  return from(std::move(rows), std::move(scans));
}

SightingColumns SightingTable::columns() const {
  return {sorted_.days,     sorted_.identifier, sorted_.time, sorted_.rssi_dbm, sorted_.metadata,
          sorted_.heard_by, sorted_.scan,       sorted_.row,  sorted_.scans};
}

SortedSightings& SortedSightings::operator=(SortedSightings&& other) noexcept {
  if (this != &other) {
    wipe_all();
    days = std::move(other.days);
    identifier = std::move(other.identifier);
    time = std::move(other.time);
    rssi_dbm = std::move(other.rssi_dbm);
    metadata = std::move(other.metadata);
    heard_by = std::move(other.heard_by);
    scan = std::move(other.scan);
    row = std::move(other.row);
    scans = std::move(other.scans);
  }
  return *this;
}

SortedSightings::~SortedSightings() { wipe_all(); }

void SortedSightings::wipe_all() {
  auto wipe_column = [](auto& column) {
    wipe(column.data(), column.size() * sizeof(*column.data()));
  };
  wipe_column(identifier);
  wipe_column(time);
  wipe_column(rssi_dbm);
  wipe_column(metadata);
  wipe_column(heard_by);
  wipe_column(scan);
  wipe_column(row);
  wipe_column(days);
  wipe_column(scans);
}

void SortedSightings::reserve(size_t rows) {
  identifier.reserve(rows);
  time.reserve(rows);
  rssi_dbm.reserve(rows);
  metadata.reserve(rows);
  heard_by.reserve(rows);
  scan.reserve(rows);
  row.reserve(rows);
}

void SortedSightings::extend(Day day, SchemeTag scheme, size_t rows) {
  if (rows == 0) return;
  const size_t before = identifier.size();
  if (days.empty() || days.back().day != day || days.back().scheme != scheme)
    days.push_back({day, scheme, before, 0});
  days.back().count += rows;
  identifier.resize(before + rows);
  time.resize(before + rows);
  rssi_dbm.resize(before + rows);
  metadata.resize(before + rows);
  heard_by.resize(before + rows);
  scan.resize(before + rows);
  row.resize(before + rows);
}

void SortedSightings::shrink(size_t rows) {
  const auto cut = [rows](auto& column) {
    wipe(column.data() + rows, (column.size() - rows) * sizeof(*column.data()));
    column.resize(rows);
  };
  cut(identifier);
  cut(time);
  cut(rssi_dbm);
  cut(metadata);
  cut(heard_by);
  cut(scan);
  cut(row);
  while (!days.empty() && days.back().first >= rows) days.pop_back();
  if (!days.empty()) days.back().count = rows - days.back().first;
}

void SortedSightings::add(const StoredSighting& stored) {
  const Sighting& sighting = stored.sighting;
  extend(Day::of(sighting.time), sighting.scheme, 1);
  identifier.back() = sighting.identifier;
  time.back() = sighting.time;
  rssi_dbm.back() = sighting.rssi_dbm;
  metadata.back() = sighting.metadata;
  heard_by.back() = sighting.heard_by;
  scan.back() = stored.scan;
  row.back() = stored.row;
}

}  // namespace nearzone
