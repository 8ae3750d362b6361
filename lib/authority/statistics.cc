#include "authority/statistics.h"

#include <map>

namespace nearzone::authority {
namespace {

constexpr Refusal kUnauthorized{401, "unauthorized", "this needs the health authority's token"};
constexpr std::string_view kBearer = "Bearer ";
constexpr const char* kAudience = "keyserver";
constexpr const char* kMetrics[] = {"uploads", "keys", "keys_revised", "uploads_without_onset"};

}  // namespace

Result<std::string> StatisticsApi::days_of(const std::string& health_authority, Day today) {
  std::vector<Statistic> counters;
  NEARZONE_TRY(services_.store.read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(counters, rows.statistics("authority/" + health_authority, today + -kDaysShown,
                                              today + -kDaysHidden + 1));
    return {};
  }));
  std::map<Day, std::map<std::string, int64_t>> days;
  for (const Statistic& counter : counters) days[counter.day][counter.metric] = counter.count;
  std::string json = "\"days\":[";
  for (auto& [day, counts] : days) {
    if (counts["uploads"] < kLeastUploadsShown) continue;
    if (json.back() != '[') json += ',';
    json += "{\"day\":\"" + format_day(day) + '"';
    for (const char* metric : kMetrics)
      json += std::string(",\"") + metric + "\":" + std::to_string(counts[metric]);
    json += '}';
  }
  return json + ']';
}

void StatisticsApi::handle(const net::HttpRequest& request, const Respond& respond) {
  const std::string_view authorization = net::find_header(request.headers, "Authorization");
  const Instant now = services_.clock.now();
  if (authorization.starts_with(kBearer)) {
    const Result<Jwt> token = Jwt::parse(authorization.substr(kBearer.size()));
    for (const TrustedIssuer& trusted : services_.settings.trusted_issuers) {
      if (!token.ok() || !trusted.may_read_statistics || token->text("iss") != trusted.issuer)
        continue;
      const Result<bool> vouches =
          issuers_.vouches({trusted.health_authority, nullptr, &trusted}, *token, kAudience, now);
      if (!vouches.ok() || !*vouches) continue;
      const Result<std::string> days = days_of(trusted.health_authority, Day::of(now));
      return respond(days.ok() ? disguise_.success(*days) : disguise_.error(kServerFault));
    }
  }
  respond(disguise_.error(kUnauthorized));
}

}  // namespace nearzone::authority
