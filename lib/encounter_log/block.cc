#include "encounter_log/block.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace nearzone::encounter_log {
namespace {

constexpr uint8_t kVersion = 1;
constexpr Instant kEnd{253402300800000};  // 10000-01-01

constexpr size_t kLongestNumber = 10;
constexpr size_t kTagSize = 8;
constexpr size_t kLongestHeader = 1 + 3 * kLongestNumber + kTagSize;
constexpr size_t kLongestSighting =
    1 + sizeof(Identifier) + kLongestNumber + 1 + Metadata::kCapacity;

// The first byte of a sighting: metadata size, how it was heard, scheme.
constexpr uint8_t kMetadataSizeMask = 0x07;
constexpr uint8_t kGattBit = 0x08;
constexpr int kSchemeShift = 4;

// The scan before this one: unknown, or its distance follows.
constexpr uint8_t kNoPrevious = 0;
constexpr uint8_t kPrevious = 1;

bool known(SchemeTag scheme) { return scheme_name(scheme) != "unknown"; }

}  // namespace

bool storable(Instant at) { return at >= Instant{0} && at < kEnd; }

Status check_storable(const Scan& scan) {
  const Status wrong_time(Code::invalid_argument, "not a time from 1970 to 9999");
  if (!storable(scan.start)) return wrong_time.in_field("scan.start");
  if (scan.previous_start && !storable(*scan.previous_start))
    return wrong_time.in_field("scan.previous_start");
  return {};
}

Status check_storable(const Sighting& sighting) {
  if (!known(sighting.scheme)) return {Code::invalid_argument, "not a known scheme", "scheme"};
  const auto tail = std::span(sighting.identifier.bytes).subspan(identifier_size(sighting.scheme));
  if (std::ranges::any_of(tail, [](uint8_t byte) { return byte != 0; }))
    return {Code::invalid_argument, "longer than the scheme's identifiers", "identifier"};
  if (sighting.heard_by != HeardBy::advertisement && sighting.heard_by != HeardBy::gatt)
    return {Code::invalid_argument, "neither advertisement nor gatt", "heard_by"};
  if (!storable(sighting.time))
    return {Code::invalid_argument, "not a time from 1970 to 9999", "time"};
  if (sighting.metadata.size > Metadata::kCapacity)
    return {Code::invalid_argument, "longer than 4 bytes", "metadata"};
  return {};
}

BlockWriter::BlockWriter(const Scan& scan, std::optional<uint64_t> tag, size_t most)
    : scan_(scan), bytes_(kLongestHeader + most * kLongestSighting), end_(bytes_.replace().data()) {
  byte(kVersion);
  number(static_cast<uint64_t>(scan.start.ms));
  byte(scan.previous_start ? kPrevious : kNoPrevious);
  if (scan.previous_start) difference(*scan.previous_start - scan.start);
  // What was added to a scan since the first version, and its length.
  number(tag ? kTagSize : 0);
  if (tag) {
    std::array<uint8_t, kTagSize> stored;
    store_le64(stored.data(), *tag);
    bytes(stored);
  }
}

void BlockWriter::add(const Sighting& sighting) {
  byte(static_cast<uint8_t>(sighting.metadata.size |
                            (sighting.heard_by == HeardBy::gatt ? kGattBit : 0) |
                            static_cast<int>(sighting.scheme) << kSchemeShift));
  bytes(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme)));
  difference(sighting.time - scan_.start);
  byte(static_cast<uint8_t>(sighting.rssi_dbm));
  bytes(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
}

void BlockWriter::byte(uint8_t value) { *end_++ = value; }

void BlockWriter::bytes(ByteView values) { end_ = std::ranges::copy(values, end_).out; }

// Seven bits a byte, the lowest first, the high bit set in all but the last.
void BlockWriter::number(uint64_t value) {
  for (; value >= 0x80; value >>= 7) byte(static_cast<uint8_t>(value | 0x80));
  byte(static_cast<uint8_t>(value));
}

