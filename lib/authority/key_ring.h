// The server's own keys that rotate: sealed in the store under the root secret, open in memory
// only. Safe from any thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "authority/store.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"

namespace nearzone::authority {

struct RingKey {
  uint64_t id = 0;
  Instant created_at;
  SecretBytes bytes;
};

class KeyRing {
 public:
  KeyRing(Store& store, Secret<32> root, Random& random)
      : store_(store), root_(std::move(root)), random_(random) {}

  // The newest key of a purpose; a new one where there is none younger than `life`. `make` gives
  // its bytes.
  using Make = Result<SecretBytes> (*)(Random&);
  Result<std::shared_ptr<const RingKey>> current(KeyPurpose purpose, Millis life, Instant now,
                                                 Make make);
  // All that are stored, newest first.
  Result<std::vector<std::shared_ptr<const RingKey>>> all(KeyPurpose purpose);
  // The one with this id; null where there is none. One that another process made since is found,
  // but for so long as the store was looked in within the last second.
  static constexpr Millis kLeastGap = std::chrono::seconds(1);
  Result<std::shared_ptr<const RingKey>> find(KeyPurpose purpose, uint64_t id);

 private:
  Status load(KeyPurpose purpose);

  Store& store_;
  const Secret<32> root_;
  Random& random_;
  std::mutex mutex_;
  std::map<KeyPurpose, std::vector<std::shared_ptr<const RingKey>>> keys_;
  std::map<KeyPurpose, std::chrono::steady_clock::time_point> read_at_;  // by find()
};

// 32 random bytes.
Result<SecretBytes> make_secret_key(Random& random);

// The root secret of a file: 32 bytes. Fails with not_found, or invalid_argument (field "mode")
// where others than its owner may read it.
Result<Secret<32>> read_root_secret(const std::string& path);
// Makes the file, mode 0600; never overwrites.
Status make_root_secret(const std::string& path, Random& random);

}  // namespace nearzone::authority
