#include "sync/upload_sender.h"

#include <gtest/gtest.h>

#include <mutex>

#include "net/http_server.h"
#include "sync/answer.h"

namespace nearzone::sync {
namespace {

class Listener final : public net::HttpHandler {
 public:
  void handle(net::HttpRequest request, Respond respond) override {
    const std::lock_guard lock(mutex_);
    asked_ = std::move(request);
    respond(answer_);
  }
  net::HttpResponse refuse(const net::HttpRequest&, int status) override {
    net::HttpResponse response;
    response.status = status;
    return response;
  }
  net::HttpRequest asked_;
  net::HttpResponse answer_;

 private:
  std::mutex mutex_;
};

UploadRequest request_to(UploadServer server, bool chaff) {
  UploadRequest request;
  request.step = server == UploadServer::verification ? UploadStep::verify : UploadStep::publish;
  request.server = server;
  request.chaff = chaff;
  request.body = SecretBytes(as_bytes("{\"a\":1}"));
  return request;
}

TEST(UploadSenderTest, ARequestGoesOutAsItWasPrepared) {
  Listener listener;
  listener.answer_.status = 429;
  listener.answer_.body = "words";
  listener.answer_.headers = {{"Retry-After", "17"}};
  const auto server = net::HttpServer::start({}, listener);
  ASSERT_TRUE(server.ok());
  UploadServers servers;
  servers.verification_url = servers.key_server_url =
      "http://127.0.0.1:" + std::to_string((*server)->port());
  servers.api_key = "the-apps-key";

  const SentUpload sent = send_upload(request_to(UploadServer::verification, false), servers);
  EXPECT_EQ(sent.status, 429);
  EXPECT_EQ(sent.body, "words");
  EXPECT_EQ(sent.retry_after, Millis(17'000));
  EXPECT_EQ(listener.asked_.method, "POST");
  EXPECT_EQ(listener.asked_.path, "/api/verify");
  EXPECT_EQ(listener.asked_.body, "{\"a\":1}");
  EXPECT_EQ(net::find_header(listener.asked_.headers, "X-API-Key"), "the-apps-key");
  EXPECT_EQ(net::find_header(listener.asked_.headers, "X-Grain"), "1");
  EXPECT_EQ(net::find_header(listener.asked_.headers, "Content-Type"), "application/json");

  send_upload(request_to(UploadServer::key_server, true), servers);
  EXPECT_EQ(listener.asked_.path, "/v1/publish");
  EXPECT_FALSE(net::has_header(listener.asked_.headers, "X-API-Key"));
  EXPECT_EQ(net::find_header(listener.asked_.headers, "X-Chaff"), "1");
  EXPECT_FALSE(net::has_header(listener.asked_.headers, "X-Grain"));
}

TEST(UploadSenderTest, NoAnswerIsAStatusOfZero) {
  UploadServers servers;
  servers.key_server_url = "http://127.0.0.1:1";
  EXPECT_EQ(send_upload(request_to(UploadServer::key_server, false), servers).status, 0);
}

TEST(UploadSenderTest, RetryAfterIsReadInSecondsOnly) {
  const auto read = [](const char* text) {
    net::HttpResponse response;
    response.headers = {{"Retry-After", text}};
    return retry_after(response);
  };
  EXPECT_EQ(read("0"), Millis(0));
  EXPECT_EQ(read("120"), Millis(120'000));
  for (const char* text : {"", "-1", "1.5", "Sun, 06 Nov 1994 08:49:37 GMT", "99999999999"})
    EXPECT_EQ(read(text), std::nullopt) << text;
}

}  // namespace
}  // namespace nearzone::sync