// 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
void BlockWriter::difference(Millis value) {
  const int64_t ms = value.count();
  number(static_cast<uint64_t>(ms) << 1 ^ static_cast<uint64_t>(ms >> 63));
}

Result<BlockReader> BlockReader::open(ByteView plain) {
  BlockReader reader(plain);
  NEARZONE_TRY(reader.read_header());
  return reader;
}

Status BlockReader::read_header() {
  NEARZONE_ASSIGN(const uint8_t version, byte());
  if (version > kVersion)
    return {Code::newer_format, "the log was written by a newer version of NearZone"};
  if (version < kVersion) return failure();
  NEARZONE_ASSIGN(const uint64_t start, number());
  if (start >= static_cast<uint64_t>(kEnd.ms)) return failure();
  scan_.start = {static_cast<int64_t>(start)};
  NEARZONE_ASSIGN(const uint8_t previous, byte());
  if (previous > kPrevious) return failure();
  if (previous == kPrevious) {
    NEARZONE_ASSIGN(scan_.previous_start, instant(scan_.start));
  }
  NEARZONE_ASSIGN(const uint64_t size, number());
  NEARZONE_ASSIGN(const ByteView added, bytes(size));
  if (added.size() >= kTagSize) tag_ = load_le64(added.data());
  return {};
}

Status BlockReader::next(Sighting& sighting) {
  sighting = {};
  NEARZONE_ASSIGN(const uint8_t head, byte());
  sighting.scheme = static_cast<SchemeTag>(head >> kSchemeShift);
  if (!known(sighting.scheme))
    return {Code::newer_format, "the log holds identifiers of a newer scheme"};
  sighting.heard_by = (head & kGattBit) != 0 ? HeardBy::gatt : HeardBy::advertisement;
  sighting.metadata.size = head & kMetadataSizeMask;
  if (sighting.metadata.size > Metadata::kCapacity) return failure();

  NEARZONE_TRY(fill(std::span(sighting.identifier.bytes).first(identifier_size(sighting.scheme))));
  NEARZONE_ASSIGN(sighting.time, instant(scan_.start));
  NEARZONE_ASSIGN(const uint8_t rssi, byte());
  sighting.rssi_dbm = static_cast<int8_t>(rssi);
  return fill(std::span(sighting.metadata.bytes).first(sighting.metadata.size));
}

Status BlockReader::failure() const {
  return Status(Code::corrupt, "a stored block is malformed").at_offset(at_);
}

Result<ByteView> BlockReader::bytes(uint64_t count) {
  if (count > plain_.size() - at_) return failure();
  const ByteView taken = plain_.subspan(at_, static_cast<size_t>(count));
  at_ += taken.size();
  return taken;
}

Status BlockReader::fill(MutableBytes out) {
  NEARZONE_ASSIGN(const ByteView taken, bytes(out.size()));
  if (!out.empty()) std::memcpy(out.data(), taken.data(), out.size());
  return {};
}

Result<uint8_t> BlockReader::byte() {
  NEARZONE_ASSIGN(const ByteView taken, bytes(1));
  return taken[0];
}

Result<uint64_t> BlockReader::number() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    NEARZONE_ASSIGN(const uint8_t next, byte());
    const uint64_t bits = next & 0x7f;
    if (bits << shift >> shift != bits) return failure();
    value |= bits << shift;
    if (next < 0x80) return value;
  }
  return failure();
}

Result<Instant> BlockReader::instant(Instant from) {
  NEARZONE_ASSIGN(const uint64_t coded, number());
  const auto magnitude = static_cast<int64_t>(coded >> 1);
  const Instant at = from + Millis((coded & 1) != 0 ? -magnitude - 1 : magnitude);
  if (!storable(at)) return failure();
  return at;
}

}  // namespace nearzone::encounter_log
