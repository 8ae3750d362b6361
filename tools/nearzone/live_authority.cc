#include "live_authority.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "authority/codes.h"
#include "authority/exports/signing_keys.h"
#include "sync/upload_sender.h"

namespace nearzone::tools {
namespace {

void print_line(const std::string& line, void*) { std::fprintf(stderr, "%s\n", line.c_str()); }

}  // namespace

LiveAuthority::LiveAuthority(const std::string& folder, SchemeTag scheme, Instant midnight)
    : scheme_(scheme),
      clock_(midnight - std::chrono::seconds(1)),
      log_(authority::LogLevel::error, clock_, print_line, nullptr) {
  settings_.storage.folder = folder + "/authority";
  settings_.server.port = 0;
}

Result<std::unique_ptr<LiveAuthority>> LiveAuthority::start(const std::string& folder,
                                                            SchemeTag scheme, Instant midnight) {
  std::unique_ptr<LiveAuthority> live(new LiveAuthority(folder, scheme, midnight));
  NEARZONE_TRY(live->open());
  return live;
}

Status LiveAuthority::open() {
  NEARZONE_TRY(authority::prepare_folder(settings_.storage, random_));
  const authority::Surroundings around{clock_, random_, log_};
  NEARZONE_ASSIGN(server_, authority::Server::open(settings_, around));
  NEARZONE_ASSIGN(publication_,
                  authority::Publication::open(settings_, server_->store(), server_->api(), clock_,
                                               random_, log_));
  NEARZONE_ASSIGN(device_key_, make_api_key(authority::Role::device));
  NEARZONE_ASSIGN(admin_key_, make_api_key(authority::Role::admin));
  NEARZONE_TRY(make_signing_keys());
  NEARZONE_TRY(server_->start());
  url_ = "http://127.0.0.1:" + std::to_string(server_->port());
  return {};
}

Result<std::string> LiveAuthority::make_api_key(authority::Role role) {
  std::string key = authority::draw_api_key(random_);
  const char* const name = role == authority::Role::admin ? "health worker" : "app";
  const authority::ApiKey row{0,
                              name,
                              settings_.realms.front().name,
                              role,
                              authority::hash_token(key),
                              clock_.now(),
                              std::nullopt};
  NEARZONE_TRY(server_->store().write(
      [&](authority::Writer& rows) { return rows.insert_api_key(row).status(); }));
  return key;
}

Status LiveAuthority::make_signing_keys() {
  // Archives are signed with the one, NearZone lists with the other.
  NEARZONE_ASSIGN(const auto folder,
                  authority::DurableFolder::open(authority::signing_keys_path(settings_), 0700,
                                                 authority::system_file_calls()));
  for (const auto& [id, algorithm] : {std::pair{"p256", PublicKey::Algorithm::ecdsa_p256},
                                      {"ed25519", PublicKey::Algorithm::ed25519}}) {
    const authority::SigningKeyInfo wanted{id, "v1", algorithm, {}, {}, {}, {}};
    NEARZONE_ASSIGN(const authority::SigningKeyInfo made,
                    authority::make_signing_key(server_->store(), folder, wanted));
    NEARZONE_ASSIGN(public_keys_.emplace_back(), PublicKey::parse(as_bytes(made.public_key_pem)));
  }
  return {};
}

Result<std::string> LiveAuthority::issue_code() {
  ++requests_;
  NEARZONE_ASSIGN(const net::HttpResponse issued,
                  net::fetch({"POST",
                              url_ + "/api/issue",
                              {{"Content-Type", "application/json"}, {"X-API-Key", admin_key_}},
                              R"({"testType":"confirmed"})"},
                             {}));
  const auto answer = nlohmann::json::parse(issued.body, nullptr, false);
  if (issued.status != 200 || !answer.is_object() || !answer.contains("code"))
    return Status(Code::internal, "the health authority issued no code");
  return answer.at("code").get<std::string>();
}

Status LiveAuthority::upload(Device& device, int32_t days) {
  NEARZONE_ASSIGN(const std::string code, issue_code());
  NEARZONE_TRY(device.begin_upload(PersonConsents{}, days));
  NEARZONE_TRY(device.enter_upload_code(code));
  UploadOptions options;
  options.health_authority = settings_.realms.front().health_authorities.front();
  options.chaff_gap = Millis(0);
  const sync::UploadServers servers{url_, url_, device_key_, {}};
  for (;;) {
    NEARZONE_ASSIGN(const std::optional<UploadRequest> request, device.upload_request(options));
    if (!request) break;
    ++requests_;
    const sync::SentUpload sent = sync::send_upload(*request, servers);
    NEARZONE_TRY(device.upload_answered(*request, sent.answer(), options));
  }
  NEARZONE_ASSIGN(const UploadStatus status, device.upload_status());
  if (status.state != UploadState::accepted)
    return {Code::internal, "the health authority did not accept an upload"};
  ++uploads_;
  return {};
}

simulation::Errand LiveAuthority::upload_errand() {
  return [this](Device& device, int32_t days) { return upload(device, days); };
}

Status LiveAuthority::publish() {
  // Of the last day's keys, which are valid until midnight, the first hours' window and its embargo
  // must pass.
  const authority::BatchRules& rules = settings_.exports.front().rules;
  clock_.advance(std::chrono::seconds(1) + authority::merged_period(rules) + rules.embargo);
  publication_->loop().run_once();
  for (const auto& [name, state] : publication_->loop().states()) {
    if (state.failed_last) return {Code::internal, "the health authority published nothing"};
  }
  return {};
}

Result<net::HttpResponse> LiveAuthority::get(const std::string& path, uint64_t most_bytes) {
  ++requests_;
  net::ClientOptions options;
  options.most_body_bytes = most_bytes;
  return net::fetch({"GET", url_ + "/exports/" + path, {}, {}}, options);
}

Status LiveAuthority::check_list(Device& device, const Fetch& fetch) {
  NEARZONE_ASSIGN(const net::HttpResponse answer, get(fetch.path, fetch.most_bytes));
  if (answer.status != 200) return {Code::not_found, "the server does not give a list it names"};
  MemorySource source(as_bytes(answer.body));
  NEARZONE_ASSIGN(const CheckReport report, device.check(source, {.public_keys = public_keys_}));
  keys_published_ = report.keys;
  return {};
}

Status LiveAuthority::check(Device& device) {
  // Archives of Exposure Notification keys, NearZone lists of Bluezone's.
  const bool is_gaen = scheme_ == SchemeTag::gaen;
  IndexOptions options;
  options.path = is_gaen ? "en/index.txt" : "f0/index-nzlist.txt";
  options.suffix = is_gaen ? ".zip" : ".nzlist";
  NEARZONE_ASSIGN(const std::unique_ptr<FollowedIndex> index, device.follow_index(url_, options));
  while (const std::optional<Fetch> fetch = index->next()) {
    if (fetch->is_index) {
      NEARZONE_ASSIGN(const net::HttpResponse answer, get(fetch->path, fetch->most_bytes));
      NEARZONE_TRY(index->index_answered(
          {answer.status, as_bytes(answer.body), net::find_header(answer.headers, "ETag")}));
    } else {
      NEARZONE_TRY(check_list(device, *fetch));
      NEARZONE_TRY(index->list_handled(fetch->path, ListOutcome::done));
    }
  }
  return {};
}

simulation::Errand LiveAuthority::check_errand() {
  return [this](Device& device, int32_t) { return check(device); };
}

}  // namespace nearzone::tools
