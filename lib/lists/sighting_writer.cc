#include "nearzone/sighting_writer.h"

#include <string_view>

#include "nearzone/bytes.h"

namespace nearzone {
namespace {

constexpr size_t kRowsOfPiece = 4096;

// A row in words.
struct Fields {
  Fields(const SightingColumns& columns, SchemeTag tag, size_t row)
      : time(std::to_string(columns.time[row].ms)),
        identifier(to_hex(ByteView(columns.identifier[row].bytes).first(identifier_size(tag)))),
        rssi(std::to_string(columns.rssi_dbm[row])),
        metadata(to_hex(ByteView(columns.metadata[row].bytes).first(columns.metadata[row].size))),
        scheme(scheme_name(tag)),
        source(columns.heard_by[row] == HeardBy::gatt ? "gatt" : "advertisement"),
        scan(std::to_string(columns.scans[columns.scan[row]].start.ms)) {}

  std::string time, identifier, rssi, metadata;
  std::string_view scheme, source;
  std::string scan;
};

void add_csv(const Fields& row, std::string& text) {
  text += row.time + ',' + row.identifier + ',' + row.rssi + ',' + row.metadata + ',';
  text.append(row.scheme).append(",").append(row.source).append(",").append(row.scan) += '\n';
}

// Of hexadecimal digits, numbers and fixed words: nothing has to be escaped.
void add_json(const Fields& row, std::string& text) {
  text += "{\"time_ms\":" + row.time + ",\"identifier\":\"" + row.identifier;
  text += "\",\"rssi_dbm\":" + row.rssi + ",\"metadata\":\"" + row.metadata;
  text.append("\",\"scheme\":\"").append(row.scheme).append("\",\"source\":\"");
  text.append(row.source).append("\",\"scan_ms\":").append(row.scan) += "}\n";
}

}  // namespace

std::string SightingWriter::next() {
  std::string text;
  if (!begun_ && format_ == SightingFormat::csv)
    text = "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms\n";
  begun_ = true;
  for (size_t rows = 0; slice_ < columns_.days.size() && rows < kRowsOfPiece;) {
    const DaySlice& slice = columns_.days[slice_];
    if (row_ == slice.first + slice.count) {
      ++slice_;
      continue;
    }
    const Fields fields(columns_, slice.scheme, row_);
    format_ == SightingFormat::csv ? add_csv(fields, text) : add_json(fields, text);
    ++row_;
    ++rows;
  }
  return text;
}

std::string write_sightings(const SightingColumns& columns, SightingFormat format) {
  SightingWriter writer(columns, format);
  std::string text;
  for (std::string piece = writer.next(); !piece.empty(); piece = writer.next()) text += piece;
  return text;
}

}  // namespace nearzone
