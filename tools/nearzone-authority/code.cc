#include <cstdio>

#include "authority/issuing.h"
#include "authority/report_types.h"
#include "authority/sms.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

using authority::IssuedCode;
using authority::IssueProblem;
using authority::IssueRequest;
using authority::Issuing;
using authority::RealmSettings;
using authority::VerificationCode;
using authority::Writer;

constexpr const char* kActor = "command-line";

struct CodeCommand {
  Setup setup;
  std::string realm;
  std::string type = "confirmed";
  std::string symptom_date;
  std::string test_date;
  std::string uuid;
  std::string phone;
  uint32_t count = 10;
  bool is_json = false;
};

// What a command works with. False: end with the exit code.
struct Work {
  const RealmSettings* realm = nullptr;
  Issuing issuing;
  Instant now;
};

std::optional<Work> begin(CodeCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return {};
  const authority::Settings& settings = options.setup.config().settings;
  const RealmSettings* realm =
      options.realm.empty() ? &settings.realms.front() : settings.find_realm(options.realm);
  if (realm == nullptr) {
    report("", {Code::invalid_argument, "there is no such realm", "--realm"});
    exit_code = kBadUsage;
    return {};
  }
  return Work{realm, Issuing(settings, options.setup.ring(), options.setup.random()),
              options.setup.clock().now()};
}

std::optional<Day> read_date(const std::string& text, const char* option, int& exit_code) {
  if (text.empty()) return {};
  const Result<Day> day = parse_day(text);
  if (day.ok()) return *day;
  report("", {Code::invalid_argument, "must be a date such as 2020-12-31", option});
  exit_code = kBadUsage;
  return {};
}

void print(const std::vector<IssuedCode>& codes, bool is_json) {
  if (!is_json) {
    std::vector<std::vector<std::string>> table{
        {"CODE", "UNTIL (UTC)", "LONG CODE", "UNTIL (UTC)", "NUMBER"}};
    for (const IssuedCode& code : codes)
      table.push_back({code.short_code, format_instant(code.short_expires_at), code.long_code,
                       format_instant(code.long_expires_at), code.uuid});
    print_table(table);
    return;
  }
  std::printf("[");
  for (size_t i = 0; i < codes.size(); ++i)
    std::printf(
        "%s\n  {\"uuid\": \"%s\", \"code\": \"%s\", \"longCode\": \"%s\", "
        "\"expiresAtTimestamp\": %lld, \"longExpiresAtTimestamp\": %lld}",
        i == 0 ? "" : ",", codes[i].uuid.c_str(), codes[i].short_code.c_str(),
        codes[i].long_code.c_str(), static_cast<long long>(codes[i].short_expires_at.ms / 1000),
        static_cast<long long>(codes[i].long_expires_at.ms / 1000));
  std::printf("\n]\n");
}

int send(const CodeCommand& options, const RealmSettings& realm, const IssuedCode& code) {
  if (realm.sms_command.empty())
    return report("", {Code::unsupported, "this realm has no sms_command", "--phone"});
  const std::string text = authority::sms_text(realm.sms_text, code.short_code, code.long_code);
  const Status sent = authority::run_program(realm.sms_command, options.phone + '\n' + text,
                                             authority::SmsSender::kLimit);
  return sent.ok() ? int{kDone} : report(realm.sms_command.front(), sent);
}

void run_issue(CodeCommand& options, uint32_t count, int& exit_code) {
  if (!options.phone.empty() && !authority::is_phone_number(options.phone)) {
    report("", {Code::invalid_argument, "must be + and 8 to 15 digits", "--phone"});
    exit_code = kBadUsage;
    return;
  }
  IssueRequest request;
  request.test.report_type = *authority::report_type_of(options.type);
  request.test.symptom_date = read_date(options.symptom_date, "--symptom-date", exit_code);
  request.test.test_date = read_date(options.test_date, "--test-date", exit_code);
  request.uuid = options.uuid;
  request.issued_by = kActor;
  if (exit_code != kDone) return;
  std::optional<Work> work = begin(options, exit_code);
  if (!work) return;
  std::vector<IssuedCode> codes;
  IssueProblem problem = IssueProblem::none;
  const auto issue = [&]() -> Status {
    NEARZONE_ASSIGN(const auto key, work->issuing.hash_key(work->now));
    return options.setup.store().write([&](Writer& rows) -> Status {
      codes.clear();
      for (uint32_t i = 0; i < count; ++i) {
        NEARZONE_ASSIGN(IssuedCode code,
                        work->issuing.issue(*work->realm, request, *key, rows, work->now));
        problem = code.problem;
        // All or none.
        if (problem != IssueProblem::none)
          return {Code::invalid_argument, authority::issue_problem_words(problem)};
        codes.push_back(std::move(code));
      }
      return {};
    });
  };
  const Status issued = issue();
  if (!issued.ok()) {
    exit_code = report(work->realm->name, issued);
    return;
  }
  print(codes, options.is_json);
  if (!options.phone.empty()) exit_code = send(options, *work->realm, codes.front());
}

