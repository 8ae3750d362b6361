#include "authority/exports/signing_keys.h"

#include <algorithm>
#include <tuple>

namespace nearzone::authority {
namespace {

constexpr mode_t kPrivate = 0600;
// With ".pem" it must still be the name of a file.
constexpr size_t kLongestId = 100;

Result<bool> is_taken(Reader& rows, std::string_view id) {
  NEARZONE_ASSIGN(const std::vector<SigningKeyInfo> keys, rows.signing_keys());
  return std::ranges::find(keys, id, &SigningKeyInfo::id) != keys.end();
}

}  // namespace

std::string_view algorithm_name(PublicKey::Algorithm algorithm) {
  return algorithm == PublicKey::Algorithm::ed25519 ? "ed25519" : "p256";
}

bool is_active(const SigningKeyInfo& key, Instant now) {
  return key.valid_from <= now && (!key.valid_thru || now < *key.valid_thru);
}

Result<std::vector<SigningKeyInfo>> active_signing_keys(Reader& rows,
                                                        PublicKey::Algorithm algorithm,
                                                        Instant now) {
  NEARZONE_ASSIGN(std::vector<SigningKeyInfo> keys, rows.signing_keys());
  std::erase_if(keys, [&](const SigningKeyInfo& key) {
    return key.algorithm != algorithm || !is_active(key, now);
  });
  std::ranges::sort(keys, [](const SigningKeyInfo& a, const SigningKeyInfo& b) {
    return std::tie(b.valid_from, a.id) < std::tie(a.valid_from, b.id);
  });
  return keys;
}

Result<SigningKeyInfo> make_signing_key(Store& store, const DurableFolder& folder,
                                        SigningKeyInfo wanted) {
  if (!is_file_name(wanted.id) || wanted.id.size() > kLongestId)
    return Status(Code::invalid_argument, "an id is made of letters, digits, dots and hyphens",
                  "id");
  if (wanted.valid_thru && *wanted.valid_thru <= wanted.valid_from)
    return Status(Code::invalid_argument, "the key would end before it begins", "thru");
  NEARZONE_ASSIGN(const SigningKey key, SigningKey::generate(wanted.algorithm));
  NEARZONE_ASSIGN(const SecretBytes pem, key.private_pem());
  NEARZONE_ASSIGN(wanted.public_key_pem, key.public_pem());
  wanted.location = wanted.id + ".pem";
  const Status stored = store.write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(const bool taken, is_taken(rows, wanted.id));
    if (taken) return {Code::invalid_argument, "there is a key of that id", "id"};
    // The file first: what the store names is there. One without a row was never used.
    NEARZONE_TRY(folder.replace(wanted.id + ".pem", pem.expose(ForSealing{}), kPrivate));
    return rows.put_signing_key(wanted);
  });
  if (!stored.ok()) return stored;
  return wanted;
}

std::string signing_key_file(const std::string& folder, const SigningKeyInfo& key) {
  return folder + "/" + key.location.substr(key.location.rfind('/') + 1);
}

Status retire_signing_key(Store& store, std::string_view id, Instant at) {
  return store.write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(std::vector<SigningKeyInfo> keys, rows.signing_keys());
    const auto key = std::ranges::find(keys, id, &SigningKeyInfo::id);
    if (key == keys.end()) return {Code::not_found, "there is no key of that id", "id"};
    if (key->valid_thru && *key->valid_thru <= at)
      return {Code::invalid_argument, "the key ends before that already", "at"};
    key->valid_thru = at;
    return rows.put_signing_key(*key);
  });
}

}  // namespace nearzone::authority
