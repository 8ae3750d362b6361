/// Published key lists of every format: open, see who signed, verify, stream the keys, write.
///
///     auto source = nearzone::FileSource::open(path);
///     auto list = nearzone::KeyList::open(**source);
///     nearzone::SignatureReport report = (*list)->verify(public_keys);
///     if (report.outcome != nearzone::SignatureOutcome::verified) return refuse(report);
///     auto keys = (*list)->keys();
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/keys.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// Random-access bytes of a list. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  /// Fills `out` from `offset`; a range beyond the end fails with corrupt.
  virtual Status read(uint64_t offset, MutableBytes out) = 0;
};

/// A file, read as needed.
class FileSource final : public ByteSource {
 public:
  /// Fails with not_found, io, or unsupported where it is not a regular file.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);
  ~FileSource() override;
  uint64_t size() const override { return size_; }
  Status read(uint64_t offset, MutableBytes out) override;

 private:
  FileSource(int descriptor, uint64_t size) : descriptor_(descriptor), size_(size) {}
  int descriptor_;
  uint64_t size_;
};

/// Borrowed memory; must outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  Status read(uint64_t offset, MutableBytes out) override;

 private:
  ByteView bytes_;
};

/// A key that lists are verified with: ECDSA P-256 (Exposure Notification) or Ed25519 (NearZone).
class PublicKey {
 public:
  enum class Algorithm : uint8_t { ecdsa_p256, ed25519 };
  /// Reads one SubjectPublicKeyInfo in PEM (the first block of a text), or its bare DER. Fails with
  /// corrupt, unsupported (another kind of key), or invalid_argument (a private key).
  static Result<PublicKey> parse(ByteView pem_or_der);
  static PublicKey ed25519(const std::array<uint8_t, 32>& raw);

  Algorithm algorithm() const { return algorithm_; }
  /// P-256: 65 bytes of the uncompressed point; Ed25519: 32 bytes.
  ByteView bytes() const { return {bytes_.data(), algorithm_ == Algorithm::ed25519 ? 32u : 65u}; }

 private:
  Algorithm algorithm_ = Algorithm::ed25519;
  std::array<uint8_t, 65> bytes_{};
};

enum class ListFormat : uint8_t { bluezone_json, gaen_export, nearzone, nearzone_set };
/// "bluezone-json", "gaen-export", "nearzone", "nearzone-set".
std::string_view list_format_name(ListFormat format);
/// Whether a file of the format says for how long it is valid, and its place in a series.
constexpr bool is_nearzone(ListFormat format) {
  return format == ListFormat::nearzone || format == ListFormat::nearzone_set;
}

/// What a list says about one signature. Claims, until a public key verifies it. Control characters
/// in them are replaced, so that they can be shown.
struct SignatureInfo {
  std::string key_id;  ///< for NearZone lists the first 8 bytes of SHA-256 of the key, in hex
  std::string key_version;
  std::string algorithm;  ///< as written; an unknown text is read as ECDSA P-256 with SHA-256
};

/// A record that was skipped, and why. `reason.record()` is its index in the list, `offset()` where
/// it begins.
struct RefusedRecord {
  Status reason;
};

/// The facts of a list's header. Untrusted until verified.
struct ListInfo {
  ListFormat format = ListFormat::gaen_export;
  uint64_t keys = 0;  ///< records with a usable key, revised ones included, or items of a set
  uint64_t revised_keys = 0;
  std::vector<RefusedRecord> refused;  ///< the first 100 of them
  uint64_t refused_count = 0;
  std::string region;
  Instant start;  ///< export window, or a NearZone list's validity
  Instant end;
  int32_t batch_number = 1;
  int32_t batch_size = 1;
  uint64_t list_id = 0;   ///< NearZone: which series this list belongs to
  uint64_t sequence = 0;  ///< NearZone: its position in the series; older ones are replays
  /// Those that the list carries; of a bare export.bin, those that it announces.
  std::vector<SignatureInfo> signatures;
};

enum class SignatureOutcome : uint8_t {
  verified,
  unsigned_list,  ///< it carries no signature at all
  unknown_key,    ///< signed, but no public key was given
  failed,         ///< signed, and none of the given keys verifies it
};
/// "verified", "unsigned", "unknown-key", "failed".
std::string_view signature_outcome_name(SignatureOutcome outcome);

struct SignatureReport {
  SignatureOutcome outcome = SignatureOutcome::unsigned_list;
  size_t public_key = 0;    ///< index of the key that verified it
  size_t signature = 0;     ///< index of the signature it verified
  const char* detail = "";  ///< one sentence: which rule decided
};

