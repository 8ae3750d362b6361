#include "authority/admin.h"

#include <algorithm>

#include "authority/report_types.h"
#include "authority/verification.h"

namespace nearzone::authority {
namespace {

constexpr size_t kMostInABatch = 10;

// Behind an admin's key nothing needs to look alike.
net::HttpResponse plain(int status, std::string_view members) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = '{';
  response.body += members;
  response.body += '}';
  return response;
}

std::string error_members(const char* code, const char* words) {
  return "\"error\":" + json_text(words) + ",\"errorCode\":" + json_text(code) +
         ",\"error_code\":" + json_text(code);
}

net::HttpResponse refusal(int status, const char* code, const char* words) {
  return plain(status, error_members(code, words));
}

net::HttpResponse fault() {
  net::HttpResponse response = refusal(503, "internal_error", "try again later");
  response.headers.push_back({"Retry-After", "30"});
  return response;
}

// Whether these members are texts, as far as they are there: what is something else would be passed
// over, and a person not told of it.
bool are_texts(const Json& object, std::initializer_list<std::string_view> names) {
  return object.kind == Json::Kind::object &&
         std::ranges::all_of(names, [&](std::string_view name) {
           const Json* value = object.find(name);
           return value == nullptr || value->is_text();
         });
}

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value == nullptr ? std::string() : value->text;
}

std::string times(const char* name, const char* seconds_name, Instant at) {
  return std::string("\"") + name + "\":" + json_text(net::http_date(at)) + ",\"" + seconds_name +
         "\":" + std::to_string(at.ms / 1000);
}

std::string times_of(Instant short_expires_at, Instant long_expires_at) {
  return times("expiresAt", "expiresAtTimestamp", short_expires_at) + ',' +
         times("longExpiresAt", "longExpiresAtTimestamp", long_expires_at);
}

// One code that is wanted, and what became of it.
struct Wanted {
  IssueRequest request;
  std::string phone;
  const char* problem = "";  // found before it was tried
  const char* words = "";
  IssuedCode issued;
  bool is_sms_refused = false;
};

Wanted read_wanted(const Json& object, const Caller& caller) {
  Wanted wanted;
  wanted.request.issued_by = caller.name;
  if (!are_texts(object, {"uuid", "phone", "testType", "symptomDate", "testDate"})) {
    wanted.problem = "unparsable_request";
    wanted.words = "uuid, phone, testType and dates must be texts";
    return wanted;
  }
  wanted.request.uuid = text_of(object, "uuid");
  wanted.phone = text_of(object, "phone");
  const std::optional<ReportType> type = report_type_of(text_of(object, "testType"));
  if (!type) {
    wanted.problem = "invalid_test_type";
    wanted.words = "testType must be confirmed, likely, negative or user-report";
    return wanted;
  }
  wanted.request.test.report_type = *type;
  for (const auto& [name, day] : {std::pair{"symptomDate", &wanted.request.test.symptom_date},
                                  {"testDate", &wanted.request.test.test_date}}) {
    const std::string text = text_of(object, name);
    if (text.empty()) continue;
    const Result<Day> parsed = parse_day(text);
    if (!parsed.ok()) {
      wanted.problem = "invalid_date";
      wanted.words = "a date must be written as 2020-12-31";
      return wanted;
    }
    *day = *parsed;
  }
  if (!wanted.phone.empty() && !is_phone_number(wanted.phone)) {
    wanted.problem = "phone_number_invalid";
    wanted.words = "a phone number is + and 8 to 15 digits";
  } else if (!wanted.phone.empty() && caller.realm->sms_command.empty()) {
    wanted.problem = "sms_failure";
    wanted.words = "this realm sends no text messages";
  }
  return wanted;
}

int status_of(const Wanted& wanted) {
  if (*wanted.problem != '\0') return 400;
  switch (wanted.issued.problem) {
    case IssueProblem::none: return wanted.is_sms_refused ? 400 : 200;
    case IssueProblem::uuid_exists: return 409;
    case IssueProblem::quota_exceeded: return 429;
    default: return 400;
  }
}

std::string members_of(const Wanted& wanted) {
  if (*wanted.problem != '\0') return error_members(wanted.problem, wanted.words);
  const IssuedCode& issued = wanted.issued;
  if (issued.problem != IssueProblem::none)
    return error_members(issue_problem_name(issued.problem), issue_problem_words(issued.problem));
  if (wanted.is_sms_refused)
    return error_members("sms_queue_full", "too many text messages are waiting");
  return "\"uuid\":" + json_text(issued.uuid) + ",\"code\":" + json_text(issued.short_code) +
         ",\"longCode\":" + json_text(issued.long_code) + ',' +
         times_of(issued.short_expires_at, issued.long_expires_at);
}

}  // namespace

std::optional<AdminApi::Asked> AdminApi::read(const net::HttpRequest& request,
                                              const Respond& respond) {
  const Result<std::optional<Caller>> caller = callers_.identify(request, Role::admin);
  if (!caller.ok()) {
    respond(fault());
    return {};
  }
  if (!*caller) {
    respond(refusal(401, "unauthorized", "this needs an admin's API key"));
    return {};
  }
  Result<Json> body = Json::parse(request.body);
  if (!has_json(request) || !body.ok() || body->kind != Json::Kind::object) {
    respond(refusal(has_json(request) ? 400 : 415, "unparsable_request",
                    "the body must be a JSON object"));
    return {};
  }
  return Asked{**caller, *std::move(body)};
}

