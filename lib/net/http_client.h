// An HTTP/1.1 client for one request at a time: limits, a time-out over all of it, proxies, TLS
// with pinned keys. It follows no redirection and sends nothing that it was not told to send.
//
//     ClientRequest request{"GET", "https://lists.example.org/index.txt", {}, {}};
//     NEARZONE_ASSIGN(const HttpResponse answer, fetch(request, options));
//     if (answer.status == 304) return nothing_new();
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "nearzone/status.h"
#include "nearzone/time.h"
#include "net/http.h"

namespace nearzone::net {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // http://HOST[:PORT]/PATH or https://...
  std::vector<Header> headers = {};
  std::string body = {};
};

struct ClientOptions {
  Millis timeout = std::chrono::seconds(30);  // of everything, from the name to the last byte
  size_t most_body_bytes = size_t{64} << 20;
  std::string proxy = {};  // http://HOST:PORT; https goes through it by CONNECT
  // PEM file of the authorities that may vouch for a server; empty: the system's.
  std::string trusted_certificates = {};
  // SHA-256 of SubjectPublicKeyInfo; where any are given, one certificate of the server's verified
  // chain must have one of them.
  std::vector<std::array<uint8_t, 32>> pinned_keys = {};
};

// Blocks. An answer of any status is a success. Fails with invalid_argument (field "url" or
// "proxy"), io, cancelled (it took too long), limit_exceeded, wrong_key (the certificate is not the
// server's, or no key is pinned), or corrupt (no HTTP).
Result<HttpResponse> fetch(const ClientRequest& request, const ClientOptions& options);

// The parts of an absolute URL. Fails with invalid_argument.
struct Url {
  bool is_secure = false;
  std::string host;               // an IPv6 address without its brackets
  std::string port;               // digits
  std::string target;             // path and query, beginning with a slash
  std::string authority() const;  // as in the Host header
};
Result<Url> parse_url(std::string_view text);

}  // namespace nearzone::net
