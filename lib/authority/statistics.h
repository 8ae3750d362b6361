// POST /v1/stats: what a health authority may know of the uploads that it vouched for: counts by
// day, of days that are over for long and had enough of them. docs/authority.md, "Statistics".
#pragma once

#include <string>

#include "authority/endpoint.h"
#include "authority/issuers.h"
#include "authority/services.h"

namespace nearzone::authority {

// Days with fewer uploads, and those that ended less than a day ago, show nothing.
inline constexpr int64_t kLeastUploadsShown = 10;
inline constexpr int32_t kDaysHidden = 2;
inline constexpr int32_t kDaysShown = 28;

class StatisticsApi {
 public:
  StatisticsApi(const Services& services, Issuers& issuers)
      : services_(services), issuers_(issuers), disguise_({"code"}, services.random) {}

  // A POST with the authority's token, for the audience "keyserver", as bearer.
  void handle(const net::HttpRequest& request, const Respond& respond);

 private:
  Result<std::string> days_of(const std::string& health_authority, Day today);

  const Services services_;
  Issuers& issuers_;
  Disguise disguise_;
};

}  // namespace nearzone::authority
