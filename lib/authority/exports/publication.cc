#include "authority/exports/publication.h"

#include <algorithm>
#include <string_view>

namespace nearzone::authority {
namespace {

constexpr std::string_view kExports = "/exports/";

net::HttpResponse text_response(int status, const char* type, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", type}, {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

net::HttpResponse plain(int status) {
  return text_response(status, "text/plain; charset=utf-8",
                       std::string(net::reason_phrase(status)) + "\n");
}

// What a list is never changes once it is there; an index does.
net::FileHeaders headers_of(std::string_view name) {
  constexpr const char* kForEver = "public, max-age=1209600, immutable";
  if (name.ends_with(".zip")) return {"application/zip", kForEver, ""};
  if (name.ends_with(".nzlist")) return {"application/octet-stream", kForEver, ""};
  if (name.ends_with(".json")) return {"application/json", kForEver, ""};
  return {"text/plain; charset=utf-8", "public, max-age=300", ""};
}

}  // namespace

std::string exports_path(const Settings& settings) { return settings.storage.folder + "/exports"; }

std::string signing_keys_path(const Settings& settings) {
  return settings.storage.folder + "/signing-keys";
}

Result<std::unique_ptr<Publication>> Publication::open(const Settings& settings, Store& store,
                                                       HttpApi& api, const Clock& clock,
                                                       Random& random, Log& log) {
  NEARZONE_ASSIGN(DurableFolder folder,
                  DurableFolder::open(exports_path(settings), 0755, system_file_calls()));
  std::unique_ptr<Publication> publication(
      new Publication(settings, store, clock, std::move(folder)));
  const auto on_failure = [&log](const std::string&, const Status& status) {
    log.write(LogLevel::error, "export-failed",
              {{"code", Literal::of(status.code())}, {"reason", Literal::of(status)}});
  };
  publication->loop_ = std::make_unique<ExportLoop>(
      ExportLoop::Parts{store, publication->folder_, publication->signing_keys_, clock, random,
                        on_failure},
      settings.exports, settings.retention);
  publication->add_to(api);
  return publication;
}

net::HttpResponse Publication::file(const net::HttpRequest& request) const {
  const std::string_view path = std::string_view(request.path).substr(kExports.size());
  const size_t slash = path.find('/');
  if (slash == path.npos) return plain(404);
  const std::string_view series = path.substr(0, slash);
  const std::string_view name = path.substr(slash + 1);
  if (!is_file_name(name) ||
      std::ranges::find(settings_.exports, series, &Series::name) == settings_.exports.end())
    return plain(404);
  auto response =
      net::serve_file(request, folder_.path() + "/" + std::string(path), headers_of(name));
  if (response.ok()) return *std::move(response);
  return plain(response.status().code() == Code::not_found ? 404 : 503);
}

bool Publication::is_ready() const {
  const Status answers = store_.read([](Reader& rows) { return rows.schema_version().status(); });
  return answers.ok() && std::ranges::none_of(loop_->states(), [](const auto& one) {
           return one.second.failed_last;
         });
}

void Publication::add_to(HttpApi& api) {
  api.add(
      "GET", std::string(kExports),
      [this](const net::HttpRequest& request, const Respond& respond) { respond(file(request)); });
  api.add("GET", "/healthz",
          [](const net::HttpRequest&, const Respond& respond) { respond(plain(200)); });
  api.add("GET", "/readyz", [this](const net::HttpRequest&, const Respond& respond) {
    respond(plain(is_ready() ? 200 : 503));
  });
  api.add("GET", "/metrics", [this](const net::HttpRequest&, const Respond& respond) {
    respond(text_response(200, "text/plain; version=0.0.4; charset=utf-8",
                          prometheus_text(requests_, loop_->states(), clock_.now())));
  });
  api.on_upload([this](const char* result) { requests_.add_upload(result); });
  api.on_answer([this](const std::string& route, int status) { requests_.add(route, status); });
}

}  // namespace nearzone::authority
