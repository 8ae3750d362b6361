// nearzone upload and nearzone sync beside a running nearzone-authority.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "nearzone/device.h"
#include "tools/program.h"
#include "tools/serving.h"

namespace nearzone {
namespace {

using test::ProgramFolder;
using test::Ran;
using test::Serving;

class Network : public testing::Test {
 protected:
  void SetUp() override { ASSERT_GT(server_->port(), 0); }

  Ran nearzone(const std::string& arguments) const {
    return folder_.run(NEARZONE_PROGRAM, arguments);
  }
  Ran authority(const std::string& arguments) const {
    return folder_.run(NEARZONE_AUTHORITY_PROGRAM, arguments + " --folder authority");
  }
  // A log whose phone advertised on the last days.
  void make_log(const std::string& name, int days) {
    ASSERT_EQ(nearzone("log init --log " + name).exit_code, 0);
    const std::string key = folder_.read(name + ".key");
    ASSERT_EQ(key.size(), 32u);
    std::array<uint8_t, 32> bytes{};
    std::ranges::copy(key, bytes.begin());
    ManualClock clock(SystemClock().now() - Day::kLength * (days - 1));
    SystemRandom random;
    auto device = Device::open(folder_.file_of(name),
                               Secret<32>(std::span<const uint8_t, 32>(bytes)), clock, random);
    ASSERT_TRUE(device.ok()) << device.status().text();
    for (int day = 0; day < days; ++day, clock.advance(Day::kLength))
      ASSERT_TRUE((*device)->advertisement().ok());
  }
  std::string new_code() const {
    const Ran issued = authority("code issue --json");
    EXPECT_EQ(issued.exit_code, 0) << issued.errors;
    return nlohmann::json::parse(issued.output).at(0).at("code");
  }
  Ran upload(const std::string& more) const {
    return nearzone("upload --log phone --server " + server_->url() +
                    "/ --api-key-file authority/device.api-key " + more);
  }
  // The public keys of the lists, one a file.
  std::string public_keys() const {
    const std::string pems = authority("key list --public").output;
    std::string options;
    size_t number = 0;
    for (size_t at = 0; (at = pems.find("-----BEGIN", at)) != pems.npos; ++at) {
      const std::string name = "key-" + std::to_string(number++) + ".pem";
      folder_.write(name, pems.substr(at, pems.find("-----BEGIN", at + 1) - at));
      options += " --public-key " + name;
    }
    EXPECT_EQ(number, 2u);
    return options;
  }

  ProgramFolder folder_;
  std::unique_ptr<Serving> server_ =
      std::make_unique<Serving>(std::vector<std::string>{"--folder", folder_.file_of("authority")},
                                folder_.file_of("server.errors"));
};

TEST_F(Network, WhatIsUploadedWithConsentIsPublishedAndFetched) {
  make_log("phone", 3);
  const std::string code = new_code();
  // Nobody is there to be asked.
  Ran ran = upload("--code " + code);
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.errors.find("--yes"), std::string::npos) << ran.errors;
  // A code that nobody issued; the keys stay pending.
  ran = upload("--yes --code 00000000");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_NE(ran.errors.find("code-refused"), std::string::npos) << ran.errors;
  ran = upload("--yes --code " + code);
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(ran.output, "The server has 3 keys; 3 new to it.\n");
  // It was for one upload.
  make_log("other", 2);
  ran = nearzone("upload --yes --log other --code " + code + " --server " + server_->url() +
                 " --api-key-file authority/device.api-key");
  EXPECT_EQ(ran.exit_code, 3);

  // The day after tomorrow all of them are published.
  const Instant later = SystemClock().now() + Day::kLength * 2;
  ran = authority("export --series en --now " + format_day(Day::of(later)));
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  const std::string lists = server_->url() + "/exports --index en/index.txt --to lists --json";
  ran = nearzone("sync " + lists + public_keys());
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(nlohmann::json::parse(ran.output).at("fetched"), 1);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.file_of("lists")))
    if (entry.path().extension() == ".zip") ++files;
  EXPECT_EQ(files, 1u);
  ran = nearzone("list verify lists/*.zip" + public_keys());
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  // Nothing is asked before it is due.
  EXPECT_EQ(server_->stop(), 0);
  ran = nearzone("sync " + lists + public_keys());
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(nlohmann::json::parse(ran.output).at("fetched"), 0);
}

