/// Randomness as a parameter: the system's for products, a seeded one for simulations and tests.
///
///     nearzone::SystemRandom random;
///     uint64_t seconds_to_wait = random.below(3600);
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace nearzone {

/// A source of random bytes. Implementations say whether they may be shared between threads.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<uint8_t> out) = 0;

  /// Uniform in [0, bound), without modulo bias; 0 where bound is 0 or 1.
  uint64_t below(uint64_t bound);
  /// Uniform in [0, 1) with 53 random bits.
  double unit();
};

/// The operating system's generator (libsodium's randombytes). Safe from any thread. The only
/// source that may make keys in a product.
class SystemRandom final : public Random {
 public:
  void fill(std::span<uint8_t> out) override;
};

/// A reproducible stream (ChaCha20 of the seed) for simulations and tests. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed);
  ~SeededRandom() override;
  void fill(std::span<uint8_t> out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nearzone