struct ListOptions {
  uint64_t max_bytes = uint64_t{256} << 20;      ///< of the list, inflated; never above 2^31 - 1
  uint64_t hold_in_memory = uint64_t{16} << 20;  ///< larger ones are inflated again for each pass
  bool refuse_extra_members = false;  ///< of a zip: anything besides export.bin and export.sig
  /// Polled while reading, inflating, hashing, parsing and verifying; may be null.
  const Cancel* cancel = nullptr;
};

/// An opened list. Not thread-safe; several lists may be used from several threads.
class KeyList {
 public:
  virtual ~KeyList() = default;

  /// Recognises the format and reads the whole structure once, so that a damaged list is refused
  /// before any of its keys is used. `source` and `options.cancel` are borrowed and must outlive
  /// the list and its streams. Offsets are those in the file, but for an Exposure Notification
  /// archive those in export.bin unless the field is "zip". Fails with corrupt (offset, record and
  /// field named), limit_exceeded, unsupported, newer_format, cancelled, or what the source fails
  /// with.
  static Result<std::unique_ptr<KeyList>> open(ByteSource& source, const ListOptions& options = {});

  virtual const ListInfo& info() const = 0;
  /// SHA-256 of the signed content (export.bin, the body of a NearZone list, or the whole JSON).
  virtual const std::array<uint8_t, 32>& content_digest() const = 0;

  /// Tries every key on every signature. Key ids never decide, they only choose the words. A
  /// request to cancel ends it in `failed`.
  virtual SignatureReport verify(std::span<const PublicKey> keys) const = 0;

  /// Streams the keys from the start. Where the source changed since open(), the stream ends in
  /// corrupt instead of its end, and what it gave must be thrown away. The list must outlive it.
  virtual Result<std::unique_ptr<KeyStream>> keys() = 0;

  /// Of a list that publishes a set, which has no keys: the set, as long as the list lives. Null
  /// for the others.
  virtual const PublishedSet* set() const { return nullptr; }
};

/// Whether `now` lies within a NearZone list's validity; fails with signature_refused where not.
/// Other formats state none and always pass. Whether a list is a replay (an older sequence of its
/// list_id) only whoever remembers the newer one can tell.
Status check_list_is_current(const ListInfo& info, Instant now);

/// What a NearZone list is written from.
struct NearzoneListHeader {
  uint64_t list_id = 0;
  uint64_t sequence = 0;
  std::string region;
  Instant valid_from;
  Instant valid_to;
};

/// Writes NearZone's own list, keys sorted by scheme and bytes, signed with each Ed25519 seed (at
/// most 16; with none, the list is unsigned). Fails with invalid_argument on a key that a reader
/// would refuse, with its index.
Result<std::vector<uint8_t>> write_nearzone_list(const NearzoneListHeader& header,
                                                 std::span<const PublishedKey> keys,
                                                 std::span<const Secret<32>> signing_seeds);

/// Writes NearZone's signed set of the items, of DP-3T unlinkable (dp3t::set_items): the same bytes
/// in whatever order they are given. 43.5 bits an item and some 130 bytes; it errs for 2^-42 of
/// what is not in it. At most 4,194,303 items. Errors as write_nearzone_list.
Result<std::vector<uint8_t>> write_nearzone_set(const NearzoneListHeader& header, SchemeTag scheme,
                                                std::span<const SetItem> items,
                                                std::span<const Secret<32>> signing_seeds);

/// What an Exposure Notification export is written from.
struct GaenExportHeader {
  std::string region;
  Instant start;
  Instant end;
  int32_t batch_number = 1;
  int32_t batch_size = 1;
  std::vector<SignatureInfo> signatures;
};

/// The export.bin of the keys, sorted by key bytes; `revised` ones go into revised_keys. P-256
/// signing is the caller's: sign SHA-256 of these bytes. Fails with invalid_argument on a key of
/// another scheme or one that a reader would refuse, with its index.
Result<std::vector<uint8_t>> write_gaen_export(const GaenExportHeader& header,
                                               std::span<const PublishedKey> keys);
/// The zip of export.bin and export.sig; `signatures` are X9.62 DER, one for each
/// header.signatures.
Result<std::vector<uint8_t>> write_gaen_archive(const GaenExportHeader& header, ByteView export_bin,
                                                std::span<const std::vector<uint8_t>> signatures);

/// Bluezone's JSON list, sorted by key bytes. Unsigned by nature. Fails with invalid_argument, too,
/// on times that are not whole seconds.
Result<std::string> write_bluezone_list(std::span<const PublishedKey> keys);

}  // namespace nearzone
