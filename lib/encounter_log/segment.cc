#include "encounter_log/segment.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "encounter_log/bits.h"
#include "encounter_log/block.h"

namespace nearzone::encounter_log {
namespace {

constexpr uint64_t kVersion = 1;

// The numbers of a chunk, each kind with a Rice parameter of its own.
enum Field : uint8_t {
  kStart,       // of a scan, less when it would have come at the pace of the two before it
  kPrevious,    // start of the scan before a scan, less the scan's
  kIdentifier,  // first four bytes, as a number, less those of the group before of the same scheme
  kGroup,       // sightings of one identifier, less one
  kFirstScan,   // sequence of a group's first sighting
  kNextScan,    // sequence of another, less that of the one before it, less one
  kOffset,      // in the block
  kTime,        // of a sighting, less the start of its scan
  kRssi,        // less that of the sighting before
  kFields,
  kPlainBits,  // no number: as many bits as are told
};

constexpr unsigned kParameterBits = 6;

// How the scan before a scan is told.
enum Previous : uint8_t { kUnknown, kScanBefore, kOther };
constexpr unsigned kPreviousBits = 2;

constexpr unsigned kSchemeBits = 4;
constexpr size_t kIdentifierHead = 4;

// What the first sighting of a chunk is told by its differences from.
const Sighting kBeforeFirst = {{}, SchemeTag::gaen, HeardBy::advertisement, {}, 0, {}};
constexpr unsigned kSizeBits = 3;

// What a chunk is made of, gathered before it is written, so that the best parameters are known.
class Numbers {
 public:
  explicit Numbers(size_t most) { items_.reserve(most); }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  ~Numbers() { wipe(items_.data(), items_.size() * sizeof(Item)); }

  void number(Field field, int64_t value) {
    items_.push_back({field, 0, static_cast<uint64_t>(value)});
    signed_[field] |= value < 0;
  }
  void bits(uint64_t value, unsigned count) {
    items_.push_back({kPlainBits, static_cast<uint8_t>(count), value});
  }
  void bytes(ByteView bytes) {
    for (uint8_t byte : bytes) bits(byte, 8);
  }

  SecretBytes write() {
    std::array<unsigned, kFields> parameter;
    size_t size = 8 + kFields * (kParameterBits + 1);
    for (uint8_t field = 0; field < kFields; ++field) {
      for (Item& item : items_)
        if (item.field == field && signed_[field])
          item.value = zigzag(static_cast<int64_t>(item.value));
      size += best_parameter(field, parameter[field]);
    }
    for (const Item& item : items_) size += item.field == kPlainBits ? item.bits : 0;

    BitWriter out(size);
    out.bits(kVersion, 8);
    for (uint8_t field = 0; field < kFields; ++field) {
      out.bits(parameter[field], kParameterBits);
      out.bits(signed_[field] ? 1 : 0, 1);
    }
    for (const Item& item : items_) {
      if (item.field == kPlainBits)
        out.bits(item.value, item.bits);
      else
        out.rice(item.value, parameter[item.field]);
    }
    return out.take();
  }

 private:
  struct Item {
    Field field;
    uint8_t bits;
    uint64_t value;
  };

  // The parameter that makes the field shortest, and how long.
  size_t best_parameter(uint8_t field, unsigned& parameter) const {
    std::array<size_t, kLargestRice + 1> length{};
    for (const Item& item : items_)
      if (item.field == field)
        for (unsigned k = 0; k <= kLargestRice; ++k) length[k] += rice_length(item.value, k);
    const auto best = std::ranges::min_element(length);
    parameter = static_cast<unsigned>(best - length.begin());
    return *best;
  }

