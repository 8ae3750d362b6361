#include <signal.h>
#include <sys/resource.h>

#include <cstdio>

#include "api_keys.h"
#include "authority/exports/publication.h"
#include "authority/exports/signing_keys.h"
#include "authority/private_file.h"
#include "authority/server.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

constexpr Millis kGrace = std::chrono::seconds(10);
constexpr Millis kGapOfExports = std::chrono::seconds(60);

struct ServeCommand {
  Setup setup;
  int port = -1;
  std::string address;
  std::string log_level;
};

void print_line(const std::string& line, void*) { std::fprintf(stderr, "%s\n", line.c_str()); }

// What a development server signs lists with: a key of each kind, the first time.
Status make_development_signing_keys(Setup& setup) {
  std::vector<authority::SigningKeyInfo> keys;
  const Status read = setup.store().read([&](authority::Reader& rows) -> Status {
    NEARZONE_ASSIGN(keys, rows.signing_keys());
    return {};
  });
  if (!read.ok() || !keys.empty()) return read;
  NEARZONE_ASSIGN(const auto folder, authority::DurableFolder::open(
                                         authority::signing_keys_path(setup.config().settings),
                                         0700, authority::system_file_calls()));
  for (const auto& [id, algorithm] :
       {std::pair{"development-p256", PublicKey::Algorithm::ecdsa_p256},
        {"development-ed25519", PublicKey::Algorithm::ed25519}}) {
    const authority::SigningKeyInfo wanted{id, "v1", algorithm, {}, {}, {}, {}};
    NEARZONE_TRY(authority::make_signing_key(setup.store(), folder, wanted).status());
  }
  return {};
}

// A development server's keys lie beside its store.
Status make_development_keys(Setup& setup) {
  const std::string& folder = setup.config().settings.storage.folder;
  const std::string& realm = setup.config().settings.realms.front().name;
  for (const auto& [name, role] :
       {std::pair{"device", authority::Role::device}, {"admin", authority::Role::admin}}) {
    const std::string path = folder + "/" + name + ".api-key";
    if (authority::read_private_file(path, 4096).status().code() != Code::not_found) continue;
    NEARZONE_ASSIGN(const std::string key,
                    make_api_key(setup, std::string("development-") + name, realm, role));
    NEARZONE_TRY(authority::make_private_file(path, as_bytes(key)));
  }
  return make_development_signing_keys(setup);
}

// Whether lists of every series could be signed now: a server that takes keys and never publishes
// them would be found out late.
Status check_signing_keys(Setup& setup) {
  return setup.store().read([&](authority::Reader& rows) -> Status {
    const Instant now = setup.clock().now();
    const auto is_there = [&](PublicKey::Algorithm algorithm) -> Result<bool> {
      NEARZONE_ASSIGN(const auto keys, authority::active_signing_keys(rows, algorithm, now));
      return !keys.empty();
    };
    for (const authority::Series& series : setup.config().settings.exports) {
      NEARZONE_ASSIGN(const bool has_ed25519, is_there(PublicKey::Algorithm::ed25519));
      NEARZONE_ASSIGN(const bool has_p256, is_there(PublicKey::Algorithm::ecdsa_p256));
      if (!has_ed25519 || (series.scheme == SchemeTag::gaen && !has_p256))
        return {
            Code::invalid_argument,
            "no key to sign lists with: make one of each kind with `nearzone-authority key new`"};
    }
    return {};
  });
}

void say_what_development_means(Setup& setup, uint16_t port) {
  const authority::Settings& settings = setup.config().settings;
  const char* folder = settings.storage.folder.c_str();
  std::fprintf(
      stderr,
      "This is a development server: no configuration was given.\n"
      "  address          http://%s:%u, this machine only, without TLS\n"
      "  data             %s (SQLite; keys of its own were generated there)\n"
      "  app's key        %s/device.api-key   (X-API-Key of /api/verify, /api/certificate)\n"
      "  health worker's  %s/admin.api-key    (for http://%s:%u/issue)\n"
      "  uploads for      %s\n"
      "  lists            http://%s:%u/exports/en/index.txt, signed with the keys that\n"
      "                   `nearzone-authority key list --folder %s` shows\n"
      "Issue a code: nearzone-authority code issue --folder %s\n"
      "For anything real: nearzone-authority serve --config FILE; see docs/authority.md\n",
      settings.server.address.c_str(), port, folder, folder, folder,
      settings.server.address.c_str(), port,
      settings.realms.front().health_authorities.front().c_str(), settings.server.address.c_str(),
      port, folder, folder);
}

// Each connection needs a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

void run_serve(ServeCommand& options, int& exit_code) {
  // Before any thread: they all leave these to sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  raise_descriptor_limit();

  Setup& setup = options.setup;
  if (!setup.open(exit_code)) return;
  authority::Config& config = setup.config();
  if (options.port >= 0) config.settings.server.port = static_cast<uint16_t>(options.port);
  if (!options.address.empty()) config.settings.server.address = options.address;
  if (options.log_level == "debug") config.log_level = authority::LogLevel::debug;
  if (setup.is_development()) {
    const Status made = make_development_keys(setup);
    if (!made.ok()) {
      exit_code = report(config.settings.storage.folder, made);
      return;
    }
  }
  const Status signable = check_signing_keys(setup);
  if (!signable.ok()) {
    report("", signable);
    exit_code = signable.code() == Code::invalid_argument ? int{kBadUsage} : exit_code_of(signable);
    return;
  }
  authority::Log log(config.log_level, setup.clock(), print_line, nullptr);
  const authority::Surroundings around{setup.clock(), setup.random(), log};
  Result<std::unique_ptr<authority::Server>> server =
      authority::Server::open(config.settings, around);
  std::unique_ptr<authority::Publication> publication;
  const auto start = [&]() -> Status {
    NEARZONE_TRY(server.status());
    NEARZONE_ASSIGN(publication, authority::Publication::open(config.settings, (*server)->store(),
                                                              (*server)->api(), setup.clock(),
                                                              setup.random(), log));
    return (*server)->start();
  };
  const Status started = start();
  if (!started.ok()) {
    exit_code = report("serve", started);
    return;
  }
  if (setup.is_development()) say_what_development_means(setup, (*server)->port());
  log.write(authority::LogLevel::info, "started", {{"port", int64_t{(*server)->port()}}});
  std::printf("listening on %s:%u\n", config.settings.server.address.c_str(),
              static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  publication->loop().start(kGapOfExports);
  int received = 0;
  sigwait(&signals, &received);
  log.write(authority::LogLevel::info, "stopping", {{"signal", int64_t{received}}});
  (*server)->stop(kGrace);
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeCommand>();
  CLI::App* command = app.add_subcommand(
      "serve", "Run the server; without a configuration, one for development on this machine");
  options->setup.add_to(*command);
  command->add_option("--port", options->port, "Instead of the configuration's; 0: any free one")
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options->address,
                      "To listen on, instead of the configuration's: 0.0.0.0 in a container");
  command->add_option("--log", options->log_level, "debug: also every request's outcome")
      ->check(CLI::IsMember({"debug", "info"}));
  command->callback([options, &exit_code] { run_serve(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
