// What a monitor asks: Prometheus' text format. Nothing in it is of one person.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "authority/exports/export_loop.h"
#include "nearzone/time.h"

namespace nearzone::authority {

// Counts answers by path and status. Only paths that are served count, so that no caller can make
// memory grow. Safe from any thread.
class RequestCounts {
 public:
  void add(const std::string& path, int status);
  std::map<std::pair<std::string, int>, uint64_t> counts() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> counts_;
};

std::string prometheus_text(const RequestCounts& requests,
                            const std::map<std::string, SeriesState>& series, Instant now);

}  // namespace nearzone::authority
