// nearzone-authority as an operator meets it: its output and its exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "net/http_client.h"
#include "tools/program.h"
#include "tools/serving.h"

namespace nearzone {
namespace {

using test::ProgramFolder;
using test::Ran;
using test::Serving;
using testing::HasSubstr;
using testing::Not;

class Authority : public testing::Test {
 protected:
  Ran authority(const std::string& arguments) const {
    return folder_.run(NEARZONE_AUTHORITY_PROGRAM, arguments);
  }
  // On the data folder "data".
  Ran on_data(const std::string& arguments) const {
    return authority(arguments + " --folder data");
  }
  // The output, of what must succeed.
  std::string output(const std::string& arguments) const {
    const Ran ran = on_data(arguments);
    EXPECT_EQ(ran.exit_code, 0) << arguments << ": " << ran.errors;
    return ran.output;
  }
  nlohmann::json json(const std::string& arguments) const {
    return nlohmann::json::parse(output(arguments + " --json"), nullptr, false);
  }

  ProgramFolder folder_;
};

TEST_F(Authority, IssuesLooksUpAndExpiresCodesAndKeepsAnAudit) {
  const nlohmann::json issued = json(
                                    "code issue --type likely --symptom-date 2020-09-10 --now "
                                    "2020-09-13T12:00:00")
                                    .at(0);
  const std::string code = issued.at("code");
  const std::string uuid = issued.at("uuid");
  EXPECT_EQ(code.size(), 9u);
  EXPECT_EQ(issued.at("longCode").get<std::string>().size(), 16u);
  EXPECT_EQ(issued.at("expiresAtTimestamp"), 1'599'998'400 + 15 * 60);

  EXPECT_EQ(json("code status " + uuid).at("claimed"), false);
  EXPECT_THAT(output("code status --now 2020-09-13T12:01:00 " + uuid), HasSubstr("valid"));
  output("code expire --now 2020-09-13T12:01:00 " + uuid);
  EXPECT_THAT(output("code status --now 2020-09-13T12:02:00 " + uuid), HasSubstr("expired"));
  EXPECT_EQ(on_data("code status 00000000-0000-4000-8000-000000000000").exit_code, 3);

  const nlohmann::json batch = json("code batch -n 25");
  EXPECT_EQ(batch.size(), 25u);
  EXPECT_EQ(on_data("code batch -n 1001").exit_code, 3) << "more than a day's quota";
  EXPECT_EQ(on_data("code issue --type cured").exit_code, 2);
  EXPECT_EQ(on_data("code issue --test-date tomorrow").exit_code, 2);

  // Each act once, by whom, and no code anywhere.
  const std::string audit = output("audit -n 1000 --json");
  EXPECT_EQ(std::ranges::count(audit, '\n'), 1 + 25 + 3 + 1);
  EXPECT_THAT(audit, HasSubstr("\"code.expire\", \"subject\": \"" + uuid + "\""));
  EXPECT_THAT(audit, HasSubstr("\"actor\": \"command-line\""));
  EXPECT_THAT(audit, Not(HasSubstr(code)));
  EXPECT_THAT(output("audit -n 2"), HasSubstr("code.issue"));
}

TEST_F(Authority, SendsCodesThroughTheOperatorsProgram) {
  folder_.write("send", "#!/bin/sh\ncat > \"$1\"\n[ $# = 1 ]\n");
  ASSERT_EQ(::chmod(folder_.file_of("send").c_str(), 0755), 0);
  folder_.write("config.toml",
                "[storage]\nfolder = \"data\"\n[[realm]]\nname = \"hanoi\"\nsms_command = [\"" +
                    folder_.file_of("send") + "\", \"" + folder_.file_of("sent") +
                    "\"]\nsms_text = \"Your code is {code}.\"\n");
  const Ran ran = authority("code issue --config config.toml --json --phone +84912345678");
  ASSERT_EQ(ran.exit_code, 0) << ran.errors;
  const std::string code = nlohmann::json::parse(ran.output).at(0).at("code");
  EXPECT_EQ(folder_.read("sent"), "+84912345678\nYour code is " + code + ".");
  EXPECT_EQ(authority("code issue --config config.toml --phone 0912345678").exit_code, 2);
  // A program that fails is told of, and the code with it.
  folder_.write("send", "#!/bin/sh\nexit 1\n");
  const Ran failed = authority("code issue --config config.toml --phone +84912345678");
  EXPECT_EQ(failed.exit_code, 5);
  EXPECT_THAT(failed.errors, HasSubstr("the program failed"));
  EXPECT_THAT(failed.errors, Not(HasSubstr("84912345678")));
  EXPECT_EQ(on_data("code issue --phone +84912345678").exit_code, 3) << "no program";
}

TEST_F(Authority, ExplainsAConfigurationByKeyAndLine) {
  folder_.write("config.toml",
                "[server]\nport = 443\nprot = 1\n[[realm]]\nshort_code_digits = 5\n");
  for (const char* command : {"config check", "serve", "export", "code issue"}) {
    const Ran ran = authority(std::string(command) + " --config config.toml");
    EXPECT_EQ(ran.exit_code, 2) << command;
    EXPECT_THAT(ran.errors, HasSubstr("config.toml:3: server.prot is not known"));
    EXPECT_THAT(ran.errors, HasSubstr("config.toml:5: realm.short_code_digits must be 6 to 12"));
  }
  folder_.write("config.toml", "[server]\naddress = \"0.0.0.0\"\n[storage]\nfolder = \"data\"\n");
  const Ran good = authority("config check --config config.toml");
  EXPECT_EQ(good.exit_code, 0) << good.errors;
  EXPECT_THAT(good.output, HasSubstr("with a chance of 1 in 10666"));
  EXPECT_THAT(good.output, HasSubstr("put a proxy with TLS in front"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file_of("data"))) << "only looked";
  const Ran unsigned_ = authority("serve --config config.toml --port 0");
  EXPECT_EQ(unsigned_.exit_code, 2);
  EXPECT_THAT(unsigned_.errors, HasSubstr("no key to sign lists with"));
}

TEST_F(Authority, RefusesSecretsThatOthersMayRead) {
  output("code issue");
  const std::string root = folder_.file_of("data/root.key");
  struct stat found {};
  ASSERT_EQ(::stat(root.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(folder_.file_of("data").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  ASSERT_EQ(::chmod(root.c_str(), 0644), 0);
  for (const char* command : {"code issue", "serve --port 0"}) {
    const Ran ran = on_data(command);
    EXPECT_EQ(ran.exit_code, 3) << command;
    EXPECT_THAT(ran.errors, HasSubstr("others may read this file; chmod it to 0600"));
  }
  ASSERT_EQ(::chmod(root.c_str(), 0600), 0);
  output("key new 1 --algorithm p256");
  ASSERT_EQ(::chmod(folder_.file_of("data/signing-keys/1.pem").c_str(), 0640), 0);
  const Ran ran = on_data("key list");
  EXPECT_EQ(ran.exit_code, 0) << "which needs no secret";
}

TEST_F(Authority, KeepsApiKeysAndSigningKeys) {
  const std::string key = output("api-key new app --role device");
  EXPECT_GE(key.size(), 43u);
  EXPECT_EQ(on_data("api-key new app").exit_code != 0, true) << "a name is unique";
  EXPECT_THAT(output("api-key list"), HasSubstr("device"));
  EXPECT_THAT(output("api-key list"), Not(HasSubstr(key.substr(0, 20))));
  output("api-key revoke app");
  EXPECT_EQ(on_data("api-key revoke app").exit_code, 3);
  EXPECT_THAT(output("key new 452 --algorithm p256 --from 2020-01-01"),
              HasSubstr("BEGIN PUBLIC KEY"));
  output("key new 453 --algorithm ed25519");
  output("key retire 452 --at 2020-12-31");
  EXPECT_THAT(output("key list"), HasSubstr("2020-12-31"));
  EXPECT_EQ(on_data("key retire 454").exit_code, 3);
  const std::string audit = output("audit --server");
  EXPECT_THAT(audit, HasSubstr("signing-key.new"));
  EXPECT_THAT(audit, HasSubstr("api-key.revoke"));
}

TEST_F(Authority, BacksUpAndRestores) {
  const std::string uuid = json("code issue").at(0).at("uuid");
  output("backup copy.db");
  EXPECT_EQ(on_data("backup copy.db").exit_code, 5) << "nothing is overwritten";
  struct stat found {};
  ASSERT_EQ(::stat(folder_.file_of("copy.db").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  EXPECT_EQ(on_data("restore copy.db").exit_code, 5) << "nor here";
  std::filesystem::rename(folder_.file_of("data"), folder_.file_of("lost"));
  output("restore copy.db");
  // No new secret, which would open nothing of what was restored.
  const Ran locked = on_data("code status " + uuid);
  EXPECT_EQ(locked.exit_code, 3);
  EXPECT_THAT(locked.errors, HasSubstr("its root secret is not"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file_of("data/root.key")));
  std::filesystem::copy(folder_.file_of("lost/root.key"), folder_.file_of("data/root.key"));
  EXPECT_EQ(json("code status " + uuid).at("claimed"), false);
  folder_.write("nonsense.db", "nonsense");
  EXPECT_EQ(authority("restore nonsense.db --folder other").exit_code, 3);
  // A backup that fails leaves nothing that looks like one, and can be made again.
  const Ran full = folder_.run("sh", "-c \"trap '' XFSZ; ulimit -f 100; exec '" +
                                         std::string(NEARZONE_AUTHORITY_PROGRAM) +
                                         "' backup part.db --folder data\"");
  EXPECT_EQ(full.exit_code, 5) << full.errors;
  EXPECT_FALSE(std::filesystem::exists(folder_.file_of("part.db")));
  output("backup part.db");
}

TEST_F(Authority, SignsAfterItWasRestoredIntoAnotherFolder) {
  output("key new one --algorithm p256 --from 2020-01-01");
  output("key new two --algorithm ed25519 --from 2020-01-01");
  folder_.write("empty.toml",
                "[[export]]\nname = \"en\"\nregion = \"VN\"\npublishes_empty = true\n");
  output("backup copy.db");
  output("export --config empty.toml --now 2020-09-13T12:00:00");
  const std::string published = "data/exports/en/index.txt";
  EXPECT_THAT(folder_.read(published), HasSubstr(".zip"));
  EXPECT_EQ(authority("restore copy.db --folder elsewhere").exit_code, 0);
  for (const char* part : {"root.key", "signing-keys"})
    std::filesystem::rename(folder_.file_of(std::string("data/") + part),
                            folder_.file_of(std::string("elsewhere/") + part));
  const Ran ran =
      authority("export --config empty.toml --folder elsewhere --now 2020-09-13T12:00:00");
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(folder_.read("elsewhere/exports/en/index.txt"), folder_.read(published));
  EXPECT_THAT(authority("key list --folder elsewhere").output,
              HasSubstr("elsewhere/signing-keys/one.pem"));
}

TEST_F(Authority, ListsOfNobodysKeysAreMadeLookedAtAndVerified) {
  for (const auto& [id, algorithm, format] :
       {std::tuple{"one", "p256", "gaen-export"}, {"two", "ed25519", "nearzone"}}) {
    const std::string name(id);
    folder_.write(name + ".public", output("key new " + name + " --algorithm " + algorithm));
    const std::string list = name + ".list";
    const Ran made =
        folder_.run(NEARZONE_PROGRAM,
                    "list generate --keys 37 --key data/signing-keys/" + name + ".pem -o " + list);
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    const Ran seen = folder_.run(NEARZONE_PROGRAM,
                                 "list inspect --json --public-key " + name + ".public " + list);
    ASSERT_EQ(seen.exit_code, 0) << seen.errors;
    const nlohmann::json facts = nlohmann::json::parse(seen.output).at("lists").at(0);
    EXPECT_EQ(facts.at("keys"), 37);
    EXPECT_EQ(facts.at("format"), format);
    EXPECT_EQ(facts.at("signature"), "verified");
  }
  EXPECT_EQ(folder_.run(NEARZONE_PROGRAM, "list verify --public-key one.public one.list").exit_code,
            0);
  EXPECT_EQ(folder_.run(NEARZONE_PROGRAM, "list verify --public-key one.public two.list").exit_code,
            4);
}

TEST_F(Authority, SaysWhyAKeyIsNotPublished) {
  const Ran ran = on_data("explain 000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.output, HasSubstr("en\n"));
  EXPECT_EQ(on_data("explain 0001").exit_code, 2);
  EXPECT_EQ(on_data("cleanup --dry-run").exit_code, 0);
  EXPECT_EQ(on_data("export --series none").exit_code, 2);
}

TEST_F(Authority, ServesWithNothingConfiguredAndSaysSo) {
  Serving server({"--folder", folder_.file_of("data")}, folder_.file_of("said"));
  ASSERT_GT(server.port(), 0);
  const auto get = [&](const char* path) {
    const auto answer = net::fetch({"GET", server.url() + path, {}, {}}, {});
    return answer.ok() ? answer->status : 0;
  };
  EXPECT_EQ(get("/healthz"), 200);
  EXPECT_EQ(get("/readyz"), 200);
  EXPECT_EQ(get("/metrics"), 200);
  EXPECT_EQ(get("/issue"), 200);
  // It writes its first index after it listens.
  for (int i = 0; i < 500 && get("/exports/en/index.txt") == 404; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(get("/exports/en/index.txt"), 200);
  EXPECT_EQ(get("/exports/../root.key"), 404);
  EXPECT_EQ(get("/v1/publish"), 405);
  EXPECT_THAT(folder_.read("said"), HasSubstr("This is a development server"));
  // A second one of the same folder could only do harm to the first one's port, not to its data.
  EXPECT_EQ(server.stop(), 0) << "gracefully";
  EXPECT_THAT(folder_.read("said"), HasSubstr("\"event\":\"stopping\""));
}

}  // namespace
}  // namespace nearzone