TEST_F(Network, ListsOfAnotherSignerAreNotKept) {
  make_log("phone", 2);
  EXPECT_EQ(upload("--yes --code " + new_code()).exit_code, 0);
  const Instant later = SystemClock().now() + Day::kLength * 2;
  EXPECT_EQ(authority("export --now " + format_day(Day::of(later))).exit_code, 0);
  std::filesystem::create_directory(folder_.file_of("foreign"));
  ASSERT_EQ(folder_
                .run(NEARZONE_AUTHORITY_PROGRAM,
                     "key new 1 --algorithm p256 --folder foreign/authority > foreign.pem")
                .exit_code,
            0);
  const Ran ran = nearzone("sync " + server_->url() +
                           "/exports --index en/index.txt --to lists --public-key foreign.pem");
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_NE(ran.errors.find(".zip: signature: "), std::string::npos) << ran.errors;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.file_of("lists")))
    EXPECT_TRUE(entry.path().filename().string().starts_with('.')) << entry.path();
}

TEST_F(Network, AnUploadIsDiscardedAsThePersonWants) {
  make_log("phone", 2);
  EXPECT_EQ(upload("--yes --code 00000000").exit_code, 3);
  EXPECT_EQ(nearzone("upload --log phone --discard").exit_code, 0);
  // What was pending is gone with its keys; today's new one is what is left to give.
  const Ran ran = upload("--yes --code " + new_code());
  EXPECT_EQ(ran.output, "The server has 1 key; 1 new to it.\n") << ran.errors;
}

TEST_F(Network, AServerThatIsNotThereLeavesTheUploadPending) {
  make_log("phone", 2);
  const std::string code = new_code();
  const std::string url = server_->url();
  ASSERT_EQ(server_->stop(), 0);
  const Ran ran =
      nearzone("upload --yes --log phone --code " + code + " --server " + url + " --patience 0");
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_NE(ran.errors.find("unreachable"), std::string::npos) << ran.errors;
  const Ran synced = nearzone("sync " + url + " --public-key x.pem");
  EXPECT_NE(synced.exit_code, 0);
}

TEST_F(Network, CodesAndKeysGoToOtherMachinesWithTlsOnly) {
  make_log("phone", 1);
  const std::string to = "upload --log phone --yes --patience 0 --timeout 1 --code 123456789 ";
  for (const char* way : {"--server http://192.0.2.1", "--server http://127.example.org",
                          "--server https://192.0.2.1 --verification-server http://192.0.2.1"}) {
    const Ran refused = nearzone(to + way);
    EXPECT_EQ(refused.exit_code, 2) << way;
    EXPECT_NE(refused.errors.find("in clear"), std::string::npos) << refused.errors;
  }
  // Nobody listens there: it was tried.
  EXPECT_EQ(nearzone(to + "--server http://127.0.0.1:1").exit_code, 5);
  EXPECT_EQ(nearzone(to + "--server http://0.0.0.0:1 --allow-http").exit_code, 5);
}

TEST_F(Network, AnApiKeyThatOthersMayReadIsRefused) {
  make_log("phone", 1);
  std::filesystem::permissions(folder_.file_of("authority/device.api-key"),
                               std::filesystem::perms(0640));
  const Ran refused = upload("--yes --code 123456789");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE(refused.errors.find("chmod it to 0600"), std::string::npos) << refused.errors;
}

TEST_F(Network, BadOptionsAreNamed) {
  for (const auto& [arguments, text] :
       {std::pair{"upload --log x --server http://x", "--code and --server"},
        {"upload --log x --code 1 --server http://x --pin 00", "--pin"},
        {"upload --log x --code 1 --server http://x --scheme none", "scheme"},
        {"sync http://x", "--public-key"}}) {
    const Ran ran = nearzone(arguments);
    EXPECT_EQ(ran.exit_code, 2) << arguments;
    EXPECT_NE(ran.errors.find(text), std::string::npos) << ran.errors;
  }
}

}  // namespace
}  // namespace nearzone
