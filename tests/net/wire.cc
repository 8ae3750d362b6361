#include "net/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <utility>

namespace nearzone::net_test {
namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

template <typename Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  if (write(memory.get()) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<size_t>(size)};
}

}  // namespace

Socket::Socket(int descriptor) : descriptor_(descriptor) {
  const timeval limit{10, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

Socket Socket::connect(uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  // A socket that is not connected sends and receives nothing, which a test sees.
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return Socket(-1);
  return Socket(descriptor);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string Socket::receive(size_t most) {
  std::string bytes(most, '\0');
  const ssize_t got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

std::string Socket::receive_until(std::string_view end) {
  std::string text;
  while (text.find(end) == text.npos) {
    const std::string piece = receive();
    if (piece.empty()) break;
    text += piece;
  }
  return text;
}

std::string Socket::receive_all() {
  std::string text;
  for (std::string piece = receive(); !piece.empty(); piece = receive()) text += piece;
  return text;
}

void Socket::finish() { ::shutdown(descriptor_, SHUT_WR); }

Peer::Peer(std::function<void(Socket)> serve) : serve_(std::move(serve)) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor_, plain, size) == 0 && ::listen(descriptor_, 16) == 0 &&
      ::getsockname(descriptor_, plain, &size) == 0)
    port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] {
    for (;;) {
      const int accepted = ::accept(descriptor_, nullptr, nullptr);
      if (accepted < 0) return;
      serve_(Socket(accepted));
    }
  });
}

Peer::~Peer() {
  ::shutdown(descriptor_, SHUT_RDWR);
  thread_.join();
  ::close(descriptor_);
}

void relay(Socket& a, Socket& b) {
  std::thread back([&] {
    for (std::string bytes = b.receive(); !bytes.empty() && a.send(bytes); bytes = b.receive()) {
    }
    a.finish();
  });
  for (std::string bytes = a.receive(); !bytes.empty() && b.send(bytes); bytes = a.receive()) {
  }
  b.finish();
  back.join();
}

std::string answers_over_tls(uint16_t port, const std::vector<std::string>& records) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> made(SSL_new(context.get()), SSL_free);
  SSL* const tls = made.get();
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(tls, in, out);
  SSL_set_connect_state(tls);
  Socket socket = Socket::connect(port);
  const auto send = [&] {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    const bool is_sent = socket.send({bytes, static_cast<size_t>(size)});
    return BIO_reset(out) == 1 && is_sent;
  };
  const auto receive = [&] {
    const std::string bytes = socket.receive();
    return !bytes.empty() && BIO_write(in, bytes.data(), static_cast<int>(bytes.size())) > 0;
  };
  while (SSL_do_handshake(tls) != 1)
    if (!send() || !receive()) return "no handshake";
  for (const std::string& record : records)
    SSL_write(tls, record.data(), static_cast<int>(record.size()));
  send();
  std::string answers;
  std::string piece(64 << 10, '\0');
  for (;;) {
    const int size = SSL_read(tls, piece.data(), static_cast<int>(piece.size()));
    if (size > 0)
      answers.append(piece, 0, static_cast<size_t>(size));
    else if (SSL_get_error(tls, size) != SSL_ERROR_WANT_READ || !receive())
      return answers;
  }
}

Identity make_identity(const std::string& alternative_name) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  X509* const certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key.get());
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [id, text] : {std::pair{NID_subject_alt_name, alternative_name.c_str()},
                                 {NID_basic_constraints, "critical,CA:TRUE"}}) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, id, text), X509_EXTENSION_free);
    X509_add_ext(certificate, extension.get(), -1);
  }
  X509_sign(certificate, key.get(), EVP_sha256());
  Identity identity;
  identity.certificate = pem_of([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
  identity.key = pem_of([&](BIO* to) {
    return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  unsigned char* info = nullptr;
  const int size = i2d_PUBKEY(key.get(), &info);
  SHA256(info, static_cast<size_t>(size), identity.pin.data());
  OPENSSL_free(info);
  return identity;
}

}  // namespace nearzone::net_test
