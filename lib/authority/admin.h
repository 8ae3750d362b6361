// What health workers and their programs do, with an admin's API key: issue codes, one or several,
// look them up, expire them. Also serves the page for health workers.
#pragma once

#include "authority/callers.h"
#include "authority/endpoint.h"
#include "authority/issuing.h"
#include "authority/json.h"
#include "authority/services.h"
#include "authority/sms.h"

namespace nearzone::authority {

class AdminApi {
 public:
  AdminApi(const Services& services, Callers& callers, SmsSender& sms)
      : services_(services),
        callers_(callers),
        sms_(sms),
        issuing_(services.settings, services.ring, services.random) {}

  // POSTs.
  void issue(const net::HttpRequest& request, const Respond& respond);
  void batch_issue(const net::HttpRequest& request, const Respond& respond);
  void check_code_status(const net::HttpRequest& request, const Respond& respond);
  void expire_code(const net::HttpRequest& request, const Respond& respond);

 private:
  struct Asked {
    Caller caller;
    Json body;
  };
  std::optional<Asked> read(const net::HttpRequest& request, const Respond& respond);
  void issue_all(const Caller& caller, const std::vector<const Json*>& wanted, bool is_batch,
                 const Respond& respond);

  const Services services_;
  Callers& callers_;
  SmsSender& sms_;
  Issuing issuing_;
};

}  // namespace nearzone::authority
