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
  }
  return "unknown";
}

Result<SchemeTag> parse_scheme(std::string_view name) {
  for (SchemeTag tag : {SchemeTag::bluezone, SchemeTag::gaen})
    if (name == scheme_name(tag)) return tag;
  return Status(Code::invalid_argument, "not the name of a scheme: use bluezone or gaen", "scheme");
}

size_t identifier_size(SchemeTag tag) { return tag == SchemeTag::bluezone ? 12 : 16; }

SightingTable SightingTable::from(std::vector<StoredSighting> rows, std::vector<Scan> scans) {
  auto key = [](const StoredSighting& r) {
    return std::tuple(Day::of(r.sighting.time), r.sighting.scheme, r.sighting.identifier,
                      r.sighting.time, r.row);
  };
  std::sort(rows.begin(), rows.end(),
            [&](const StoredSighting& a, const StoredSighting& b) { return key(a) < key(b); });

  SightingTable table;
  table.scans_ = std::move(scans);
  table.identifier_.reserve(rows.size());
  table.time_.reserve(rows.size());
  table.rssi_dbm_.reserve(rows.size());
  table.metadata_.reserve(rows.size());
  table.heard_by_.reserve(rows.size());
  table.scan_.reserve(rows.size());
  table.row_.reserve(rows.size());
  for (const StoredSighting& r : rows) {
    Day day = Day::of(r.sighting.time);
    if (table.days_.empty() || table.days_.back().day != day ||
        table.days_.back().scheme != r.sighting.scheme)
      table.days_.push_back({day, r.sighting.scheme, table.identifier_.size(), 0});
    ++table.days_.back().count;
    table.identifier_.push_back(r.sighting.identifier);
    table.time_.push_back(r.sighting.time);
    table.rssi_dbm_.push_back(r.sighting.rssi_dbm);
    table.metadata_.push_back(r.sighting.metadata);
    table.heard_by_.push_back(r.sighting.heard_by);
    table.scan_.push_back(r.scan);
    table.row_.push_back(r.row);
  }
  wipe(rows.data(), rows.size() * sizeof(StoredSighting));
  return table;
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

SightingTable& SightingTable::operator=(SightingTable&& other) noexcept {
  if (this != &other) {
    wipe_all();
    days_ = std::move(other.days_);
    identifier_ = std::move(other.identifier_);
    time_ = std::move(other.time_);
    rssi_dbm_ = std::move(other.rssi_dbm_);
    metadata_ = std::move(other.metadata_);
    heard_by_ = std::move(other.heard_by_);
    scan_ = std::move(other.scan_);
    row_ = std::move(other.row_);
    scans_ = std::move(other.scans_);
  }
  return *this;
}

SightingTable::~SightingTable() { wipe_all(); }

void SightingTable::wipe_all() {
  auto wipe_column = [](auto& column) {
    wipe(column.data(), column.size() * sizeof(*column.data()));
  };
  wipe_column(identifier_);
  wipe_column(time_);
  wipe_column(rssi_dbm_);
  wipe_column(metadata_);
  wipe_column(heard_by_);
  wipe_column(scan_);
  wipe_column(row_);
  wipe_column(days_);
  wipe_column(scans_);
}

SightingColumns SightingTable::columns() const {
  return {days_, identifier_, time_, rssi_dbm_, metadata_, heard_by_, scan_, row_, scans_};
}

}  // namespace nearzone
