#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "net/http_server.h"

namespace {

using namespace nearzone::net;

class Echo final : public HttpHandler {
 public:
  void handle(HttpRequest request, Respond respond) override {
    HttpResponse response;
    if (request.body.size() > 2000) std::abort();  // the limit below
    response.body = request.method + request.path + request.query + request.body;
    respond(std::move(response));
  }
  HttpResponse refuse(const HttpRequest&, int status) override {
    HttpResponse response;
    response.status = status;
    return response;
  }
};

const HttpServer& server() {
  static Echo echo;
  static const auto started = [] {
    HttpServerOptions options;
    options.threads = 1;
    options.most_body_bytes = 2000;
    options.most_header_bytes = 1000;
    return HttpServer::start(options, echo);
  }();
  if (!started.ok()) std::abort();
  return **started;
}

}  // namespace

// Any bytes, from a client that then waits for the end of the answers: they are HTTP, or there are
// none.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server().port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    std::abort();
  static_cast<void>(::send(client, data, size, MSG_NOSIGNAL));
  ::shutdown(client, SHUT_WR);
  std::string answer;
  char piece[4096];
  for (ssize_t got; (got = ::recv(client, piece, sizeof(piece), 0)) > 0;)
    answer.append(piece, static_cast<size_t>(got));
  ::close(client);
  if (!answer.empty() && !answer.starts_with("HTTP/1.1 ")) std::abort();
  return 0;
}
