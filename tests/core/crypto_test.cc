#include "core/crypto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearzone {
namespace {

std::vector<uint8_t> unhex(std::string_view hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  EXPECT_TRUE(from_hex(hex, bytes).ok());
  return bytes;
}

Secret<32> secret_of(std::string_view hex) { return *Secret<32>::from_hex_text(hex); }

constexpr std::string_view kKey =
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";

// FIPS 180-4 examples, and the message of a million letters.
TEST(Sha256, HashesThePublishedExamples) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(as_bytes(std::string(1'000'000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Stream, EqualsOneShotHowEverTheMessageIsCut) {
  std::string message(300, '\0');
  for (size_t i = 0; i < message.size(); ++i) message[i] = static_cast<char>(i * 7);
  const Digest expected = sha256(as_bytes(message));
  for (size_t cut = 0; cut <= message.size(); ++cut) {
    Sha256Stream stream;
    stream.update(as_bytes(std::string_view(message).substr(0, cut)));
    stream.update({});
    stream.update(as_bytes(std::string_view(message).substr(cut)));
    ASSERT_EQ(stream.finish(), expected) << cut;
  }
}

TEST(Sha256Stream, StartsANewMessageAfterFinish) {
  Sha256Stream stream;
  stream.update(as_bytes("something else"));
  (void)stream.finish();
  stream.update(as_bytes("abc"));
  EXPECT_EQ(stream.finish(), sha256(as_bytes("abc")));
}

TEST(Sha256Stream, GoesOnAfterAMove) {
  Sha256Stream first;
  first.update(as_bytes("a"));
  Sha256Stream second = std::move(first);
  second.update(as_bytes("b"));
  Sha256Stream third;
  third = std::move(second);
  third.update(as_bytes("c"));
  EXPECT_EQ(third.finish(), sha256(as_bytes("abc")));
}

struct HmacVector {
  std::string key;
  std::string message;
  std::string_view tag;
};

// RFC 4231, test cases 1 to 7; the tag of case 5 is published truncated to 16 bytes.
TEST(HmacSha256, AgreesWithRfc4231) {
  const std::string aa(131, '\xaa');
  const HmacVector vectors[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
       "\x17\x18\x19",
       std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(20, '\x0c'), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
      {aa, "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {aa,
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacVector& v : vectors) {
    const Digest tag = hmac_sha256(as_bytes(v.key), as_bytes(v.message));
    EXPECT_EQ(to_hex(tag).substr(0, v.tag.size()), v.tag) << v.message;
  }
}

// draft-irtf-cfrg-xchacha-03, A.3.1: nonce || ciphertext || tag.
TEST(OpenSealed, OpensThePublishedExample) {
  const std::vector<uint8_t> sealed = unhex(
      "404142434445464748494a4b4c4d4e4f5051525354555657"
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
      "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
      "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      "21f9664c97637da9768812f615c68b13b52e"
      "c0875924c1c7987947deafd8780acf49");
  Result<SecretBytes> plain =
      open_sealed(secret_of(kKey), sealed, unhex("50515253c0c1c2c3c4c5c6c7"));
  ASSERT_TRUE(plain.ok());
  const ByteView bytes = plain->expose(ForDerivation{});
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
            "future, sunscreen would be it.");
}

TEST(Seal, RoundTripsEveryLength) {
  SeededRandom random(1);
  const Secret<32> key = Secret<32>::random(random);
  for (size_t size = 0; size < 200; ++size) {
    std::vector<uint8_t> plain(size);
    random.fill(plain);
    const std::vector<uint8_t> sealed = seal(key, plain, as_bytes("day 7"), random);
    ASSERT_EQ(sealed.size(), size + kSealOverhead);
    Result<SecretBytes> opened = open_sealed(key, sealed, as_bytes("day 7"));
    ASSERT_TRUE(opened.ok()) << size;
    EXPECT_TRUE(std::ranges::equal(opened->expose(ForSealing{}), plain));
  }
}

TEST(Seal, NeverUsesANonceTwice) {
  SystemRandom random;
  const Secret<32> key = Secret<32>::random(random);
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) {
    const std::vector<uint8_t> sealed = seal(key, as_bytes("the same"), {}, random);
    EXPECT_TRUE(nonces.insert(to_hex(ByteView(sealed).first(24))).second);
  }
}

TEST(OpenSealed, RefusesEveryFlippedBit) {
  SeededRandom random(2);
  const Secret<32> key = Secret<32>::random(random);
  const std::vector<uint8_t> sealed = seal(key, as_bytes("secret text"), as_bytes("ad"), random);
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::vector<uint8_t> damaged = sealed;
    damaged[bit / 8] = static_cast<uint8_t>(damaged[bit / 8] ^ (1 << (bit % 8)));
    Result<SecretBytes> opened = open_sealed(key, damaged, as_bytes("ad"));
    ASSERT_FALSE(opened.ok()) << bit;
    EXPECT_EQ(opened.status().code(), Code::corrupt);
  }
}

TEST(OpenSealed, RefusesEveryTruncation) {
  SeededRandom random(3);
  const Secret<32> key = Secret<32>::random(random);
  const std::vector<uint8_t> sealed = seal(key, as_bytes("secret text"), {}, random);
  for (size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(open_sealed(key, ByteView(sealed).first(size), {}).status().code(), Code::corrupt)
        << size;
}

TEST(OpenSealed, RefusesAnotherKeyAndOtherAssociatedData) {
  SeededRandom random(4);
  const Secret<32> key = Secret<32>::random(random);
  const Secret<32> other = Secret<32>::random(random);
  const std::vector<uint8_t> sealed = seal(key, as_bytes("text"), as_bytes("day 7"), random);
  EXPECT_EQ(open_sealed(other, sealed, as_bytes("day 7")).status().code(), Code::corrupt);
  EXPECT_EQ(open_sealed(key, sealed, as_bytes("day 8")).status().code(), Code::corrupt);
  EXPECT_EQ(open_sealed(key, sealed, {}).status().code(), Code::corrupt);
}

TEST(DeriveKey, DependsOnRootAndPurpose) {
  const Secret<32> root = secret_of(kKey);
  const Secret<32> log = derive_key(root, "log");
  EXPECT_TRUE(log.equals(derive_key(root, "log")));
  EXPECT_FALSE(log.equals(derive_key(root, "state")));
  EXPECT_FALSE(log.equals(derive_key(secret_of(std::string(64, '0')), "log")));
  EXPECT_FALSE(log.equals(root));
  // Stored data hangs on this value. Computed apart, as keyed BLAKE2b-256 of the purpose's text.
  EXPECT_EQ(to_hex(log.expose(ForDerivation{})),
            "d82d7c73f9a56ffaf93d932a31f4a9206a3337806975a230a2975dd303f251c9");
}

TEST(ShortHash, IsSipHashOfTheReferenceVectors) {
  // Key 00..0f, messages of 0 and 15 bytes 00, 01, ...: appendix A of the paper on SipHash.
  const Secret<32> key =
      secret_of("000102030405060708090a0b0c0d0e0f00000000000000000000000000000000");
  const auto message = unhex("000102030405060708090a0b0c0d0e");
  EXPECT_EQ(short_hash(key, message), 0xa129ca6149be45e5u);
  EXPECT_EQ(short_hash(key, {}), 0x726fdb47dd0e0e31u);
}

struct SignatureVector {
  std::string_view seed;
  std::string_view public_key;
  std::string_view message;
  std::string_view signature;
};

// RFC 8032 section 7.1, tests 1 to 3.
constexpr SignatureVector kSignatures[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"}};

TEST(Ed25519, AgreesWithRfc8032) {
  for (const SignatureVector& v : kSignatures) {
    const Secret<32> seed = secret_of(v.seed);
    const std::vector<uint8_t> message = unhex(v.message);
    const Ed25519PublicKey key = ed25519_public_key(seed);
    EXPECT_EQ(to_hex(key), v.public_key);
    const Ed25519Signature signature = ed25519_sign(seed, message);
    EXPECT_EQ(to_hex(signature), v.signature);
    EXPECT_TRUE(ed25519_verify(key, message, signature));
  }
}

TEST(Ed25519, RefusesEveryFlippedBitOfSignatureAndKey) {
  const SignatureVector& v = kSignatures[2];
  const std::vector<uint8_t> message = unhex(v.message);
  const std::vector<uint8_t> signature = unhex(v.signature);
  const Ed25519PublicKey key = ed25519_public_key(secret_of(v.seed));
  for (size_t bit = 0; bit < 64 * 8; ++bit) {
    std::vector<uint8_t> damaged = signature;
    damaged[bit / 8] = static_cast<uint8_t>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(ed25519_verify(key, message, damaged)) << bit;
  }
  for (size_t bit = 0; bit < 32 * 8; ++bit) {
    Ed25519PublicKey other = key;
    other[bit / 8] = static_cast<uint8_t>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(ed25519_verify(other, message, signature)) << bit;
  }
}

TEST(Ed25519, RefusesAnotherMessageAndOtherLengths) {
  const SignatureVector& v = kSignatures[1];
  const std::vector<uint8_t> signature = unhex(v.signature);
  const Ed25519PublicKey key = ed25519_public_key(secret_of(v.seed));
  EXPECT_FALSE(ed25519_verify(key, unhex("73"), signature));
  EXPECT_FALSE(ed25519_verify(key, unhex("7200"), signature));
  EXPECT_FALSE(ed25519_verify(key, unhex("72"), ByteView(signature).first(63)));
  EXPECT_FALSE(ed25519_verify(key, unhex("72"), {}));
  std::vector<uint8_t> longer = signature;
  longer.push_back(0);
  EXPECT_FALSE(ed25519_verify(key, unhex("72"), longer));
}

// A key of small order would verify a signature of zeros on any message.
TEST(Ed25519, RefusesAPublicKeyOfSmallOrder) {
  Ed25519PublicKey neutral{};
  neutral[0] = 1;
  Ed25519Signature forged{};
  forged[0] = 1;
  EXPECT_FALSE(ed25519_verify(neutral, as_bytes("any message"), forged));
}

}  // namespace
}  // namespace nearzone
