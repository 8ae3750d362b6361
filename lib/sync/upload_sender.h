// Carries the requests of a consented upload, and of the traffic that hides it, to the servers.
// What is in them, when they are due and what an answer means is decided in lib/upload.
#pragma once

#include <string>

#include "nearzone/upload.h"
#include "net/http_client.h"

namespace nearzone::sync {

struct UploadServers {
  std::string verification_url;  // of the server, without a path
  std::string key_server_url;
  std::string api_key;  // of the app at the verification server
  net::ClientOptions http;
};

struct SentUpload {
  int32_t status = 0;  // 0: no answer came
  std::string body;
  std::optional<Millis> retry_after;
  ServerAnswer answer() const { return {status, as_bytes(body), retry_after}; }
};

// Blocks. Whatever goes wrong on the way is an answer that did not come.
SentUpload send_upload(const UploadRequest& request, const UploadServers& servers);

}  // namespace nearzone::sync
