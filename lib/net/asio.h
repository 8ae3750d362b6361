// Boost.Asio and Beast, as far as this module uses them: all that is expensive to compile is here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>
#include <type_traits>

#include "nearzone/time.h"

namespace nearzone::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using PlainStream = Tcp::socket;
using TlsStream = asio::ssl::stream<Tcp::socket>;

inline PlainStream& socket_of(PlainStream& stream) { return stream; }
inline PlainStream& socket_of(TlsStream& stream) { return stream.next_layer(); }

// Whether bytes of the other side left the socket and wait within the stream: the socket alone
// would never tell of them. The last message of a handshake and the first request, or the two of a
// client that does not wait, come in one read.
inline bool holds_input(PlainStream& /*stream*/) { return false; }
inline bool holds_input(TlsStream& stream) {
  SSL* const tls = stream.native_handle();
  return SSL_pending(tls) > 0 || BIO_pending(SSL_get_rbio(tls)) > 0;
}

// Cancels what a socket is doing when its time is over; the socket stays open, so that it can still
// say so. Used on the socket's strand.
class Deadline {
 public:
  explicit Deadline(PlainStream& socket) : state_(std::make_shared<State>(socket)) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { clear(); }

  void set(Millis after) {
    state_->has_passed = false;
    const uint64_t round = ++state_->round;
    state_->timer.expires_after(after);
    state_->timer.async_wait([state = state_, round](error_code error) {
      if (error || state->round != round) return;
      state->has_passed = true;
      error_code ignored;
      state->socket->cancel(ignored);
    });
  }
  void clear() {
    ++state_->round;
    error_code ignored;
    state_->timer.cancel(ignored);
  }
  bool has_passed() const { return state_->has_passed; }

 private:
  struct State {
    explicit State(PlainStream& of) : socket(&of), timer(of.get_executor()) {}
    PlainStream* socket;  // outlives every round
    asio::steady_timer timer;
    uint64_t round = 0;
    bool has_passed = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace nearzone::net
