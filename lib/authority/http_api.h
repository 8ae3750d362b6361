// The whole interface: which path is whose.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "authority/admin.h"
#include "authority/bluezone_report.h"
#include "authority/callers.h"
#include "authority/issuers.h"
#include "authority/publish.h"
#include "authority/statistics.h"
#include "authority/verification.h"

namespace nearzone::authority {

class HttpApi final : public net::HttpHandler {
 public:
  HttpApi(const Services& services, SmsSender& sms);

  void handle(net::HttpRequest request, Respond respond) override;
  net::HttpResponse refuse(const net::HttpRequest& request, int status) override;

  // Adds a path of somebody else's: lists, metrics. Before the server starts. Of a path that ends
  // in a slash, everything below it.
  using Serve = std::function<void(const net::HttpRequest&, Respond)>;
  void add(const std::string& method, const std::string& path, Serve serve);
  // Told of every answer to a path that is served. Before the server starts.
  using OnAnswer = std::function<void(const std::string& route, int status)>;
  void on_answer(OnAnswer tell) { on_answer_ = std::move(tell); }
  // Told what became of every upload. Before the server starts.
  void on_upload(const PublishApi::OnResult& tell) {
    publish_.on_result(tell);
    bluezone_.on_result(tell);
  }

 private:
  struct Route {
    std::string method;
    Serve serve;
    std::function<net::HttpResponse(int)> refuse;  // may be empty
  };
  using Found = const std::pair<const std::string, Route>*;
  Found find(const std::string& path) const;

  Issuers issuers_;
  Callers callers_;
  PublishApi publish_;
  VerificationApi verification_;
  AdminApi admin_;
  BluezoneApi bluezone_;
  StatisticsApi statistics_;
  std::map<std::string, Route> routes_;
  OnAnswer on_answer_;
};

}  // namespace nearzone::authority
