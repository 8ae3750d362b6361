// A published archive read by programs that share no code with the writer: minizip, protobuf's
// generated messages, and OpenSSL.

#include <minizip/unzip.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>

#include "authority/exports/support.h"
#include "exposure_notification_export.pb.h"

namespace nearzone::authority_test {
namespace {

using namespace authority;
using std::chrono::hours;

std::string member(const std::string& archive, const char* name) {
  const unzFile file = unzOpen64(archive.c_str());
  std::string content;
  if (file != nullptr && unzLocateFile(file, name, 1) == UNZ_OK &&
      unzOpenCurrentFile(file) == UNZ_OK) {
    char buffer[4096];
    for (int got; (got = unzReadCurrentFile(file, buffer, sizeof(buffer))) > 0;)
      content.append(buffer, static_cast<size_t>(got));
    EXPECT_EQ(unzCloseCurrentFile(file), UNZ_OK) << "the checksum is wrong";
  }
  if (file != nullptr) unzClose(file);
  return content;
}

bool verifies(const std::string& message, const std::string& signature, const std::string& pem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> text(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const uint8_t*>(signature.data()),
                          signature.size(), reinterpret_cast<const uint8_t*>(message.data()),
                          message.size()) == 1;
}

TEST(IndependentReaderTest, AnArchiveIsWhatTheFormatSays) {
  const TemporaryFolder folder;
  Office office(folder.path());
  office.make_keys();
  office.make_key("key-0", PublicKey::Algorithm::ecdsa_p256);
  SeededRandom random(3);
  std::map<std::string, StoredKey> keys;
  for (int i = 0; i < 12; ++i) {
    const auto key = uploaded_key(random, kNoon);
    keys[std::string(key.key.bytes.begin(), key.key.bytes.begin() + 16)] = key;
    office.insert(key);
  }
  ASSERT_OK(office.worker(random).run(small_series(), kNoon + hours(6)).status());
  const std::string path = office.exports->path() + "/vn/1599998400-1600012800-00001.zip";
  const std::string export_bin = member(path, "export.bin");
  ASSERT_EQ(export_bin.substr(0, 16), "EK Export v1    ");

  gaen_export::Export list;
  ASSERT_TRUE(list.ParseFromString(export_bin.substr(16)));
  EXPECT_EQ(list.start_timestamp(), 1'599'998'400u);
  EXPECT_EQ(list.end_timestamp(), 1'600'012'800u);
  EXPECT_EQ(list.region(), "VN");
  EXPECT_EQ(list.batch_num(), 1);
  EXPECT_EQ(list.batch_size(), 1);
  ASSERT_EQ(list.keys_size(), 20);
  int real = 0;
  for (int i = 0; i < list.keys_size(); ++i) {
    const auto& key = list.keys(i);
    ASSERT_EQ(key.key_data().size(), 16u);
    EXPECT_TRUE(i == 0 || list.keys(i - 1).key_data() < key.key_data());
    EXPECT_EQ(key.transmission_risk_level(), 4);
    EXPECT_EQ(key.rolling_period(), 144);
    EXPECT_EQ(key.days_since_onset_of_symptoms(), -2);
    real += static_cast<int>(keys.count(key.key_data()));
  }
  EXPECT_EQ(real, 12);

  gaen_export::SignatureList signatures;
  ASSERT_TRUE(signatures.ParseFromString(member(path, "export.sig")));
  ASSERT_EQ(signatures.signatures_size(), 2);
  ASSERT_EQ(list.signature_infos_size(), 2);
  std::vector<SigningKeyInfo> facts;
  ASSERT_OK(office.store->read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(facts, rows.signing_keys());
    return {};
  }));
  for (const auto& signature : signatures.signatures()) {
    const auto key = std::ranges::find(facts, signature.signature_info().verification_key_id(),
                                       &SigningKeyInfo::id);
    ASSERT_NE(key, facts.end());
    EXPECT_EQ(signature.signature_info().signature_algorithm(), "1.2.840.10045.4.3.2");
    EXPECT_TRUE(verifies(export_bin, signature.signature(), key->public_key_pem));
    EXPECT_FALSE(verifies(export_bin + "x", signature.signature(), key->public_key_pem));
  }
}

}  // namespace
}  // namespace nearzone::authority_test
