#include "nearzone/sighting_writer.h"

#include <string_view>
#include <utility>

#include "nearzone/bytes.h"

namespace nearzone {
namespace {

constexpr size_t kRowsOfPiece = 4096;

std::string previous_of(const Scan& scan) {
  return scan.previous_start ? std::to_string(scan.previous_start->ms) : std::string();
}

std::string hex_of(const std::optional<Identifier>& identifier, SchemeTag scheme) {
  if (!identifier) return {};
  return to_hex(ByteView(identifier->bytes).first(identifier_size(scheme)));
}

// A row in words.
struct Fields {
  Fields(const SightingColumns& columns, SchemeTag tag, size_t row,
         const std::optional<OwnIdentifiers>& own_identifiers)
      : time(std::to_string(columns.time[row].ms)),
        identifier(hex_of(columns.identifier[row], tag)),
        rssi(std::to_string(columns.rssi_dbm[row])),
        metadata(to_hex(ByteView(columns.metadata[row].bytes).first(columns.metadata[row].size))),
        scheme(scheme_name(tag)),
        source(columns.heard_by[row] == HeardBy::gatt ? "gatt" : "advertisement"),
        scan(std::to_string(columns.scans[columns.scan[row]].start.ms)),
        previous_scan(previous_of(columns.scans[columns.scan[row]])) {
    if (own_identifiers) own = hex_of(own_identifiers->of_rows[row], own_identifiers->scheme);
  }

  std::string time, identifier, rssi, metadata;
  std::string_view scheme, source;
  std::string scan, previous_scan;
  std::optional<std::string> own;  // set where own identifiers are written at all
};

void add_csv(const Fields& row, std::string& text) {
  text += row.time + ',' + row.identifier + ',' + row.rssi + ',' + row.metadata + ',';
  text.append(row.scheme).append(",").append(row.source).append(",");
  text += row.scan + ',' + row.previous_scan;
  if (row.own) text += ',' + *row.own;
  text += '\n';
}

std::string json_of_scan(const std::string& start, const std::string& previous) {
  std::string text = "\"scan_ms\":" + start;
  if (!previous.empty()) text += ",\"previous_scan_ms\":" + previous;
  return text;
}

// Of hexadecimal digits, numbers and fixed words: nothing has to be escaped.
void add_json(const Fields& row, std::string& text) {
  text += "{\"time_ms\":" + row.time + ",\"identifier\":\"" + row.identifier;
  text += "\",\"rssi_dbm\":" + row.rssi + ",\"metadata\":\"" + row.metadata;
  text.append("\",\"scheme\":\"").append(row.scheme).append("\",\"source\":\"");
  text.append(row.source).append("\",").append(json_of_scan(row.scan, row.previous_scan));
  if (row.own && !row.own->empty()) text += ",\"own_identifier\":\"" + *row.own + '"';
  text += "}\n";
}

void add_scan(const Scan& scan, SightingFormat format, bool with_own, std::string& text) {
  const std::string start = std::to_string(scan.start.ms);
  if (format == SightingFormat::csv)
    text += ",,,,,," + start + ',' + previous_of(scan) + (with_own ? ",\n" : "\n");
  else
    text += '{' + json_of_scan(start, previous_of(scan)) + "}\n";
}

}  // namespace

SightingWriter::SightingWriter(const SightingColumns& columns, SightingFormat format,
                               std::optional<OwnIdentifiers> own)
    : columns_(columns),
      format_(format),
      own_(std::move(own)),
      heard_something_(columns.scans.size()) {
  for (const uint32_t scan : columns.scan) heard_something_[scan] = true;
}

std::string SightingWriter::next() {
  std::string text;
  if (!begun_ && format_ == SightingFormat::csv) {
    text = "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms";
    text += own_ ? ",own_identifier\n" : "\n";
  }
  begun_ = true;
  size_t rows = 0;
  while (slice_ < columns_.days.size() && rows < kRowsOfPiece) {
    const DaySlice& slice = columns_.days[slice_];
    if (row_ == slice.first + slice.count) {
      ++slice_;
      continue;
    }
    const Fields fields(columns_, slice.scheme, row_, own_);
    format_ == SightingFormat::csv ? add_csv(fields, text) : add_json(fields, text);
    ++row_;
    ++rows;
  }
  if (slice_ < columns_.days.size()) return text;
  for (; scan_ < columns_.scans.size() && rows < kRowsOfPiece; ++scan_) {
    if (heard_something_[scan_]) continue;
    add_scan(columns_.scans[scan_], format_, own_.has_value(), text);
    ++rows;
  }
  return text;
}

std::string write_sightings(const SightingColumns& columns, SightingFormat format,
                            std::optional<OwnIdentifiers> own) {
  SightingWriter writer(columns, format, std::move(own));
  std::string text;
  for (std::string piece = writer.next(); !piece.empty(); piece = writer.next()) text += piece;
  return text;
}

}  // namespace nearzone
