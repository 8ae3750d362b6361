// POST /v1/publish: takes the keys of a phone whose owner consented and was diagnosed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "authority/endpoint.h"
#include "authority/issuers.h"
#include "authority/publish_request.h"
#include "authority/publish_rules.h"
#include "authority/revision_token.h"
#include "authority/services.h"

namespace nearzone::authority {

class PublishApi {
 public:
  PublishApi(const Services& services, Issuers& issuers)
      : services_(services), issuers_(issuers), disguise_({"code"}, services.random) {}

  // A POST. Answers when what it stored is durable.
  void handle(const net::HttpRequest& request, const Respond& respond);
  // The answer to a request that the server could not read.
  net::HttpResponse refuse(int status);
  DelayLaw& delays() { return disguise_.delays(); }
  // Told what became of every upload that was no cover traffic: "accepted", "partial" (some keys
  // could not be taken), "repeated", "refused" or "failed". Before the first one.
  using OnResult = std::function<void(const char*)>;
  void on_result(OnResult tell) { on_result_ = std::move(tell); }

 private:
  struct Upload;
  Result<Refusal> check(const net::HttpRequest& request, Upload& upload, Instant now);
  Result<Refusal> check_certificate(const PublishRequest& request, Upload& upload, Instant now);
  void answer(const Upload& upload, const Status& stored, const Respond& respond);

  const Services services_;
  Issuers& issuers_;
  Disguise disguise_;
  OnResult on_result_ = [](const char*) {};
};

}  // namespace nearzone::authority
