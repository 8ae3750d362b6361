// What asks the server: one connection that is kept, and the requests of uploads.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authority/ec_key.h"
#include "nearzone/random.h"

namespace nearzone::bench {

class Client {
 public:
  explicit Client(uint16_t port);
  Client(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  struct Answer {
    int status = 0;
    size_t bytes = 0;  // head and body
    std::string body;
    std::chrono::microseconds took{0};
  };
  // Sends a whole request and reads its answer, which must have a Content-Length.
  Answer ask(std::string_view request);
  // Without an answer; false where the server does not take it.
  bool send(std::string_view bytes);

 private:
  int socket_ = -1;
};

// Requests of POST /v1/publish with `keys` fresh keys each, in 8 KiB bodies as phones send them.
std::vector<std::string> make_uploads(size_t count, size_t keys,
                                      const authority::EcPrivateKey& issuer, Random& random);
// The same for nobody's keys.
std::vector<std::string> make_chaff(size_t count, Random& random);

}  // namespace nearzone::bench
