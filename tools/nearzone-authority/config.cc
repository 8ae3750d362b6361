#include <cmath>
#include <cstdio>

#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

void run_check(Setup& setup, int& exit_code) {
  if (!setup.read(exit_code)) return;
  const authority::Settings& settings = setup.config().settings;
  std::printf("Serves on %s:%u %s, data in %s.\n", settings.server.address.c_str(),
              static_cast<unsigned>(settings.server.port),
              settings.server.tls_key.empty() ? "without TLS" : "with TLS",
              settings.storage.folder.c_str());
  for (const authority::RealmSettings& realm : settings.realms) {
    std::printf(
        "Realm %s: at most %llu wrong codes an hour, so that with %llu codes a day, all issued "
        "within "
        "8 hours, any of them is guessed within the life of one with a chance of 1 in %.0f.\n",
        realm.name.c_str(), static_cast<unsigned long long>(realm.failures_an_hour),
        static_cast<unsigned long long>(realm.codes_a_day),
        std::floor(1 / authority::guess_chance(realm)));
  }
  if (settings.server.tls_key.empty() && settings.server.address != "127.0.0.1" &&
      settings.server.address != "::1")
    std::puts("Without TLS on an address that others may reach: put a proxy with TLS in front.");
  std::puts("The configuration has no fault.");
}

}  // namespace

void add_config_command(CLI::App& app, int& exit_code) {
  auto setup = std::make_shared<Setup>();
  CLI::App* command = app.add_subcommand("config", "Look at a configuration without starting");
  command->require_subcommand(1);
  CLI::App* check = command->add_subcommand("check", "Explain every fault by key and line");
  setup->add_to(*check);
  check->callback([setup, &exit_code] { run_check(*setup, exit_code); });
}

}  // namespace nearzone::authority_tool
