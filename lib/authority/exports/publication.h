// The published side of a server: the export loop, its folder served over HTTP, health and metrics.
//
//   GET /exports/SERIES/FILE   lists for ever, indexes for some minutes, both with ETag and ranges
//   GET /healthz               200 while the process answers
//   GET /readyz                200 where the store answers and no series fails, else 503
//   GET /metrics               Prometheus' text
#pragma once

#include <memory>
#include <string>

#include "authority/exports/export_loop.h"
#include "authority/exports/metrics.h"
#include "authority/http_api.h"
#include "authority/log.h"
#include "authority/settings.h"
#include "authority/store.h"

namespace nearzone::authority {

// Paths within the data folder.
std::string exports_path(const Settings& settings);
std::string signing_keys_path(const Settings& settings);

class Publication {
 public:
  // Makes the folder of exports and adds its paths to the interface. Everything is borrowed.
  static Result<std::unique_ptr<Publication>> open(const Settings& settings, Store& store,
                                                   HttpApi& api, const Clock& clock, Random& random,
                                                   Log& log);
  ExportLoop& loop() { return *loop_; }

 private:
  Publication(const Settings& settings, Store& store, const Clock& clock, DurableFolder folder)
      : settings_(settings),
        store_(store),
        clock_(clock),
        folder_(std::move(folder)),
        signing_keys_(signing_keys_path(settings)) {}
  void add_to(HttpApi& api);
  net::HttpResponse file(const net::HttpRequest& request) const;
  bool is_ready() const;

  const Settings& settings_;
  Store& store_;
  const Clock& clock_;
  const DurableFolder folder_;
  const std::string signing_keys_;
  RequestCounts requests_;
  std::unique_ptr<ExportLoop> loop_;
};

}  // namespace nearzone::authority
