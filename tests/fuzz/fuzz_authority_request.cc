#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "authority/codes.h"
#include "authority/http_api.h"
#include "authority/json.h"
#include "authority/sqlite_store.h"

namespace {

using namespace nearzone;

// Safe from any thread, as the interface wants it.
class SharedRandom final : public Random {
 public:
  void fill(std::span<uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    random_.fill(out);
  }

 private:
  std::mutex mutex_;
  SeededRandom random_{1};
};

// The whole interface over a store, with callers of both kinds.
struct World {
  World() {
    settings.budget.failures_an_hour = UINT32_MAX;
    settings.realms.front().failures_an_hour = UINT64_MAX;
    settings.realms.front().codes_a_day = UINT64_MAX;
    std::string path = std::filesystem::temp_directory_path() / "nearzone-fuzz-XXXXXX";
    folder = ::mkdtemp(path.data());
    auto opened = authority::SqliteStore::open(folder + "/authority.db", {.is_durable = false});
    if (!opened.ok()) std::abort();
    store = *std::move(opened);
    ring = std::make_unique<authority::KeyRing>(*store, Secret<32>(), random);
    writes = std::make_unique<authority::WriteQueue>(*store);
    api = std::make_unique<authority::HttpApi>(
        authority::Services{settings, *store, *writes, *ring, clock, random, log}, sms);
    for (const authority::Role role : {authority::Role::device, authority::Role::admin}) {
      std::string key = authority::draw_api_key(random);
      const Status stored = store->write([&](authority::Writer& rows) {
        return rows
            .insert_api_key({0, std::to_string(static_cast<int>(role)), "default", role,
                             authority::hash_token(key), clock.now(), std::nullopt})
            .status();
      });
      if (!stored.ok()) std::abort();
      (role == authority::Role::admin ? admin_key : device_key) = key;
    }
  }
  ~World() {
    writes.reset();
    api.reset();
    ring.reset();
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  net::HttpResponse ask(net::HttpRequest request) {
    auto promise = std::make_shared<std::promise<net::HttpResponse>>();
    std::future<net::HttpResponse> answered = promise->get_future();
    api->handle(std::move(request),
                [promise](net::HttpResponse response) { promise->set_value(std::move(response)); });
    return answered.get();
  }

  SharedRandom random;
  ManualClock clock{Instant{1'599'998'400'000}};
  authority::Log log{authority::LogLevel::debug, clock, [](const std::string&, void*) {}, nullptr};
  authority::Settings settings;
  authority::SmsSender sms{log};
  std::string folder;
  std::string device_key;
  std::string admin_key;
  std::unique_ptr<authority::SqliteStore> store;
  std::unique_ptr<authority::KeyRing> ring;
  std::unique_ptr<authority::HttpApi> api;
  std::unique_ptr<authority::WriteQueue> writes;
};

}  // namespace

// The first byte says which path is asked; the rest is the body. No body makes the server fail, and
// every answer of its own is JSON.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World world;
  static constexpr const char* kPaths[] = {
      "/v1/publish",          "/v1/bluezone/report", "/api/verify",
      "/api/certificate",     "/api/issue",          "/api/batch-issue",
      "/api/checkcodestatus", "/api/expirecode",     "/v1/stats"};
  if (size == 0) return 0;
  const std::string path = kPaths[data[0] % std::size(kPaths)];
  const bool is_phones = path == "/api/verify" || path == "/api/certificate";
  const net::HttpResponse answer =
      world.ask({"POST",
                 path,
                 "",
                 {{"Content-Type", "application/json"},
                  {"X-API-Key", is_phones ? world.device_key : world.admin_key}},
                 std::string(reinterpret_cast<const char*>(data) + 1, size - 1),
                 "192.0.2.1"});
  if (answer.status < 200 || answer.status >= 500) std::abort();
  if (!authority::Json::parse(answer.body).ok()) std::abort();
  return 0;
}
