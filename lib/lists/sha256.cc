#include "lists/sha256.h"

#include <algorithm>

#include "kernel/kernel.h"

namespace nearzone {

ListHash::ListHash() { std::ranges::copy(kernel::kSha256Initial, state_.begin()); }

void ListHash::update(ByteView piece) {
  const auto compress = [&](const uint8_t* bytes, size_t blocks) {
    kernel::active().sha256_stream(state_.data(), reinterpret_cast<const uint8_t(*)[kBlock]>(bytes),
                                   blocks);
  };
  size_ += piece.size();
  if (filled_ > 0) {
    const size_t taken = std::min(kBlock - filled_, piece.size());
    std::copy_n(piece.begin(), taken, block_.begin() + static_cast<ptrdiff_t>(filled_));
    filled_ += taken;
    piece = piece.subspan(taken);
    if (filled_ < kBlock) return;
    compress(block_.data(), 1);
    filled_ = 0;
  }
  compress(piece.data(), piece.size() / kBlock);
  const ByteView rest = piece.subspan(piece.size() / kBlock * kBlock);
  std::ranges::copy(rest, block_.begin());
  filled_ = rest.size();
}

// FIPS 180-4, section 5.1.1.
Digest ListHash::finish() {
  std::array<uint8_t, kBlock + 8> padding{0x80};
  const size_t zeros = (2 * kBlock - 9 - filled_) % kBlock;
  const uint64_t bits = size_ * 8;
  store_be32(&padding[1 + zeros], static_cast<uint32_t>(bits >> 32));
  store_be32(&padding[1 + zeros + 4], static_cast<uint32_t>(bits));
  update(ByteView(padding).first(1 + zeros + 8));
  Digest digest;
  for (size_t word = 0; word < state_.size(); ++word) store_be32(&digest[4 * word], state_[word]);
  return digest;
}

}  // namespace nearzone
