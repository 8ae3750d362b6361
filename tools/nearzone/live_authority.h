// A health authority's server in this process, with a clock of its own, and what a phone and a
// health worker do with it over HTTP: for `nearzone demo --live`.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "authority/exports/publication.h"
#include "authority/log.h"
#include "authority/server.h"
#include "nearzone/device.h"
#include "nearzone/simulation.h"

namespace nearzone::tools {

class LiveAuthority {
 public:
  // Its data lies in `folder`. It begins the second before `midnight`, when people upload.
  static Result<std::unique_ptr<LiveAuthority>> start(const std::string& folder, SchemeTag scheme,
                                                      Instant midnight);

  // A health worker issues a code, the person consents, and the phone uploads.
  simulation::Errand upload_errand();
  // Lets time pass until what was uploaded is published, and publishes it.
  Status publish();
  // The phone follows the index, and fetches and checks each list.
  simulation::Errand check_errand();

  Instant now() const { return clock_.now(); }
  uint64_t uploads() const { return uploads_; }
  uint64_t requests() const { return requests_; }
  uint64_t keys_published() const { return keys_published_; }

 private:
  LiveAuthority(const std::string& folder, SchemeTag scheme, Instant midnight);
  Status open();
  Result<std::string> make_api_key(authority::Role role);
  Status make_signing_keys();
  Result<std::string> issue_code();
  Status upload(Device& device, int32_t days);
  Status check(Device& device);
  Status check_list(Device& device, const Fetch& fetch);
  Result<net::HttpResponse> get(const std::string& path, uint64_t most_bytes);

  const SchemeTag scheme_;
  ManualClock clock_;  // only moved while nobody asks anything
  SystemRandom random_;
  authority::Settings settings_;
  authority::Log log_;
  std::unique_ptr<authority::Server> server_;
  std::unique_ptr<authority::Publication> publication_;
  std::string url_;
  std::string device_key_;
  std::string admin_key_;
  std::vector<PublicKey> public_keys_;
  std::atomic<uint64_t> uploads_ = 0;
  std::atomic<uint64_t> requests_ = 0;
  std::atomic<uint64_t> keys_published_ = 0;
};

}  // namespace nearzone::tools
