#include "nearzone/random.h"

#include <sodium.h>

#include <array>

#include "core/crypto.h"
#include "nearzone/bytes.h"
#include "nearzone/secret.h"

namespace nearzone {

uint64_t Random::below(uint64_t bound) {
  if (bound < 2) return 0;
  // Values below 2^64 mod bound would make the low results likelier; they are drawn again.
  const uint64_t rejected = (0 - bound) % bound;
  while (true) {
    std::array<uint8_t, 8> bytes;
    fill(bytes);
    uint64_t value = load_le64(bytes.data());
    if (value >= rejected) return value % bound;
  }
}

double Random::unit() {
  std::array<uint8_t, 8> bytes;
  fill(bytes);
  return static_cast<double>(load_le64(bytes.data()) >> 11) * 0x1.0p-53;
}

void SystemRandom::fill(std::span<uint8_t> out) {
  initialise_crypto();
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

struct SeededRandom::State {
  std::array<uint8_t, crypto_stream_chacha20_KEYBYTES> key{};
  uint64_t block = 0;
  std::array<uint8_t, 1024> buffer{};
  size_t used = sizeof(buffer);
};

SeededRandom::SeededRandom(uint64_t seed) : state_(std::make_unique<State>()) {
  store_le64(state_->key.data(), seed);
}

SeededRandom::~SeededRandom() { wipe(state_.get(), sizeof(State)); }

void SeededRandom::fill(std::span<uint8_t> out) {
  State& s = *state_;
  for (uint8_t& byte : out) {
    if (s.used == s.buffer.size()) {
      constexpr std::array<uint8_t, crypto_stream_chacha20_NONCEBYTES> kNonce{};
      s.buffer.fill(0);
      crypto_stream_chacha20_xor_ic(s.buffer.data(), s.buffer.data(), s.buffer.size(),
                                    kNonce.data(), s.block, s.key.data());
      s.block += s.buffer.size() / 64;
      s.used = 0;
    }
    byte = s.buffer[s.used++];
  }
}

}  // namespace nearzone
