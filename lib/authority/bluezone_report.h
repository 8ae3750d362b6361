// POST /v1/bluezone/report: takes a Bluezone phone's day keys together with a one-time code. One
// request, as Bluezone has no certificates. docs/authority.md, "Bluezone".
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "authority/callers.h"
#include "authority/endpoint.h"
#include "authority/services.h"

namespace nearzone::authority {

struct BluezoneReport {
  std::string otp;
  std::vector<PublishedKey> keys;
};

// {"version":1,"otp":TEXT,"data":[{"daily_key":64 hex,"time_start":s,"time_end":s,"max":n}, ...],
// "padding":TEXT}. Each key is that of the UTC day that time_start begins. Fails with corrupt for
// the form, invalid_argument for a key that cannot be, with its index.
Result<BluezoneReport> read_bluezone_report(std::string_view body, const BluezoneSettings& settings,
                                            Instant now);

class BluezoneApi {
 public:
  BluezoneApi(const Services& services, Callers& callers)
      : services_(services), callers_(callers), disguise_({"code"}, services.random) {}

  void report(const net::HttpRequest& request, const Respond& respond);
  net::HttpResponse refuse(int status);
  // As of PublishApi.
  using OnResult = std::function<void(const char*)>;
  void on_result(OnResult tell) { on_result_ = std::move(tell); }

 private:
  const Services services_;
  Callers& callers_;
  Disguise disguise_;
  OnResult on_result_ = [](const char*) {};
};

}  // namespace nearzone::authority
