#include "authority/bluezone_report.h"

#include <algorithm>

#include "authority/claiming.h"
#include "authority/exports/batch_contents.h"
#include "authority/json.h"
#include "authority/publish_rules.h"

namespace nearzone::authority {
namespace {

constexpr Refusal kNotJson{415, "bad_request", "the body must be application/json"};
constexpr Refusal kMalformed{400, "bad_request", "the request is not of the form it should have"};
constexpr Refusal kBadKey{400, "bad_request", "a key in it cannot be taken"};
constexpr Refusal kOtpInvalid{400, "otp_invalid", "the one-time code is not known, or was used"};
constexpr Refusal kOtpExpired{400, "otp_expired", "the one-time code is no longer valid"};
constexpr Refusal kKnownKey{400, "key_already_reported", "a key in it was reported before"};
constexpr Refusal kTooMany{429, "quota_exceeded", "too many wrong codes; try again later"};

constexpr size_t kMostOtpBytes = 256;
constexpr int64_t kLatestSecond = int64_t{1} << 40;
const Status kForm(Code::corrupt, "not a Bluezone report");

// A Bluezone report can only tell that somebody is infected.
bool is_infection(ReportType type, const void*) { return type != ReportType::revoked; }

Status read_key(const Json& object, const BluezoneSettings& settings, Instant now,
                PublishedKey& key) {
  if (object.kind != Json::Kind::object || object.names.size() != 4) return kForm;
  const Json* daily_key = object.find("daily_key");
  const Json* start = object.find("time_start");
  const Json* end = object.find("time_end");
  const Json* most = object.find("max");
  if (daily_key == nullptr || !daily_key->is_text() || start == nullptr || !start->is_integer() ||
      end == nullptr || !end->is_integer() || most == nullptr || !most->is_integer())
    return kForm;
  for (const Json* seconds : {start, end})
    if (seconds->integer < 0 || seconds->integer > kLatestSecond) return kForm;
  key.scheme = SchemeTag::bluezone;
  if (!from_hex(daily_key->text, key.bytes).ok())
    return {Code::invalid_argument, "must be 64 hexadecimal digits", "daily_key"};
  key.valid_from = Instant::from_seconds(start->integer);
  key.valid_to = Instant::from_seconds(end->integer);
  const Day day = Day::of(key.valid_from);
  const Day today = Day::of(now);
  if (key.valid_from != day.start() || day > today || day < today + -settings.oldest_day)
    return {Code::invalid_argument, "must begin a UTC day of the last weeks", "time_start"};
  // A chain runs forward: a key that stood for several days would give away those after it, too.
  if (key.valid_to <= key.valid_from || key.valid_to > (day + 1).start())
    return {Code::invalid_argument, "must lie within the day of time_start", "time_end"};
  if (most->integer < 1 || most->integer > settings.identifiers_per_day)
    return {Code::invalid_argument, "is no number of identifiers a day", "max"};
  key.identifiers_per_day = static_cast<uint32_t>(most->integer);
  return {};
}

// Whether all of them were reported before, as they are reported now.
Result<bool> are_stored(const std::vector<PublishedKey>& keys, std::string_view realm,
                        Reader& rows) {
  for (const PublishedKey& key : keys) {
    NEARZONE_ASSIGN(const std::optional<StoredKey> known, rows.find_key(key.scheme, key.bytes));
    if (!known || known->authority != realm || known->key.valid_from != key.valid_from ||
        known->key.valid_to != key.valid_to ||
        known->key.identifiers_per_day != key.identifiers_per_day)
      return false;
  }
  return true;
}

}  // namespace

Result<BluezoneReport> read_bluezone_report(std::string_view body, const BluezoneSettings& settings,
                                            Instant now) {
  NEARZONE_ASSIGN(const Json root, Json::parse(body));
  const Json* version = root.find("version");
  const Json* otp = root.find("otp");
  const Json* data = root.find("data");
  if (root.kind != Json::Kind::object || version == nullptr || !version->is_integer() ||
      version->integer != 1 || otp == nullptr || !otp->is_text() || data == nullptr ||
      data->kind != Json::Kind::array || otp->text.size() > kMostOtpBytes)
    return kForm;
  for (const std::string& name : root.names)
    if (name != "version" && name != "otp" && name != "data" && name != "padding") return kForm;
  if (data->items.empty() || data->items.size() > settings.most_keys)
    return Status(Code::invalid_argument, "no keys, or more than are taken", "data");
  BluezoneReport report;
  report.otp = otp->text;
  for (const Json& item : data->items) {
    PublishedKey key;
    const Status read = read_key(item, settings, now, key);
    if (!read.ok()) return read.at_record(report.keys.size());
    for (const PublishedKey& other : report.keys)
      if (other.valid_from == key.valid_from || other.bytes == key.bytes)
        return Status(Code::invalid_argument, "two keys of one day", "data")
            .at_record(report.keys.size());
    report.keys.push_back(key);
  }
  return report;
}

void BluezoneApi::report(const net::HttpRequest& request, const Respond& respond) {
  if (is_chaff(request)) return respond(disguise_.chaff());
  const RealmSettings& realm = *services_.settings.find_realm(services_.settings.bluezone.realm);
  const Callers::Admission admission = callers_.admit(request, realm);
  if (admission.granted == nullptr) {
    net::HttpResponse response = disguise_.error(kTooMany);
    const int64_t seconds = (admission.wait.count() + 999) / 1000;
    response.headers.push_back({"Retry-After", std::to_string(seconds)});
    return respond(std::move(response));
  }
  if (!has_json(request)) return respond(disguise_.error(kNotJson));
  const Instant now = services_.clock.now();
  Result<BluezoneReport> read =
      read_bluezone_report(request.body, services_.settings.bluezone, now);
  if (!read.ok()) {
    on_result_("refused");
    return respond(disguise_.error(read.status().code() == Code::corrupt ? kMalformed : kBadKey));
  }
  const Result<CodeProbe> probe = CodeProbe::of(read->otp, realm, services_.ring);
  if (!probe.ok()) return respond(disguise_.error(kServerFault));

  struct Work {
    CodeProbe probe;
    std::vector<PublishedKey> keys;
    Refusal refusal;
    bool is_repeat = false;
  };
  const auto work = std::make_shared<Work>(Work{*probe, std::move(read->keys), {}, false});
  services_.writes.submit(
      [this, work, &realm, now](Writer& rows) -> Status {
        work->refusal = {};
        work->is_repeat = false;
        const auto refuse_with = [&](const Refusal& refusal) {
          work->refusal = refusal;
          return Status(Code::cancelled, refusal.words);
        };
        NEARZONE_ASSIGN(const Claim claim,
                        claim_code(work->probe, realm, now, is_infection, nullptr, rows));
        if (claim.problem == ClaimProblem::expired) return refuse_with(kOtpExpired);
        if (claim.problem == ClaimProblem::claimed) {
          // The same report again, whose answer did not arrive, changes nothing.
          NEARZONE_ASSIGN(const bool are_known, are_stored(work->keys, realm.name, rows));
          work->is_repeat = are_known;
          if (are_known) return {};
        }
        if (claim.problem != ClaimProblem::none) return refuse_with(kOtpInvalid);
        const Millis window = services_.settings.publish.truncation_window;
        NEARZONE_ASSIGN(const Instant decided, decided_up_to(rows, services_.settings.exports));
        for (const PublishedKey& key : work->keys) {
          StoredKey stored;
          stored.key = key;
          stored.key.report_type = claim.test.report_type;
          stored.regions = realm.regions;
          stored.authority = realm.name;
          stored.created_at = std::max(creation_of(now, key.valid_to, window), decided);
          NEARZONE_ASSIGN(const bool is_new, rows.insert_key(stored));
          if (!is_new) return refuse_with(kKnownKey);
        }
        return rows.count(Day::of(now), "realm/" + realm.name, "bluezone_reports", 1);
      },
      [this, work, attempt = admission.granted, respond](const Status& stored) {
        const bool is_fault = !stored.ok() && !work->refusal.is_refusal();
        const Refusal refusal = is_fault ? kServerFault : work->refusal;
        services_.log.write(is_fault ? LogLevel::error : LogLevel::debug, "bluezone_report",
                            {{"status", refusal.status}});
        attempt->settle(refusal.code == kOtpInvalid.code || refusal.code == kOtpExpired.code);
        on_result_(is_fault               ? "failed"
                   : refusal.is_refusal() ? "refused"
                   : work->is_repeat      ? "repeated"
                                          : "accepted");
        if (refusal.is_refusal()) return respond(disguise_.error(refusal));
        respond(disguise_.success("\"insertedExposures\":" + std::to_string(work->keys.size())));
      });
}

net::HttpResponse BluezoneApi::refuse(int status) {
  return disguise_.error({status, "bad_request", "the request could not be read"});
}

}  // namespace nearzone::authority
