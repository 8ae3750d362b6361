// A running authority: the store, its keys, the interface, and the HTTP server in front of them.
#pragma once

#include <memory>

#include "authority/http_api.h"
#include "authority/log.h"
#include "authority/settings.h"
#include "authority/sqlite_store.h"
#include "net/http_server.h"

namespace nearzone::authority {

// What a server is made of besides its settings. All of it must outlive the server.
struct Surroundings {
  const Clock& clock;
  Random& random;
  Log& log;
};

class Server {
 public:
  // Opens the store and what belongs to it, without serving yet. `settings` must outlive the
  // server.
  static Result<std::unique_ptr<Server>> open(const Settings& settings, const Surroundings& around);
  ~Server();

  // For paths beside the interface's own: before start().
  HttpApi& api() { return *api_; }
  SqliteStore& store() { return *store_; }
  KeyRing& ring() { return *ring_; }

  Status start();
  uint16_t port() const { return http_->port(); }
  // Answers what was asked before; takes at most `grace`.
  void stop(Millis grace);

 private:
  explicit Server(const Settings& settings) : settings_(settings) {}

  const Settings& settings_;
  // In the order in which they need each other; stop() ends them the other way round.
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<KeyRing> ring_;
  std::unique_ptr<SmsSender> sms_;
  std::unique_ptr<net::HttpServer> http_;
  std::unique_ptr<WriteQueue> writes_;
  std::unique_ptr<HttpApi> api_;
};

// Paths within the data folder.
std::string store_path(const StorageSettings& storage);
std::string root_secret_path(const StorageSettings& storage);

// Makes the data folder (mode 0700) and a root secret in it, where they are not there. A store
// without its root secret fails with not_found: a new one would open nothing of it.
Status prepare_folder(const StorageSettings& storage, Random& random);

}  // namespace nearzone::authority
