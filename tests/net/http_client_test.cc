#include "net/http_client.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <mutex>

#include "net/http_server.h"
#include "net/wire.h"

namespace nearzone::net {
namespace {

using net_test::Peer;
using net_test::Socket;

// Says what it was asked.
class Echo final : public HttpHandler {
 public:
  void handle(HttpRequest request, Respond respond) override {
    HttpResponse response;
    response.status = 201;
    response.headers = {{"X-Asked", request.method + " " + request.path + "?" + request.query},
                        {"X-Host", std::string(find_header(request.headers, "Host"))},
                        {"X-Color", std::string(find_header(request.headers, "Color"))}};
    response.body = request.body.empty() ? std::string(size_, 'x') : request.body;
    respond(std::move(response));
  }
  HttpResponse refuse(const HttpRequest&, int status) override {
    HttpResponse response;
    response.status = status;
    return response;
  }
  size_t size_ = 3;
};

std::string url_of(uint16_t port, const std::string& rest = "/") {
  return "http://127.0.0.1:" + std::to_string(port) + rest;
}

class HttpClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = HttpServer::start({}, echo_);
    ASSERT_TRUE(started.ok());
    server_ = *std::move(started);
  }
  // The code of what a request to somebody ends with who says this and hangs up.
  static Code code_where_a_server_says(const std::string& text) {
    const Peer peer([&](Socket socket) {
      socket.receive_until("\r\n\r\n");
      socket.send(text);
    });
    return fetch({"GET", url_of(peer.port()), {}, {}}, {}).status().code();
  }

  Echo echo_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpClientTest, AsksAndIsAnswered) {
  const auto answer =
      fetch({"POST", url_of(server_->port(), "/a/b?c=d"), {{"Color", "red"}}, "the body"}, {});
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "the body");
  EXPECT_EQ(find_header(answer->headers, "x-asked"), "POST /a/b?c=d");
  EXPECT_EQ(find_header(answer->headers, "X-Color"), "red");
  EXPECT_EQ(find_header(answer->headers, "X-Host"), "127.0.0.1:" + std::to_string(server_->port()));
}

TEST_F(HttpClientTest, AHeadHasNoBody) {
  const auto answer = fetch({"HEAD", url_of(server_->port()), {}, {}}, {});
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(find_header(answer->headers, "Content-Length"), "3");
}

TEST_F(HttpClientTest, AnAnswerHasALimit) {
  echo_.size_ = 1000;
  ClientOptions options;
  options.most_body_bytes = 1000;
  EXPECT_TRUE(fetch({"GET", url_of(server_->port()), {}, {}}, options).ok());
  options.most_body_bytes = 999;
  EXPECT_EQ(fetch({"GET", url_of(server_->port()), {}, {}}, options).status().code(),
            Code::limit_exceeded);
  // Of one that does not say how long it is, too.
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\n\r\n" + std::string(65 << 20, 'x')),
            Code::limit_exceeded);
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'x')),
            Code::limit_exceeded);
}

TEST_F(HttpClientTest, WhatIsNoHttpIsCorrupt) {
  EXPECT_EQ(code_where_a_server_says("SSH-2.0-x\r\n\r\n"), Code::corrupt);
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n"),
            Code::corrupt);
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Code::corrupt);
}

TEST_F(HttpClientTest, AnAnswerThatBreaksOffIsNone) {
  EXPECT_EQ(code_where_a_server_says(""), Code::io);
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\nContent-Le"), Code::io);
  EXPECT_EQ(code_where_a_server_says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"),
            Code::io);
}

TEST_F(HttpClientTest, AServerThatIsSilentTakesTooLong) {
  std::mutex held;
  std::unique_lock hold(held);
  const Peer peer([&](Socket socket) {
    socket.receive_until("\r\n\r\n");
    const std::lock_guard wait(held);
  });
  ClientOptions options;
  options.timeout = Millis(100);
  EXPECT_EQ(fetch({"GET", url_of(peer.port()), {}, {}}, options).status().code(), Code::cancelled);
  hold.unlock();
}

TEST_F(HttpClientTest, OneHeaderCannotBeTwo) {
  for (const char* value : {"a\r\nX: b", "a\nb", "a\r"})
    EXPECT_EQ(fetch({"GET", url_of(server_->port()), {{"Color", value}}, {}}, {}).status().code(),
              Code::invalid_argument);
}