const char* state_of(const VerificationCode& code, Instant now) {
  if (code.claimed_at) return "used";
  if (now < code.short_expires_at) return "valid";
  return now < code.long_expires_at ? "valid as long code only" : "expired";
}

void run_look_up(CodeCommand& options, bool is_expiring, int& exit_code) {
  std::optional<Work> work = begin(options, exit_code);
  if (!work) return;
  std::optional<VerificationCode> code;
  const Status done = options.setup.store().write([&](Writer& rows) -> Status {
    if (!is_expiring) {
      NEARZONE_ASSIGN(code,
                      work->issuing.status(*work->realm, options.uuid, kActor, rows, work->now));
      return code ? Status() : Status(Code::not_found, "no code of this number is known");
    }
    NEARZONE_ASSIGN(
        const Issuing::Expiry expiry,
        work->issuing.expire(*work->realm, options.uuid, kActor, rows, work->now, code));
    if (expiry == Issuing::Expiry::unknown)
      return {Code::not_found, "no code of this number is known"};
    if (expiry == Issuing::Expiry::claimed)
      return {Code::invalid_argument, "the code was used before"};
    return {};
  });
  if (!done.ok()) {
    exit_code = report(options.uuid, done);
    return;
  }
  if (options.is_json) {
    std::printf(
        "{\"uuid\": \"%s\", \"claimed\": %s, \"expiresAtTimestamp\": %lld, "
        "\"longExpiresAtTimestamp\": %lld}\n",
        code->uuid.c_str(), code->claimed_at ? "true" : "false",
        static_cast<long long>(code->short_expires_at.ms / 1000),
        static_cast<long long>(code->long_expires_at.ms / 1000));
    return;
  }
  print_table({{"STATE", "TEST", "ISSUED (UTC)", "CODE UNTIL", "LONG CODE UNTIL"},
               {state_of(*code, work->now),
                std::string(authority::report_type_name(code->test.report_type)),
                format_instant(code->issued_at), format_instant(code->short_expires_at),
                format_instant(code->long_expires_at)}});
}

}  // namespace

void add_code_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CodeCommand>();
  CLI::App* command = app.add_subcommand("code", "Issue codes, and look after them");
  command->require_subcommand(1);
  CLI::App* issue = command->add_subcommand("issue", "One code for one person");
  CLI::App* batch = command->add_subcommand("batch", "Several codes of one kind");
  CLI::App* status = command->add_subcommand("status", "Whether a code was used");
  CLI::App* expire = command->add_subcommand("expire", "End a code that was not used");
  for (CLI::App* each : {issue, batch, status, expire}) {
    options->setup.add_to(*each);
    each->add_option("--realm", options->realm, "Whose code; the first realm where it is left out");
    each->add_flag("--json", options->is_json, "For programs");
  }
  for (CLI::App* each : {issue, batch}) {
    each->add_option("--type", options->type, "confirmed, likely, negative, user-report")
        ->check(CLI::IsMember({"confirmed", "likely", "negative", "user-report"}));
    each->add_option("--symptom-date", options->symptom_date, "First symptoms, as 2020-12-31");
    each->add_option("--test-date", options->test_date, "Day of the test, as 2020-12-31");
  }
  issue->add_option("--uuid", options->uuid, "A number of your own for it");
  issue->add_option("--phone", options->phone, "Send it there with the realm's sms_command");
  batch->add_option("-n,--count", options->count, "How many")->check(CLI::Range(1, 100'000));
  for (CLI::App* each : {status, expire})
    each->add_option("uuid", options->uuid, "The code's number")->required();
  issue->callback([options, &exit_code] { run_issue(*options, 1, exit_code); });
  batch->callback([options, &exit_code] { run_issue(*options, options->count, exit_code); });
  status->callback([options, &exit_code] { run_look_up(*options, false, exit_code); });
  expire->callback([options, &exit_code] { run_look_up(*options, true, exit_code); });
}

}  // namespace nearzone::authority_tool
