#include "authority/exports/list_files.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <span>

#include "authority/exports/signing_key.h"
#include "authority/exports/signing_keys.h"
#include "nearzone/lists.h"

namespace nearzone::authority {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr mode_t kPublic = 0644;
constexpr uint64_t kLargestFile = (uint64_t{1} << 31) - 1;
// ecdsa-with-SHA256, RFC 5758.
constexpr const char* kEcdsaWithSha256 = "1.2.840.10045.4.3.2";

std::vector<SignatureInfo> signature_infos(const std::vector<SigningKeyInfo>& keys) {
  std::vector<SignatureInfo> infos;
  infos.reserve(keys.size());
  for (const SigningKeyInfo& key : keys) infos.push_back({key.id, key.version, kEcdsaWithSha256});
  return infos;
}

std::vector<std::string> ids_of(const std::vector<SigningKeyInfo>& keys) {
  std::vector<std::string> ids;
  ids.reserve(keys.size());
  for (const SigningKeyInfo& key : keys) ids.push_back(key.id);
  return ids;
}

// One file of a batch, by what it must be.
struct Wanted {
  std::string name;
  std::string format;
  // The file's whole bytes, signed anew.
  std::function<Result<Bytes>()> make;
  // Whether these bytes are a finished file of the right keys; the ids of what signed it.
  std::function<Result<std::optional<std::vector<std::string>>>(KeyList&)> recognise;
};

class Maker {
 public:
  Maker(const Series& series, const ExportBatch& batch, const Signers& signers)
      : series_(series), batch_(batch), signers_(signers) {}

  Wanted archive(std::span<const PublishedKey> keys, size_t number) const {
    return {list_file_name(batch_, number, "zip"), "gaen-export",
            [this, keys] { return make_archive(keys); },
            [this, keys](KeyList& found) { return signers_of_archive(found, keys); }};
  }

  Wanted nearzone_list(std::span<const PublishedKey> keys, size_t number) const {
    return {list_file_name(batch_, number, "nzlist"), "nearzone",
            [this, keys] { return make_nearzone_list(keys); },
            [this, keys](KeyList& found) { return signers_of_nearzone_list(found, keys); }};
  }

  Wanted bluezone_json(std::span<const PublishedKey> keys, size_t number) const {
    return {list_file_name(batch_, number, "json"), "bluezone-json",
            [keys]() -> Result<Bytes> {
              NEARZONE_ASSIGN(const std::string text, write_bluezone_list(keys));
              return Bytes(text.begin(), text.end());
            },
            // It carries no signature, so that writing it again changes nothing.
            [](KeyList&) -> Result<std::optional<std::vector<std::string>>> {
              return std::optional<std::vector<std::string>>();
            }};
  }

 private:
  GaenExportHeader archive_header(std::vector<SignatureInfo> signatures) const {
    GaenExportHeader header;
    header.region = series_.region;
    header.start = batch_.window.from;
    header.end = batch_.window.to;
    header.signatures = std::move(signatures);
    return header;
  }

  Result<Bytes> make_archive(std::span<const PublishedKey> keys) const {
    if (signers_.p256.empty())
      return Status(Code::invalid_argument, "no P-256 key to sign with is in use", "signing_key");
    const GaenExportHeader header = archive_header(signature_infos(signers_.p256));
    NEARZONE_ASSIGN(const Bytes export_bin, write_gaen_export(header, keys));
    std::vector<Bytes> signatures;
    for (const SigningKeyInfo& facts : signers_.p256) {
      NEARZONE_ASSIGN(const SigningKey key,
                      SigningKey::read(signing_key_file(signers_.folder, facts)));
      if (key.algorithm() != facts.algorithm)
        return Status(Code::invalid_argument, "the file holds a key of another kind",
                      "signing_key");
      NEARZONE_ASSIGN(signatures.emplace_back(), key.sign_p256(export_bin));
    }
    return write_gaen_archive(header, export_bin, signatures);
  }

  NearzoneListHeader nearzone_header() const {
    return {series_.list_id, batch_.sequence, series_.region, batch_.window.to,
            batch_.window.to + series_.retention};
  }

  Result<Bytes> make_nearzone_list(std::span<const PublishedKey> keys) const {
    if (signers_.ed25519.empty())
      return Status(Code::invalid_argument, "no Ed25519 key to sign with is in use", "signing_key");
    std::vector<Secret<32>> seeds;
    for (const SigningKeyInfo& facts : signers_.ed25519) {
      NEARZONE_ASSIGN(const SigningKey key,
                      SigningKey::read(signing_key_file(signers_.folder, facts)));
      if (key.algorithm() != facts.algorithm)
        return Status(Code::invalid_argument, "the file holds a key of another kind",
                      "signing_key");
      NEARZONE_ASSIGN(seeds.emplace_back(), key.ed25519_seed());
    }
    return write_nearzone_list(nearzone_header(), keys, seeds);
  }

  // One known key that verifies is enough: the content is compared as well.
  Result<bool> is_signed_by_us(const KeyList& list, PublicKey::Algorithm algorithm) const {
    std::vector<PublicKey> keys;
    for (const SigningKeyInfo& facts : signers_.all) {
      if (facts.algorithm != algorithm) continue;
      NEARZONE_ASSIGN(keys.emplace_back(), PublicKey::parse(as_bytes(facts.public_key_pem)));
    }
    return list.verify(keys).outcome == SignatureOutcome::verified;
  }

  using MaybeIds = std::optional<std::vector<std::string>>;

