#include "authority/http_api.h"

#include "authority/worker_page.h"

namespace nearzone::authority {
namespace {

net::HttpResponse plain_text(int status) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::string(net::reason_phrase(status)) + "\n";
  return response;
}

// A part of the page for health workers.
HttpApi::Serve worker_page(const char* type, const char* text) {
  return [type, text](const net::HttpRequest&, const Respond& respond) {
    net::HttpResponse response;
    response.headers = {{"Content-Type", type},
                        {"Cache-Control", "no-store"},
                        {"Content-Security-Policy", kWorkerPagePolicy},
                        {"Referrer-Policy", "no-referrer"},
                        {"X-Content-Type-Options", "nosniff"}};
    response.body = text;
    respond(std::move(response));
  };
}

}  // namespace

HttpApi::HttpApi(const Services& services, SmsSender& sms)
    : issuers_(services.settings, services.ring),
      callers_(services),
      publish_(services, issuers_),
      verification_(services, issuers_, callers_),
      admin_(services, callers_, sms),
      bluezone_(services, callers_),
      statistics_(services, issuers_, callers_) {
  const auto publish_refuses = [this](int status) { return publish_.refuse(status); };
  const auto verification_refuses = [this](int status) { return verification_.refuse(status); };
  const auto bluezone_refuses = [this](int status) { return bluezone_.refuse(status); };
  routes_["/v1/publish"] = {
      "POST",
      [this](const auto& request, const Respond& respond) { publish_.handle(request, respond); },
      publish_refuses};
  routes_["/v1/bluezone/report"] = {
      "POST",
      [this](const auto& request, const Respond& respond) { bluezone_.report(request, respond); },
      bluezone_refuses};
  routes_["/api/verify"] = {"POST",
                            [this](const auto& request, const Respond& respond) {
                              verification_.verify(request, respond);
                            },
                            verification_refuses};
  routes_["/api/certificate"] = {"POST",
                                 [this](const auto& request, const Respond& respond) {
                                   verification_.certificate(request, respond);
                                 },
                                 verification_refuses};
  add("POST", "/v1/stats", [this](const auto& request, const Respond& respond) {
    statistics_.handle(request, respond);
  });
  add("GET", "/api/stats/realm.json", [this](const auto& request, const Respond& respond) {
    statistics_.realm(request, StatisticsApi::Form::json, respond);
  });
  add("GET", "/api/stats/realm.csv", [this](const auto& request, const Respond& respond) {
    statistics_.realm(request, StatisticsApi::Form::csv, respond);
  });
  add("POST", "/api/issue",
      [this](const auto& request, const Respond& respond) { admin_.issue(request, respond); });
  add("POST", "/api/batch-issue", [this](const auto& request, const Respond& respond) {
    admin_.batch_issue(request, respond);
  });
  add("POST", "/api/checkcodestatus", [this](const auto& request, const Respond& respond) {
    admin_.check_code_status(request, respond);
  });
  add("POST", "/api/expirecode", [this](const auto& request, const Respond& respond) {
    admin_.expire_code(request, respond);
  });
  add("GET", "/issue", worker_page("text/html; charset=utf-8", kWorkerPage));
  add("GET", "/issue.css", worker_page("text/css; charset=utf-8", kWorkerPageStyle));
  add("GET", "/issue.js", worker_page("text/javascript; charset=utf-8", kWorkerPageScript));
}

void HttpApi::add(const std::string& method, const std::string& path, Serve serve) {
  routes_[path] = {method, std::move(serve), {}};
}

HttpApi::Found HttpApi::find(const std::string& path) const {
  if (const auto exact = routes_.find(path); exact != routes_.end() && path.back() != '/')
    return &*exact;
  // The longest folder that it lies in; not the folder itself.
  for (size_t slash = path.rfind('/'); slash != path.npos && slash + 1 < path.size();
       slash = slash == 0 ? path.npos : path.rfind('/', slash - 1)) {
    const auto folder = routes_.find(path.substr(0, slash + 1));
    if (folder != routes_.end()) return &*folder;
  }
  return nullptr;
}

void HttpApi::handle(net::HttpRequest request, Respond respond) {
  const Found found = request.path.empty() ? nullptr : find(request.path);
  if (found == nullptr) return respond(plain_text(404));
  if (on_answer_)
    respond = [this, found, answer = std::move(respond)](net::HttpResponse response) {
      on_answer_(found->first, response.status);
      answer(std::move(response));
    };
  const Route& route = found->second;
  const bool is_head = request.method == "HEAD" && route.method == "GET";
  if (request.method != route.method && !is_head) {
    net::HttpResponse response = route.refuse ? route.refuse(405) : plain_text(405);
    response.headers.push_back({"Allow", route.method == "GET" ? "GET, HEAD" : route.method});
    return respond(std::move(response));
  }
  route.serve(request, std::move(respond));
}

net::HttpResponse HttpApi::refuse(const net::HttpRequest& request, int status) {
  const Found found = request.path.empty() ? nullptr : find(request.path);
  const bool refuses = found != nullptr && found->second.refuse;
  if (found != nullptr && on_answer_) on_answer_(found->first, status);
  return refuses ? found->second.refuse(status) : plain_text(status);
}

}  // namespace nearzone::authority
