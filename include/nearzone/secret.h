/// Memory for secrets: wiped when it dies, never copied, never printed, read only by a named act.
///
///     nearzone::Secret<32> root = nearzone::Secret<32>::random(random);
///     derive(root.expose(nearzone::ForDerivation{}));
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/random.h"
#include "nearzone/status.h"

namespace nearzone {

/// Overwrites memory in a way the compiler may not drop.
void wipe(void* memory, size_t size);
inline void wipe(MutableBytes bytes) { wipe(bytes.data(), bytes.size()); }

/// Why the bytes of a secret are being read. Reviewers look for these three words.
struct ForDerivation {};  ///< to compute an identifier or another key from it
struct ForSealing {};     ///< to encrypt or decrypt with it
struct ForDisclosure {};  ///< because its owner consented to give it away, or to store it sealed

/// N secret bytes. Move-only; the source of a move is wiped. Not thread-safe.
template <size_t N>
class Secret {
 public:
  static constexpr size_t kSize = N;

  Secret() = default;  ///< all zero
  explicit Secret(std::span<const uint8_t, N> bytes) { copy_from(bytes); }
  static Secret random(Random& random) {
    Secret secret;
    random.fill(secret.bytes_);
    return secret;
  }
  /// Reads 2 N hexadecimal digits.
  static Result<Secret> from_hex_text(std::string_view hex) {
    Secret secret;
    NEARZONE_TRY(from_hex(hex, secret.bytes_));
    return secret;
  }

  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept { take(other); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  /// A copy made on purpose.
  Secret duplicate() const { return Secret(std::span<const uint8_t, N>(bytes_)); }

  std::span<const uint8_t, N> expose(ForDerivation) const { return bytes_; }
  std::span<const uint8_t, N> expose(ForSealing) const { return bytes_; }
  std::span<const uint8_t, N> expose(ForDisclosure) const { return bytes_; }
  /// The bytes to write a freshly derived secret into.
  std::span<uint8_t, N> replace() { return bytes_; }

  bool equals(const Secret& other) const { return equal_in_constant_time(bytes_, other.bytes_); }

 private:
  void copy_from(std::span<const uint8_t, N> bytes) {
    for (size_t i = 0; i < N; ++i) bytes_[i] = bytes[i];
  }
  void take(Secret& other) {
    bytes_ = other.bytes_;
    wipe(other.bytes_);
  }

  std::array<uint8_t, N> bytes_{};
};

/// Secret bytes of a length known at run time only; wiped when they die or move away.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(size_t size) : bytes_(size) {}
  explicit SecretBytes(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::move(other.bytes_);
    }
    return *this;
  }
  ~SecretBytes() { wipe(bytes_); }

  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  ByteView expose(ForDerivation) const { return bytes_; }
  ByteView expose(ForSealing) const { return bytes_; }
  ByteView expose(ForDisclosure) const { return bytes_; }
  MutableBytes replace() { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace nearzone
