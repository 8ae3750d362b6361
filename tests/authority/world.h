// An authority in one process: its store in a folder, its interface asked directly, its clock in
// the test's hand.
#pragma once

#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "authority/codes.h"
#include "authority/http_api.h"
#include "authority/json.h"
#include "authority/sqlite_store.h"
#include "authority/support.h"

namespace nearzone::authority_test {

// A seeded stream that threads may share.
class SharedRandom final : public Random {
 public:
  explicit SharedRandom(uint64_t seed) : random_(seed) {}
  void fill(std::span<uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    random_.fill(out);
  }

 private:
  std::mutex mutex_;
  SeededRandom random_;
};

// Keeps every line that is logged.
struct Lines {
  static void add(const std::string& line, void* lines) {
    static_cast<Lines*>(lines)->text += line + '\n';
  }
  std::string text;
};

inline constexpr const char* kApp = "com.example.ios.app";

// A realm called "hanoi", and a foreign issuer of certificates as the recorded cases have it.
inline authority::Settings test_settings(const authority::EcPublicKey& foreign) {
  authority::Settings settings;
  settings.realms.front().name = "hanoi";
  settings.bluezone.realm = "hanoi";
  authority::TrustedIssuer trusted;
  trusted.health_authority = kApp;
  trusted.issuer = "iss-test";
  trusted.audience = "aud-test";
  trusted.regions = {"US"};
  trusted.keys.emplace("1", foreign);
  settings.trusted_issuers.push_back(std::move(trusted));
  return settings;
}

struct Answer {
  net::HttpResponse http;
  authority::Json json;
  int status() const { return http.status; }
  std::string text(std::string_view name) const {
    const authority::Json* value = json.find(name);
    return value == nullptr ? "" : value->text;
  }
  int64_t number(std::string_view name) const {
    const authority::Json* value = json.find(name);
    return value == nullptr ? 0 : value->integer;
  }
};

class World {
 public:
  explicit World(Instant at = kNoon, uint64_t seed = 1) : random(seed), clock(at) {}
  // After `settings` are as the test wants them.
  void open() {
    auto opened = authority::SqliteStore::open(folder.file("authority.db"), {.is_durable = false});
    ASSERT_TRUE(opened.ok());
    sqlite = *std::move(opened);
    open_over(*sqlite);
  }
  void open_over(authority::Store& store) {
    api.reset();
    writes.reset();
    ring = std::make_unique<authority::KeyRing>(store, Secret<32>(), random);
    writes = std::make_unique<authority::WriteQueue>(store);
    api = std::make_unique<authority::HttpApi>(
        authority::Services{settings, store, *writes, *ring, clock, random, log}, sms);
  }

  Answer ask(net::HttpRequest request) {
    const auto promise = std::make_shared<std::promise<net::HttpResponse>>();
    std::future<net::HttpResponse> answered = promise->get_future();
    api->handle(std::move(request),
                [promise](net::HttpResponse response) { promise->set_value(std::move(response)); });
    Answer answer{answered.get(), {}};
    if (Result<authority::Json> json = authority::Json::parse(answer.http.body); json.ok())
      answer.json = *std::move(json);
    return answer;
  }
  Answer post(const std::string& path, const std::string& body,
              std::vector<net::Header> headers = {}) {
    headers.push_back({"Content-Type", "application/json"});
    return ask({"POST", path, "", std::move(headers), body, peer});
  }
  // With an API key of this role, which is made when it is needed first.
  Answer post_as(authority::Role role, const std::string& path, const std::string& body) {
    return post(path, body, {{"X-API-Key", key_of_role(role)}});
  }
  std::string key_of_role(authority::Role role) {
    std::string& key = keys_[role];
    if (key.empty()) {
      key = authority::draw_api_key(random);
      EXPECT_TRUE(sqlite
                      ->write([&](authority::Writer& rows) {
                        return rows
                            .insert_api_key({0, "key-" + std::to_string(static_cast<int>(role)),
                                             "hanoi", role, authority::hash_token(key), clock.now(),
                                             std::nullopt})
                            .status();
                      })
                      .ok());
    }
    return key;
  }
  std::optional<authority::StoredKey> stored(const std::vector<uint8_t>& bytes,
                                             SchemeTag scheme = SchemeTag::gaen) {
    std::optional<authority::StoredKey> key;
    EXPECT_TRUE(sqlite
                    ->read([&](authority::Reader& rows) -> Status {
                      NEARZONE_ASSIGN(key, rows.find_key(scheme, bytes));
                      return {};
                    })
                    .ok());
    return key;
  }
  // Of a scope on the clock's day.
  int64_t counted(const std::string& scope, const std::string& metric) {
    int64_t count = 0;
    EXPECT_TRUE(sqlite
                    ->read([&](authority::Reader& rows) -> Status {
                      const Day today = Day::of(clock.now());
                      NEARZONE_ASSIGN(const auto counters,
                                      rows.statistics(scope, today, today + 1));
                      for (const authority::Statistic& each : counters)
                        if (each.metric == metric) count = each.count;
                      return {};
                    })
                    .ok());
    return count;
  }

  TemporaryFolder folder;
  SharedRandom random;
  ManualClock clock;
  Lines lines;
  authority::Log log{authority::LogLevel::debug, clock, Lines::add, &lines};
  authority::EcPrivateKey foreign = *authority::EcPrivateKey::generate();
  authority::Settings settings = test_settings(foreign.public_key());
  std::string peer = "192.0.2.1";
  authority::SmsSender sms{log};
  std::unique_ptr<authority::SqliteStore> sqlite;
  std::unique_ptr<authority::KeyRing> ring;
  std::unique_ptr<authority::HttpApi> api;
  std::unique_ptr<authority::WriteQueue> writes;  // ends before the interface it answers through

 private:
  std::map<authority::Role, std::string> keys_;
};

}  // namespace nearzone::authority_test
