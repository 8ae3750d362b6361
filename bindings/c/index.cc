// An index of lists being followed.
#include "phone.h"

struct nz_index {
  mutable std::mutex mutex;
  std::shared_ptr<nearzone::c::Phone> phone;  // which the index borrows, before it
  std::unique_ptr<nearzone::FollowedIndex> index;
  nearzone::Fetch fetch;  // whose texts were given out
};

namespace nearzone::c {
namespace {

nz_index_config default_config() {
  static const IndexOptions kOptions;  // whose texts the caller is given
  nz_index_config config = {};
  config.path = kOptions.path.c_str();
  config.suffix = kOptions.suffix.c_str();
  config.gap_ms = kOptions.gap.count();
  config.most_list_bytes = kOptions.most_list_bytes;
  return config;
}

Result<IndexOptions> options_of(const nz_index_config* given) {
  nz_index_config config = default_config();
  NEARZONE_TRY(read_struct(given, config));
  NEARZONE_TRY(require(config.path, config.suffix));
  IndexOptions options;
  options.path = config.path;
  options.suffix = config.suffix;
  options.gap = Millis(config.gap_ms);
  options.most_list_bytes = config.most_list_bytes;
  return options;
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

void nz_index_config_init(nz_index_config* config) { write_defaults(default_config(), config); }

int32_t nz_device_follow_index(nz_device* device, const char* server, const nz_index_config* config,
                               nz_index** index, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, server, index));
    NEARZONE_ASSIGN(const IndexOptions options, options_of(config));
    auto made = std::make_unique<nz_index>();
    made->phone = device->phone;
    NEARZONE_ASSIGN(made->index, device->device().follow_index(server, options));
    *index = made.release();
    return {};
  });
}

void nz_index_free(nz_index* index) { delete index; }

int32_t nz_index_next(nz_index* index, nz_fetch* fetch, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(index));
    NEARZONE_TRY(check_size(fetch));
    const std::lock_guard lock(index->mutex);
    std::optional<Fetch> next = index->index->next();
    nz_fetch told = {};
    told.wake_at_ms = index->index->status().wake_at.ms;
    told.etag = "";
    if (next) {
      index->fetch = *std::move(next);
      told.is_index = index->fetch.is_index ? 1 : 0;
      told.path = index->fetch.path.c_str();
      told.etag = index->fetch.etag.c_str();
      told.most_bytes = index->fetch.most_bytes;
    }
    write_struct(told, fetch);
    return {};
  });
}

int32_t nz_index_answered(nz_index* index, int32_t http_status, const void* body, size_t size,
                          const char* etag, int64_t retry_after_ms, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(index));
    if (size != 0) NEARZONE_TRY(require(body));
    const std::lock_guard lock(index->mutex);
    return index->index->index_answered({http_status,
                                         {static_cast<const uint8_t*>(body), size},
                                         etag == nullptr ? "" : etag,
                                         wait_of(retry_after_ms)});
  });
}

int32_t nz_index_list_handled(nz_index* index, const char* path, int32_t outcome,
                              int64_t retry_after_ms, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(index, path));
    if (outcome < NZ_LIST_OUTCOME_DONE || outcome > NZ_LIST_OUTCOME_FAILED)
      return {Code::invalid_argument, "not an outcome of lists", "outcome"};
    const std::lock_guard lock(index->mutex);
    return index->index->list_handled(path, static_cast<ListOutcome>(outcome),
                                      wait_of(retry_after_ms));
  });
}

int32_t nz_index_get_status(const nz_index* index, nz_index_status* status, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(index));
    NEARZONE_TRY(check_size(status));
    const std::lock_guard lock(index->mutex);
    const IndexStatus found = index->index->status();
    nz_index_status told = {};
    told.listed = found.listed;
    told.waiting = found.waiting;
    told.given_up = found.given_up;
    told.wake_at_ms = found.wake_at.ms;
    write_struct(told, status);
    return {};
  });
}
