// Sockets and certificates for the tests of HTTP: what talks to the client and to the server
// without being either of them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nearzone::net_test {

// A socket, closed with it. Every call gives up after ten seconds.
class Socket {
 public:
  explicit Socket(int descriptor);
  static Socket connect(uint16_t port);
  Socket(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  // Whether all of it went out.
  bool send(std::string_view bytes);
  // What comes next; empty where the other side is done, or nothing came.
  std::string receive(size_t most = 64 << 10);
  // Until `end` came or the other side is done.
  std::string receive_until(std::string_view end);
  std::string receive_all();
  // No more will be sent.
  void finish();

 private:
  int descriptor_;
};

// Takes connections, one at a time, and does with each as told, until it dies.
class Peer {
 public:
  explicit Peer(std::function<void(Socket)> serve);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();
  uint16_t port() const { return port_; }

 private:
  int descriptor_ = -1;
  uint16_t port_ = 0;
  std::function<void(Socket)> serve_;
  std::thread thread_;
};

// Carries bytes both ways until one side is done.
void relay(Socket& a, Socket& b);

// What a server with TLS answers until it is done. All records are sent at once, together with the
// last message of the handshake.
std::string answers_over_tls(uint16_t port, const std::vector<std::string>& records);

// A self-signed certificate for a host name or an address, with its key, in PEM.
struct Identity {
  std::string certificate;
  std::string key;
  std::array<uint8_t, 32> pin{};  // SHA-256 of its SubjectPublicKeyInfo
};
Identity make_identity(const std::string& alternative_name);  // such as "IP:127.0.0.1"

}  // namespace nearzone::net_test
