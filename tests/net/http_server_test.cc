#include "net/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "net/http_client.h"
#include "net/wire.h"
#include "temporary_folder.h"

namespace nearzone::net {
namespace {

using net_test::Socket;

class Counter final : public HttpHandler {
 public:
  void handle(HttpRequest request, Respond respond) override {
    ++handled_;
    HttpResponse response;
    response.body = request.path + ":" + std::to_string(request.body.size());
    if (request.path == "/large") response.body.resize(1 << 20);
    respond(std::move(response));
  }
  HttpResponse refuse(const HttpRequest& request, int status) override {
    ++refused_;
    HttpResponse response;
    response.status = status;
    response.body = "refused " + request.path;
    return response;
  }
  std::atomic<int> handled_ = 0;
  std::atomic<int> refused_ = 0;
};

class HttpServerTest : public ::testing::Test {
 protected:
  void serve() {
    auto started = HttpServer::start(options_, counter_);
    ASSERT_TRUE(started.ok()) << started.status().text();
    server_ = *std::move(started);
  }
  // Everything that is answered to these bytes until the connection ends.
  std::string answers_to(std::string_view bytes) const {
    Socket socket = Socket::connect(server_->port());
    socket.send(bytes);
    socket.finish();
    return socket.receive_all();
  }
  Result<HttpResponse> ask() const {
    return fetch({"GET", "http://127.0.0.1:" + std::to_string(server_->port()) + "/ok", {}, {}},
                 {.timeout = std::chrono::seconds(5)});
  }