TEST_F(HttpClientTest, AProxyIsAskedInThePlaceOfTheServer) {
  std::string asked;
  const Peer proxy([&](Socket socket) {
    asked = socket.receive_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  });
  ClientOptions options;
  options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto answer = fetch({"GET", "http://lists.invalid/a?b", {}, {}}, options);
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(answer->body, "hi");
  EXPECT_TRUE(asked.starts_with("GET http://lists.invalid/a?b HTTP/1.1\r\nHost: lists.invalid\r\n"))
      << asked;
  for (const char* none : {"https://127.0.0.1:1", "127.0.0.1:1", "socks5://127.0.0.1:1"}) {
    options.proxy = none;
    EXPECT_STREQ(fetch({"GET", "http://lists.invalid/", {}, {}}, options).status().field(),
                 "proxy");
  }
}

// A server with TLS, for 127.0.0.1 by default.
class HttpsClientTest : public HttpClientTest {
 protected:
  void SetUp() override { serve_as("IP:127.0.0.1"); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void serve_as(const std::string& name) {
    std::filesystem::remove_all(folder_);
    folder_ = (std::filesystem::temp_directory_path() / "nearzone-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    identity_ = net_test::make_identity(name);
    std::ofstream(folder_ + "/certificate.pem") << identity_.certificate;
    std::ofstream(folder_ + "/key.pem") << identity_.key;
    HttpServerOptions options;
    options.certificate_chain_file = folder_ + "/certificate.pem";
    options.private_key_file = folder_ + "/key.pem";
    auto started = HttpServer::start(options, echo_);
    ASSERT_TRUE(started.ok()) << started.status().text();
    server_ = *std::move(started);
    options_.trusted_certificates = folder_ + "/certificate.pem";
  }
  Result<HttpResponse> ask(const std::string& host = "127.0.0.1") const {
    return fetch({"GET", "https://" + host + ":" + std::to_string(server_->port()) + "/x", {}, {}},
                 options_);
  }

  std::string folder_;
  net_test::Identity identity_;
  ClientOptions options_;
};

TEST_F(HttpsClientTest, ATrustedServerIsBelieved) {
  const auto answer = ask();
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(find_header(answer->headers, "X-Asked"), "GET /x?");
}

TEST_F(HttpsClientTest, ACertificateThatNobodyVouchesForIsNot) {
  options_.trusted_certificates.clear();  // the system's
  EXPECT_EQ(ask().status().code(), Code::wrong_key);
}

TEST_F(HttpsClientTest, ACertificateIsForTheHostThatWasAsked) {
  EXPECT_EQ(ask("localhost").status().code(), Code::wrong_key);
  serve_as("DNS:localhost");
  EXPECT_TRUE(ask("localhost").ok());
  EXPECT_EQ(ask("127.0.0.1").status().code(), Code::wrong_key);
}

TEST_F(HttpsClientTest, OnlyAPinnedKeyWillDo) {
  options_.pinned_keys = {{}, identity_.pin};
  EXPECT_TRUE(ask().ok());
  options_.pinned_keys.pop_back();
  const auto refused = ask();
  EXPECT_EQ(refused.status().code(), Code::wrong_key);
  EXPECT_STREQ(refused.status().text(), "the server's key is none of those pinned");
}

TEST_F(HttpsClientTest, TrustThatCannotBeReadIsAFault) {
  options_.trusted_certificates = folder_ + "/missing.pem";
  EXPECT_EQ(ask().status().code(), Code::io);
}

TEST_F(HttpsClientTest, AServerWithoutTlsIsNotTalkedTo) {
  std::string said;
  const Peer peer([&](Socket socket) {
    said = socket.receive();
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const auto answer =
      fetch({"GET", "https://127.0.0.1:" + std::to_string(peer.port()), {}, {}}, options_);
  EXPECT_FALSE(answer.ok());
  EXPECT_EQ(said.find("GET"), said.npos);
}

TEST_F(HttpsClientTest, AProxyOnlyCarriesWhatItCannotRead) {
  std::string asked;
  const uint16_t port = server_->port();
  const Peer proxy([&](Socket socket) {
    asked = socket.receive_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
    Socket server = Socket::connect(port);
    net_test::relay(socket, server);
  });
  options_.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  options_.pinned_keys = {identity_.pin};
  const auto answer = ask();
  ASSERT_TRUE(answer.ok()) << answer.status().text();
  EXPECT_EQ(find_header(answer->headers, "X-Asked"), "GET /x?");
  EXPECT_TRUE(asked.starts_with("CONNECT 127.0.0.1:" + std::to_string(port) + " HTTP/1.1\r\n"))
      << asked;
}

TEST_F(HttpsClientTest, AProxyThatRefusesIsAFaultOfTheProxy) {
  const Peer proxy([&](Socket socket) {
    socket.receive_until("\r\n\r\n");
    socket.send("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  options_.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto answer = ask();
  EXPECT_EQ(answer.status().code(), Code::io);
  EXPECT_STREQ(answer.status().field(), "proxy");
}

}  // namespace
}  // namespace nearzone::net
