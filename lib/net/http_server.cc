#include "net/http_server.h"

#include <thread>
#include <vector>

#include "net/connection.h"

namespace nearzone::net {

std::string head_of(const HttpResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head += reason_phrase(response.status);
  head += "\r\n";
  for (const Header& header : response.headers) head += header.name + ": " + header.value + "\r\n";
  if (response.status != 204 && response.status != 304) {
    const uint64_t size = response.file ? response.file->size : response.body.size();
    head += "Content-Length: " + std::to_string(size) + "\r\n";
  }
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

namespace {

Result<asio::ip::address> address_of(const HttpServerOptions& options) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) return Status(Code::invalid_argument, "not an IP address", "address");
  return address;
}

bool has_tls(const HttpServerOptions& options) {
  return !options.certificate_chain_file.empty() || !options.private_key_file.empty();
}

Status load_certificate(const HttpServerOptions& options, asio::ssl::context& tls) {
  error_code error;
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use,
                  error);
  if (!error) tls.use_certificate_chain_file(options.certificate_chain_file, error);
  if (error)
    return {Code::io, "not a readable chain of certificates in PEM", "certificate_chain_file"};
  tls.use_private_key_file(options.private_key_file, asio::ssl::context::pem, error);
  if (error) return {Code::io, "not the certificate's private key in PEM", "private_key_file"};
  return {};
}

class AsioServer final : public HttpServer {
 public:
  AsioServer(const HttpServerOptions& options, HttpHandler& handler)
      : context_(static_cast<int>(options.threads)),
        acceptor_(asio::make_strand(context_)),
        tls_(asio::ssl::context::tls_server) {
    state_.options = options;
    state_.handler = &handler;
  }
  ~AsioServer() override {
    try {
      stop(Millis(0));
    } catch (const std::exception&) {
      // A thread that could not be joined ends the process where its handle dies.
    }
  }

  Status listen() {
    const HttpServerOptions& options = state_.options;
    is_tls_ = has_tls(options);
    if (is_tls_) NEARZONE_TRY(load_certificate(options, tls_));
    NEARZONE_ASSIGN(const asio::ip::address address, address_of(options));
    error_code error;
    const Tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(4096, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) return {Code::io, "this address cannot be listened on", "address"};
    asio::co_spawn(acceptor_.get_executor(), accept(), asio::detached);
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i)
      threads_.emplace_back([this] { context_.run(); });
    return {};
  }

  uint16_t port() const override { return port_; }
  size_t connections() const override { return state_.connections; }

  void stop(Millis grace) override {
    if (threads_.empty()) return;
    state_.is_stopping = true;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    close_idle_connections();
    const auto end = std::chrono::steady_clock::now() + grace;
    while (state_.connections > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void close_idle_connections() {
    const std::lock_guard lock(state_.mutex);
    for (Connection* connection : state_.open) connection->close_if_idle();
  }

  asio::awaitable<void> pause() {
    asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(20));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<void> accept() {
    while (!state_.is_stopping) {
      error_code error;
      if (state_.connections >= state_.options.most_connections) {
        // Who is next waits in the system's queue.
        co_await pause();
        continue;
      }
      Tcp::socket socket = co_await acceptor_.async_accept(
          asio::make_strand(context_), asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
      if (error) {
        // Out of descriptors, say: others may end meanwhile.
        co_await pause();
        continue;
      }
      const auto executor = socket.get_executor();
      if (is_tls_) {
        auto connection = std::make_shared<StreamConnection<TlsStream>>(
            TlsStream(std::move(socket), tls_), state_);
        asio::co_spawn(executor, StreamConnection<TlsStream>::run(std::move(connection)),
                       asio::detached);
      } else {
        auto connection =
            std::make_shared<StreamConnection<PlainStream>>(std::move(socket), state_);
        asio::co_spawn(executor, StreamConnection<PlainStream>::run(std::move(connection)),
                       asio::detached);
      }
    }
  }

  ServerState state_;  // outlives the connections that the context may still hold
  asio::io_context context_;
  Tcp::acceptor acceptor_;
  asio::ssl::context tls_;
  bool is_tls_ = false;
  uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace

Status HttpServer::check(const HttpServerOptions& options) {
  NEARZONE_TRY(address_of(options).status());
  if (!has_tls(options)) return {};
  asio::ssl::context tls(asio::ssl::context::tls_server);
  return load_certificate(options, tls);
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      HttpHandler& handler) {
  auto server = std::make_unique<AsioServer>(options, handler);
  NEARZONE_TRY(server->listen());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace nearzone::net
