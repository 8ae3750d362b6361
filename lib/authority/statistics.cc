#include "authority/statistics.h"

#include "authority/json.h"

namespace nearzone::authority {
namespace {

constexpr Refusal kUnauthorized{401, "unauthorized", "this needs the health authority's token"};
constexpr std::string_view kBearer = "Bearer ";
constexpr const char* kAudience = "keyserver";
constexpr const char* kMetrics[] = {"uploads", "keys", "keys_revised", "uploads_without_onset"};
constexpr const char* kRealmMetrics[] = {"codes_issued", "codes_claimed",    "tokens_claimed",
                                         "uploads",      "bluezone_reports", "keys"};

std::string shown(int64_t count) {
  return count >= kLeastUploadsShown ? std::to_string(count) : "null";
}

}  // namespace

Result<std::map<Day, StatisticsApi::Counts>> StatisticsApi::days_of(
    const std::vector<std::string>& scopes, std::string_view deciding_metric, Day today) {
  std::map<Day, Counts> days;
  NEARZONE_TRY(services_.store.read([&](Reader& rows) -> Status {
    for (const std::string& scope : scopes) {
      NEARZONE_ASSIGN(const std::vector<Statistic> counters,
                      rows.statistics(scope, today + -kDaysShown, today + -kDaysHidden + 1));
      for (const Statistic& counter : counters) days[counter.day][counter.metric] += counter.count;
    }
    return {};
  }));
  std::erase_if(days, [&](const auto& day) {
    const auto count = day.second.find(deciding_metric);
    return count == day.second.end() || count->second < kLeastUploadsShown;
  });
  return days;
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
      auto days = days_of({"authority/" + trusted.health_authority}, "uploads", Day::of(now));
      if (!days.ok()) return respond(disguise_.error(kServerFault));
      std::string json = "\"days\":[";
      for (auto& [day, counts] : *days) {
        if (json.back() != '[') json += ',';
        json += "{\"day\":\"" + format_day(day) + '"';
        for (const char* metric : kMetrics)
          json += std::string(",\"") + metric + "\":" + shown(counts[metric]);
        json += '}';
      }
      return respond(disguise_.success(json + ']'));
    }
  }
  respond(disguise_.error(kUnauthorized));
}

void StatisticsApi::realm(const net::HttpRequest& request, Form form, const Respond& respond) {
  net::HttpResponse response;
  response.headers = {
      {"Content-Type", form == Form::json ? "application/json" : "text/csv; charset=utf-8"},
      {"Cache-Control", "no-store"}};
  const auto refuse = [&](int status) {
    response.status = status;
    response.headers.front().value = "text/plain; charset=utf-8";
    response.body = std::string(net::reason_phrase(status)) + "\n";
    respond(std::move(response));
  };
  const Result<std::optional<Caller>> caller = callers_.identify(request, Role::statistics);
  if (caller.ok() && !*caller) return refuse(401);
  if (!caller.ok()) return refuse(503);
  const RealmSettings& realm = *(*caller)->realm;
  std::vector<std::string> scopes{"realm/" + realm.name};
  for (const std::string& app : realm.health_authorities) scopes.push_back("authority/" + app);
  auto days = days_of(scopes, "codes_issued", Day::of(services_.clock.now()));
  if (!days.ok()) return refuse(503);
  const bool is_json = form == Form::json;
  std::string& text = response.body;
  text = is_json ? "{\"realm\":" + json_text(realm.name) + ",\"days\":[" : "day";
  if (!is_json) {
    for (const char* metric : kRealmMetrics) text.append(",").append(metric);
    text += '\n';
  }
  for (auto& [day, counts] : *days) {
    if (is_json && text.back() != '[') text += ',';
    text += is_json ? "{\"day\":\"" + format_day(day) + '"' : format_day(day);
    for (const char* metric : kRealmMetrics) {
      const int64_t count = counts[metric];
      text += ',';
      if (is_json) text.append("\"").append(metric).append("\":");
      if (is_json || count >= kLeastUploadsShown) text += shown(count);
    }
    text += is_json ? "}" : "\n";
  }
  if (is_json) text += "]}\n";
  respond(std::move(response));
}

}  // namespace nearzone::authority
