#include <cstdio>

#include "api_keys.h"
#include "authority/codes.h"
#include "command.h"
#include "output.h"

namespace nearzone::authority_tool {
namespace {

using authority::ApiKey;
using authority::Reader;
using authority::Role;
using authority::Writer;

struct ApiKeyCommand {
  Setup setup;
  std::string name;
  std::string realm;
  std::string role = "device";
};

const char* role_name(Role role) {
  switch (role) {
    case Role::device: return "device";
    case Role::admin: return "admin";
    case Role::statistics: return "statistics";
  }
  return "";
}

Role role_of(const std::string& name) {
  return name == "admin" ? Role::admin : name == "statistics" ? Role::statistics : Role::device;
}

void run_new(ApiKeyCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const authority::Settings& settings = options.setup.config().settings;
  if (options.realm.empty()) options.realm = settings.realms.front().name;
  if (settings.find_realm(options.realm) == nullptr) {
    report("", {Code::invalid_argument, "there is no such realm", "--realm"});
    exit_code = kBadUsage;
    return;
  }
  const Result<std::string> key =
      make_api_key(options.setup, options.name, options.realm, role_of(options.role));
  if (!key.ok()) {
    exit_code = report(options.name, key.status());
    return;
  }
  std::printf("%s\n", key->c_str());
  std::fputs("This key is shown once. Callers send it in the header X-API-Key.\n", stderr);
}

void run_list(ApiKeyCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  std::vector<ApiKey> keys;
  const Status read = options.setup.store().read([&](Reader& rows) -> Status {
    NEARZONE_ASSIGN(keys, rows.api_keys());
    return {};
  });
  if (!read.ok()) {
    exit_code = report("", read);
    return;
  }
  std::vector<std::vector<std::string>> table{{"NAME", "REALM", "ROLE", "MADE", "REVOKED"}};
  for (const ApiKey& key : keys)
    table.push_back({key.name, key.realm, role_name(key.role), format_instant(key.created_at),
                     key.revoked_at ? format_instant(*key.revoked_at) : "-"});
  print_table(table);
}

void run_revoke(ApiKeyCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const Instant now = options.setup.clock().now();
  const Status revoked = options.setup.store().write([&](Writer& rows) -> Status {
    NEARZONE_ASSIGN(const bool is_done, rows.revoke_api_key(options.name, now));
    if (!is_done) return {Code::not_found, "there is no such key, or it was revoked before"};
    return rows.append_audit({now, "", "command-line", "api-key.revoke", options.name});
  });
  if (!revoked.ok()) exit_code = report(options.name, revoked);
}

}  // namespace

Result<std::string> make_api_key(Setup& setup, const std::string& name, const std::string& realm,
                                 Role role) {
  std::string key = authority::draw_api_key(setup.random());
  const Instant now = setup.clock().now();
  const Status stored = setup.store().write([&](Writer& rows) -> Status {
    NEARZONE_TRY(
        rows.insert_api_key({0, name, realm, role, authority::hash_token(key), now, std::nullopt})
            .status());
    return rows.append_audit({now, realm, "command-line", "api-key.new", name});
  });
  if (!stored.ok()) return stored;
  return key;
}

void add_api_key_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ApiKeyCommand>();
  CLI::App* command = app.add_subcommand("api-key", "Keys that apps and health workers call with");
  command->require_subcommand(1);
  CLI::App* make = command->add_subcommand("new", "Make a key and print it, once");
  CLI::App* list = command->add_subcommand("list", "All keys, without the keys themselves");
  CLI::App* revoke = command->add_subcommand("revoke", "End a key for ever");
  for (CLI::App* each : {make, list, revoke}) options->setup.add_to(*each);
  for (CLI::App* each : {make, revoke})
    each->add_option("name", options->name, "What people call the key")->required();
  make->add_option("--realm", options->realm, "Whose key; the first realm where it is left out");
  make->add_option("--role", options->role, "device (apps), admin (health workers), statistics")
      ->check(CLI::IsMember({"device", "admin", "statistics"}));
  make->callback([options, &exit_code] { run_new(*options, exit_code); });
  list->callback([options, &exit_code] { run_list(*options, exit_code); });
  revoke->callback([options, &exit_code] { run_revoke(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
