// The phone's half of verification: POST /api/verify turns a code into a token, POST
// /api/certificate a token into a certificate for the HMAC of some keys.
#pragma once

#include <memory>

#include "authority/callers.h"
#include "authority/claiming.h"
#include "authority/endpoint.h"
#include "authority/issuers.h"
#include "authority/json.h"
#include "authority/services.h"

namespace nearzone::authority {

class VerificationApi {
 public:
  VerificationApi(const Services& services, Issuers& issuers, Callers& callers)
      : services_(services),
        issuers_(issuers),
        callers_(callers),
        verify_({"errorCode", "error_code"}, services.random),
        certificate_({"errorCode", "error_code"}, services.random) {}

  // POSTs. Answer when what they changed is durable.
  void verify(const net::HttpRequest& request, const Respond& respond);
  void certificate(const net::HttpRequest& request, const Respond& respond);
  net::HttpResponse refuse(int status);

 private:
  // Who calls, and the body; or the answer that was given instead.
  struct Asked {
    const RealmSettings* realm = nullptr;
    Json body;
    std::shared_ptr<Callers::Try> attempt;
  };
  std::optional<Asked> read(const net::HttpRequest& request, Disguise& disguise,
                            const Respond& respond);
  net::HttpResponse too_many(Disguise& disguise, Millis wait);

  const Services services_;
  Issuers& issuers_;
  Callers& callers_;
  Disguise verify_;
  Disguise certificate_;
};

// "YYYY-MM-DD", or empty.
std::string date_text(const std::optional<Day>& day);

}  // namespace nearzone::authority
