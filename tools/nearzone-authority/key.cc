// nearzone-authority key: what lists are signed with.
#include <cstdio>

#include "authority/exports/publication.h"
#include "authority/exports/signing_keys.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

using authority::SigningKeyInfo;

struct KeyCommand {
  Setup setup;
  std::string id;
  std::string version = "v1";
  std::string algorithm;
  std::string from;
  std::string thru;
  bool is_json = false;
  bool shows_public = false;
};

// A day, or none for an empty text. Raises the exit code on anything else.
std::optional<Instant> read_time(const std::string& text, const char* option, int& exit_code) {
  if (text.empty()) return {};
  const Result<Instant> at = parse_instant(text);
  if (at.ok()) return *at;
  report("", at.status().in_field(option));
  exit_code = kBadUsage;
  return {};
}

std::string state_of(const SigningKeyInfo& key, Instant now) {
  if (authority::is_active(key, now)) return "in use";
  return now < key.valid_from ? "not yet" : "retired";
}

void run_new(KeyCommand& options, int& exit_code) {
  SigningKeyInfo wanted;
  const std::optional<Instant> from = read_time(options.from, "--from", exit_code);
  wanted.valid_thru = read_time(options.thru, "--thru", exit_code);
  if (exit_code != kDone || !options.setup.open(exit_code)) return;
  const Instant now = options.setup.clock().now();
  wanted.id = options.id;
  wanted.version = options.version;
  wanted.algorithm = options.algorithm == "ed25519" ? PublicKey::Algorithm::ed25519
                                                    : PublicKey::Algorithm::ecdsa_p256;
  wanted.valid_from = from.value_or(now);
  const auto make = [&]() -> Status {
    NEARZONE_ASSIGN(const auto folder,
                    authority::DurableFolder::open(
                        authority::signing_keys_path(options.setup.config().settings), 0700,
                        authority::system_file_calls()));
    NEARZONE_ASSIGN(wanted, authority::make_signing_key(options.setup.store(), folder, wanted));
    return options.setup.store().write([&](authority::Writer& rows) {
      return rows.append_audit({now, "", "command-line", "signing-key.new", wanted.id});
    });
  };
  const Status made = make();
  if (!made.ok()) {
    exit_code = report(options.id, made);
    return;
  }
  std::fprintf(stderr, "The private key is %s; keep a copy where nobody else can read it.\n",
               authority::signing_key_file(
                   authority::signing_keys_path(options.setup.config().settings), wanted)
                   .c_str());
  std::printf("%s", wanted.public_key_pem.c_str());
}

void run_list(KeyCommand& options, int& exit_code) {
  if (!options.setup.open(exit_code)) return;
  const Instant now = options.setup.clock().now();
  std::vector<SigningKeyInfo> keys;
  const Status read = options.setup.store().read([&](authority::Reader& rows) -> Status {
    NEARZONE_ASSIGN(keys, rows.signing_keys());
    return {};
  });
  if (!read.ok()) {
    exit_code = report("", read);
    return;
  }
  if (options.shows_public) {
    for (const SigningKeyInfo& key : keys)
      if (authority::is_active(key, now)) std::printf("%s", key.public_key_pem.c_str());
    return;
  }
  const std::string keys_folder = authority::signing_keys_path(options.setup.config().settings);
  std::vector<std::vector<std::string>> table{
      {"ID", "VERSION", "ALGORITHM", "FROM (UTC)", "THRU (UTC)", "STATE", "PRIVATE KEY"}};
  for (const SigningKeyInfo& key : keys)
    table.push_back({key.id, key.version, std::string(authority::algorithm_name(key.algorithm)),
                     format_instant(key.valid_from),
                     key.valid_thru ? format_instant(*key.valid_thru) : "-", state_of(key, now),
                     authority::signing_key_file(keys_folder, key)});
  print_table(table);
}

void run_retire(KeyCommand& options, int& exit_code) {
  const std::optional<Instant> at = read_time(options.thru, "--at", exit_code);
  if (exit_code != kDone || !options.setup.open(exit_code)) return;
  const Instant now = options.setup.clock().now();
  const auto retire = [&]() -> Status {
    NEARZONE_TRY(
        authority::retire_signing_key(options.setup.store(), options.id, at.value_or(now)));
    return options.setup.store().write([&](authority::Writer& rows) {
      return rows.append_audit({now, "", "command-line", "signing-key.retire", options.id});
    });
  };
  const Status retired = retire();
  if (!retired.ok()) exit_code = report(options.id, retired);
}

}  // namespace

void add_key_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<KeyCommand>();
  CLI::App* command = app.add_subcommand("key", "Keys that published lists are signed with");
  command->require_subcommand(1);
  command->footer(
      "All keys in use sign, the newest first. To rotate: `key new`, publish its public half, wait "
      "until phones have it, `key retire` the old one. A running server notices by itself.");
  CLI::App* make = command->add_subcommand("new", "Generate a key and print its public half");
  CLI::App* list = command->add_subcommand("list", "All keys, without the private halves");
  CLI::App* retire = command->add_subcommand("retire", "End a key; its file is kept");
  for (CLI::App* each : {make, list, retire}) options->setup.add_to(*each);
  for (CLI::App* each : {make, retire})
    each->add_option("ID", options->id, "As lists state it, such as 452")->required();
  make->add_option("--algorithm", options->algorithm,
                   "p256 (Exposure Notification archives) or ed25519 (NearZone lists)")
      ->required()
      ->check(CLI::IsMember({"p256", "ed25519"}));
  make->add_option("--key-version", options->version, "As archives state it")
      ->capture_default_str();
  make->add_option("--from", options->from, "UTC, 2020-12-31T08:30:00 or a day; default now");
  make->add_option("--thru", options->thru, "likewise; default: until it is retired");
  list->add_flag("--public", options->shows_public, "PEM of those in use, for apps and verifiers");
  retire->add_option("--at", options->thru, "UTC, as above; default now");
  make->callback([options, &exit_code] { run_new(*options, exit_code); });
  list->callback([options, &exit_code] { run_list(*options, exit_code); });
  retire->callback([options, &exit_code] { run_retire(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
