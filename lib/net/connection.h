// One connection of the server: reads a request, has it answered, sends the answer, and begins
// again.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "net/asio.h"
#include "net/http_server.h"

namespace nearzone::net {

// "HTTP/1.1 200 OK" and so on, up to the empty line.
std::string head_of(const HttpResponse& response, bool keep_alive);

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  // Closes it where no request is being read or answered. From any thread.
  virtual void close_if_idle() = 0;
};

// What all connections of a server share.
struct ServerState {
  HttpServerOptions options;
  HttpHandler* handler = nullptr;
  std::atomic<bool> is_stopping = false;
  std::atomic<size_t> connections = 0;
  std::atomic<int64_t> timer_lateness_ns = 0;  // a moving mean
  std::mutex mutex;
  std::unordered_set<Connection*> open;
};

template <typename Stream>
class StreamConnection final : public Connection {
 public:
  StreamConnection(Stream stream, ServerState& state)
      : stream_(std::move(stream)), deadline_(socket_of(stream_)), state_(state) {
    const std::lock_guard lock(state_.mutex);
    state_.open.insert(this);
    ++state_.connections;
  }
  ~StreamConnection() override {
    const std::lock_guard lock(state_.mutex);
    state_.open.erase(this);
    --state_.connections;
  }

  // Runs on the stream's strand. `self` keeps the connection.
  static asio::awaitable<void> run(std::shared_ptr<StreamConnection> self) {
    return self->serve(self);
  }

  void close_if_idle() override {
    const std::weak_ptr<Connection> weak = this->weak_from_this();
    asio::post(stream_.get_executor(), [weak] {
      const std::shared_ptr<Connection> kept = weak.lock();
      if (kept == nullptr) return;
      auto& self = static_cast<StreamConnection&>(*kept);
      error_code ignored;
      if (self.is_idle_) socket_of(self.stream_).close(ignored);
    });
  }

 private:
  using Parser = http::request_parser<http::string_body>;
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;

  asio::awaitable<void> serve(std::shared_ptr<StreamConnection> self) {
    error_code error;
    const Tcp::endpoint peer = socket_of(stream_).remote_endpoint(error);
    if (error) co_return;
    peer_ = address_text(peer.address());
    socket_of(stream_).set_option(Tcp::no_delay(true), error);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      deadline_.set(state_.options.header_timeout);
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
    bool goes_on = true;
    while (goes_on && !state_.is_stopping) goes_on = co_await serve_one();
    deadline_.clear();
    co_await hang_up();
    static_cast<void>(self);
  }

