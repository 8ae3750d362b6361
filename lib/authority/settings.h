// What an operator may choose, with the values that hold where nothing is chosen. config.h reads
// them from a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "authority/ec_key.h"
#include "authority/exports/retention.h"
#include "authority/exports/series.h"
#include "nearzone/keys.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// A part of the authority that issues codes on its own: a province, a hospital.
struct RealmSettings {
  std::string name = "default";
  // The apps whose uploads its certificates are for: "healthAuthorityID" of the publish request.
  std::vector<std::string> health_authorities = {"org.nearzone.example"};
  std::string issuer = "nearzone-authority";
  std::string audience = "nearzone-key-server";
  std::vector<std::string> regions = {"VN"};  // of the keys that come with its certificates

  uint32_t short_code_digits = 9;                     // 6..12
  Millis short_code_life = std::chrono::minutes(15);  // up to an hour
  uint32_t long_code_characters = 16;                 // 12..32
  Millis long_code_life = std::chrono::hours(24);     // up to 24 h
  Millis token_life = std::chrono::hours(24);
  Millis certificate_life = std::chrono::minutes(15);
  std::vector<ReportType> report_types = {ReportType::confirmed_test,
                                          ReportType::confirmed_clinical_diagnosis,
                                          ReportType::revoked, ReportType::self_report};
  bool is_date_needed = false;        // of symptoms or of the test, with every code
  uint64_t codes_a_day = 1000;        // issued within a UTC day
  uint64_t failures_an_hour = 1'500;  // of all callers together
  // A program that sends a text message: see sms.h. None: codes are told by people.
  std::vector<std::string> sms_command;
  std::string sms_text = "Your exposure notification code: {code}";  // or {longcode}
};

// A health authority that issues its own certificates, with another verification server.
struct TrustedIssuer {
  std::string health_authority;
  std::string issuer;
  std::string audience;
  std::vector<std::string> regions;
  std::map<std::string, EcPublicKey> keys;  // by key id
  bool may_read_statistics = false;
};

struct PublishSettings {
  uint32_t most_keys = 30;
  uint32_t most_keys_of_one_start = 3;
  Millis oldest_key = std::chrono::hours(360);
  Millis truncation_window = std::chrono::hours(1);
  Millis certificate_leeway = std::chrono::seconds(5);
  int32_t most_days_from_onset = 14;
  int32_t oldest_onset_days = 28;
  int32_t presumed_onset_days = 4;  // before the upload, where none is stated
  Millis revision_key_life = std::chrono::hours(168);
  Millis revision_token_life = std::chrono::hours(360);
};

struct BudgetSettings {
  uint32_t failures_an_hour = 50;  // of one address prefix (/32, /64)
};

struct ServerSettings {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;
  uint32_t threads = 2;
  uint64_t most_connections = 20'000;
  std::string tls_certificate;  // PEM files; both or none
  std::string tls_key;
  std::vector<std::string> trusted_proxies;  // whose X-Forwarded-For is believed
};

struct BluezoneSettings {
  std::string realm = "default";  // whose codes are its OTPs
  int32_t oldest_day = 14;
  uint32_t most_keys = 16;
  uint32_t identifiers_per_day = 1440;  // at most
};

struct StorageSettings {
  std::string folder = "nearzone-authority";
  std::string root_secret_file;  // 32 bytes, mode 0600; empty: root.key in the folder
};

// What a server publishes where nothing is chosen.
std::vector<Series> default_exports();

struct Settings {
  ServerSettings server;
  StorageSettings storage;
  std::vector<RealmSettings> realms = {RealmSettings()};
  std::vector<TrustedIssuer> trusted_issuers;
  PublishSettings publish;
  BudgetSettings budget;
  BluezoneSettings bluezone;
  std::vector<Series> exports = default_exports();
  RetentionSettings retention;
  Millis code_key_life = std::chrono::hours(24);  // older codes stay valid

  const RealmSettings* find_realm(std::string_view name) const;
};

}  // namespace nearzone::authority
