#include "authority/revision_token.h"

#include <algorithm>

#include "authority/base64.h"
#include "core/crypto.h"

namespace nearzone::authority {
namespace {

// version(1) || id of the key(8) ||
// sealed(count(1) || issued at, ms(8) || 30 x (key(16) || start(4) || period(1)))
constexpr uint8_t kVersion = 1;
constexpr size_t kOpenBytes = 9;
constexpr size_t kKeyBytes = 21;
constexpr size_t kPlainBytes = 9 + kMostKeysOfAToken * kKeyBytes;
constexpr size_t kTokenBytes = kOpenBytes + kPlainBytes + kSealOverhead;
static_assert((kTokenBytes + 2) / 3 * 4 == kRevisionTokenBytes);

Result<Secret<32>> secret_of(const RingKey& key) {
  const ByteView bytes = key.bytes.expose(ForDerivation{});
  if (bytes.size() != 32) return Status(Code::corrupt, "the database is damaged", "sealed_key");
  return Secret<32>(bytes.first<32>());
}

}  // namespace

Result<std::string> make_revision_token(const std::vector<RevisableKey>& keys, KeyRing& ring,
                                        const PublishSettings& settings, Instant now,
                                        Random& random) {
  if (keys.size() > kMostKeysOfAToken)
    return Status(Code::invalid_argument, "a revision token holds 30 keys");
  NEARZONE_ASSIGN(
      const std::shared_ptr<const RingKey> key,
      ring.current(KeyPurpose::revision_token, settings.revision_key_life, now, make_secret_key));
  NEARZONE_ASSIGN(const Secret<32> secret, secret_of(*key));
  std::array<uint8_t, kPlainBytes> plain{};
  plain[0] = static_cast<uint8_t>(keys.size());
  store_le64(&plain[1], static_cast<uint64_t>(now.ms));
  uint8_t* at = &plain[9];
  for (const RevisableKey& revisable : keys) {
    std::ranges::copy(revisable.bytes, at);
    store_le32(at + 16, revisable.start);
    at[20] = static_cast<uint8_t>(revisable.period);
    at += kKeyBytes;
  }
  std::vector<uint8_t> token(kOpenBytes);
  token[0] = kVersion;
  store_le64(&token[1], key->id);
  const std::vector<uint8_t> sealed =
      seal(secret, plain, ByteView(token).first(kOpenBytes), random);
  wipe(plain);
  token.insert(token.end(), sealed.begin(), sealed.end());
  return base64(token);
}

Result<std::optional<std::vector<RevisableKey>>> open_revision_token(
    std::string_view token, KeyRing& ring, const PublishSettings& settings, Instant now) {
  const std::optional<std::vector<RevisableKey>> none;
  if (token.size() > kRevisionTokenBytes) return none;
  const std::optional<std::vector<uint8_t>> bytes = from_base64(token);
  if (!bytes || bytes->size() != kTokenBytes || (*bytes)[0] != kVersion) return none;
  NEARZONE_ASSIGN(const std::shared_ptr<const RingKey> key,
                  ring.find(KeyPurpose::revision_token, load_le64(&(*bytes)[1])));
  if (key == nullptr) return none;
  NEARZONE_ASSIGN(const Secret<32> secret, secret_of(*key));
  const ByteView all = *bytes;
  const Result<SecretBytes> plain =
      open_sealed(secret, all.subspan(kOpenBytes), all.first(kOpenBytes));
  if (!plain.ok()) return none;
  const ByteView view = plain->expose(ForDerivation{});
  const Instant issued_at{static_cast<int64_t>(load_le64(&view[1]))};
  if (view[0] > kMostKeysOfAToken || now - issued_at > settings.revision_token_life) return none;
  std::vector<RevisableKey> keys(view[0]);
  const uint8_t* at = &view[9];
  for (RevisableKey& revisable : keys) {
    std::copy_n(at, revisable.bytes.size(), revisable.bytes.begin());
    revisable.start = load_le32(at + 16);
    revisable.period = at[20];
    at += kKeyBytes;
  }
  return std::optional(std::move(keys));
}

}  // namespace nearzone::authority