  // Whether another request may follow.
  asio::awaitable<bool> serve_one() {
    if (buffer_.size() == 0 && !holds_input(stream_)) {
      // What waits for its next request holds no buffer.
      buffer_.shrink_to_fit();
      is_idle_ = true;
      deadline_.set(state_.options.idle_timeout);
      error_code error;
      co_await socket_of(stream_).async_wait(Tcp::socket::wait_read,
                                             asio::redirect_error(asio::use_awaitable, error));
      is_idle_ = false;
      if (error || state_.is_stopping) co_return false;
    }
    const std::shared_ptr<Parser> parser = std::make_shared<Parser>();
    parser->header_limit(static_cast<uint32_t>(state_.options.most_header_bytes));
    parser->body_limit(state_.options.most_body_bytes);
    deadline_.set(state_.options.header_timeout);
    error_code error;
    co_await http::async_read_header(stream_, buffer_, *parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (!error && parser->get()[http::field::expect] == "100-continue") {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(kContinue),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
    if (!error && !parser->is_done()) {
      deadline_.set(state_.options.body_timeout);
      co_await http::async_read(stream_, buffer_, *parser,
                                asio::redirect_error(asio::use_awaitable, error));
    }
    if (error) {
      const int status = status_of(error, *parser);
      if (status == 0) co_return false;
      const HttpResponse refusal = state_.handler->refuse(request_of(*parser), status);
      co_await send(refusal, parser->get().method() == http::verb::head, false, Clock::now());
      co_return false;
    }
    const bool keep_alive = parser->get().keep_alive() && !state_.is_stopping;
    const bool is_head = parser->get().method() == http::verb::head;
    HttpRequest request = request_of(*parser);
    request.body = std::move(parser->get().body());
    const TimePoint read_at = Clock::now();
    deadline_.clear();
    const HttpResponse response = co_await answer(std::move(request));
    co_return co_await send(response, is_head, keep_alive, read_at);
  }

  asio::awaitable<HttpResponse> answer(HttpRequest request) {
    auto answered = std::make_shared<std::pair<asio::steady_timer, std::optional<HttpResponse>>>(
        asio::steady_timer(stream_.get_executor(), Clock::time_point::max()), std::nullopt);
    state_.handler->handle(std::move(request), [answered](HttpResponse response) {
      const auto executor = answered->first.get_executor();
      asio::post(executor, [answered, response = std::move(response)]() mutable {
        answered->second = std::move(response);
        answered->first.cancel();
      });
    });
    while (!answered->second) {
      error_code cancelled;
      co_await answered->first.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    co_return *std::move(answered->second);
  }

  asio::awaitable<bool> send(const HttpResponse& response, bool is_head, bool keep_alive,
                             TimePoint read_at) {
    if (response.not_before > std::chrono::microseconds(0))
      co_await wait_until(read_at + response.not_before);
    if (response.on_send)
      response.on_send(
          std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - read_at));
    const std::string head = head_of(response, keep_alive);
    const bool has_file = response.file.has_value() && !is_head;
    const std::string_view body = is_head || response.file ? std::string_view() : response.body;
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    deadline_.set(state_.options.write_timeout);
    error_code error;
    co_await asio::async_write(stream_, parts, asio::redirect_error(asio::use_awaitable, error));
    for (uint64_t sent = 0; !error && has_file && sent < response.file->size;) {
      constexpr uint64_t kPiece = 64 << 10;
      const Result<std::string> piece = response.file->file->read(
          response.file->offset + sent,
          static_cast<size_t>(std::min(kPiece, response.file->size - sent)));
      // The length is promised: what cannot be read ends the connection.
      if (!piece.ok() || piece->empty()) co_return false;
      deadline_.set(state_.options.write_timeout);
      co_await asio::async_write(stream_, asio::buffer(*piece),
                                 asio::redirect_error(asio::use_awaitable, error));
      sent += piece->size();
    }
    co_return keep_alive && !error;
  }

  // Timers are always late. What others measure of this wait must not show that it was one, so that
  // the timer is set that much sooner.
  asio::awaitable<void> wait_until(TimePoint due) {
    const TimePoint at = due - std::chrono::nanoseconds(state_.timer_lateness_ns);
    asio::steady_timer timer(stream_.get_executor(), at);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    constexpr int64_t kMost = 2'000'000;
    const int64_t late = std::chrono::nanoseconds(Clock::now() - at).count();
    const int64_t before = state_.timer_lateness_ns;
    // Two at a time may overwrite each other: it is a mean all the same.
    state_.timer_lateness_ns = before + (std::clamp<int64_t>(late, 0, kMost) - before) / 16;
  }

  // Ends the connection so that the other side can read what it was sent: whoever is still sending
  // would lose it to a reset. Who sends without an end is left waiting for a moment, and cannot
  // come back at once.
  asio::awaitable<void> hang_up() {
    constexpr size_t kMost = 128 << 10;
    error_code error;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      deadline_.set(std::chrono::seconds(1));
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    }
    socket_of(stream_).shutdown(Tcp::socket::shutdown_send, error);
    std::string passed_over(16 << 10, '\0');
    deadline_.set(std::chrono::seconds(1));
    for (size_t size = 0; !error && size < kMost;)
      size += co_await socket_of(stream_).async_read_some(
          asio::buffer(passed_over), asio::redirect_error(asio::use_awaitable, error));
    if (!error)
      co_await socket_of(stream_).async_wait(Tcp::socket::wait_error,
                                             asio::redirect_error(asio::use_awaitable, error));
    deadline_.clear();
    socket_of(stream_).close(error);
  }

  // How to refuse what could not be read; 0: not at all, nobody is there.
  int status_of(error_code error, const Parser& parser) const {
    if (deadline_.has_passed()) return parser.got_some() ? 408 : 0;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
    return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
  }

  HttpRequest request_of(const Parser& parser) const {
    HttpRequest request;
    request.peer = peer_;
    if (!parser.got_some()) return request;
    const auto& message = parser.get();
    request.method = message.method_string();
    const std::string_view target(message.target().data(), message.target().size());
    const size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != target.npos) request.query = target.substr(mark + 1);
    for (const auto& field : message)
      request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    return request;
  }

  static std::string address_text(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
  }

  Stream stream_;
  Deadline deadline_;
  ServerState& state_;
  boost::beast::flat_buffer buffer_;
  std::string peer_;
  bool is_idle_ = false;
};

}  // namespace nearzone::net
