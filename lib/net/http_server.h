// An HTTP/1.1 server: limits and time-outs on everything, keep-alive, TLS, graceful stop.
//
//     Hello hello;  // a HttpHandler
//     NEARZONE_ASSIGN(auto server, HttpServer::start({.port = 8080}, hello));
//     wait_for_a_signal();
//     server->stop(std::chrono::seconds(10));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "nearzone/status.h"
#include "nearzone/time.h"
#include "net/http.h"

namespace nearzone::net {

// What a server does with requests. Called from several threads at once.
class HttpHandler {
 public:
  using Respond = std::function<void(HttpResponse)>;
  virtual ~HttpHandler() = default;
  // Must call `respond` once, at once or later, from any thread.
  virtual void handle(HttpRequest request, Respond respond) = 0;
  // The answer to a request that the server itself refuses: 400 (not HTTP), 408, 413, 431. As far
  // as it was read; there is no body. The connection is closed behind it.
  virtual HttpResponse refuse(const HttpRequest& request, int status) = 0;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any that is free
  unsigned threads = 2;
  size_t most_connections = 20'000;
  size_t most_header_bytes = 16 << 10;
  size_t most_body_bytes = 64'000;
  Millis idle_timeout = std::chrono::seconds(75);    // until the next request's first byte
  Millis header_timeout = std::chrono::seconds(15);  // from there until its header is read
  Millis body_timeout = std::chrono::seconds(30);
  Millis write_timeout = std::chrono::seconds(60);  // of one answer or 64 KiB of a file
  // PEM files; TLS where both are given, 1.2 or newer.
  std::string certificate_chain_file;
  std::string private_key_file;
};

class HttpServer {
 public:
  // Listens at once. The handler must outlive the server. Fails with io (with the field "address"
  // where it cannot be listened on, "certificate_chain_file" or "private_key_file"), or
  // invalid_argument.
  static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options,
                                                   HttpHandler& handler);
  // Whether it could start, as far as the options tell: an IP address, and files of TLS that can be
  // read and belong together. Fails as start() does.
  static Status check(const HttpServerOptions& options);
  virtual ~HttpServer() = default;

  virtual uint16_t port() const = 0;
  virtual size_t connections() const = 0;
  // No further connection or request is taken; answers under way may take `grace`.
  virtual void stop(Millis grace) = 0;
};

}  // namespace nearzone::net