  Result<MaybeIds> signers_of_archive(KeyList& found, std::span<const PublishedKey> keys) const {
    NEARZONE_ASSIGN(const Bytes export_bin,
                    write_gaen_export(archive_header(found.info().signatures), keys));
    MemorySource source(export_bin);
    NEARZONE_ASSIGN(const std::unique_ptr<KeyList> expected, KeyList::open(source));
    NEARZONE_ASSIGN(const bool is_ours, is_signed_by_us(found, PublicKey::Algorithm::ecdsa_p256));
    if (!is_ours || expected->content_digest() != found.content_digest()) return MaybeIds();
    std::vector<std::string> ids;
    for (const SignatureInfo& info : found.info().signatures) ids.push_back(info.key_id);
    return MaybeIds(std::move(ids));
  }

  Result<MaybeIds> signers_of_nearzone_list(KeyList& found,
                                            std::span<const PublishedKey> keys) const {
    NEARZONE_ASSIGN(const Bytes unsigned_list, write_nearzone_list(nearzone_header(), keys, {}));
    MemorySource source(unsigned_list);
    NEARZONE_ASSIGN(const std::unique_ptr<KeyList> expected, KeyList::open(source));
    NEARZONE_ASSIGN(const bool is_ours, is_signed_by_us(found, PublicKey::Algorithm::ed25519));
    if (!is_ours || expected->content_digest() != found.content_digest()) return MaybeIds();
    std::vector<std::string> ids;
    for (const SigningKeyInfo& facts : signers_.all) {
      if (facts.algorithm != PublicKey::Algorithm::ed25519) continue;
      NEARZONE_ASSIGN(const PublicKey key, PublicKey::parse(as_bytes(facts.public_key_pem)));
      if (found.verify({&key, 1}).outcome == SignatureOutcome::verified) ids.push_back(facts.id);
    }
    return MaybeIds(std::move(ids));
  }

  const Series& series_;
  const ExportBatch& batch_;
  const Signers& signers_;
};

// Reads the file and says what it is, or nothing where it must be written (again).
Result<std::optional<ExportFile>> find_finished(const DurableFolder& folder, const Wanted& wanted) {
  NEARZONE_ASSIGN(const auto bytes, folder.read(wanted.name, kLargestFile));
  if (!bytes) return std::optional<ExportFile>();
  MemorySource source(*bytes);
  const auto found = KeyList::open(source);
  if (!found.ok() || list_format_name((*found)->info().format) != wanted.format)
    return std::optional<ExportFile>();
  NEARZONE_ASSIGN(auto ids, wanted.recognise(**found));
  if (!ids) return std::optional<ExportFile>();
  ExportFile file;
  file.size = bytes->size();
  file.content_digest = (*found)->content_digest();
  file.signing_keys = *std::move(ids);
  return std::optional(std::move(file));
}

Result<ExportFile> write_new(const DurableFolder& folder, const Wanted& wanted,
                             const Signers& signers) {
  NEARZONE_ASSIGN(const Bytes bytes, wanted.make());
  // Read before it is published: what cannot be read here, no phone can read.
  MemorySource source(bytes);
  NEARZONE_ASSIGN(const std::unique_ptr<KeyList> list, KeyList::open(source));
  NEARZONE_TRY(folder.replace(wanted.name, bytes, kPublic));
  ExportFile file;
  file.size = bytes.size();
  file.content_digest = list->content_digest();
  if (wanted.format == "gaen-export") file.signing_keys = ids_of(signers.p256);
  if (wanted.format == "nearzone") file.signing_keys = ids_of(signers.ed25519);
  return file;
}

std::vector<Wanted> wanted_files(const Maker& maker, SchemeTag scheme, const BatchKeys& keys) {
  std::vector<Wanted> wanted;
  for (const auto& file : keys.files) {
    const size_t number = wanted.size() + 1;
    wanted.push_back(scheme == SchemeTag::gaen ? maker.archive(file, number)
                                               : maker.bluezone_json(file, number));
  }
  // One for the whole batch: its number in the series is the batch's.
  wanted.push_back(maker.nearzone_list(keys.all, 1));
  return wanted;
}

}  // namespace

Result<Signers> signers_at(Reader& rows, Instant now, const std::string& folder) {
  Signers signers;
  signers.folder = folder;
  NEARZONE_ASSIGN(signers.p256, active_signing_keys(rows, PublicKey::Algorithm::ecdsa_p256, now));
  NEARZONE_ASSIGN(signers.ed25519, active_signing_keys(rows, PublicKey::Algorithm::ed25519, now));
  NEARZONE_ASSIGN(signers.all, rows.signing_keys());
  return signers;
}

std::string list_file_name(const ExportBatch& batch, size_t number, const char* extension) {
  char name[100];
  std::snprintf(name, sizeof(name), "%lld-%lld-%05zu.%s",
                static_cast<long long>(batch.window.from.ms / 1000),
                static_cast<long long>(batch.window.to.ms / 1000), number, extension);
  return name;
}

Result<std::vector<ExportFile>> write_list_files(const DurableFolder& folder, const Series& series,
                                                 const ExportBatch& batch, const BatchKeys& keys,
                                                 const Signers& signers) {
  const Maker maker(series, batch, signers);
  std::vector<ExportFile> written;
  for (const Wanted& wanted : wanted_files(maker, series.scheme, keys)) {
    NEARZONE_ASSIGN(std::optional<ExportFile> file, find_finished(folder, wanted));
    if (!file) {
      NEARZONE_ASSIGN(file, write_new(folder, wanted, signers));
    }
    file->batch = batch.id;
    file->number = static_cast<uint32_t>(written.size() + 1);
    file->format = wanted.format;
    file->name = series.name + "/" + wanted.name;
    written.push_back(*std::move(file));
  }
  return written;
}

}  // namespace nearzone::authority