  std::vector<Item> items_;
  std::array<bool, kFields + 1> signed_{};
};

void add_blocks(Numbers& numbers, Day day, std::span<const PackedBlock> blocks) {
  numbers.bits(blocks.size(), 32);
  Instant before = day.start();
  Millis pace{0};
  for (const PackedBlock& block : blocks) {
    const Scan& scan = block.scan;
    numbers.number(kStart, (scan.start - before - pace).count());
    if (!scan.previous_start) {
      numbers.bits(kUnknown, kPreviousBits);
    } else if (*scan.previous_start == before) {
      numbers.bits(kScanBefore, kPreviousBits);
    } else {
      numbers.bits(kOther, kPreviousBits);
      numbers.number(kPrevious, (*scan.previous_start - scan.start).count());
    }
    numbers.bits(block.tag ? 1 : 0, 1);
    if (block.tag) numbers.bits(*block.tag, 64);
    pace = scan.start - before;
    before = scan.start;
  }
}

bool same_identifier(const Sighting& a, const Sighting& b) {
  return a.scheme == b.scheme && a.identifier == b.identifier;
}

// `before` is the sighting before, or a default one.
void add_metadata(Numbers& numbers, const Sighting& sighting, const Sighting& before) {
  const bool alike =
      sighting.heard_by == before.heard_by && sighting.metadata.size == before.metadata.size;
  numbers.bits(alike ? 0 : 1, 1);
  if (!alike) {
    numbers.bits(static_cast<uint8_t>(sighting.heard_by), 1);
    numbers.bits(sighting.metadata.size, kSizeBits);
  }
  numbers.bytes(ByteView(sighting.metadata.bytes).first(sighting.metadata.size));
}

bool same_metadata(const Sighting& a, const Sighting& b) {
  return a.metadata == b.metadata && a.heard_by == b.heard_by;
}

// The sightings of one identifier that `rows` begin with.
std::span<const StoredSighting> first_group(std::span<const StoredSighting> rows) {
  size_t size = 1;
  while (size < rows.size() && same_identifier(rows[size].sighting, rows[0].sighting)) ++size;
  return rows.first(size);
}

void add_group(Numbers& numbers, std::span<const PackedBlock> blocks,
               std::span<const StoredSighting> group, Sighting& before) {
  const Sighting& first = group[0].sighting;
  const bool varies = !std::ranges::all_of(
      group, [&](const StoredSighting& row) { return same_metadata(row.sighting, first); });
  numbers.number(kGroup, std::ssize(group) - 1);
  numbers.bits(varies ? 1 : 0, 1);
  std::optional<uint32_t> sequence_before;
  for (const auto& [sighting, row, scan] : group) {
    if (!sequence_before)
      numbers.number(kFirstScan, row.sequence);
    else
      numbers.number(kNextScan, int64_t{row.sequence} - *sequence_before - 1);
    if (!sequence_before || varies) add_metadata(numbers, sighting, before);
    numbers.number(kOffset, row.offset);
    numbers.number(kTime, (sighting.time - blocks[row.sequence].scan.start).count());
    numbers.number(kRssi, sighting.rssi_dbm - before.rssi_dbm);
    sequence_before = row.sequence;
    before = sighting;
  }
}

uint32_t identifier_head(const Identifier& identifier) {
  return load_be32(identifier.bytes.data());
}

void add_rows(Numbers& numbers, std::span<const PackedBlock> blocks,
              std::span<const StoredSighting> rows) {
  Sighting before = kBeforeFirst;
  while (!rows.empty()) {
    const auto group = first_group(rows);
    rows = rows.subspan(group.size());
    const Sighting& first = group[0].sighting;
    const bool same_scheme = before.scheme == first.scheme;
    numbers.bits(same_scheme ? 0 : 1, 1);
    if (!same_scheme) numbers.bits(static_cast<uint8_t>(first.scheme), kSchemeBits);
    numbers.number(kIdentifier, int64_t{identifier_head(first.identifier)} -
                                    (same_scheme ? identifier_head(before.identifier) : 0));
    numbers.bytes(ByteView(first.identifier.bytes)
                      .subspan(kIdentifierHead, identifier_size(first.scheme) - kIdentifierHead));
    add_group(numbers, blocks, group, before);
  }
  wipe(&before, sizeof(before));
}

const Status kMalformed(Code::corrupt, "a stored segment is malformed");

// The numbers of a chunk that is read.
class NumberReader {
 public:
  explicit NumberReader(ByteView plain) : in_(plain) {}

