// nearzone sync: fetches the lists that a server has, verified.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "inputs.h"
#include "nearzone/device.h"
#include "network.h"
#include "output.h"
#include "sync/list_sync.h"

namespace nearzone::tools {
namespace {

struct SyncCommand {
  std::string url;
  std::string folder = "lists";
  std::string index = "index.txt";
  std::string suffix = ".zip";
  std::vector<std::string> public_keys;
  int gap_minutes = 240;
  bool follows = false;
  bool json = false;
  NetworkOptions network;
};

void print(const SyncCommand& command, const sync::ListSyncReport& report) {
  if (command.json) {
    print_json(nlohmann::json{{"fetched", report.fetched},
                              {"missing", report.missing},
                              {"failed", report.failed},
                              {"bytes", report.bytes},
                              {"wake_at_ms", report.wake_at.ms}});
  } else {
    std::printf(
        "%llu lists fetched, %llu missing, %llu failed, %llu bytes; look again after %s UTC\n",
        static_cast<unsigned long long>(report.fetched),
        static_cast<unsigned long long>(report.missing),
        static_cast<unsigned long long>(report.failed),
        static_cast<unsigned long long>(report.bytes), format_instant(report.wake_at).c_str());
  }
  std::fflush(stdout);
}

int run(const SyncCommand& command) {
  int exit_code = kDone;
  const auto keys = read_public_keys(command.public_keys, exit_code);
  if (keys == nullptr) return exit_code;
  const auto http = command.network.http();
  if (!http.ok()) return report_usage(http.status());
  sync::ListSyncOptions options;
  options.base_url = command.url;
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  options.index.path = command.index;
  options.index.suffix = command.suffix;
  options.index.gap = std::chrono::minutes(command.gap_minutes);
  options.http = *http;
  options.keys = *keys;
  options.on_list = [&](const std::string& path, const Status& status) {
    if (!status.ok()) raise(exit_code, report(path, status));
  };
  const Status usable = options.index.check();
  if (!usable.ok()) return report_usage(usable);
  const auto folder = sync::ListFolder::open(command.folder);
  if (!folder.ok()) return report(command.folder, folder.status());
  const SystemClock clock;
  SystemRandom random;
  for (;;) {
    const auto done = sync::sync_lists(*folder, options, clock, random);
    if (done.ok())
      print(command, *done);
    else
      raise(exit_code, report(options.base_url + "/" + command.index, done.status()));
    if (!command.follows) return exit_code;
    // After a fault the folder's state knows how long to wait; asking each minute costs nothing.
    const Millis pause = done.ok() ? done->wake_at - clock.now() : Millis(0);
    std::this_thread::sleep_for(std::max<Millis>(pause, std::chrono::minutes(1)));
  }
}

}  // namespace

void add_sync_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("sync", "Fetches the lists that a server has, verified, into a folder");
  auto options = std::make_shared<SyncCommand>();
  command->add_option("URL", options->url, "Base URL of the server's lists")->required();
  add_public_keys(*command, options->public_keys,
                  "PEM, P-256 or Ed25519: a list that none verifies is not kept", true);
  command->add_option("--to", options->folder, "Folder of the lists")->capture_default_str();
  command->add_option("--index", options->index, "Path of the index")->capture_default_str();
  command->add_option("--suffix", options->suffix, "Of the lists that are wanted")
      ->capture_default_str();
  command->add_option("--every", options->gap_minutes, "Minutes between two looks at the index")
      ->check(CLI::Range(5, 7 * 24 * 60))
      ->capture_default_str();
  command->add_flag("--follow", options->follows, "Go on until it is ended");
  command->add_flag("--json", options->json, "One JSON object a run");
  options->network.add_to(*command);
  command->footer(
      "What was fetched before is not fetched again; interrupted lists go on where they stopped.\n"
      "Before the index is due again, nothing is asked.\n"
      "Example:\n  nearzone sync https://lists.example.org/exports --index en/index.txt "
      "--public-key key.pem\n  nearzone match lists/*.zip --log my-log --public-key key.pem");
  command->callback([options, &exit_code] { raise(exit_code, run(*options)); });
}

}  // namespace nearzone::tools
