/// Sightings as text, for the person whose they are: NearZone's CSV, and JSON lines.
///
///     nearzone::SightingWriter text(table.columns(), nearzone::SightingFormat::csv);
///     for (std::string piece = text.next(); !piece.empty(); piece = text.next()) write(piece);
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nearzone/sighting.h"

namespace nearzone {

/// docs/formats/sightings.md describes both.
enum class SightingFormat {
  csv,         ///< all eight fields with a header; read_sightings() reads it
  json_lines,  ///< one object a line, with the same fields
};

/// Writes piece by piece, so that a million sightings need no text of a million lines. Not
/// thread-safe.
class SightingWriter {
 public:
  /// `columns` are borrowed and must outlive the writer.
  SightingWriter(const SightingColumns& columns, SightingFormat format);

  /// The next lines, some thousand of them; empty at the end. Scans that heard nothing come last.
  std::string next();

 private:
  SightingColumns columns_;
  SightingFormat format_;
  bool begun_ = false;
  size_t slice_ = 0;  // of columns_.days
  size_t row_ = 0;
  size_t scan_ = 0;
  std::vector<bool> heard_something_;  // each scan
};

/// All of it as one text.
std::string write_sightings(const SightingColumns& columns, SightingFormat format);

}  // namespace nearzone
