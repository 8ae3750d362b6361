/// Sightings as text, for the person whose they are: NearZone's CSV, and JSON lines.
///
///     nearzone::SightingWriter text(table.columns(), nearzone::SightingFormat::csv);
///     for (std::string piece = text.next(); !piece.empty(); piece = text.next()) write(piece);
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nearzone/sighting.h"

namespace nearzone {

/// docs/formats/sightings.md describes both.
enum class SightingFormat {
  csv,         ///< all fields with a header; read_sightings() reads it
  json_lines,  ///< one object a line, with the same fields
};

/// What the phone itself sent when it heard each row of the columns, where that is known.
struct OwnIdentifiers {
  SchemeTag scheme = SchemeTag::gaen;
  std::vector<std::optional<Identifier>> of_rows;  ///< as many as there are rows
};

/// Writes piece by piece, so that a million sightings need no text of a million lines. Not
/// thread-safe.
class SightingWriter {
 public:
  /// `columns` are borrowed and must outlive the writer. With `own` (Device::own_identifiers, of
  /// the same columns) each sighting has one field more.
  SightingWriter(const SightingColumns& columns, SightingFormat format,
                 std::optional<OwnIdentifiers> own = std::nullopt);

  /// The next lines, some thousand of them; empty at the end. Scans that heard nothing come last.
  std::string next();

 private:
  SightingColumns columns_;
  SightingFormat format_;
  std::optional<OwnIdentifiers> own_;
  bool begun_ = false;
  size_t slice_ = 0;  // of columns_.days
  size_t row_ = 0;
  size_t scan_ = 0;
  std::vector<bool> heard_something_;  // each scan
};

/// All of it as one text.
std::string write_sightings(const SightingColumns& columns, SightingFormat format,
                            std::optional<OwnIdentifiers> own = std::nullopt);

}  // namespace nearzone
