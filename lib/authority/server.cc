#include "authority/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "authority/private_file.h"

namespace nearzone::authority {

std::string store_path(const StorageSettings& storage) { return storage.folder + "/authority.db"; }

std::string root_secret_path(const StorageSettings& storage) {
  return storage.root_secret_file.empty() ? storage.folder + "/root.key" : storage.root_secret_file;
}

Status prepare_folder(const StorageSettings& storage, Random& random) {
  if (::mkdir(storage.folder.c_str(), 0700) == 0) {
    NEARZONE_TRY(sync_folder_of(storage.folder));
  } else if (errno != EEXIST) {
    return {Code::io, "the data folder cannot be made", "storage.folder"};
  }
  const Result<Secret<32>> root = read_root_secret(root_secret_path(storage));
  if (root.ok() || root.status().code() != Code::not_found || !storage.root_secret_file.empty())
    return root.status();
  if (::access(store_path(storage).c_str(), F_OK) == 0)
    return {Code::not_found,
            "the store is there and its root secret is not: put the copy of it back", "root.key"};
  return make_root_secret(root_secret_path(storage), random);
}

Result<std::unique_ptr<Server>> Server::open(const Settings& settings, const Surroundings& around) {
  std::unique_ptr<Server> server(new Server(settings));
  NEARZONE_ASSIGN(Secret<32> root, read_root_secret(root_secret_path(settings.storage)));
  NEARZONE_ASSIGN(server->store_, SqliteStore::open(store_path(settings.storage)));
  server->ring_ = std::make_unique<KeyRing>(*server->store_, std::move(root), around.random);
  // A wrong root secret shows now, not at the first request.
  for (const KeyPurpose purpose :
       {KeyPurpose::code_hash, KeyPurpose::revision_token, KeyPurpose::certificate})
    NEARZONE_TRY(server->ring_->all(purpose).status());
  server->sms_ = std::make_unique<SmsSender>(around.log);
  server->writes_ = std::make_unique<WriteQueue>(*server->store_);
  const Services services{settings,     *server->store_, *server->writes_, *server->ring_,
                          around.clock, around.random,   around.log};
  server->api_ = std::make_unique<HttpApi>(services, *server->sms_);
  return server;
}

Status Server::start() {
  const ServerSettings& from = settings_.server;
  net::HttpServerOptions options;
  options.address = from.address;
  options.port = from.port;
  options.threads = from.threads;
  options.most_connections = from.most_connections;
  options.certificate_chain_file = from.tls_certificate;
  options.private_key_file = from.tls_key;
  NEARZONE_ASSIGN(http_, net::HttpServer::start(options, *api_));
  return {};
}

void Server::stop(Millis grace) {
  if (http_ != nullptr) http_->stop(grace);
  // What it still writes may want to answer, so that it goes before the HTTP server.
  writes_.reset();
  http_.reset();
  // What they answered may be that a message is on its way.
  if (sms_ != nullptr) sms_->stop(grace);
}

Server::~Server() { stop(Millis(0)); }

}  // namespace nearzone::authority
