#include "nearzone/dp3t.h"

#include <algorithm>
#include <cstring>

#include "core/crypto.h"
#include "kernel/kernel.h"
#include "nearzone/scheme.h"
#include "scheme/dp3t_derivation.h"
#include "scheme/hash_chain.h"

namespace nearzone::dp3t {
namespace {

// Ends the message of an HMAC's inner or outer hash, whose first block was the padded key.
void end_message(uint8_t (&block)[64], size_t size) {
  block[size] = 0x80;
  std::memset(block + size + 1, 0, 60 - size - 1);
  store_be32(block + 60, static_cast<uint32_t>((64 + size) * 8));
}

template <size_t kSize>
std::vector<Identifier> identifiers(const Secret<kSize>& key, std::string_view message,
                                    uint32_t count) {
  uint8_t stream_key[1][32] = {};
  std::ranges::copy(key.expose(ForDerivation{}), stream_key[0]);
  derive_stream_keys(stream_key, kSize, 1, message);
  std::vector<Identifier> out(count);
  expand_stream(stream_key[0], 0, out);
  wipe(stream_key, sizeof(stream_key));
  return out;
}

}  // namespace

void derive_stream_keys(uint8_t (*keys)[32], size_t key_size, size_t count,
                        std::string_view message) {
  // As many as the widest kernel runs side by side.
  constexpr size_t kLanes = 32;
  struct {
    uint32_t inner[kLanes][8];
    uint32_t outer[kLanes][8];
    uint8_t block[kLanes][64];
  } work;
  const auto compress = [](uint32_t(*state)[8], const uint8_t(*block)[64], size_t lanes) {
    kernel::active().sha256_compress(state, block, lanes);
  };
  for (size_t first = 0; first < count; first += kLanes) {
    const size_t lanes = std::min(kLanes, count - first);
    for (size_t i = 0; i < lanes; ++i) {
      std::memset(work.block[i], 0x36, 64);
      for (size_t j = 0; j < key_size; ++j) work.block[i][j] ^= keys[first + i][j];
      std::memcpy(work.inner[i], kernel::kSha256Initial, sizeof(work.inner[i]));
      std::memcpy(work.outer[i], kernel::kSha256Initial, sizeof(work.outer[i]));
    }
    compress(work.inner, work.block, lanes);
    for (size_t i = 0; i < lanes; ++i)
      for (uint8_t& byte : work.block[i]) byte ^= 0x36 ^ 0x5c;
    compress(work.outer, work.block, lanes);
    for (size_t i = 0; i < lanes; ++i) {
      std::memcpy(work.block[i], message.data(), message.size());
      end_message(work.block[i], message.size());
    }
    compress(work.inner, work.block, lanes);
    for (size_t i = 0; i < lanes; ++i) {
      for (size_t word = 0; word < 8; ++word)
        store_be32(work.block[i] + 4 * word, work.inner[i][word]);
      end_message(work.block[i], 32);
    }
    compress(work.outer, work.block, lanes);
    for (size_t i = 0; i < lanes; ++i)
      for (size_t word = 0; word < 8; ++word)
        store_be32(keys[first + i] + 4 * word, work.outer[i][word]);
  }
  wipe(&work, sizeof(work));
}

void expand_stream(const uint8_t (&stream_key)[32], uint32_t first, std::span<Identifier> out) {
  static_assert(sizeof(Identifier) == 16);
  uint8_t counter[16] = {};
  store_be32(counter + 12, first);
  auto* bytes = reinterpret_cast<uint8_t*>(out.data());
  std::memset(bytes, 0, out.size_bytes());
  kernel::active().aes256_ctr(stream_key, counter, bytes, out.size_bytes());
}

DayKey step_day_key(const DayKey& key, uint32_t days) { return {later_day_key(key.secret, days)}; }

std::vector<Identifier> identifiers_of_day(const DayKey& key, uint32_t count) {
  return identifiers(key.secret, kDayMessage, count);
}

std::vector<Identifier> identifiers_of_window(const WindowSeed& seed, uint32_t count) {
  return identifiers(seed.secret, kWindowMessage, count);
}

uint32_t epoch_of(Instant at) { return static_cast<uint32_t>(at.ms / kEpoch.count()); }

Identifier identifier_of_epoch(const EpochSeed& seed) {
  Digest digest = sha256(seed.secret.expose(ForDerivation{}));
  Identifier identifier;
  std::copy_n(digest.begin(), identifier.bytes.size(), identifier.bytes.begin());
  wipe(digest);
  return identifier;
}

}  // namespace nearzone::dp3t
