// Real lists of real servers, which this project may read but not publish. They are looked for in
// $NEARZONE_CONFORMANCE_DATA/lists, and beside the repository; without them these tests are
// skipped.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "lists/support.h"
#include "nearzone/lists.h"
#include "tests_folder.h"

namespace nearzone::testing {
namespace {

using Json = nlohmann::json;

bool exists(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0;
}

std::string data_folder() {
  const char* given = std::getenv("NEARZONE_CONFORMANCE_DATA");
  std::string folder =
      given != nullptr ? std::string(given) : test::tests_folder() + "/../../shared/data";
  return folder + "/lists/";
}

class ListsConformance : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!exists(data_folder() + "manifest.json"))
      GTEST_SKIP() << "no lists of real servers here; NEARZONE_CONFORMANCE_DATA names their folder";
    Bytes text = read_file(data_folder() + "manifest.json");
    manifest_ = Json::parse(text.begin(), text.end());
    for (const auto& [name, key] : manifest_["public_keys"].items()) {
      std::string pem = "-----BEGIN PUBLIC KEY-----\n" + key["spki_b64"].get<std::string>() +
                        "\n-----END PUBLIC KEY-----\n";
      add_key(name, as_bytes(pem));
    }
    for (const char* file : {"server_example_key.pem", "google-server_public.pem"})
      add_key(file, read_file(data_folder() + file));
  }

  void add_key(const std::string& name, ByteView text) {
    auto key = PublicKey::parse(text);
    ASSERT_TRUE(key.ok()) << name << ": " << key.status().text();
    names_.push_back(name);
    keys_.push_back(*key);
  }

  // Whether the manifest says that this key verifies the file. One key has two names there.
  bool is_listed(const Json& file, const PublicKey& key) const {
    if (!file.contains("verified_with")) return false;
    for (const Json& listed : file["verified_with"])
      for (size_t k = 0; k < keys_.size(); ++k)
        if (listed == names_[k] && std::ranges::equal(keys_[k].bytes(), key.bytes())) return true;
    return false;
  }

  Json manifest_;
  std::vector<std::string> names_;
  std::vector<PublicKey> keys_;
};

TEST_F(ListsConformance, EveryListIsReadOrRefusedAsItsNoteSays) {
  ASSERT_GE(manifest_["files"].size(), 14u);
  for (const Json& file : manifest_["files"]) {
    std::string name = file["file"];
    SCOPED_TRACE(name);
    auto source = FileSource::open(data_folder() + name);
    ASSERT_TRUE(source.ok());
    auto list = KeyList::open(**source);
    if (name == "legit.zip") {  // its keys have 96 bytes
      ASSERT_FALSE(list.ok());
      EXPECT_EQ(list.status().code(), Code::corrupt);
      EXPECT_STREQ(list.status().field(), "key_data");
      EXPECT_GE(list.status().record(), 0);
      continue;
    }
    ASSERT_TRUE(list.ok()) << list.status().text();
    const ListInfo& info = (*list)->info();
    EXPECT_EQ(info.keys - info.revised_keys, file["keys"].get<uint64_t>());
    EXPECT_EQ(info.revised_keys, file["revised_keys"].get<uint64_t>());
    EXPECT_EQ(info.refused_count, 0u);
    EXPECT_EQ(info.region, file["region"].get<std::string>());
    if (file.contains("start")) {
      EXPECT_EQ(info.start, Instant::from_seconds(file["start"].get<int64_t>()));
      EXPECT_EQ(info.end, Instant::from_seconds(file["end"].get<int64_t>()));
      EXPECT_EQ(info.batch_number, file["batch"][0].get<int32_t>());
      EXPECT_EQ(info.batch_size, file["batch"][1].get<int32_t>());
    }
    auto keys = read_keys(**list);
    ASSERT_TRUE(keys.ok()) << keys.status().text();
    EXPECT_EQ(keys->size(), info.keys);
  }
}

TEST_F(ListsConformance, SignatureFactsAreThoseOfTheManifest) {
  for (const Json& file : manifest_["files"]) {
    if (!file.contains("signature_infos") || file["file"] == "legit.zip") continue;
    SCOPED_TRACE(file["file"].get<std::string>());
    auto source = FileSource::open(data_folder() + file["file"].get<std::string>());
    auto list = KeyList::open(**source);
    ASSERT_TRUE(list.ok());
    const auto& found = (*list)->info().signatures;
    ASSERT_EQ(found.size(), file["signature_infos"].size());
    for (size_t i = 0; i < found.size(); ++i) {
      const Json& info = file["signature_infos"][i];
      // The manifest tells what export.bin says; export.sig, which counts, may say more.
      EXPECT_EQ(found[i].key_id, info.value("key_id", found[i].key_id));
      EXPECT_EQ(found[i].key_version, info.value("key_version", found[i].key_version));
      EXPECT_EQ(found[i].algorithm, info.value("algorithm", found[i].algorithm));
    }
  }
}

TEST_F(ListsConformance, OnlyTheListedKeysVerify) {
  size_t verified = 0;
  for (const Json& file : manifest_["files"]) {
    if (file["file"] == "legit.zip") continue;
    SCOPED_TRACE(file["file"].get<std::string>());
    auto source = FileSource::open(data_folder() + file["file"].get<std::string>());
    auto list = KeyList::open(**source);
    ASSERT_TRUE(list.ok());
    for (size_t k = 0; k < keys_.size(); ++k) {
      SCOPED_TRACE(names_[k]);
      bool holds = (*list)->verify({&keys_[k], 1}).outcome == SignatureOutcome::verified;
      EXPECT_EQ(holds, is_listed(file, keys_[k]));
      verified += holds ? 1 : 0;
    }
  }
  EXPECT_GE(verified, 6u);
}

TEST_F(ListsConformance, FilesAreThoseThatTheManifestDescribes) {
  for (const Json& file : manifest_["files"]) {
    Digest digest = sha256(read_file(data_folder() + file["file"].get<std::string>()));
    EXPECT_EQ(to_hex(digest), file["sha256"].get<std::string>());
  }
}

TEST_F(ListsConformance, GermanDayOf22July2020Has720Keys) {
  auto source = FileSource::open(data_folder() + "de_2020-07-22_export.bin");
  ASSERT_TRUE(source.ok());
  auto list = KeyList::open(**source);
  ASSERT_TRUE(list.ok()) << list.status().text();
  EXPECT_EQ((*list)->info().keys, 720u);
  EXPECT_EQ((*list)->info().region, "DE");
  EXPECT_EQ(format_instant((*list)->info().start), "2020-07-22 00:00:00");
  EXPECT_EQ((*list)->verify(keys_).outcome, SignatureOutcome::unsigned_list);
}

TEST_F(ListsConformance, ExtraMembersAreRefusedWhereAsked) {
  auto source = FileSource::open(data_folder() + "eks_1a082a5e.zip");
  ASSERT_TRUE(source.ok());
  ListOptions options;
  options.refuse_extra_members = true;
  EXPECT_EQ(KeyList::open(**source, options).status().code(), Code::corrupt);
}

}  // namespace
}  // namespace nearzone::testing
