// Source: docs/formats/sightings.md
#include "nearzone/sighting_reader.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/text_lines.h"

namespace nearzone {
namespace {

constexpr size_t kLongestLine = 1024;
constexpr int64_t kLastMs = 253402300799999;  // 9999-12-31T23:59:59.999Z

enum Column : uint8_t {
  kTime,
  kIdentifier,
  kRssi,
  kMetadata,
  kScheme,
  kSource,
  kScan,
  kPreviousScan,
  kOwn,
  kColumns
};
constexpr std::array<const char*, kColumns> kNames{
    "time_ms", "identifier", "rssi_dbm",         "metadata",      "scheme",
    "source",  "scan_ms",    "previous_scan_ms", "own_identifier"};
constexpr size_t kRequired = 4;

using Row = std::array<std::string_view, kColumns>;

// Reads fields of the current line, and says where one of them is wrong.
class FieldReader {
 public:
  explicit FieldReader(const TextLines& lines) : lines_(lines) {}

  Status wrong(const char* text, const char* field, std::string_view piece) const {
    return Status(Code::corrupt, text, field)
        .at_record(lines_.index())
        .at_offset(lines_.offset_of(piece));
  }

  Status identifier(std::string_view hex, Sighting& sighting, const char* field) const {
    if (hex.size() != 2 * identifier_size(sighting.scheme))
      return wrong("an identifier has the wrong length", field, hex);
    Status status = from_hex(hex, MutableBytes(sighting.identifier.bytes).first(hex.size() / 2));
    return status.ok() ? status : wrong(status.text(), field, hex);
  }

  Status rssi(std::string_view text, Sighting& sighting, const char* field) const {
    auto value = whole_number(text, -128, 127);
    if (!value) return wrong("not a whole number within -128..127", field, text);
    sighting.rssi_dbm = static_cast<int8_t>(*value);
    return {};
  }

  Status time(std::string_view text, Instant& at, const char* field) const {
    auto value = whole_number(text, 0, kLastMs);
    if (!value) return wrong("not a time in whole milliseconds since 1970", field, text);
    at = {*value};
    return {};
  }

 private:
  const TextLines& lines_;
};

// Puts each sighting into its scan.
class Gatherer {
 public:
  // The first that tells of a scan says what came before it.
  ReadScan& scan(const Scan& scan) {
    auto [known, is_new] = scans_.try_emplace(scan.start.ms, result_.scans.size());
    if (is_new) result_.scans.push_back({scan, {}});
    return result_.scans[known->second];
  }
  void add(const Scan& heard_by, const Sighting& sighting) {
    scan(heard_by).sightings.push_back(sighting);
    ++result_.sightings;
  }
  ReadSightings take() { return std::move(result_); }

