#include "network.h"

#include "nearzone/bytes.h"

namespace nearzone::tools {

void NetworkOptions::add_to(CLI::App& command) {
  command.add_option("--proxy", proxy, "http://HOST:PORT");
  command.add_option("--trusted-certificates", trusted_certificates,
                     "PEM file of the authorities that may vouch for the server; default: the "
                     "system's");
  command.add_option("--pin", pins,
                     "SHA-256 of a SubjectPublicKeyInfo in hexadecimal: one certificate of the "
                     "server's chain must have one of them");
  command.add_option("--timeout", timeout_seconds, "Seconds for each request")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

Result<net::ClientOptions> NetworkOptions::http() const {
  net::ClientOptions options;
  options.timeout = std::chrono::seconds(timeout_seconds);
  options.proxy = proxy;
  options.trusted_certificates = trusted_certificates;
  for (const std::string& pin : pins) {
    std::array<uint8_t, 32> bytes{};
    if (!from_hex(pin, bytes).ok())
      return Status(Code::invalid_argument, "must be 64 hexadecimal digits", "--pin");
    options.pinned_keys.push_back(bytes);
  }
  return options;
}

}  // namespace nearzone::tools
