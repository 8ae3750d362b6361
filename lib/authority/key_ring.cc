#include "authority/key_ring.h"

#include <algorithm>

#include "authority/private_file.h"
#include "core/crypto.h"

namespace nearzone::authority {
namespace {

// Binds a sealed key to what it is for: none can be passed off as another.
std::string associated_of(KeyPurpose purpose) {
  return "nearzone sealed key v1, purpose " + std::to_string(static_cast<int>(purpose));
}

}  // namespace

Status KeyRing::load(KeyPurpose purpose) {
  std::vector<SealedKey> sealed;
  NEARZONE_TRY(store_.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(sealed, rows.sealed_keys(purpose));
    return {};
  }));
  std::vector<std::shared_ptr<const RingKey>> keys;
  for (const SealedKey& key : sealed) {
    auto opened = std::make_shared<RingKey>();
    opened->id = key.id;
    opened->created_at = key.created_at;
    Result<SecretBytes> bytes = open_sealed(root_, key.sealed, as_bytes(associated_of(purpose)));
    if (!bytes.ok())
      return {Code::wrong_key, "the root secret does not open the store's keys", "root_secret"};
    opened->bytes = *std::move(bytes);
    keys.push_back(std::move(opened));
  }
  keys_[purpose] = std::move(keys);
  return {};
}

Result<std::shared_ptr<const RingKey>> KeyRing::current(KeyPurpose purpose, Millis life,
                                                        Instant now, Make make) {
  const std::lock_guard lock(mutex_);
  const auto newest_is_young = [&] {
    const auto& keys = keys_[purpose];
    return !keys.empty() && now - keys.front()->created_at < life;
  };
  if (newest_is_young()) return keys_[purpose].front();
  // Another process may have made one.
  NEARZONE_TRY(load(purpose));
  if (!newest_is_young()) {
    NEARZONE_ASSIGN(const SecretBytes bytes, make(random_));
    const std::vector<uint8_t> sealed =
        seal(root_, bytes.expose(ForSealing{}), as_bytes(associated_of(purpose)), random_);
    NEARZONE_TRY(store_.write(
        [&](Writer& rows) { return rows.insert_sealed_key(purpose, now, sealed).status(); }));
    NEARZONE_TRY(load(purpose));
  }
  return keys_[purpose].front();
}

Result<std::vector<std::shared_ptr<const RingKey>>> KeyRing::all(KeyPurpose purpose) {
  const std::lock_guard lock(mutex_);
  if (keys_[purpose].empty()) NEARZONE_TRY(load(purpose));
  return keys_[purpose];
}

Result<std::shared_ptr<const RingKey>> KeyRing::find(KeyPurpose purpose, uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto known = [&]() -> std::shared_ptr<const RingKey> {
    for (const auto& key : keys_[purpose])
      if (key->id == id) return key;
    return nullptr;
  };
  if (auto key = known()) return key;
  // Ids grow: one beyond the newest may have been made elsewhere, an older one is gone. Whoever
  // makes ids up must not have all keys read and opened each time.
  const auto now = std::chrono::steady_clock::now();
  const auto& keys = keys_[purpose];
  const auto read = read_at_.find(purpose);
  const bool may_be_newer = keys.empty() || id > keys.front()->id;
  if (!may_be_newer || (read != read_at_.end() && now - read->second < kLeastGap))
    return std::shared_ptr<const RingKey>();
  read_at_[purpose] = now;
  NEARZONE_TRY(load(purpose));
  return known();
}

Result<SecretBytes> make_secret_key(Random& random) {
  SecretBytes key(32);
  random.fill(key.replace());
  return key;
}

Result<Secret<32>> read_root_secret(const std::string& path) {
  NEARZONE_ASSIGN(const SecretBytes bytes, read_private_file(path, 4096));
  const ByteView view = bytes.expose(ForDerivation{});
  if (view.size() != 32) return Status(Code::corrupt, "a root secret has 32 bytes", "root_secret");
  return Secret<32>(view.first<32>());
}

Status make_root_secret(const std::string& path, Random& random) {
  const Secret<32> root = Secret<32>::random(random);
  return make_private_file(path, root.expose(ForDisclosure{}));
}

}  // namespace nearzone::authority
