// nearzone upload: the only command that can give keys away, and only after the person at the
// terminal has said yes.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "inputs.h"
#include "nearzone/device.h"
#include "net/http_client.h"
#include "network.h"
#include "output.h"
#include "sync/upload_sender.h"

namespace nearzone::tools {
namespace {

struct UploadCommand {
  LogOptions log;
  std::string code;
  std::string server;
  std::string verification;
  std::string api_key_file;
  std::string health_authority = "org.nearzone.example";
  std::string scheme = "gaen";
  int days = 14;
  bool yes = false;
  bool discards = false;
  bool allows_http = false;
  int patience_seconds = 60;
  NetworkOptions network;
};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// Whether the person at the terminal agrees; without a terminal nobody can.
bool person_consents(const UploadCommand& command) {
  if (command.yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    report_usage({Code::consent_required,
                  "nobody is at the terminal to ask; --yes says that the person agreed", "--yes"});
    return false;
  }
  std::fprintf(
      stderr,
      "This gives %s the keys of this log's last %d days. Phones that were near will find\n"
      "out that they were near somebody, on which day and for how long; nobody learns\n"
      "whom this log heard. The keys cannot be taken back. Type yes to give them: ",
      without_slash(command.server).c_str(), command.days);
  char answer[16] = {};
  return std::fgets(answer, sizeof(answer), stdin) != nullptr && std::string(answer) == "yes\n";
}

// What is sent holds a code and keys: on the way to another machine only with TLS.
Status check_way(const std::string& url, const char* option, bool allows_http) {
  const Result<net::Url> parsed = net::parse_url(url);
  if (!parsed.ok()) return parsed.status().in_field(option);
  const std::string& host = parsed->host;
  const bool is_here =
      host == "localhost" || host == "::1" ||
      (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
  if (parsed->is_secure || is_here || allows_http) return {};
  return {Code::invalid_argument,
          "would send code and keys in clear over the network: use https, or --allow-http in tests",
          option};
}

Result<std::string> read_api_key(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Status(Code::invalid_argument, "others may read this file; chmod it to 0600", "mode");
  NEARZONE_ASSIGN(const std::vector<uint8_t> bytes, read_file(path, 4096));
  std::string key(bytes.begin(), bytes.end());
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  return key;
}

// Sends step by step until nothing is to be sent, or would be only when patience is at its end.
Status send_all(Device& device, const UploadOptions& options, const sync::UploadServers& servers,
                Millis patience, const Clock& clock) {
  const Millis end = clock.monotonic() + patience;
  for (;;) {
    NEARZONE_ASSIGN(const std::optional<UploadRequest> request, device.upload_request(options));
    if (request) {
      const sync::SentUpload sent = sync::send_upload(*request, servers);
      NEARZONE_TRY(device.upload_answered(*request, sent.answer(), options));
      continue;
    }
    NEARZONE_ASSIGN(const UploadStatus status, device.upload_status());
    const Millis pause = status.wake_at - clock.now();
    if (status.state == UploadState::accepted || status.state == UploadState::code_needed ||
        clock.monotonic() + pause > end)
      return {};
    std::this_thread::sleep_for(std::max<Millis>(pause, Millis(100)));
  }
}

int tell(const UploadStatus& status) {
  if (status.state == UploadState::accepted) {
    std::printf("The server has %u key%s; %u new to it.\n", status.keys,
                status.keys == 1 ? "" : "s", status.keys_inserted);
    return kDone;
  }
  std::fprintf(stderr, "nearzone: not accepted: %s, %s; the keys stay pending in the log\n",
               std::string(upload_state_name(status.state)).c_str(),
               std::string(upload_problem_name(status.problem)).c_str());
  const bool is_out_of_reach = status.problem == UploadProblem::unreachable ||
                               status.problem == UploadProblem::server_failed ||
                               status.problem == UploadProblem::busy;
  return is_out_of_reach ? kFailed : kBadInput;
}

Status upload(const UploadCommand& command, const sync::UploadServers& servers, Device& device,
              const Clock& clock, UploadStatus& status) {
  UploadOptions options;
  options.health_authority = command.health_authority;
  options.chaff_gap = Millis(0);
  // One that is pending was agreed to before.
  if (!device.upload_status().ok())
    NEARZONE_TRY(device.begin_upload(PersonConsents{}, command.days));
  NEARZONE_TRY(device.enter_upload_code(command.code));
  NEARZONE_TRY(
      send_all(device, options, servers, std::chrono::seconds(command.patience_seconds), clock));
  NEARZONE_ASSIGN(status, device.upload_status());
  return {};
}

int run(const UploadCommand& command) {
  const auto scheme = parse_scheme(command.scheme);
  if (!scheme.ok()) return report_usage(scheme.status());
  const auto http = command.network.http();
  if (!http.ok()) return report_usage(http.status());
  int exit_code = kDone;
  const std::unique_ptr<Device> device = command.log.open_device(*scheme, exit_code);
  if (device == nullptr) return exit_code;
  if (command.discards) {
    const Status discarded = device->discard_upload();
    return discarded.ok() ? kDone : report(command.log.directory, discarded);
  }
  sync::UploadServers servers;
  servers.key_server_url = without_slash(command.server);
  servers.verification_url =
      command.verification.empty() ? servers.key_server_url : without_slash(command.verification);
  servers.http = *http;
  for (const auto& [url, option] : {std::pair{servers.key_server_url, "--server"},
                                    {servers.verification_url, "--verification-server"}}) {
    const Status way = check_way(url, option, command.allows_http);
    if (!way.ok()) return report_usage(way);
  }
  if (!command.api_key_file.empty()) {
    const auto api_key = read_api_key(command.api_key_file);
    if (!api_key.ok()) return report(command.api_key_file, api_key.status());
    servers.api_key = *api_key;
  }
  if (!person_consents(command)) return kBadUsage;
  UploadStatus status;
  const Status uploaded = upload(command, servers, *device, SystemClock(), status);
  return uploaded.ok() ? tell(status) : report(command.log.directory, uploaded);
}

}  // namespace

void add_upload_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "upload", "Gives this log's own keys to a health authority, if the person agrees");
  auto options = std::make_shared<UploadCommand>();
  options->log.add_to(*command, true);
  CLI::Option* code =
      command->add_option("--code", options->code, "What the health worker told the person");
  CLI::Option* server =
      command->add_option("--server", options->server, "URL of the server that takes the keys");
  command->add_option("--verification-server", options->verification,
                      "URL of the one that takes the code; default: the same");
  command->add_option("--api-key-file", options->api_key_file,
                      "The app's key at the verification server; a file of mode 0600");
  command->add_option("--health-authority", options->health_authority, "The app's name there")
      ->capture_default_str();
  command->add_option("--scheme", options->scheme, "bluezone or gaen: of the keys")
      ->capture_default_str();
  command->add_option("--days", options->days, "How many days back, today included")
      ->check(CLI::Range(1, 14))
      ->capture_default_str();
  command->add_flag("--yes", options->yes, "For scripts: the person agreed, do not ask");
  CLI::Option* discard = command->add_flag("--discard", options->discards,
                                           "Forget a pending upload instead: its keys are lost");
  command
      ->add_option("--patience", options->patience_seconds,
                   "Seconds to try for, in all, where a server does not answer as it should")
      ->check(CLI::Range(0, 24 * 3600))
      ->capture_default_str();
  command->add_flag("--allow-http", options->allows_http,
                    "Also to another machine without TLS: everybody on the way can read it");
  options->network.add_to(*command);
  command->footer(
      "Keys that the server did not take stay pending, sealed in the log: the same command goes "
      "on.\n"
      "Example:\n  nearzone upload --log my-log --code 123456789 --server https://keys.example.org "
      "--api-key-file app.key");
  command->callback([=, &exit_code] {
    if (!*discard && (!*code || !*server))
      raise(exit_code, report_usage({Code::invalid_argument, "are needed", "--code and --server"}));
    else
      raise(exit_code, run(*options));
  });
}

}  // namespace nearzone::tools
