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
  // An upload by what became of it, a literal. Cover traffic is no upload.
  void add_upload(const char* result);
  std::map<std::string, uint64_t> uploads() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> counts_;
  std::map<std::string, uint64_t> uploads_{
      {"accepted", 0}, {"partial", 0}, {"repeated", 0}, {"refused", 0}, {"failed", 0}};
};

std::string prometheus_text(const RequestCounts& requests,
                            const std::map<std::string, SeriesState>& series, Instant now);

}  // namespace nearzone::authority
