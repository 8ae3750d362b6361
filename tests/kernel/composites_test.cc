// The composites of every level against libsodium and the published vectors.
#include <array>

#include "core/crypto.h"
#include "kernel/composed.h"
#include "kernel/level_test.h"
#include "nearzone/bytes.h"
#include "vectors/vectors.h"

namespace nearzone::kernel {
namespace {

TEST(ZeroKeyStates, AreThoseOfHmacsPaddingBlocks) {
  for (const auto& [pad, expected] : {std::pair{0x36, kZeroKeyInner}, {0x5c, kZeroKeyOuter}}) {
    uint32_t state[1][8];
    uint8_t block[1][64];
    std::copy_n(kSha256Initial, 8, state[0]);
    std::fill_n(block[0], 64, static_cast<uint8_t>(pad));
    kPortable.sha256_compress(state, block, 1);
    EXPECT_TRUE(std::equal(state[0], state[0] + 8, expected));
  }
}

class Composites : public LevelTest {};

// --- sha256_stream ---

TEST_P(Composites, StreamsMessagesOfManyBlocks) {
  for (size_t blocks = 1; blocks <= 20; ++blocks) {
    const size_t size = 64 * blocks - 9 - blocks;
    std::vector<uint8_t> message = random_bytes(size);
    const Digest expected = sha256(message);
    Rows<64> padded(blocks);
    std::memcpy(padded.get(), message.data(), size);
    composed::pad(padded[blocks - 1], size % 64, size);

    std::array<uint32_t, 8> state;
    std::copy_n(kSha256Initial, 8, state.data());
    kernel_->sha256_stream(state.data(), padded.get(), blocks);
    Digest digest;
    for (size_t word = 0; word < 8; ++word) store_be32(&digest[4 * word], state[word]);
    EXPECT_EQ(digest, expected) << blocks;

    const std::array<uint32_t, 8> before = state;
    kernel_->sha256_stream(state.data(), padded.get(), 0);
    EXPECT_EQ(state, before);
  }
}

// --- sha256_chain ---

// The whole digest is seen through two pickings of half of it each.
constexpr uint8_t kPicks[3][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16},
    {17, 0, kPickZero, 31, 2, 2, 9, 16, 15, kPickZero, 30, 1, 8, kPickZero, 24, kPickZero}};

TEST_P(Composites, ChainsHashesInAnyNumberOfLanes) {
  constexpr size_t kSize = 21;
  for (size_t lanes = 0; lanes <= 70; ++lanes) {
    const auto& pick = kPicks[lanes % 3];
    const size_t links = lanes % 7;
    Rows<64> block(lanes, random_);
    Rows<16> out(lanes * links, random_);
    for (size_t lane = 0; lane < lanes; ++lane) composed::pad(block[lane], kSize, kSize);

    Rows<64> expected_block = block;
    Rows<16> expected = out;
    for (size_t lane = 0; lane < lanes; ++lane) {
      size_t size = kSize;
      for (size_t link = 0; link < links; ++link) {
        const Digest digest = sha256({expected_block[lane], size});
        std::ranges::copy(digest, expected_block[lane]);
        size = digest.size();
        composed::pad(expected_block[lane], size, size);
        for (size_t i = 0; i < 16; ++i)
          expected[link * lanes + lane][i] = pick[i] == kPickZero ? 0 : digest[pick[i]];
      }
    }

    kernel_->sha256_chain(block.get(), lanes, links, pick, out.get());
    EXPECT_EQ(out, expected) << lanes;
    EXPECT_EQ(block, expected_block) << lanes;
  }
}

// Stopping and going on gives the links that going on at once gives.
TEST_P(Composites, GoesOnWithAChainFromTheBlockItLeaves) {
  constexpr size_t kLanes = 18;
  for (const auto& pick : kPicks) {
    Rows<64> at_once(kLanes, random_);
    for (size_t lane = 0; lane < kLanes; ++lane) composed::pad(at_once[lane], 32, 32);
    Rows<64> in_parts = at_once;
    Rows<16> expected(kLanes * 97), out(kLanes * 97);
    kernel_->sha256_chain(at_once.get(), kLanes, 97, pick, expected.get());
    for (const auto& [first, links] : {std::pair{0u, 1u}, {1u, 2u}, {3u, 94u}})
      kernel_->sha256_chain(in_parts.get(), kLanes, links, pick, out.get() + kLanes * first);
    EXPECT_EQ(out, expected);
    EXPECT_EQ(in_parts, at_once);
  }
}

// --- hkdf_sha256 ---

void derive_with_libsodium(const uint8_t (&key)[16], const uint8_t (&info)[7],
                           uint8_t (&derived)[16]) {
  const std::array<uint8_t, 32> no_salt{};
  const Digest prk = hmac_sha256(no_salt, key);
  std::array<uint8_t, 8> message;
  std::ranges::copy(info, message.begin());
  message[7] = 1;
  const Digest first = hmac_sha256(prk, message);
  std::copy_n(first.begin(), 16, derived);
}

TEST_P(Composites, DerivesFromAnyNumberOfKeys) {
  for (size_t lanes = 0; lanes <= 70; ++lanes) {
    uint8_t info[7];
    random_.fill(info);
    Rows<16> key(lanes, random_), derived(lanes, random_);
    Rows<16> expected = derived, expected_in_place = key;
    for (size_t lane = 0; lane < lanes; ++lane) {
      derive_with_libsodium(key[lane], info, expected[lane]);
      derive_with_libsodium(key[lane], info, expected_in_place[lane]);
    }
    kernel_->hkdf_sha256(key.get(), info, derived.get(), lanes);
    EXPECT_EQ(derived, expected) << lanes;
    kernel_->hkdf_sha256(key.get(), info, key.get(), lanes);
    EXPECT_EQ(key, expected_in_place) << "in place, " << lanes;
  }
}

// From a published temporary exposure key to its 144 rolling proximity identifiers.
TEST_P(Composites, FollowsTheExposureNotificationVectors) {
  const auto vectors = test::load_vectors("exposure_notification.json");
  uint8_t key[1][16], derived[1][16];
  ASSERT_TRUE(from_hex(vectors.at("tek").get<std::string>(), key[0]).ok());
  for (const auto& [info, name] : {std::pair{"EN-RPIK", "rpik"}, {"EN-AEMK", "aemk"}}) {
    uint8_t text[7];
    std::memcpy(text, info, sizeof(text));
    kernel_->hkdf_sha256(key, text, derived, 1);
    EXPECT_EQ(to_hex(derived[0]), vectors.at(name).get<std::string>());
  }

  uint8_t identifier_key[1][16];
  ASSERT_TRUE(from_hex(vectors.at("rpik").get<std::string>(), identifier_key[0]).ok());
  const uint8_t prefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
  const auto& intervals = vectors.at("intervals");
  const uint32_t first = vectors.at("rolling_start_interval_number").get<uint32_t>();
  const uint32_t count = static_cast<uint32_t>(intervals.size());
  Rows<16> out(count);
  kernel_->aes128_number(identifier_key, prefix, &first, &count, 1, out.get());
  for (size_t i = 0; i < count; ++i)
    EXPECT_EQ(to_hex(out[i]), intervals.at(i).at("rpi").get<std::string>()) << i;
}

// --- aes128_number ---

class NumberedBlocks : public LevelTest {
 protected:
  // Compares with this level's encryption of blocks that are written out.
  void expect_numbers(const std::vector<uint32_t>& first, const std::vector<uint32_t>& count) {
    const size_t keys = first.size();
    Rows<16> key(keys, random_);
    uint8_t prefix[12];
    random_.fill(prefix);
    size_t all = 0;
    for (const uint32_t each : count) all += each;
    Rows<16> out(all, random_);
    Rows<16> expected = out;
    size_t block = 0;
    for (size_t k = 0; k < keys; ++k) {
      for (uint32_t i = 0; i < count[k]; ++i, ++block) {
        std::copy_n(prefix, 12, expected[block]);
        for (size_t byte = 0; byte < 4; ++byte)
          expected[block][12 + byte] = static_cast<uint8_t>((first[k] + i) >> (8 * byte));
        kernel_->aes128_encrypt(key.get() + k, expected.get() + block, expected.get() + block, 1,
                                1);
      }
    }
    kernel_->aes128_number(key.get(), prefix, first.data(), count.data(), keys, out.get());
    EXPECT_EQ(out, expected) << keys << " keys of " << testing::PrintToString(count);
  }
};

TEST_P(NumberedBlocks, ComeInAnyCount) {
  for (uint32_t count = 0; count <= 150; ++count) expect_numbers({2642976}, {count});
}

TEST_P(NumberedBlocks, ComeUnderAnyNumberOfKeysInCountsOfTheirOwn) {
  for (size_t keys = 0; keys <= 37; ++keys) {
    std::vector<uint32_t> first(keys), count(keys);
    for (size_t k = 0; k < keys; ++k) {
      first[k] = static_cast<uint32_t>(random_.below(uint64_t{1} << 32));
      count[k] = static_cast<uint32_t>(random_.below(145));
      if (random_.below(4) == 0) count[k] = 0;
    }
    expect_numbers(first, count);
  }
}

TEST_P(NumberedBlocks, BeginAgainAtZeroAfterTheLargestNumber) {
  for (const uint32_t below : {1u, 3u, 8u, 50u, 143u})
    expect_numbers({0u - below, 0xffffffff, 7}, {144, 2, 1});
}

INSTANTIATE_TEST_SUITE_P(Levels, Composites, testing::ValuesIn(level_names()), test_name);
INSTANTIATE_TEST_SUITE_P(Levels, NumberedBlocks, testing::ValuesIn(level_names()), test_name);

}  // namespace
}  // namespace nearzone::kernel
