/// Published keys: what an infected person's phone gave away, as a list hands it to the matcher.
///
///     std::vector<nearzone::PublishedKey> batch;
///     do {
///       if (nearzone::Status read = stream.next(1000, batch); !read.ok()) return read;
///       for (const nearzone::PublishedKey& key : batch) show(key);
///     } while (!batch.empty());
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/report_type.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// One record of a published list, of any scheme. Public data: never secret once a list holds it.
///
/// Exposure Notification: `bytes[0, 16)` is the temporary exposure key, [valid_from, valid_to) its
/// rolling period on ten-minute borders, `identifiers_per_day` 144.
/// DP-3T low-cost: `bytes` is SK_t, valid_from the UTC day t, valid_to the end of the day in which
/// it was released. DP-3T hybrid: `bytes[0, 16)` is the seed of the window [valid_from, valid_to).
/// TCN: `bytes` is the report's verification key, `report` the whole of it, signed; valid_from and
/// valid_to mean nothing in a list.
/// Bluezone: `bytes` is the key of the day that `valid_from` starts, valid_from and valid_to are
/// the record's time_start and time_end, `identifiers_per_day` its max.
struct PublishedKey {
  SchemeTag scheme = SchemeTag::gaen;
  std::array<uint8_t, 32> bytes{};
  Instant valid_from;
  Instant valid_to;
  uint32_t identifiers_per_day = 144;
  /// From when on anybody may know it. DP-3T needs it: whoever reads the list could play the
  /// identifiers back.
  std::optional<Instant> released_at;
  std::vector<uint8_t> report;
  uint64_t record = 0;  ///< zero-based position in its list, refused records counted
  ReportType report_type = ReportType::unknown;
  std::optional<int8_t> days_since_onset;  ///< -14..14
  uint8_t transmission_risk_level = 0;     ///< 0..8, 0 where the list does not say
  bool revised = false;                    ///< a later statement about a key published before

  bool operator==(const PublishedKey&) const = default;
};

/// Bytes of the scheme's published keys: 16 (gaen, dp3t-hybrid) or 32.
size_t published_key_size(SchemeTag tag);

/// An item of a published set, or a question whether it holds one: a hash of an identifier and the
/// time it was heard.
struct SetItem {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const SetItem&) const = default;
};

/// What a list publishes in place of keys where nobody is to learn which identifiers belong
/// together (DP-3T unlinkable). It answers questions, and errs for one of 2^42 of them.
class PublishedSet {
 public:
  virtual ~PublishedSet() = default;
  virtual SchemeTag scheme() const = 0;
  virtual uint64_t size() const = 0;
  /// Replaces `found` with the positions of the probes that it holds, ascending. Polls `cancel`,
  /// which may be null, and fails with cancelled. Safe from any thread.
  virtual Status contains(std::span<const SetItem> probes, std::vector<size_t>& found,
                          const Cancel* cancel) const = 0;
};

/// A list's keys in order, a batch at a time, without the list being held in memory. Not
/// thread-safe.
class KeyStream {
 public:
  virtual ~KeyStream() = default;
  /// Replaces `batch` with the next keys, at most `most` (> 0); leaves it empty at the end.
  /// After a failure, every key it ever gave must be distrusted: the list changed while it was
  /// read.
  virtual Status next(size_t most, std::vector<PublishedKey>& batch) = 0;
};

}  // namespace nearzone
