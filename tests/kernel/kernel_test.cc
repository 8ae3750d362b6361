// Every level against the published vectors and against the portable level.
#include <array>

#include "kernel/level_test.h"
#include "nearzone/bytes.h"

namespace nearzone::kernel {
namespace {

std::vector<uint8_t> bytes_of(std::string_view hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, bytes).ok());
  return bytes;
}

// SHA-256 of a whole message, block after block.
std::string sha256_hex(const KernelTable& kernel, std::string_view message) {
  std::vector<uint8_t> padded(message.begin(), message.end());
  padded.push_back(0x80);
  while (padded.size() % 64 != 56) padded.push_back(0);
  padded.resize(padded.size() + 8);
  store_be32(padded.data() + padded.size() - 4, static_cast<uint32_t>(message.size() * 8));
  uint32_t state[1][8];
  std::copy_n(kSha256Initial, 8, state[0]);
  for (size_t at = 0; at < padded.size(); at += 64) {
    uint8_t block[1][64];
    std::copy_n(padded.begin() + static_cast<ptrdiff_t>(at), 64, block[0]);
    kernel.sha256_compress(state, block, 1);
  }
  std::array<uint8_t, 32> digest;
  for (size_t word = 0; word < 8; ++word) store_be32(&digest[4 * word], state[0][word]);
  return to_hex(digest);
}

std::string aes128_hex(const KernelTable& kernel, std::string_view key, std::string_view block) {
  uint8_t k[1][16], x[1][16];
  std::ranges::copy(bytes_of(key), k[0]);
  std::ranges::copy(bytes_of(block), x[0]);
  kernel.aes128_encrypt(k, x, x, 1, 1);
  return to_hex(x[0]);
}

class EveryLevel : public LevelTest {};

// FIPS 180-4 examples ("abc", the 448-bit and the 896-bit message) and the empty message.
TEST_P(EveryLevel, HashesTheFipsExamples) {
  EXPECT_EQ(sha256_hex(*kernel_, ""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(*kernel_, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(*kernel_, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(*kernel_,
                       "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                       "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

// FIPS 197, appendices B and C.1.
TEST_P(EveryLevel, EncryptsTheFipsBlocks) {
  EXPECT_EQ(
      aes128_hex(*kernel_, "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734"),
      "3925841d02dc09fbdc118597196a0b32");
  EXPECT_EQ(
      aes128_hex(*kernel_, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff"),
      "69c4e0d86a7b0430d8cdb78070b4c55a");
}

// FIPS 197, appendix C.3: AES-256 of a block is the keystream whose counter is that block.
TEST_P(EveryLevel, EncryptsTheFipsBlockWithA256BitKey) {
  const auto key = bytes_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const auto block = bytes_of("00112233445566778899aabbccddeeff");
  std::vector<uint8_t> data(16);
  kernel_->aes256_ctr(key.data(), block.data(), data.data(), data.size());
  EXPECT_EQ(to_hex(data), "8ea2b7ca516745bfeafc49904b496089");
}

// NIST SP 800-38A, F.5.5.
TEST_P(EveryLevel, RunsTheNistCounterMode) {
  const auto key = bytes_of("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const auto counter = bytes_of("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  auto data = bytes_of(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
  kernel_->aes256_ctr(key.data(), counter.data(), data.data(), data.size());
  EXPECT_EQ(to_hex(data),
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
            "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
}

TEST_P(EveryLevel, CompressesAnyNumberOfLanesAsThePortableLevelDoes) {
  for (size_t lanes = 0; lanes <= 37; ++lanes) {
    std::vector<std::array<uint32_t, 8>> states(lanes + 1);
    std::vector<uint8_t> blocks(64 * lanes + 1);
    random_.fill(blocks);
    for (auto& state : states) {
      std::array<uint8_t, 32> seed;
      random_.fill(seed);
      for (size_t word = 0; word < 8; ++word) state[word] = load_be32(&seed[4 * word]);
    }
    auto expected = states;
    // Blocks need no alignment.
    const auto* block = reinterpret_cast<const uint8_t(*)[64]>(blocks.data() + 1);
    kernel_->sha256_compress(reinterpret_cast<uint32_t(*)[8]>(states.data()), block, lanes);
    kPortable.sha256_compress(reinterpret_cast<uint32_t(*)[8]>(expected.data()), block, lanes);
    EXPECT_EQ(states, expected) << lanes;  // the one behind the last untouched
  }
}

TEST_P(EveryLevel, EncryptsAnyNumberOfBlocksAndKeysAsThePortableLevelDoes) {
  for (size_t keys : {0u, 1u, 2u, 7u, 8u, 9u, 17u}) {
    for (size_t per_key : {0u, 1u, 2u, 7u, 8u, 9u, 16u, 17u, 144u}) {
      std::vector<uint8_t> key(16 * keys + 1), in(16 * keys * per_key + 1);
      random_.fill(key);
      random_.fill(in);
      std::vector<uint8_t> apart(in.size()), expected(in.size());
      const auto* k = reinterpret_cast<const uint8_t(*)[16]>(key.data() + 1);
      const auto blocks = [](std::vector<uint8_t>& data) {
        return reinterpret_cast<uint8_t(*)[16]>(data.data() + 1);
      };
      kernel_->aes128_encrypt(k, blocks(in), blocks(apart), keys, per_key);
      kPortable.aes128_encrypt(k, blocks(in), blocks(expected), keys, per_key);
      EXPECT_EQ(apart, expected) << keys << " keys of " << per_key;
      kernel_->aes128_encrypt(k, blocks(in), blocks(in), keys, per_key);
      apart[0] = in[0];
      EXPECT_EQ(in, apart) << "in place, " << keys << " keys of " << per_key;
    }
  }
}

TEST_P(EveryLevel, RunsCounterModeOfAnyLengthAsThePortableLevelDoes) {
  std::array<uint8_t, 32> key;
  std::array<uint8_t, 16> counter;
  random_.fill(key);
  counter.fill(0xff);  // carries through all sixteen bytes
  for (size_t size : {0u, 1u, 15u, 16u, 17u, 127u, 128u, 129u, 1536u}) {
    std::vector<uint8_t> data(size), expected(size);
    kernel_->aes256_ctr(key.data(), counter.data(), data.data(), size);
    kPortable.aes256_ctr(key.data(), counter.data(), expected.data(), size);
    EXPECT_EQ(data, expected) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, EveryLevel, testing::ValuesIn(level_names()), test_name);

}  // namespace
}  // namespace nearzone::kernel