 private:
  ReadSightings result_;
  std::unordered_map<int64_t, size_t> scans_;
};

// Which piece of a row each column is; columns that the header does not name are kColumns.
Result<std::array<size_t, kColumns>> read_header(const FieldReader& reader, std::string_view line) {
  std::array<size_t, kColumns> places;
  places.fill(kColumns);
  Row pieces;
  size_t count = split(line, ',', pieces);
  if (count > kColumns) return reader.wrong("the header names too many columns", "header", line);
  for (size_t i = 0; i < count; ++i) {
    auto name = std::find(kNames.begin(), kNames.end(), pieces[i]);
    if (name == kNames.end())
      return reader.wrong("the header names an unknown column", "header", pieces[i]);
    size_t& place = places[static_cast<size_t>(name - kNames.begin())];
    if (place != kColumns) return reader.wrong("the header names a column twice", *name, pieces[i]);
    place = i;
  }
  for (size_t i = 0; i < kRequired; ++i)
    if (places[i] == kColumns) return reader.wrong("the header lacks a column", kNames[i], line);
  return places;
}

Status read_scheme(const FieldReader& reader, const Row& row, Sighting& sighting) {
  if (!row[kScheme].empty()) {
    auto scheme = parse_scheme(row[kScheme]);
    if (!scheme.ok()) return reader.wrong("not the name of a scheme", "scheme", row[kScheme]);
    sighting.scheme = *scheme;
    return {};
  }
  for (SchemeTag tag : {SchemeTag::bluezone, SchemeTag::gaen}) {
    if (row[kIdentifier].size() != 2 * identifier_size(tag)) continue;
    sighting.scheme = tag;
    return {};
  }
  return reader.wrong("no scheme has identifiers of this length", "identifier", row[kIdentifier]);
}

Status read_scan(const FieldReader& reader, const Row& row, Scan& scan) {
  if (!row[kScan].empty()) NEARZONE_TRY(reader.time(row[kScan], scan.start, "scan_ms"));
  if (row[kPreviousScan].empty()) return {};
  return reader.time(row[kPreviousScan], scan.previous_start.emplace(), "previous_scan_ms");
}

bool heard_nothing(const Row& row) {
  return !row[kScan].empty() && std::all_of(row.begin(), row.begin() + kScan,
                                            [](std::string_view field) { return field.empty(); });
}

// An own identifier is of either length, and not kept.
Status check_own(const FieldReader& reader, std::string_view hex) {
  if (hex.empty()) return {};
  Sighting unused;
  unused.scheme = hex.size() == 2 * identifier_size(SchemeTag::bluezone) ? SchemeTag::bluezone
                                                                         : SchemeTag::gaen;
  return reader.identifier(hex, unused, "own_identifier");
}

Status read_sighting(const FieldReader& reader, const Row& row, Sighting& sighting) {
  NEARZONE_TRY(reader.time(row[kTime], sighting.time, "time_ms"));
  NEARZONE_TRY(read_scheme(reader, row, sighting));
  NEARZONE_TRY(reader.identifier(row[kIdentifier], sighting, "identifier"));
  NEARZONE_TRY(reader.rssi(row[kRssi], sighting, "rssi_dbm"));
  if (row[kMetadata].size() > 2 * Metadata::kCapacity)
    return reader.wrong("metadata have more than 4 bytes", "metadata", row[kMetadata]);
  size_t size = row[kMetadata].size() / 2;
  Status status = from_hex(row[kMetadata], MutableBytes(sighting.metadata.bytes).first(size));
  if (!status.ok()) return reader.wrong(status.text(), "metadata", row[kMetadata]);
  sighting.metadata.size = static_cast<uint8_t>(size);
  if (row[kSource] == "gatt")
    sighting.heard_by = HeardBy::gatt;
  else if (!row[kSource].empty() && row[kSource] != "advertisement")
    return reader.wrong("neither advertisement nor gatt", "source", row[kSource]);
  return check_own(reader, row[kOwn]);
}

Result<ReadSightings> read_csv(TextLines& lines) {
  FieldReader reader(lines);
  NEARZONE_ASSIGN(auto places, read_header(reader, lines.line()));
  size_t columns = static_cast<size_t>(
      std::count_if(places.begin(), places.end(), [](size_t place) { return place < kColumns; }));
  Gatherer gatherer;
  while (lines.next()) {
    std::string_view line = lines.line();
    if (line.size() > kLongestLine)
      return reader.wrong("a line is longer than 1024 bytes", "line", line);
    Row pieces;
    if (split(line, ',', pieces) != columns)
      return reader.wrong("a line has not as many fields as the header", "line", line);
    Row row;
    for (size_t i = 0; i < kColumns; ++i)
      if (places[i] < kColumns) row[i] = pieces[places[i]];
    Sighting sighting;
    const bool is_empty = heard_nothing(row);
    if (!is_empty) NEARZONE_TRY(read_sighting(reader, row, sighting));
    Scan scan{sighting.time, std::nullopt};
    NEARZONE_TRY(read_scan(reader, row, scan));
    if (is_empty)
      gatherer.scan(scan);
    else
      gatherer.add(scan, sighting);
  }
  return gatherer.take();
}

// iPhones wrote seconds, Android phones milliseconds. 10^11 ms is a moment of 1973, before there
// were phones to hear; 10^11 s one of the year 5138.
Status read_history_time(const FieldReader& reader, std::string_view text, Instant& at) {
  constexpr int64_t kFirstMs = 100'000'000'000;
  NEARZONE_TRY(reader.time(text, at, "time"));
  if (at.ms < kFirstMs) at = Instant::from_seconds(at.ms);
  return {};
}

Result<ReadSightings> read_history(TextLines& lines) {
  FieldReader reader(lines);
  Gatherer gatherer;
  do {
    std::string_view line = lines.line();
    std::array<std::string_view, 4> fields;
    if (line.size() > kLongestLine)
      return reader.wrong("a line is longer than 1024 bytes", "line", line);
    if (split(line, '\t', fields) != fields.size())
      return reader.wrong("a line has not four fields", "line", line);
    Sighting own;  // only looked at, to be sure of what this file is
    own.scheme = SchemeTag::bluezone;
    NEARZONE_TRY(reader.identifier(fields[0], own, "own_identifier"));
    Sighting sighting;
    sighting.scheme = SchemeTag::bluezone;
    NEARZONE_TRY(reader.identifier(fields[1], sighting, "contact_identifier"));
    NEARZONE_TRY(reader.rssi(fields[2], sighting, "rssi"));
    NEARZONE_TRY(read_history_time(reader, fields[3], sighting.time));
    gatherer.add({sighting.time, std::nullopt}, sighting);
  } while (lines.next());
  return gatherer.take();
}

}  // namespace

Result<ReadSightings> read_sightings(ByteView text) {
  TextLines lines({reinterpret_cast<const char*>(text.data()), text.size()});
  if (!lines.next()) return Status(Code::corrupt, "the file is empty").at_offset(0);
  bool is_history = lines.line().find('\t') != std::string_view::npos;
  return is_history ? read_history(lines) : read_csv(lines);
}

}  // namespace nearzone
