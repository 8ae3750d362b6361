#include "authority/client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <utility>

#include "authority/base64.h"
#include "authority/jwt.h"
#include "authority/publish_request.h"
#include "authority/server_process.h"

namespace nearzone::bench {
namespace {

constexpr size_t kBodyBytes = 8192;  // of every publish request of a phone

std::string request_of(std::string_view members, const char* marking_header) {
  std::string body = "{";
  body += members;
  body += body.size() > 1 ? ",\"padding\":\"" : "\"padding\":\"";
  body.append(kBodyBytes - body.size() - 2, 'x');
  body += "\"}";
  return std::string(
             "POST /v1/publish HTTP/1.1\r\nHost: 127.0.0.1\r\n"
             "Content-Type: application/json\r\n") +
         marking_header + ": 1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

std::string upload(size_t count, const authority::EcPrivateKey& issuer, Random& random) {
  const int64_t now = std::time(nullptr);
  const int64_t today = now / 86400 * 144;
  std::vector<authority::UploadedKey> keys(count);
  std::string list;
  for (size_t i = 0; i < count; ++i) {
    std::array<uint8_t, 16> bytes{};
    random.fill(bytes);
    keys[i] = {authority::base64(bytes), today - 144 * static_cast<int64_t>(i % 13 + 1), 144, 0};
    list += i == 0 ? "" : ",";
    list += "{\"key\":\"" + keys[i].text +
            "\",\"rollingStartNumber\":" + std::to_string(keys[i].start) +
            ",\"rollingPeriod\":144,\"transmissionRisk\":0}";
  }
  std::array<uint8_t, 32> hmac_key{};
  random.fill(hmac_key);
  const authority::Hash mac = authority::keys_hmac(keys, hmac_key, true);
  const auto certificate =
      authority::make_jwt("1",
                          R"({"iss":"bench","aud":"bench","reportType":"confirmed","iat":)" +
                              std::to_string(now) + ",\"exp\":" + std::to_string(now + 3600) +
                              ",\"tekmac\":\"" + authority::base64(mac) + "\"}",
                          issuer);
  if (!certificate.ok()) stop("no certificate");
  return request_of(
      "\"temporaryExposureKeys\":[" + list +
          "],\"healthAuthorityID\":\"org.nearzone.bench\",\"verificationPayload\":\"" +
          *certificate + "\",\"hmacKey\":\"" + authority::base64(hmac_key) + '"',
      "X-Grain");
}

}  // namespace

Client::Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    stop("the server takes no connection");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

Client::Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

Client::Answer Client::ask(std::string_view request) {
  const auto begun = std::chrono::steady_clock::now();
  if (!send(request)) stop("the server hung up");
  std::string text;
  size_t head = text.npos;
  size_t length = 0;
  char piece[16 << 10];
  while (head == text.npos || text.size() < head + 4 + length) {
    const ssize_t got = ::recv(socket_, piece, sizeof(piece), 0);
    if (got <= 0) stop("the server hung up");
    text.append(piece, static_cast<size_t>(got));
    if (head != text.npos) continue;
    head = text.find("\r\n\r\n");
    if (head == text.npos) continue;
    constexpr std::string_view kLength = "Content-Length: ";
    const size_t at = text.find(kLength);
    if (at > head) stop("an answer without a length");
    std::from_chars(text.data() + at + kLength.size(), text.data() + head, length);
  }
  Answer answer;
  answer.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begun);
  answer.bytes = text.size();
  std::from_chars(text.data() + 9, text.data() + 12, answer.status);
  answer.body = text.substr(head + 4);
  return answer;
}

std::vector<std::string> make_uploads(size_t count, size_t keys,
                                      const authority::EcPrivateKey& issuer, Random& random) {
  std::vector<std::string> requests(count);
  for (std::string& request : requests) request = upload(keys, issuer, random);
  return requests;
}

std::vector<std::string> make_chaff(size_t count, Random& random) {
  std::vector<std::string> requests(count);
  for (std::string& request : requests)
    request = request_of("\"nonce\":" + std::to_string(random.below(1'000'000)), "X-Chaff");
  return requests;
}

}  // namespace nearzone::bench
