// The plain content of a block: one scan and the sightings of one day that it heard. The layout is
// described in docs/formats/encounter-log.md.
#pragma once

#include <cstdint>
#include <optional>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

// Sightings of a chunk, of which only the last of a block has fewer. Keeps a chunk within a few
// database pages.
inline constexpr size_t kSightingsPerChunk = 512;

// Times that the log stores: [1970-01-01, 10000-01-01).
bool storable(Instant at);
// Fails with invalid_argument and the field's name where the log cannot keep it.
Status check_storable(const Scan& scan);
Status check_storable(const Sighting& sighting);

class BlockWriter {
 public:
  // For at most `most` sightings. `tag` names the batch that begins with this block.
  BlockWriter(const Scan& scan, std::optional<uint64_t> tag, size_t most);
  // Must be storable.
  void add(const Sighting& sighting);
  ByteView plain() const {
    const ByteView all = bytes_.expose(ForSealing{});
    return all.first(static_cast<size_t>(end_ - all.data()));
  }

 private:
  void byte(uint8_t value);
  void bytes(ByteView values);
  void number(uint64_t value);
  void difference(Millis value);

  Scan scan_;
  SecretBytes bytes_;
  uint8_t* end_;  // of what is written; in bytes_, which has room for all
};

class BlockReader {
 public:
  // `plain` is borrowed. Fails with corrupt and the offset, or with newer_format.
  static Result<BlockReader> open(ByteView plain);

  const Scan& scan() const { return scan_; }
  std::optional<uint64_t> tag() const { return tag_; }
  bool at_end() const { return at_ == plain_.size(); }
  // Must not be at the end.
  Status next(Sighting& sighting);

 private:
  explicit BlockReader(ByteView plain) : plain_(plain) {}

  Status read_header();
  Status failure() const;
  Result<ByteView> bytes(uint64_t count);
  Status fill(MutableBytes out);
  Result<uint8_t> byte();
  Result<uint64_t> number();
  // A time given by its distance from another.
  Result<Instant> instant(Instant from);

  ByteView plain_;
  size_t at_ = 0;
  Scan scan_;
  std::optional<uint64_t> tag_;
};

}  // namespace nearzone::encounter_log
