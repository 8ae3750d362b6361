#include "authority/exports/signing_keys.h"

#include <sys/stat.h>

#include "authority/exports/support.h"
#include "core/crypto.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;

SigningKeyInfo wanted(const std::string& id, PublicKey::Algorithm algorithm, Instant from) {
  return {id, "v1", algorithm, {}, {}, from, {}};
}

std::vector<std::string> active_ids(Office& office, PublicKey::Algorithm algorithm, Instant now) {
  std::vector<std::string> ids;
  EXPECT_TRUE(office.store
                  ->read([&](Reader& rows) -> Status {
                    NEARZONE_ASSIGN(const auto keys, active_signing_keys(rows, algorithm, now));
                    for (const SigningKeyInfo& key : keys) ids.push_back(key.id);
                    return {};
                  })
                  .ok());
  return ids;
}

constexpr auto kP256 = PublicKey::Algorithm::ecdsa_p256;
constexpr auto kEd25519 = PublicKey::Algorithm::ed25519;

TEST(SigningKeysTest, AGeneratedKeySignsAndItsPublicHalfVerifies) {
  const TemporaryFolder folder;
  Office office(folder.path());
  for (const auto algorithm : {kP256, kEd25519}) {
    const std::string id(algorithm_name(algorithm));
    const auto made = make_signing_key(*office.store, *office.keys, wanted(id, algorithm, kNoon));
    ASSERT_OK(made.status());
    struct stat found {};
    const std::string path = signing_key_file(office.keys->path(), *made);
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
    const auto key = SigningKey::read(path);
    ASSERT_OK(key.status());
    EXPECT_EQ(key->algorithm(), algorithm);
    const auto public_key = PublicKey::parse(as_bytes(made->public_key_pem));
    ASSERT_OK(public_key.status());
    EXPECT_EQ(public_key->algorithm(), algorithm);
  }
}

TEST(SigningKeysTest, AKeyThatOthersMayReadIsRefused) {
  const TemporaryFolder folder;
  Office office(folder.path());
  office.make_keys();
  const std::string path = office.keys->path() + "/key-1.pem";
  ASSERT_OK(SigningKey::read(path).status());
  for (const mode_t mode : {0640u, 0604u, 0644u, 0660u}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_CODE(SigningKey::read(path).status(), Code::invalid_argument);
  }
}

TEST(SigningKeysTest, WhatIsNoKeyOfOursIsRefused) {
  const TemporaryFolder folder;
  EXPECT_CODE(SigningKey::read(folder.file("none")).status(), Code::io);
  const auto refused = [&](const std::string& text) {
    std::ofstream(folder.file("key.pem")) << text;
    ::chmod(folder.file("key.pem").c_str(), 0600);
    EXPECT_CODE(SigningKey::read(folder.file("key.pem")).status(), Code::invalid_argument);
  };
  refused("");
  refused("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n");
}

TEST(SigningKeysTest, KeysInUseComeNewestFirst) {
  const TemporaryFolder folder;
  Office office(folder.path());
  const auto day = [](int days) { return kNoon + Day::kLength * days; };
  for (int i = 0; i < 3; ++i)
    ASSERT_OK(make_signing_key(*office.store, *office.keys,
                               wanted("key-" + std::to_string(i), kP256, day(i)))
                  .status());
  EXPECT_EQ(active_ids(office, kP256, day(-1)), std::vector<std::string>{});
  EXPECT_EQ(active_ids(office, kP256, day(1)), (std::vector<std::string>{"key-1", "key-0"}));
  EXPECT_EQ(active_ids(office, kEd25519, day(1)), std::vector<std::string>{});

  ASSERT_OK(retire_signing_key(*office.store, "key-0", day(2)));
  EXPECT_EQ(active_ids(office, kP256, day(2) - Millis(1)),
            (std::vector<std::string>{"key-1", "key-0"}));
  EXPECT_EQ(active_ids(office, kP256, day(2)), (std::vector<std::string>{"key-2", "key-1"}));
  EXPECT_CODE(retire_signing_key(*office.store, "key-0", day(3)), Code::invalid_argument);
  ASSERT_OK(retire_signing_key(*office.store, "key-0", day(1)));
  EXPECT_CODE(retire_signing_key(*office.store, "key-9", day(3)), Code::not_found);
}

TEST(SigningKeysTest, AKeyIsNeverReplaced) {
  const TemporaryFolder folder;
  Office office(folder.path());
  office.make_keys();
  const std::string before = read_text(office.keys->path() + "/key-1.pem");
  EXPECT_CODE(make_signing_key(*office.store, *office.keys, wanted("key-1", kP256, kNoon)).status(),
              Code::invalid_argument);
  EXPECT_EQ(read_text(office.keys->path() + "/key-1.pem"), before);
  for (const char* id : {"", "../key", ".key", "a b"})
    EXPECT_CODE(make_signing_key(*office.store, *office.keys, wanted(id, kP256, kNoon)).status(),
                Code::invalid_argument);
}

}  // namespace
}  // namespace nearzone::authority_test
