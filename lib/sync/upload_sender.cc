#include "sync/upload_sender.h"

#include "sync/answer.h"

namespace nearzone::sync {

SentUpload send_upload(const UploadRequest& request, const UploadServers& servers) {
  const bool verifies = request.server == UploadServer::verification;
  net::ClientRequest http;
  http.method = "POST";
  http.url = (verifies ? servers.verification_url : servers.key_server_url) + request.path();
  http.headers = {{"Content-Type", "application/json"}, {request.marking_header(), "1"}};
  if (verifies) http.headers.push_back({"X-API-Key", servers.api_key});
  const ByteView body = request.body.expose(ForDisclosure{});
  http.body.assign(body.begin(), body.end());
  net::ClientOptions options = servers.http;
  options.most_body_bytes = kMostAnswerBytes;
  Result<net::HttpResponse> answered = net::fetch(http, options);
  wipe(http.body.data(), http.body.size());
  if (!answered.ok()) return {};
  return {answered->status, std::move(answered->body), retry_after(*answered)};
}

}  // namespace nearzone::sync
