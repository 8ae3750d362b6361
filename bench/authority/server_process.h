// A nearzone-authority in a process of its own, in a folder that goes with it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace nearzone::bench {

[[noreturn]] void stop(const char* what);

class ServerProcess {
 public:
  // It believes certificates of the issuer "bench" that this public key (PEM) verifies, for uploads
  // of the app "org.nearzone.bench".
  ServerProcess(const std::string& program, const std::string& public_key_pem);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  uint16_t port() const { return port_; }
  uint64_t resident_bytes() const;
  // Processor time that it took so far.
  double cpu_seconds() const;

 private:
  std::string folder_;
  pid_t process_ = -1;
  uint16_t port_ = 0;
};

}  // namespace nearzone::bench
