// The files of tools/nearzone-authority/deploy, as an operator uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/http_client.h"
#include "net/wire.h"
#include "tests_folder.h"
#include "tools/program.h"
#include "tools/serving.h"

namespace nearzone {
namespace {

using test::ProgramFolder;
using test::Ran;
using test::Serving;
using testing::HasSubstr;
using testing::Not;

std::string deploy(const std::string& name) {
  return test::tests_folder() + ("/../tools/nearzone-authority/deploy/" + name);
}

bool is_installed(const char* program) {
  return std::system(
             ("PATH=$PATH:/usr/sbin command -v " + std::string(program) + " > /dev/null 2>&1")
                 .c_str()) == 0;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  size_t count = 0;
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()), ++count)
    text.replace(at, what.size(), by);
  EXPECT_GT(count, 0u) << what << " is no longer there";
  return text;
}

class Deploy : public testing::Test {
 protected:
  Ran authority(const std::string& arguments) const {
    return folder_.run(NEARZONE_AUTHORITY_PROGRAM, arguments);
  }
  ProgramFolder folder_;
};

TEST_F(Deploy, TheConfigurationHasNoFault) {
  const Ran ran = authority("config check --config '" + deploy("authority.toml") + "'");
  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
}

TEST_F(Deploy, TheUnitIsHardened) {
  if (!is_installed("systemd-analyze")) GTEST_SKIP() << "systemd is not here";
  // Its program is only there where the package is installed.
  const std::string unit =
      replaced(test::ProgramFolder::text_of(deploy("nearzone-authority.service")),
               "/usr/bin/nearzone-authority", NEARZONE_AUTHORITY_PROGRAM);
  folder_.write("nearzone-authority.service", unit);
  Ran ran = folder_.run("systemd-analyze", "verify ./nearzone-authority.service 2>&1");
  EXPECT_THAT(ran.output, Not(HasSubstr("Unknown"))) << "a key that systemd does not know";
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  // Ten times the exposure: 2.0 is what systemd calls OK.
  ran = folder_.run("systemd-analyze",
                    "security --offline=true --threshold=20 ./nearzone-authority.service 2>&1");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

// nginx with the sample configuration, changed only in ports, paths and who may reach what.
class Nginx : public Deploy {
 protected:
  void SetUp() override {
    if (!is_installed("nginx"))
      GTEST_SKIP() << "NOT TESTED: the sample nginx.conf, as nginx is not here";
    folder_.write("authority.toml",
                  replaced(test::ProgramFolder::text_of(deploy("authority.toml")),
                           "/var/lib/nearzone-authority", folder_.file_of("data")));
    for (const char* algorithm : {"p256", "ed25519"})
      ASSERT_EQ(authority(std::string("key new ") + algorithm + " --algorithm " + algorithm +
                          " --config authority.toml")
                    .exit_code,
                0);
    server_ = std::make_unique<Serving>(
        std::vector<std::string>{"--config", folder_.file_of("authority.toml")},
        folder_.file_of("server.errors"));
    ASSERT_GT(server_->port(), 0) << folder_.read("server.errors");

    const net_test::Identity identity = net_test::make_identity("IP:127.0.0.1");
    folder_.write("fullchain.pem", identity.certificate);
    folder_.write("privkey.pem", identity.key);
    options_.trusted_certificates = folder_.file_of("fullchain.pem");
    options_.pinned_keys = {identity.pin};
    port_ = free_port();
    std::string site = test::ProgramFolder::text_of(deploy("nginx.conf"));
    site = replaced(site, "server 127.0.0.1:8080;",
                    "server 127.0.0.1:" + std::to_string(server_->port()) + ";");
    site = replaced(site, "listen 443 ssl http2;",
                    "listen 127.0.0.1:" + std::to_string(port_) + " ssl http2;");
    site = replaced(site, "listen [::]:443 ssl http2;", "");
    site = replaced(site, "/etc/ssl/nearzone/", folder_.path() + "/");
    site = replaced(site, "/var/cache/nginx/nearzone", folder_.file_of("cache"));
    site = replaced(site, "/var/log/nginx/nearzone.log", folder_.file_of("access.log"));
    folder_.write("site.conf", site);
    std::string temporary;
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      temporary += std::string(kind) + "_temp_path " + folder_.file_of("temporary") + ";\n";
    folder_.write("nginx.conf", "daemon on;\npid " + folder_.file_of("nginx.pid") +
                                    ";\nerror_log " + folder_.file_of("nginx.log") +
                                    ";\nevents {}\nhttp {\n" + temporary + "include " +
                                    folder_.file_of("site.conf") + ";\n}\n");
    // nginx started by root works as nobody, who may not read a folder of mode 0700.
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    const Ran ran = nginx("");
    ASSERT_EQ(ran.exit_code, 0) << ran.errors << folder_.read("nginx.log");
  }
  void TearDown() override {
    if (port_ == 0) return;
    nginx("-s stop");
    // Until it is gone, its files are in use.
    for (int i = 0; i < 500 && std::filesystem::exists(folder_.file_of("nginx.pid")); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  Ran nginx(const std::string& arguments) const {
    // A plain user's PATH has no /usr/sbin.
    return folder_.run(
        std::filesystem::exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx",
        "-p '" + folder_.path() + "' -c '" + folder_.file_of("nginx.conf") + "' " + arguments);
  }
  static uint16_t free_port() {
    const net_test::Peer peer([](net_test::Socket) {});
    return peer.port();
  }
  net::HttpResponse ask(const std::string& method, const std::string& path,
                        const std::vector<net::Header>& headers = {},
                        const std::string& body = {}) const {
    const auto answer = net::fetch(
        {method, "https://127.0.0.1:" + std::to_string(port_) + path, headers, body}, options_);
    EXPECT_TRUE(answer.ok()) << answer.status().text();
    return answer.ok() ? *answer : net::HttpResponse{0, {}, {}, {}, {}, {}};
  }

  std::unique_ptr<Serving> server_;
  net::ClientOptions options_;
  uint16_t port_ = 0;
};

TEST_F(Nginx, ListsAreServedFromItsCache) {
  const auto cached = [&] {
    return std::filesystem::exists(folder_.file_of("cache")) &&
           !std::filesystem::is_empty(folder_.file_of("cache"));
  };
  // The server writes its first index after it listens.
  net::HttpResponse first = ask("GET", "/exports/en/index.txt");
  for (int i = 0; i < 500 && first.status == 404; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    first = ask("GET", "/exports/en/index.txt");
  }
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(net::find_header(first.headers, "Cache-Control"), "public, max-age=300");
  const std::string etag(net::find_header(first.headers, "ETag"));
  EXPECT_NE(etag, "");
  EXPECT_EQ(ask("GET", "/exports/en/index.txt", {{"If-None-Match", etag}}).status, 304);
  EXPECT_TRUE(cached());
  // It goes on while the server is away.
  EXPECT_EQ(server_->stop(), 0);
  EXPECT_EQ(ask("GET", "/exports/en/index.txt").status, 200);
  EXPECT_EQ(ask("POST", "/v1/publish", {{"Content-Type", "application/json"}}, "{}").status, 502);
}

TEST_F(Nginx, UploadsGoThroughAndTheirCallersAreKnownByNoNameTheyChoose) {
  const auto publish = [&](const std::string& body) {
    return ask("POST", "/v1/publish", {{"Content-Type", "application/json"}}, body);
  };
  const net::HttpResponse refused = publish("{}");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("unknown_health_authority_id"));
  EXPECT_EQ(net::find_header(refused.headers, "Content-Encoding"), "");
  EXPECT_EQ(publish(std::string(64'001, ' ')).status, 413);
  const std::string key =
      authority("api-key new app --role device --config authority.toml").output.substr(0, 43);
  int status = 0;
  for (int i = 0; i < 51; ++i)
    status = ask("POST", "/api/verify",
                 {{"Content-Type", "application/json"},
                  {"X-API-Key", key},
                  {"X-Forwarded-For", "192.0.2." + std::to_string(i)}},
                 R"({"code":"00000000"})")
                 .status;
  EXPECT_EQ(status, 429) << "a budget for each address that it makes up";
  // Nobody is told of in the log.
  EXPECT_THAT(folder_.read("access.log"), HasSubstr("\"POST /api/verify\" 400"));
  EXPECT_THAT(folder_.read("access.log"), Not(HasSubstr("127.0.0.1")));
}

TEST_F(Nginx, WhatIsNotForEverybodyIsNotReached) {
  EXPECT_EQ(ask("GET", "/metrics").status, 404);
  EXPECT_EQ(ask("GET", "/readyz").status, 404);
  EXPECT_EQ(ask("GET", "/issue").status, 200) << "from this machine";
  EXPECT_EQ(ask("GET", "/issue.js").status, 200);
  EXPECT_EQ(ask("GET", "/issue.php").status, 404);
  EXPECT_EQ(ask("GET", "/exports/../root.key").status, 404);
}

}  // namespace
}  // namespace nearzone
