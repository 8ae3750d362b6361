// What health authorities may know of what they caused: counts by day, of days that are over for
// long and had enough of them. docs/authority.md, "Statistics".
//
//   POST /v1/stats                        a trusted issuer's, of the uploads that it vouched for
//   GET /api/stats/realm.json, realm.csv  a realm's, with a statistics key: codes and uploads
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "authority/callers.h"
#include "authority/endpoint.h"
#include "authority/issuers.h"
#include "authority/services.h"

namespace nearzone::authority {

// Days with fewer uploads (a realm: codes), and those that ended less than a day ago, show nothing.
// No count that is lower is shown, either.
inline constexpr int64_t kLeastUploadsShown = 10;
inline constexpr int32_t kDaysHidden = 2;
inline constexpr int32_t kDaysShown = 28;

class StatisticsApi {
 public:
  StatisticsApi(const Services& services, Issuers& issuers, Callers& callers)
      : services_(services),
        issuers_(issuers),
        callers_(callers),
        disguise_({"code"}, services.random) {}

  // A POST with the authority's token, for the audience "keyserver", as bearer.
  void handle(const net::HttpRequest& request, const Respond& respond);
  // A GET with a statistics key.
  enum class Form : uint8_t { json, csv };
  void realm(const net::HttpRequest& request, Form form, const Respond& respond);

 private:
  using Counts = std::map<std::string, int64_t, std::less<>>;
  // The days that may be shown, of all scopes together.
  Result<std::map<Day, Counts>> days_of(const std::vector<std::string>& scopes,
                                        std::string_view deciding_metric, Day today);

  const Services services_;
  Issuers& issuers_;
  Callers& callers_;
  Disguise disguise_;
};

}  // namespace nearzone::authority
