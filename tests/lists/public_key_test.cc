#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <algorithm>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

TEST(PublicKey, ReadsP256FromPemAndDer) {
  P256Signer signer;
  auto from_pem = PublicKey::parse(as_bytes(signer.pem()));
  auto from_der = PublicKey::parse(signer.der());
  ASSERT_TRUE(from_pem.ok());
  ASSERT_TRUE(from_der.ok());
  EXPECT_EQ(from_pem->algorithm(), PublicKey::Algorithm::ecdsa_p256);
  EXPECT_EQ(from_pem->bytes().size(), 65u);
  EXPECT_TRUE(std::ranges::equal(from_pem->bytes(), from_der->bytes()));
}

// RFC 8410, section 10.1.
constexpr std::string_view kRfc8410 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

TEST(PublicKey, ReadsEd25519) {
  auto key = PublicKey::parse(as_bytes(kRfc8410));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->algorithm(), PublicKey::Algorithm::ed25519);
  EXPECT_EQ(to_hex(key->bytes()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
}

TEST(PublicKey, ReadsTextAroundThePemBlockAndOtherLineBreaks) {
  std::string text = "0 first a comment\r\n" + std::string(kRfc8410) + "and more";
  text.replace(text.find("MCow"), 4, "MCow\r\n ");
  EXPECT_TRUE(PublicKey::parse(as_bytes(text)).ok());
}

TEST(PublicKey, RefusesAPointOffTheCurve) {
  Bytes der = P256Signer().der();
  der.back() ^= 1;
  auto key = PublicKey::parse(der);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.status().code(), Code::corrupt);
  EXPECT_STREQ(key.status().field(), "key");
}

TEST(PublicKey, RefusesTheZeroPoint) {
  Bytes der = P256Signer().der();
  std::fill(der.end() - 64, der.end(), uint8_t{0});
  EXPECT_EQ(PublicKey::parse(der).status().code(), Code::corrupt);
}

TEST(PublicKey, SaysThatAPrivateKeyIsOne) {
  auto key = PublicKey::parse(as_bytes("-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n"));
  EXPECT_EQ(key.status().code(), Code::invalid_argument);
}

TEST(PublicKey, RefusesKeysOfOtherKinds) {
  for (EVP_PKEY* other : {EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"), EVP_RSA_gen(1024)}) {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(memory, other);
    std::string text(4096, '\0');
    text.resize(static_cast<size_t>(BIO_read(memory, text.data(), 4096)));
    BIO_free(memory);
    EVP_PKEY_free(other);
    EXPECT_EQ(PublicKey::parse(as_bytes(text)).status().code(), Code::unsupported);
  }
}

TEST(PublicKey, RefusesWhatIsNoKey) {
  for (std::string_view text :
       {"", "0", "hello", "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"})
    EXPECT_FALSE(PublicKey::parse(as_bytes(text)).ok()) << text;
  EXPECT_EQ(PublicKey::parse(Bytes(100000)).status().code(), Code::limit_exceeded);
}

TEST(PublicKey, RefusesEveryTruncation) {
  Bytes der = P256Signer().der();
  for (size_t size = 0; size < der.size(); ++size)
    EXPECT_FALSE(PublicKey::parse(ByteView(der).first(size)).ok()) << size;
}

}  // namespace
}  // namespace nearzone::testing