void AdminApi::issue(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, respond);
  if (asked) issue_all(asked->caller, {&asked->body}, false, respond);
}

void AdminApi::batch_issue(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, respond);
  if (!asked) return;
  const Json* codes = asked->body.find("codes");
  if (codes == nullptr || codes->kind != Json::Kind::array || codes->items.empty() ||
      codes->items.size() > kMostInABatch)
    return respond(refusal(400, "unparsable_request", "codes must be a list of 1 to 10"));
  std::vector<const Json*> wanted;
  wanted.reserve(codes->items.size());
  for (const Json& item : codes->items) wanted.push_back(&item);
  issue_all(asked->caller, wanted, true, respond);
}

void AdminApi::issue_all(const Caller& caller, const std::vector<const Json*>& objects,
                         bool is_batch, const Respond& respond) {
  const auto wanted = std::make_shared<std::vector<Wanted>>();
  for (const Json* object : objects) wanted->push_back(read_wanted(*object, caller));
  const Instant now = services_.clock.now();
  const RealmSettings& realm = *caller.realm;
  const Result<std::shared_ptr<const RingKey>> key = issuing_.hash_key(now);
  if (!key.ok()) return respond(fault());
  services_.writes.submit(
      [this, wanted, &realm, now, key = *key](Writer& rows) -> Status {
        for (Wanted& each : *wanted) {
          if (*each.problem != '\0') continue;
          NEARZONE_ASSIGN(each.issued, issuing_.issue(realm, each.request, *key, rows, now));
        }
        return {};
      },
      [this, wanted, &realm, is_batch, respond](const Status& stored) {
        if (!stored.ok()) {
          services_.log.write(LogLevel::error, "issue", {{"reason", Literal::of(stored.code())}});
          return respond(fault());
        }
        int status = 200;
        std::string list;
        for (Wanted& each : *wanted) {
          if (status_of(each) == 200 && !each.phone.empty()) {
            const std::string text =
                sms_text(realm.sms_text, each.issued.short_code, each.issued.long_code);
            each.is_sms_refused = !sms_.send(realm.sms_command, each.phone, text);
          }
          status = std::max(status, status_of(each));
          if (!list.empty()) list += ',';
          list += '{';
          list += members_of(each);
          list += '}';
        }
        services_.log.write(LogLevel::info, "issue",
                            {{"status", status}, {"codes", static_cast<int64_t>(wanted->size())}});
        if (is_batch) return respond(plain(status, "\"codes\":[" + list + "]"));
        net::HttpResponse response = plain(status, members_of(wanted->front()));
        if (status == 429) {
          // Until the next UTC day.
          const Instant at = services_.clock.now();
          const Millis wait = (Day::of(at) + 1).start() - at;
          response.headers.push_back({"Retry-After", std::to_string(wait.count() / 1000 + 1)});
        }
        respond(std::move(response));
      });
}

void AdminApi::check_code_status(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, respond);
  if (!asked) return;
  if (!are_texts(asked->body, {"uuid"}))
    return respond(refusal(400, "unparsable_request", "uuid must be a text"));
  const std::string uuid = text_of(asked->body, "uuid");
  const Instant now = services_.clock.now();
  const auto code = std::make_shared<std::optional<VerificationCode>>();
  services_.writes.submit(
      [this, caller = asked->caller, uuid, now, code](Writer& rows) -> Status {
        NEARZONE_ASSIGN(*code, issuing_.status(*caller.realm, uuid, caller.name, rows, now));
        return {};
      },
      [code, respond](const Status& stored) {
        if (!stored.ok()) return respond(fault());
        if (!*code) return respond(refusal(404, "code_not_found", "no code of this uuid is known"));
        const VerificationCode& found = **code;
        respond(plain(
            200,
            std::string("\"claimed\":") + (found.claimed_at ? "true" : "false") +
                ",\"expiresAtTimestamp\":" + std::to_string(found.short_expires_at.ms / 1000) +
                ",\"longExpiresAtTimestamp\":" + std::to_string(found.long_expires_at.ms / 1000)));
      });
}

void AdminApi::expire_code(const net::HttpRequest& request, const Respond& respond) {
  const std::optional<Asked> asked = read(request, respond);
  if (!asked) return;
  if (!are_texts(asked->body, {"uuid"}))
    return respond(refusal(400, "unparsable_request", "uuid must be a text"));
  const std::string uuid = text_of(asked->body, "uuid");
  const Instant now = services_.clock.now();
  struct Work {
    Issuing::Expiry expiry = Issuing::Expiry::unknown;
    std::optional<VerificationCode> code;
  };
  const auto work = std::make_shared<Work>();
  services_.writes.submit(
      [this, caller = asked->caller, uuid, now, work](Writer& rows) -> Status {
        NEARZONE_ASSIGN(work->expiry,
                        issuing_.expire(*caller.realm, uuid, caller.name, rows, now, work->code));
        return {};
      },
      [work, respond](const Status& stored) {
        if (!stored.ok()) return respond(fault());
        if (work->expiry == Issuing::Expiry::unknown)
          return respond(refusal(404, "code_not_found", "no code of this uuid is known"));
        if (work->expiry == Issuing::Expiry::claimed)
          return respond(refusal(400, "code_claimed", "the code was used before"));
        respond(plain(200, times_of(work->code->short_expires_at, work->code->long_expires_at)));
      });
}

}  // namespace nearzone::authority
