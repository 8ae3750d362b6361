// nearzone-authority audit: who did what.
#include <cstdio>

#include "authority/json.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

using authority::AuditEntry;

struct AuditCommand {
  Setup setup;
  std::string realm;
  bool is_of_server = false;
  uint64_t most = 50;
  bool is_json = false;
};

void run_audit(AuditCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const authority::Settings& settings = options.setup.config().settings;
  if (options.realm.empty() && !options.is_of_server) options.realm = settings.realms.front().name;
  std::vector<AuditEntry> entries;
  const Status read = options.setup.store().read([&](authority::Reader& rows) -> Status {
    NEARZONE_ASSIGN(entries, rows.audit(options.realm, options.most));
    return {};
  });
  if (!read.ok()) {
    exit_code = report(options.realm, read);
    return;
  }
  if (options.is_json) {
    for (const AuditEntry& entry : entries)
      std::printf("{\"at_ms\": %lld, \"actor\": %s, \"action\": %s, \"subject\": %s}\n",
                  static_cast<long long>(entry.at.ms), authority::json_text(entry.actor).c_str(),
                  authority::json_text(entry.action).c_str(),
                  authority::json_text(entry.subject).c_str());
    return;
  }
  std::vector<std::vector<std::string>> table{{"AT (UTC)", "WHO", "DID", "TO"}};
  for (const AuditEntry& entry : entries)
    table.push_back({format_instant(entry.at), entry.actor, entry.action, entry.subject});
  print_table(table);
}

}  // namespace

void add_audit_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<AuditCommand>();
  CLI::App* command =
      app.add_subcommand("audit", "Who issued, looked up and ended what; newest first");
  options->setup.add_to(*command);
  CLI::Option* realm = command->add_option("--realm", options->realm,
                                           "Whose acts; the first realm where it is left out");
  command
      ->add_flag("--server", options->is_of_server,
                 "What concerns no realm: signing keys, API keys")
      ->excludes(realm);
  command->add_option("-n,--count", options->most, "How many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--json", options->is_json, "One JSON object a line");
  command->callback([options, &exit_code] { run_audit(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