  HttpServerOptions options_;
  Counter counter_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, RequestsOfOneConnectionAreAnsweredInTheirOrder) {
  serve();
  const std::string answers = answers_to(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\n\r\n");
  const size_t first = answers.find("/1:0");
  const size_t second = answers.find("/2:3");
  const size_t third = answers.find("/3:0");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, answers.npos);
  EXPECT_EQ(answers.find("/4"), answers.npos) << "behind Connection: close";
}

TEST_F(HttpServerTest, WhatIsNoHttpIsRefused) {
  serve();
  for (const char* text :
       {"nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"})
    EXPECT_TRUE(answers_to(text).starts_with("HTTP/1.1 400 ")) << text;
  EXPECT_EQ(counter_.handled_, 0);
  EXPECT_TRUE(ask().ok());
}

TEST_F(HttpServerTest, ABodyThatIsTooLargeIsRefusedUnread) {
  options_.most_body_bytes = 1000;
  serve();
  EXPECT_NE(answers_to("POST /a HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'))
                .find("/a:1000"),
            std::string::npos);
  // It is told by the length, before any of it came.
  Socket socket = Socket::connect(server_->port());
  socket.send("POST /b HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n");
  EXPECT_TRUE(socket.receive_until("refused /b").starts_with("HTTP/1.1 413 "));
  // And without a length, when there is too much of it.
  const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  EXPECT_TRUE(answers_to("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
                  .starts_with("HTTP/1.1 413 "));
}

// Whoever goes on sending all the same is cut off, and costs nobody anything.
TEST_F(HttpServerTest, AGibibyteIsNotTaken) {
  serve();
  Socket socket = Socket::connect(server_->port());
  ASSERT_TRUE(socket.send("POST /b HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n"));
  const std::string piece(1 << 20, 'x');
  int sent = 0;
  while (sent < 1024 && socket.send(piece)) {
    ++sent;
    EXPECT_TRUE(ask().ok());
  }
  EXPECT_LT(sent, 64) << "MiB were taken";
  EXPECT_TRUE(ask().ok());
}

TEST_F(HttpServerTest, AHeaderThatIsTooLargeIsRefused) {
  options_.most_header_bytes = 1000;
  serve();
  EXPECT_TRUE(answers_to("GET / HTTP/1.1\r\nA: " + std::string(2000, 'x') + "\r\n\r\n")
                  .starts_with("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, SlowSendersAreGivenUpAndNobodyElseNoticesThem) {
  options_.header_timeout = Millis(500);
  options_.body_timeout = Millis(500);
  options_.idle_timeout = Millis(500);
  options_.threads = 1;
  serve();
  std::vector<Socket> slow;
  for (int i = 0; i < 60; ++i) {
    slow.push_back(Socket::connect(server_->port()));
    // A third of them in the header, in the body, and silent.
    if (i % 3 == 0) slow.back().send("GET / HTTP/1.1\r\nA: b\r\n");
    if (i % 3 == 1) slow.back().send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc");
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(8);
  while (server_->connections() < slow.size() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(Millis(1));
  // A byte now and then does not prolong it.
  int asked = 0;
  while (server_->connections() > 0 && std::chrono::steady_clock::now() < end) {
    for (Socket& each : slow) each.send("x");
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(ask().ok());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
    ++asked;
    std::this_thread::sleep_for(Millis(20));
  }
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_GT(asked, 5);
  EXPECT_EQ(counter_.handled_, asked);
  EXPECT_TRUE(slow[0].receive_all().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(slow[1].receive_all().starts_with("HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, WhoDoesNotReadIsGivenUp) {
  options_.write_timeout = Millis(500);
  serve();
  Socket socket = Socket::connect(server_->port());
  // More than sockets hold.
  for (int i = 0; i < 100; ++i) socket.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  while (server_->connections() == 0) std::this_thread::sleep_for(Millis(1));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (server_->connections() > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(Millis(10));
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_LT(counter_.handled_, 100);
  EXPECT_TRUE(ask().ok());
}

TEST_F(HttpServerTest, MoreConnectionsThanAllowedWait) {
  options_.most_connections = 2;
  options_.idle_timeout = std::chrono::seconds(5);
  serve();
  {
    Socket first = Socket::connect(server_->port());
    Socket second = Socket::connect(server_->port());
    while (server_->connections() < 2) std::this_thread::sleep_for(Millis(1));
    EXPECT_FALSE(fetch({"GET", "http://127.0.0.1:" + std::to_string(server_->port()), {}, {}},
                       {.timeout = Millis(200)})
                     .ok());
  }
  EXPECT_TRUE(ask().ok());
}

TEST_F(HttpServerTest, StoppingEndsWhatIsIdleAtOnce) {
  serve();
  Socket idle = Socket::connect(server_->port());
  idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(idle.receive_until("/:0").find("200 OK"), std::string::npos);
  const auto begun = std::chrono::steady_clock::now();
  server_->stop(std::chrono::seconds(10));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(idle.receive_all(), "");
}

TEST_F(HttpServerTest, RequestsThatComeWithTheHandshakeAreAnsweredAtOnce) {
  const test::TemporaryFolder folder;
  const net_test::Identity identity = net_test::make_identity("IP:127.0.0.1");
  options_.certificate_chain_file = folder.file("certificate.pem");
  options_.private_key_file = folder.file("key.pem");
  std::ofstream(options_.certificate_chain_file) << identity.certificate;
  std::ofstream(options_.private_key_file) << identity.key;
  options_.idle_timeout = std::chrono::seconds(5);
  serve();
  // A record of two requests is read in pieces: of the second, the TLS library keeps a part.
  const std::string one = "GET /1 HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(600, 'x');
  const std::string answers = net_test::answers_over_tls(
      server_->port(), {one + "\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"});
  for (const char* part : {"/1:0", "/2:0", "/3:0"})
    EXPECT_NE(answers.find(part), answers.npos) << part;
}

TEST_F(HttpServerTest, WhereItCannotListenItSaysSo) {
  serve();
  options_.port = server_->port();
  const auto again = HttpServer::start(options_, counter_);
  EXPECT_EQ(again.status().code(), Code::io);
  EXPECT_STREQ(again.status().field(), "address");
  options_.address = "nowhere";
  EXPECT_EQ(HttpServer::start(options_, counter_).status().code(), Code::invalid_argument);
  options_ = {};
  options_.certificate_chain_file = options_.private_key_file = "/nonexistent";
  EXPECT_STREQ(HttpServer::start(options_, counter_).status().field(), "certificate_chain_file");
}

}  // namespace
}  // namespace nearzone::net
