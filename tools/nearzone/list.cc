#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "command.h"
#include "inputs.h"
#include "key_rows.h"
#include "nearzone/device.h"
#include "nearzone/dp3t.h"
#include "output.h"
#include "signing.h"

namespace nearzone::tools {
namespace {

constexpr size_t kKeysPerRead = 4096;

struct ListCommand {
  std::vector<std::string> files;
  std::vector<std::string> public_keys;
  std::string output;
  std::string to = "nearzone";
  std::string signing_key;
  std::string scheme = "gaen";
  size_t keys = 100;
  std::string region;
  std::string key_id;
  std::string key_version = "v1";
  uint64_t list_id = 1;
  uint64_t sequence = 1;
  int valid_days = 14;
  std::optional<uint64_t> pad_to;
  bool refuse_extra_members = false;
  bool json = false;

  ListOptions list_options() const {
    ListOptions options;
    options.refuse_extra_members = refuse_extra_members;
    return options;
  }
};

using Rows = std::vector<std::vector<std::string>>;

std::string window_of(const ListInfo& info) {
  if (info.format == ListFormat::bluezone_json) return "-";
  return format_instant(info.start) + " .. " + format_instant(info.end);
}

void describe(const OpenList& open, const SignatureReport& signature, Rows& rows,
              nlohmann::json& lists) {
  const ListInfo& info = open.list->info();
  rows.push_back({open.path, std::string(list_format_name(info.format)), std::to_string(info.keys),
                  std::to_string(info.revised_keys), std::to_string(info.refused_count),
                  info.region.empty() ? "-" : info.region, window_of(info),
                  std::string(signature_outcome_name(signature.outcome))});
  tell_refused(open);
  nlohmann::json refused = nlohmann::json::array();
  for (const RefusedRecord& record : info.refused)
    refused.push_back({{"record", record.reason.record()},
                       {"field", record.reason.field() != nullptr ? record.reason.field() : ""},
                       {"reason", record.reason.text()}});
  lists.push_back({{"file", open.path},
                   {"format", list_format_name(info.format)},
                   {"keys", info.keys},
                   {"revised_keys", info.revised_keys},
                   {"refused", refused},
                   {"refused_count", info.refused_count},
                   {"region", info.region},
                   {"start_ms", info.start.ms},
                   {"end_ms", info.end.ms},
                   {"batch", {info.batch_number, info.batch_size}},
                   {"list_id", info.list_id},
                   {"sequence", info.sequence},
                   {"signature", signature_outcome_name(signature.outcome)},
                   {"detail", signature.detail}});
}

int show(const ListCommand& command) {
  int exit_code = kDone;
  const auto keys = read_public_keys(command.public_keys, exit_code);
  if (keys == nullptr) return exit_code;
  Rows rows = {
      {"file", "format", "keys", "revised", "refused", "region", "window (UTC)", "signature"}};
  nlohmann::json lists = nlohmann::json::array();
  for (const std::string& path : command.files) {
    const auto open = open_list(path, command.list_options());
    if (!open.ok()) {
      raise(exit_code, report(path, open.status()));
      continue;
    }
    const SignatureReport signature = open->list->verify(*keys);
    if (!keys->empty() && signature.outcome != SignatureOutcome::verified)
      raise(exit_code, report(path, {Code::signature_refused, signature.detail, "signature"}));
    describe(*open, signature, rows, lists);
  }
  if (command.json)
    print_json(nlohmann::json{{"lists", lists}});
  else if (rows.size() > 1)
    print_table(rows);
  return exit_code;
}

int verify(const ListCommand& command) {
  int exit_code = kDone;
  const auto keys = read_public_keys(command.public_keys, exit_code);
  if (keys == nullptr) return exit_code;
  for (const std::string& path : command.files) {
    const auto open = open_list(path, command.list_options());
    if (!open.ok()) {
      raise(exit_code, report(path, open.status()));
      continue;
    }
    tell_refused(*open);
    const SignatureReport signature = open->list->verify(*keys);
    const bool verified = signature.outcome == SignatureOutcome::verified;
    if (!verified) raise(exit_code, kSignatureRefused);
    std::printf("%s: %s: %s%s%s\n", path.c_str(),
                std::string(signature_outcome_name(signature.outcome)).c_str(), signature.detail,
                verified ? ". Public key: " : "",
                verified ? command.public_keys[signature.public_key].c_str() : "");
    const Status current = check_list_is_current(open->list->info(), SystemClock().now());
    if (!current.ok()) raise(exit_code, report(path, current));
  }
  return exit_code;
}

Result<std::vector<PublishedKey>> all_keys(const ListCommand& command) {
  std::vector<PublishedKey> keys;
  NEARZONE_ASSIGN(const OpenList open, open_list(command.files[0], command.list_options()));
  tell_refused(open);
  if (open.list->set() != nullptr)
    return Status(Code::unsupported, "a set holds no keys, only the answer whether one is in it",
                  "format");
  NEARZONE_ASSIGN(const std::unique_ptr<KeyStream> stream, open.list->keys());
  std::vector<PublishedKey> batch;
  do {
    NEARZONE_TRY(stream->next(kKeysPerRead, batch));
    keys.insert(keys.end(), batch.begin(), batch.end());
  } while (!batch.empty());
  return keys;
}

NearzoneListHeader nearzone_header(const ListCommand& command) {
  const Instant now = SystemClock().now();
  return {command.list_id, command.sequence, command.region, now,
          now + Day::kLength * command.valid_days};
}

GaenExportHeader gaen_header(const ListCommand& command, std::span<const PublishedKey> keys) {
  GaenExportHeader header;
  header.region = command.region;
  for (const PublishedKey& key : keys) {
    if (header.start.ms == 0 || key.valid_from < header.start) header.start = key.valid_from;
    header.end = std::max(header.end, key.valid_to);
  }
  return header;
}

// The converted list, unsigned: a signature holds for the bytes it was made of.
Result<std::vector<uint8_t>> converted(const ListCommand& command) {
  NEARZONE_ASSIGN(const std::vector<PublishedKey> keys, all_keys(command));
  if (command.to == "gaen-export") return write_gaen_export(gaen_header(command, keys), keys);
  if (command.to == "nearzone") return write_nearzone_list(nearzone_header(command), keys, {});
  NEARZONE_ASSIGN(const std::string text, write_bluezone_list(keys));
  return std::vector<uint8_t>(text.begin(), text.end());
}

int convert(const ListCommand& command) {
  const auto bytes = converted(command);
  if (!bytes.ok()) return report(command.files[0], bytes.status());
  const Status written = write_file(command.output, *bytes);
  return written.ok() ? kDone : report(command.output, written);
}

Result<std::vector<uint8_t>> signed_list(const ListCommand& command, const SigningKey& key,
                                         const std::vector<PublishedKey>& keys) {
  if (key.is_ed25519()) {
    NEARZONE_ASSIGN(const Secret<32> seed, key.ed25519_seed());
    return write_nearzone_list(nearzone_header(command), keys, {&seed, 1});
  }
  GaenExportHeader header = gaen_header(command, keys);
  header.signatures = {{command.key_id, command.key_version, "1.2.840.10045.4.3.2"}};
  NEARZONE_ASSIGN(const std::vector<uint8_t> export_bin, write_gaen_export(header, keys));
  NEARZONE_ASSIGN(std::vector<uint8_t> signature, key.sign_p256(export_bin));
  const std::vector<uint8_t> signatures[] = {std::move(signature)};
  return write_gaen_archive(header, export_bin, signatures);
}

int write_signed(const ListCommand& command, const Result<std::vector<PublishedKey>>& keys,
                 const std::string& source) {
  const auto key = SigningKey::read(command.signing_key);
  if (!key.ok()) return report(command.signing_key, key.status());
  if (!keys.ok()) return report(source, keys.status());
  const auto bytes = signed_list(command, *key, *keys);
  if (!bytes.ok()) return report(source, bytes.status());
  const Status written = write_file(command.output, *bytes);
  return written.ok() ? kDone : report(command.output, written);
}

int sign(const ListCommand& command) {
  return write_signed(command, all_keys(command), command.files[0]);
}

// Keys of nobody, of the days before today, as many of each, in a list's order.
std::vector<PublishedKey> random_keys(const ListCommand& command) {
  constexpr uint32_t kDays = 14;
  SystemRandom random;
  const Day today = Day::of(SystemClock().now());
  std::vector<PublishedKey> keys(command.keys);
  for (size_t i = 0; i < keys.size(); ++i) {
    PublishedKey& key = keys[i];
    key.scheme = command.scheme == "bluezone" ? SchemeTag::bluezone : SchemeTag::gaen;
    random.fill(std::span(key.bytes).first(published_key_size(key.scheme)));
    const Day day = today + -static_cast<int32_t>(1 + i % kDays);
    key.valid_from = day.start();
    key.valid_to = (day + 1).start();
    key.report_type = ReportType::confirmed_test;
    if (key.scheme == SchemeTag::bluezone) key.identifiers_per_day = 96;
  }
  std::ranges::sort(keys, {}, &PublishedKey::bytes);
  return keys;
}

int generate(const ListCommand& command) {
  return write_signed(command, random_keys(command), command.output);
}

constexpr uint64_t kMaxKeyRows = uint64_t{1} << 30;

// Items that stand for nobody, so that their number does not tell how many people there are.
Status pad(std::vector<SetItem>& items, uint64_t to) {
  if (to < items.size())
    return {Code::invalid_argument, "there are more items than that already", "--pad-to"};
  SystemRandom random;
  while (items.size() < to) random.fill(items.emplace_back().bytes);
  return {};
}

Result<std::vector<uint8_t>> made_list(const ListCommand& command) {
  NEARZONE_ASSIGN(const SigningKey key, SigningKey::read(command.signing_key));
  if (!key.is_ed25519())
    return Status(Code::invalid_argument, "NearZone's lists are signed with Ed25519", "--key");
  NEARZONE_ASSIGN(const Secret<32> seed, key.ed25519_seed());
  const NearzoneListHeader header = nearzone_header(command);
  NEARZONE_ASSIGN(const std::vector<uint8_t> text, read_file(command.files[0], kMaxKeyRows));
  NEARZONE_ASSIGN(
      const std::vector<PublishedKey> keys,
      read_key_rows({reinterpret_cast<const char*>(text.data()), text.size()}, header.valid_from));
  const auto of_set = static_cast<size_t>(
      std::ranges::count(keys, SchemeTag::dp3t_unlinkable, &PublishedKey::scheme));
  if (of_set == 0) {
    if (command.pad_to)
      return Status(Code::invalid_argument, "only a set can be padded", "--pad-to");
    return write_nearzone_list(header, keys, {&seed, 1});
  }
  if (of_set != keys.size())
    return Status(Code::invalid_argument,
                  "a set holds dp3t-unlinkable only: the others go into a list of their own",
                  "scheme");
  std::vector<SetItem> items = dp3t::set_items(keys);
  NEARZONE_TRY(pad(items, command.pad_to.value_or(items.size())));
  return write_nearzone_set(header, SchemeTag::dp3t_unlinkable, items, {&seed, 1});
}

int make(const ListCommand& command) {
  const auto bytes = made_list(command);
  if (!bytes.ok()) return report(command.files[0], bytes.status());
  const Status written = write_file(command.output, *bytes);
  return written.ok() ? kDone : report(command.output, written);
}

enum class Files : bool { one, many };

CLI::App* add(CLI::App& list, const char* name, const char* what,
              const std::shared_ptr<ListCommand>& options, int& exit_code,
              int (*run)(const ListCommand&), Files takes) {
  CLI::App* command = list.add_subcommand(name, what);
  CLI::Option* files =
      command->add_option("FILE", options->files, "Lists of any format")->required();
  if (takes == Files::one) files->expected(1);
  command->add_flag("--refuse-extra-members", options->refuse_extra_members,
                    "Refuse zips that hold more than export.bin and export.sig");
  command->callback([options, run, &exit_code] { raise(exit_code, run(*options)); });
  return command;
}

void add_signing_options(CLI::App& command, ListCommand& options) {
  command
      .add_option(
          "--key", options.signing_key,
          "Private key in PEM, mode 0600: Ed25519 writes a NearZone list, P-256 an Exposure "
          "Notification archive")
      ->required();
  command.add_option("--key-id", options.key_id, "Exposure Notification: key id to state");
  command.add_option("--key-version", options.key_version, "and its version (default v1)");
}

void add_header_options(CLI::App& command, ListCommand& options) {
  command.add_option("-o,--output", options.output, "File to write")->required();
  command.add_option("--region", options.region, "Region to state in the header");
  command.add_option("--list-id", options.list_id, "NearZone: the series (default 1)")
      ->transform(decimal());
  command.add_option("--sequence", options.sequence, "NearZone: the number in it (default 1)")
      ->transform(decimal());
  command.add_option("--valid-days", options.valid_days, "NearZone: days of validity (default 14)")
      ->check(CLI::Range(1, 366));
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
  CLI::App* list = app.add_subcommand("list",
                                      "Published key lists: Bluezone JSON, Exposure "
                                      "Notification exports, NearZone lists and sets");
  list->require_subcommand(1);
  auto shown = std::make_shared<ListCommand>();
  CLI::App* show_command = add(*list, "show", "What lists hold and who signed them", shown,
                               exit_code, show, Files::many);
  show_command->alias("inspect");
  add_public_keys(*show_command, shown->public_keys,
                  "PEM, P-256 or Ed25519; then a list that none verifies is refused");
  show_command->add_flag("--json", shown->json, "One JSON object");

  auto verified = std::make_shared<ListCommand>();
  add_public_keys(*add(*list, "verify", "Which key verifies a list, or which rule failed", verified,
                       exit_code, verify, Files::many),
                  verified->public_keys, "PEM, P-256 or Ed25519", true);

  auto changed = std::make_shared<ListCommand>();
  CLI::App* convert_command = add(*list, "convert", "Writes a list's keys in another format",
                                  changed, exit_code, convert, Files::one);
  convert_command->add_option("--to", changed->to, "bluezone-json, gaen-export or nearzone")
      ->required()
      ->check(CLI::IsMember({"bluezone-json", "gaen-export", "nearzone"}));
  add_header_options(*convert_command, *changed);

  auto to_sign = std::make_shared<ListCommand>();
  CLI::App* sign_command = add(*list, "sign", "Signs a list's keys for publication", to_sign,
                               exit_code, sign, Files::one);
  add_signing_options(*sign_command, *to_sign);
  add_header_options(*sign_command, *to_sign);
  sign_command->footer(
      "Example:\n  openssl genpkey -algorithm ed25519 -out "
      "key.pem && chmod 600 key.pem\n"
      "  nearzone list sign keys.json --key key.pem "
      "--sequence 12 -o today.nzlist");

  auto made = std::make_shared<ListCommand>();
  CLI::App* generate_command = list->add_subcommand(
      "generate", "Writes a signed list of keys of nobody, to try out what reads lists");
  generate_command->add_option("--keys", made->keys, "How many (default 100)")
      ->check(CLI::Range(0, 1'000'000));
  generate_command->add_option("--scheme", made->scheme, "bluezone or gaen (default)")
      ->check(CLI::IsMember({"bluezone", "gaen"}));
  add_signing_options(*generate_command, *made);
  add_header_options(*generate_command, *made);
  generate_command->callback([made, &exit_code] { raise(exit_code, generate(*made)); });

  auto from_rows = std::make_shared<ListCommand>();
  CLI::App* make_command = list->add_subcommand(
      "make", "Writes a signed list, or a set, of DP-3T keys and TCN reports given as rows");
  make_command
      ->add_option("FILE", from_rows->files,
                   "CSV whose first line names its columns: scheme (dp3t-lowcost, dp3t-hybrid, "
                   "dp3t-unlinkable or tcn), key (hexadecimal; of tcn the signed report), from_ms "
                   "(Unix; not of tcn), and as needed released_at_ms (when the phone stopped "
                   "sending it; never later than now, which is the default) and to_ms "
                   "(dp3t-hybrid, two hours after from_ms by default)")
      ->required()
      ->expected(1);
  make_command->add_option("--key", from_rows->signing_key, "Ed25519 private key in PEM, mode 0600")
      ->required();
  add_header_options(*make_command, *from_rows);
  make_command
      ->add_option("--pad-to", from_rows->pad_to,
                   "dp3t-unlinkable: add items of nobody until there are so many")
      ->check(CLI::Range(1u, 4194303u));
  make_command->footer(
      "Keys of dp3t-unlinkable become a set, in which nobody can tell whose an item is.\n"
      "Example:\n"
      "  echo scheme,key,from_ms > keys.csv\n"
      "  echo dp3t-hybrid,$SEED,1596866400000 >> keys.csv\n"
      "  nearzone list make keys.csv --key key.pem --sequence 12 -o today.nzlist");
  make_command->callback([from_rows, &exit_code] { raise(exit_code, make(*from_rows)); });
}

}  // namespace nearzone::tools
