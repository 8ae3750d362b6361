#include "net/http_client.h"

#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "net/asio.h"

namespace nearzone::net {
namespace {

const Status kUnreachable(Code::io, "the server cannot be reached");
const Status kBroken(Code::io, "the connection broke off");

// How reading an answer went.
Status status_of(error_code error) {
  if (!error) return {};
  if (error == http::error::body_limit || error == http::error::header_limit)
    return {Code::limit_exceeded, "the answer is larger than it may be"};
  const bool is_http =
      error.category() == http::make_error_code(http::error::bad_method).category();
  const bool has_ended =
      error == http::error::end_of_stream || error == http::error::partial_message;
  if (is_http && !has_ended) return {Code::corrupt, "the answer is not HTTP"};
  return kBroken;
}

// The head of a request and its body.
std::string text_of(const ClientRequest& request, const Url& url, bool to_proxy) {
  std::string text = request.method + ' ';
  if (to_proxy) text += "http://" + url.authority();
  text += url.target + " HTTP/1.1\r\nHost: " + url.authority() + "\r\nConnection: close\r\n";
  for (const Header& header : request.headers) text += header.name + ": " + header.value + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

// Whether a header could be taken for several.
bool is_plain(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

class Fetch {
 public:
  Fetch(const ClientRequest& request, const ClientOptions& options, const Url& url,
        const std::optional<Url>& proxy)
      : request_(request),
        options_(options),
        url_(url),
        proxy_(proxy),
        tls_(asio::ssl::context::tls_client) {}

  Result<HttpResponse> run() {
    std::optional<Status> outcome;
    asio::co_spawn(context_, all(), [&](const std::exception_ptr& thrown, const Status& status) {
      outcome = thrown ? Status(Code::internal, "the request failed") : status;
    });
    context_.run_for(options_.timeout);
    if (!outcome) return Status(Code::cancelled, "it took too long");
    if (!outcome->ok()) return *outcome;
    return std::move(response_);
  }

 private:
  asio::awaitable<Status> all() {
    Tcp::socket socket(context_);
    const Url& place = proxy_ ? *proxy_ : url_;
    error_code error;
    Tcp::resolver resolver(context_);
    const auto found = co_await resolver.async_resolve(
        place.host, place.port, asio::redirect_error(asio::use_awaitable, error));
    if (!error)
      co_await asio::async_connect(socket, found, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return kUnreachable;
    if (!url_.is_secure) co_return co_await exchange(socket, proxy_.has_value());
    if (proxy_) {
      const Status tunnelled = co_await tunnel(socket);
      if (!tunnelled.ok()) co_return tunnelled;
    }
    const Status trusted = trust();
    if (!trusted.ok()) co_return trusted;
    TlsStream stream(std::move(socket), tls_);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification(url_.host), error);
    name_server(stream.native_handle());
    co_await stream.async_handshake(asio::ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error && error.category() == asio::error::get_ssl_category())
      co_return Status(Code::wrong_key, "the server's certificate is not to be trusted");
    if (error) co_return kBroken;
    if (!is_pinned(stream.native_handle()))
      co_return Status(Code::wrong_key, "the server's key is none of those pinned");
    co_return co_await exchange(stream, false);
  }

  // Tells the server which of its names is meant; an address is none.
  void name_server(SSL* session) const {
    error_code is_name;
    asio::ip::make_address(url_.host, is_name);
    if (!is_name) return;
    // The macro for this casts as C does; the text is copied, but taken as one to write to.
    std::string name = url_.host;
    SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }

  Status trust() {
    error_code error;
    if (options_.trusted_certificates.empty()) {
      tls_.set_default_verify_paths(error);
    } else {
      tls_.load_verify_file(options_.trusted_certificates, error);
    }
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    if (error) return {Code::io, "the trusted certificates cannot be read"};
    return {};
  }

  bool is_pinned(SSL* session) const {
    if (options_.pinned_keys.empty()) return true;
    const STACK_OF(X509)* chain = SSL_get0_verified_chain(session);
    for (int i = 0; i < sk_X509_num(chain); ++i) {
      unsigned char* bytes = nullptr;
      const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(sk_X509_value(chain, i)), &bytes);
      if (size <= 0) continue;
      std::array<uint8_t, 32> digest{};
      SHA256(bytes, static_cast<size_t>(size), digest.data());
      OPENSSL_free(bytes);
      if (std::ranges::find(options_.pinned_keys, digest) != options_.pinned_keys.end())
        return true;
    }
    return false;
  }

  asio::awaitable<Status> tunnel(Tcp::socket& socket) {
    const std::string place = url_.host + ':' + url_.port;
    const std::string text = "CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n\r\n";
    error_code error;
    co_await asio::async_write(socket, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, error));
    // Byte by byte, so that nothing of what follows is taken.
    std::string head;
    constexpr size_t kMostHead = 8 << 10;
    while (!error && !head.ends_with("\r\n\r\n") && head.size() < kMostHead) {
      char c = 0;
      co_await socket.async_read_some(asio::buffer(&c, 1),
                                      asio::redirect_error(asio::use_awaitable, error));
      head += c;
    }
    if (error || !head.starts_with("HTTP/1.") || head.size() < 12 || head.compare(9, 3, "200") != 0)
      co_return Status(Code::io, "the proxy does not connect", "proxy");
    co_return Status();
  }

  template <typename Stream>
  asio::awaitable<Status> exchange(Stream& stream, bool to_proxy) {
    const std::string text = text_of(request_, url_, to_proxy);
    error_code error;
    co_await asio::async_write(stream, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, error));
    // A server that refuses what it has not read may have answered all the same.
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.header_limit(64 << 10);
    parser.body_limit(options_.most_body_bytes);
    if (request_.method == "HEAD") parser.skip(true);
    co_await http::async_read(stream, buffer, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    const Status read = status_of(error);
    if (!read.ok()) co_return read;
    response_.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get())
      response_.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    response_.body = std::move(parser.get().body());
    co_return Status();
  }

  const ClientRequest& request_;
  const ClientOptions& options_;
  const Url& url_;
  const std::optional<Url>& proxy_;
  asio::ssl::context tls_;
  HttpResponse response_;
  asio::io_context context_;  // last: what it holds uses the others
};

}  // namespace

Result<HttpResponse> fetch(const ClientRequest& request, const ClientOptions& options) {
  NEARZONE_ASSIGN(const Url url, parse_url(request.url));
  std::optional<Url> proxy;
  if (!options.proxy.empty()) {
    const Result<Url> parsed = parse_url(options.proxy);
    if (!parsed.ok() || parsed->is_secure)
      return Status(Code::invalid_argument, "must be http://HOST:PORT", "proxy");
    proxy = *parsed;
  }
  for (const Header& header : request.headers)
    if (!is_plain(header.name) || !is_plain(header.value))
      return Status(Code::invalid_argument, "a header must be one line", "headers");
  return Fetch(request, options, url, proxy).run();
}

}  // namespace nearzone::net
