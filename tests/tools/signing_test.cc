// `nearzone list sign` with keys that were just made, and what `verify` says of the lists.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <unistd.h>

#include <functional>
#include <memory>

#include "tests_folder.h"
#include "tools/program.h"

namespace nearzone {
namespace {

using test::Ran;
using testing::HasSubstr;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key new_ed25519() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free}; }
Key new_p256() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

class Signing : public testing::Test {
 protected:
  Ran run(const std::string& arguments) const { return folder_.run(NEARZONE_PROGRAM, arguments); }
  static std::string fixture(const std::string& name) {
    return std::string("'").append(test::tests_folder()).append("/lists/fixtures/" + name + "'");
  }

  // A file of mode 0600, as the tools ask for.
  void write_pem(const std::string& name, const std::function<int(FILE*)>& write) const {
    const int descriptor = ::open(folder_.file_of(name).c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GE(descriptor, 0);
    FILE* const file = ::fdopen(descriptor, "w");
    EXPECT_EQ(write(file), 1);
    std::fclose(file);
  }
  void write_key(const std::string& name, const Key& key) const {
    ASSERT_NE(key, nullptr);
    write_pem(name + ".pem", [&](FILE* file) {
      return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    write_pem(name + "_public.pem", [&](FILE* file) { return PEM_write_PUBKEY(file, key.get()); });
  }

  test::ProgramFolder folder_;
};

TEST_F(Signing, ASignedExportIsVerifiedByItsKeyAlone) {
  write_key("ours", new_p256());
  write_key("other", new_p256());
  const Ran made = run("list sign " + fixture("gaen_export.bin") +
                       " --key ours.pem --key-id 310 --key-version v1 -o out.zip");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_EQ(run("list verify out.zip --public-key ours_public.pem").exit_code, 0);
  EXPECT_EQ(run("list verify out.zip --public-key other_public.pem").exit_code, 4);
  EXPECT_THAT(run("list show out.zip").output, HasSubstr("gaen-export"));
}

TEST_F(Signing, ASignedNearZoneListIsVerifiedByItsKeyAlone) {
  write_key("ours", new_ed25519());
  write_key("other", new_ed25519());
  const Ran made = run("list sign " + fixture("bluezone.json") +
                       " --key ours.pem --list-id 1 --sequence 1 -o out.nzlist");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_EQ(run("list verify out.nzlist --public-key ours_public.pem").exit_code, 0);
  EXPECT_EQ(run("list verify out.nzlist --public-key other_public.pem").exit_code, 4);
}

TEST_F(Signing, KeysOfOtherKindsAreRefusedByName) {
  write_key("rsa", {EVP_RSA_gen(2048), EVP_PKEY_free});
  write_key("p384", {EVP_EC_gen("P-384"), EVP_PKEY_free});
  write_key("x25519", {EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), EVP_PKEY_free});
  const std::string list = fixture("gaen_signed.zip");
  for (const std::string kind : {"rsa", "p384", "x25519"}) {
    const Ran verified = run("list verify " + list + " --public-key " + kind + "_public.pem");
    EXPECT_EQ(verified.exit_code, 3) << kind;
    EXPECT_THAT(verified.errors, HasSubstr(kind + "_public.pem: key: neither a P-256 key"));
    const Ran made = run("list sign " + list + " --key " + kind + ".pem -o out");
    EXPECT_EQ(made.exit_code, 3) << kind;
    EXPECT_THAT(made.errors,
                HasSubstr(kind + ".pem: key: not an Ed25519 or P-256 private key in PEM"));
  }
}

TEST_F(Signing, APrivateKeyIsNoPublicOneNorTheOtherWayRound) {
  write_key("ours", new_p256());
  const std::string list = fixture("gaen_signed.zip");
  EXPECT_EQ(run("list verify " + list + " --public-key ours.pem").exit_code, 3);
  EXPECT_EQ(run("list sign " + list + " --key ours_public.pem -o out").exit_code, 3);
}

}  // namespace
}  // namespace nearzone
