#include "authority/config.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>

#include "authority/budget.h"
#include "authority/exports/batch_plan.h"
#include "authority/exports/export_config.h"
#include "authority/key_ring.h"
#include "authority/private_file.h"
#include "authority/report_types.h"
#include "net/http_server.h"

namespace nearzone::authority {
namespace {

constexpr Millis kSecond = std::chrono::seconds(1);
constexpr Millis kMinute = std::chrono::minutes(1);
constexpr Millis kHour = std::chrono::hours(1);
constexpr double kMostGuessChance = 1e-4;

// What the server itself would say of how it is to listen.
void check_listening(ConfigSection& section, const ServerSettings& server) {
  net::HttpServerOptions options;
  options.address = server.address;
  options.certificate_chain_file = server.tls_certificate;
  options.private_key_file = server.tls_key;
  const Status status = net::HttpServer::check(options);
  if (status.ok()) return;
  const std::string_view field = status.field();
  section.fault(field == "certificate_chain_file" ? "tls_certificate"
                : field == "private_key_file"     ? "tls_key"
                                                  : "address",
                status.text());
}

void read_server(ConfigSection section, ServerSettings& server) {
  section.text("address", server.address);
  section.integer("port", server.port, 1, 65535);
  section.integer("threads", server.threads, 1, 64);
  section.integer("most_connections", server.most_connections, 1, 1'000'000);
  section.text("tls_certificate", server.tls_certificate);
  section.text("tls_key", server.tls_key);
  section.texts("trusted_proxies", server.trusted_proxies);
  if (section.has("tls_certificate") != section.has("tls_key"))
    section.fault(section.has("tls_key") ? "tls_key" : "tls_certificate",
                  "TLS needs both tls_certificate and tls_key");
  if (section.has("tls_key")) {
    const Result<SecretBytes> key = read_private_file(server.tls_key, 64 << 10);
    if (!key.ok()) section.fault("tls_key", key.status().text());
    if (key.ok() && section.has("tls_certificate")) check_listening(section, server);
  }
  if (section.has("address") && !section.has("tls_key")) check_listening(section, server);
  for (const std::string& proxy : server.trusted_proxies)
    if (!AddressRange::parse(proxy))
      section.fault("trusted_proxies",
                    proxy + " is no IP address, nor a range of them such as 10.0.0.0/8");
  section.finish();
}

void read_storage(ConfigSection section, StorageSettings& storage) {
  section.text("folder", storage.folder);
  section.text("root_secret_file", storage.root_secret_file);
  if (section.has("root_secret_file")) {
    const Result<Secret<32>> root = read_root_secret(storage.root_secret_file);
    if (!root.ok()) section.fault("root_secret_file", root.status().text());
  }
  section.finish();
}

void read_regions(ConfigSection& section, std::vector<std::string>& regions) {
  section.texts("regions", regions);
  std::ranges::sort(regions);
  for (const std::string& region : regions)
    if (region.find(',') != region.npos) section.fault("regions", "a region has no comma");
}

void read_report_types(ConfigSection& section, std::vector<ReportType>& types) {
  std::vector<std::string> names;
  section.texts("report_types", names);
  if (!section.has("report_types")) return;
  types.clear();
  for (const std::string& name : names) {
    const std::optional<ReportType> type = report_type_of(name);
    if (!type)
      section.fault("report_types", "knows confirmed, likely, negative and user-report only");
    if (type) types.push_back(*type);
  }
}

RealmSettings read_realm(ConfigSection section) {
  RealmSettings realm;
  section.text("name", realm.name);
  section.texts("health_authorities", realm.health_authorities);
  section.text("issuer", realm.issuer);
  section.text("audience", realm.audience);
  read_regions(section, realm.regions);
  section.integer("short_code_digits", realm.short_code_digits, 6, 12);
  section.duration("short_code_minutes", realm.short_code_life, kMinute, 1, 60);
  section.integer("long_code_characters", realm.long_code_characters, 12, 32);
  section.duration("long_code_hours", realm.long_code_life, kHour, 1, 24);
  section.duration("token_hours", realm.token_life, kHour, 1, 48);
  section.duration("certificate_minutes", realm.certificate_life, kMinute, 1, 60);
  read_report_types(section, realm.report_types);
  section.boolean("date_needed", realm.is_date_needed);
  section.integer("codes_a_day", realm.codes_a_day, 1, 10'000'000);
  section.integer("failures_an_hour", realm.failures_an_hour, 1, 100'000'000);
  section.texts("sms_command", realm.sms_command);
  section.text("sms_text", realm.sms_text);
  if (realm.sms_text.find("{code}") == realm.sms_text.npos &&
      realm.sms_text.find("{longcode}") == realm.sms_text.npos)
    section.fault("sms_text", "must hold {code} or {longcode}");
  if (realm.name.find(',') != realm.name.npos) section.fault("name", "a name has no comma");
  if (guess_chance(realm) > kMostGuessChance)
    section.fault("failures_an_hour",
                  "lets somebody guess a code with a chance of more than 1 in 10,000; lower it, or "
                  "codes_a_day or short_code_minutes, or raise short_code_digits");
  section.finish();
  return realm;
}

void read_keys(ConfigSection& section, std::map<std::string, EcPublicKey>& keys) {
  for (ConfigSection& entry : section.sections("key")) {
    std::string id;
    std::string path;
    entry.text("id", id);
    entry.text("public_key", path);
    entry.finish();
    if (id.empty()) entry.fault("id", "a key needs an id");
    std::ifstream file(path, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(file), {}};
    const Result<EcPublicKey> key = EcPublicKey::from_pem(pem);
    if (!key.ok()) {
      entry.fault("public_key", path + ": " + (file ? key.status().text() : "cannot be read"));
    } else if (!keys.emplace(id, *key).second) {
      entry.fault("id", "another key has this id");
    }
  }
}

TrustedIssuer read_trusted_issuer(ConfigSection section) {
  TrustedIssuer issuer;
  section.text("health_authority", issuer.health_authority);
  section.text("issuer", issuer.issuer);
  section.text("audience", issuer.audience);
  read_regions(section, issuer.regions);
  section.boolean("statistics", issuer.may_read_statistics);
  read_keys(section, issuer.keys);
  for (const char* key : {"health_authority", "issuer", "audience", "regions", "key"})
    if (!section.has(key)) section.fault(key, "is needed");
  section.finish();
  return issuer;
}

void read_publish(ConfigSection section, PublishSettings& publish) {
  section.integer("most_keys", publish.most_keys, 1, 30);
  section.integer("most_keys_of_one_start", publish.most_keys_of_one_start, 1, 30);
  section.duration("oldest_key_hours", publish.oldest_key, kHour, 24, 360);
  section.duration("truncation_minutes", publish.truncation_window, kMinute, 1, 24 * 60);
  if ((24 * 60 * kMinute) % publish.truncation_window != Millis(0))
    section.fault("truncation_minutes", "must divide a day");
  section.duration("certificate_leeway_seconds", publish.certificate_leeway, kSecond, 0, 5);
  section.finish();
}

void read_log(ConfigSection section, LogLevel& level) {
  std::string name = "info";
  section.text("level", name);
  if (name == "debug") {
    level = LogLevel::debug;
  } else if (name == "warning") {
    level = LogLevel::warning;
  } else if (name == "error") {
    level = LogLevel::error;
  } else if (name != "info") {
    section.fault("level", "must be debug, info, warning or error");
  }
  section.finish();
}

// What only shows when all of it is read.
void check_together(ConfigSection& root, const Settings& settings) {
  std::set<std::string> realms;
  std::set<std::string> apps;
  for (const RealmSettings& realm : settings.realms) {
    if (!realms.insert(realm.name).second)
      root.fault("realm", "two realms are called " + realm.name);
    for (const std::string& app : realm.health_authorities)
      if (!apps.insert(app).second) root.fault("realm", "two realms vouch for " + app);
  }
  for (const TrustedIssuer& trusted : settings.trusted_issuers)
    if (!apps.insert(trusted.health_authority).second)
      root.fault("trusted_issuer", "somebody else vouches for " + trusted.health_authority);
  if (settings.find_realm(settings.bluezone.realm) == nullptr)
    root.fault("bluezone", "there is no realm called " + settings.bluezone.realm);
  std::set<std::string> series;
  std::set<uint64_t> lists;
  for (const Series& one : settings.exports) {
    if (!series.insert(one.name).second) root.fault("export", "two exports are called " + one.name);
    if (!lists.insert(one.list_id).second) root.fault("export", "two exports have one list_id");
    const Millis truncation = settings.publish.truncation_window;
    if (check_series(one).ok() && one.rules.embargo < truncation &&
        merged_period(one.rules) % truncation != Millis(0))
      root.fault("export",
                 one.name +
                     ": keys would be dated before the batch that was decided when they "
                     "came; make embargo_minutes no less than publish.truncation_minutes, "
                     "or the period of its batches a multiple of them");
    if (settings.retention.keys < one.retention)
      root.fault("retention", "keys_days must be no less than the retention_days of the export " +
                                  one.name + ", whose lists could not be explained");
  }
}

}  // namespace

double guess_chance(const RealmSettings& realm) {
  static_assert(Budget::kWindow >= std::chrono::minutes(60), "which no short code outlives");
  const double tries = 2 * static_cast<double>(realm.failures_an_hour);
  const auto parts = static_cast<double>(kWorkingDay / realm.short_code_life);
  const double valid = std::max(1.0, static_cast<double>(realm.codes_a_day) / parts);
  return std::min(1.0, tries * valid / std::pow(10.0, realm.short_code_digits));
}

Config read_config(std::string_view text, std::vector<ConfigFault>& faults) {
  Config config;
  Settings& settings = config.settings;
  const ConfigValue tree = parse_config(text, faults);
  ConfigSection root(tree, "", faults);
  read_server(root.section("server"), settings.server);
  read_storage(root.section("storage"), settings.storage);
  if (root.has("realm")) settings.realms.clear();
  for (const ConfigSection& section : root.sections("realm"))
    settings.realms.push_back(read_realm(section));
  if (!settings.realms.empty()) settings.bluezone.realm = settings.realms.front().name;
  for (const ConfigSection& section : root.sections("trusted_issuer"))
    settings.trusted_issuers.push_back(read_trusted_issuer(section));
  read_publish(root.section("publish"), settings.publish);
  ConfigSection budget = root.section("budget");
  budget.integer("failures_an_hour", settings.budget.failures_an_hour, 1, 1'000'000);
  budget.finish();
  ConfigSection bluezone = root.section("bluezone");
  bluezone.text("realm", settings.bluezone.realm);
  bluezone.integer("oldest_day", settings.bluezone.oldest_day, 1, 21);
  bluezone.integer("most_keys", settings.bluezone.most_keys, 1, 32);
  bluezone.finish();
  if (root.has("export")) settings.exports.clear();
  for (const ConfigSection& section : root.sections("export"))
    settings.exports.push_back(read_series(section));
  read_retention(root.section("retention"), settings.retention);
  read_log(root.section("log"), config.log_level);
  check_together(root, settings);
  root.finish();
  // As a person reads the file, and not as it was asked for.
  std::ranges::stable_sort(faults, {}, &ConfigFault::line);
  return config;
}

}  // namespace nearzone::authority