  Status begin() {
    const uint64_t version = in_.bits(8);
    if (version > kVersion)
      return {Code::newer_format, "the log was written by a newer version of NearZone"};
    if (version < kVersion) return kMalformed;
    for (uint8_t field = 0; field < kFields; ++field) {
      parameter_[field] = static_cast<unsigned>(in_.bits(kParameterBits));
      signed_[field] = in_.bits(1) != 0;
      if (parameter_[field] > kLargestRice) return kMalformed;
    }
    return {};
  }
  int64_t number(Field field) {
    const uint64_t value = in_.rice(parameter_[field]);
    return signed_[field] ? unzigzag(value) : static_cast<int64_t>(value);
  }
  uint64_t bits(unsigned count) { return in_.bits(count); }
  uint64_t bits64() { return in_.bits64(); }
  bool failed() const { return in_.failed(); }
  bool at_end() const { return in_.at_end(); }

 private:
  BitReader in_;
  std::array<unsigned, kFields> parameter_{};
  std::array<bool, kFields> signed_{};
};

// Numbers that a malformed chunk makes too great wrap round, and are then out of every range.
int64_t sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

Status read_blocks(NumberReader& in, Day day, size_t most, std::vector<PackedBlock>& blocks) {
  const uint64_t count = in.bits(32);
  if (count > most) return kMalformed;
  blocks.resize(static_cast<size_t>(count));
  Instant before = day.start();
  int64_t pace = 0;
  for (PackedBlock& block : blocks) {
    block.scan.start.ms = sum(sum(before.ms, pace), in.number(kStart));
    const uint64_t previous = in.bits(kPreviousBits);
    if (previous > kOther) return kMalformed;
    if (previous == kScanBefore) block.scan.previous_start = before;
    if (previous == kOther)
      block.scan.previous_start = Instant{sum(block.scan.start.ms, in.number(kPrevious))};
    if (in.bits(1) != 0) block.tag = in.bits64();
    if (!check_storable(block.scan).ok()) return kMalformed;
    pace = (block.scan.start - before).count();
    before = block.scan.start;
  }
  return in.failed() ? kMalformed : Status();
}

struct Heard {
  HeardBy by = HeardBy::advertisement;
  Metadata metadata;
};

Status read_metadata(NumberReader& in, Heard& heard) {
  if (in.bits(1) != 0) {
    heard.by = in.bits(1) != 0 ? HeardBy::gatt : HeardBy::advertisement;
    heard.metadata.size = static_cast<uint8_t>(in.bits(kSizeBits));
  }
  heard.metadata.bytes = {};
  if (heard.metadata.size > Metadata::kCapacity) return kMalformed;
  for (size_t i = 0; i < heard.metadata.size; ++i)
    heard.metadata.bytes[i] = static_cast<uint8_t>(in.bits(8));
  return {};
}

// What all sightings of a group have in common. `scheme` and `identifier` are those of the group
// before.
Status read_group_head(NumberReader& in, SchemeTag& scheme, Identifier& identifier) {
  const SchemeTag next = in.bits(1) != 0 ? static_cast<SchemeTag>(in.bits(kSchemeBits)) : scheme;
  if (scheme_name(next) == "unknown")
    return {Code::newer_format, "the log holds identifiers of a newer scheme"};
  const int64_t head =
      sum(next == scheme ? identifier_head(identifier) : 0, in.number(kIdentifier));
  if (head < 0 || head > UINT32_MAX) return kMalformed;
  scheme = next;
  identifier = {};
  store_be32(identifier.bytes.data(), static_cast<uint32_t>(head));
  store_le64(identifier.bytes.data() + kIdentifierHead, in.bits64());
  if (identifier_size(scheme) == 16)
    store_le32(identifier.bytes.data() + 12, static_cast<uint32_t>(in.bits(32)));
  return {};
}

}  // namespace

bool comes_before(const StoredSighting& a, const StoredSighting& b) {
  return std::tie(a.sighting.scheme, a.sighting.identifier, a.sighting.time, a.row) <
         std::tie(b.sighting.scheme, b.sighting.identifier, b.sighting.time, b.row);
}

SecretBytes write_segment_chunk(Day day, std::span<const PackedBlock> blocks, bool first,
                                std::span<const StoredSighting> rows) {
  constexpr size_t kItemsOfBlock = 5;
  constexpr size_t kItemsOfRow = 3 + sizeof(Identifier) + 3 + 3 + Metadata::kCapacity + 3;
  Numbers numbers(1 + (first ? blocks.size() * kItemsOfBlock : 0) + rows.size() * kItemsOfRow);
  if (first) add_blocks(numbers, day, blocks);
  add_rows(numbers, blocks, rows);
  return numbers.write();
}

Status SegmentReader::read(ByteView plain, bool first, uint32_t count, uint32_t first_scan,
                           SortedSightings& sorted) {
  NumberReader in(plain);
  NEARZONE_TRY(in.begin());
  if (first) NEARZONE_TRY(read_blocks(in, day_, plain.size(), blocks_));
  const int64_t day_start = day_.start().ms;
  int64_t rssi = kBeforeFirst.rssi_dbm;
  SchemeTag scheme = kBeforeFirst.scheme;
  Identifier identifier;
  Heard heard;
  bool first_group = true;
  for (uint32_t left = count; left > 0;) {
    const auto before = std::pair(scheme, identifier);
    NEARZONE_TRY(read_group_head(in, scheme, identifier));
    const int64_t group = sum(in.number(kGroup), 1);
    // A group is not longer than what it is part of, and groups come in order.
    if (group < 1 || group > left || (!first_group && std::pair(scheme, identifier) <= before))
      return kMalformed;
    first_group = false;
    const bool varies = in.bits(1) != 0;
    left -= static_cast<uint32_t>(group);
    const size_t begin = sorted.identifier.size();
    sorted.extend(day_, scheme, static_cast<size_t>(group));
    int64_t sequence = 0;
    for (size_t at = begin; at < begin + static_cast<size_t>(group); ++at) {
      sequence = at == begin ? in.number(kFirstScan) : sum(sequence, sum(in.number(kNextScan), 1));
      if (at == begin || varies) NEARZONE_TRY(read_metadata(in, heard));
      if (sequence < 0 || sequence >= std::ssize(blocks_)) return kMalformed;
      const int64_t offset = in.number(kOffset);
      const int64_t start = blocks_[static_cast<size_t>(sequence)].scan.start.ms;
      const int64_t time = sum(start, in.number(kTime));
      rssi = sum(rssi, in.number(kRssi));
      if (time < day_start || time >= day_start + Day::kLength.count() || offset < 0 ||
          offset > UINT32_MAX || rssi < INT8_MIN || rssi > INT8_MAX)
        return kMalformed;
      sorted.identifier[at] = identifier;
      sorted.time[at] = {time};
      sorted.rssi_dbm[at] = static_cast<int8_t>(rssi);
      sorted.metadata[at] = heard.metadata;
      sorted.heard_by[at] = heard.by;
      sorted.scan[at] = first_scan + static_cast<uint32_t>(sequence);
      sorted.row[at] = {day_, static_cast<uint32_t>(sequence), static_cast<uint32_t>(offset)};
    }
  }
  return in.at_end() ? Status() : kMalformed;
}

}  // namespace nearzone::encounter_log
