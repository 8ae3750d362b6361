// What lists gave, kept in the log under the days it happened on and erased with them: of each day
// a version and records, each of which begins with the first half of its list's digest.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/encounter_log.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::device {

inline constexpr size_t kDigestBytes = 16;
using ListDigest = std::array<uint8_t, 32>;
using Record = std::vector<uint8_t>;
using RecordsByDay = std::map<Day, std::vector<Record>>;

struct RecordFormat {
  const char* kind;
  uint8_t version;
  // Takes the first record off bytes of a known version, as the present one has it; nothing where
  // it is cut off.
  std::optional<Record> (*take)(ByteView& rest, uint8_t version);
};

bool is_of(const Record& record, const ListDigest& list_digest);

Result<RecordsByDay> load_findings(const EncounterLog& log, const RecordFormat& format);

// Replaces whatever this list gave before by `found`.
Status replace_findings(EncounterLog& log, const RecordFormat& format,
                        const ListDigest& list_digest, const RecordsByDay& found);

}  // namespace nearzone::device
