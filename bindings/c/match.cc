#include "open_list.h"
#include "phone.h"
#include "told.h"

struct nz_match {
  mutable std::mutex mutex;
  // What the check borrows, before it.
  std::shared_ptr<nearzone::c::Phone> phone;
  std::shared_ptr<nearzone::c::OpenList> open;
  std::vector<nearzone::PublicKey> keys;
  std::shared_ptr<nearzone::Cancel> cancel;
  std::unique_ptr<nearzone::ListCheck> check;
  bool done = false;
};

namespace nearzone::c {
namespace {

nz_match_config default_config() {
  const CheckOptions options;
  nz_match_config config = {};
  config.bluezone_windows = static_cast<int32_t>(options.bluezone_windows);
  config.accept_unverified_lists = options.accept_unverified_lists ? 1 : 0;
  return config;
}

Status begin(nz_match& match, const nz_match_config& config) {
  if (config.bluezone_windows != NZ_BLUEZONE_TOLERANT &&
      config.bluezone_windows != NZ_BLUEZONE_STRICT)
    return {Code::invalid_argument, "neither tolerant nor strict", "bluezone_windows"};
  CheckOptions options;
  options.public_keys = match.keys;
  options.accept_unverified_lists = config.accept_unverified_lists != 0;
  options.bluezone_windows = static_cast<BluezoneWindows>(config.bluezone_windows);
  options.match.cancel = match.cancel.get();
  const std::lock_guard lock(match.open->mutex);
  auto begun = match.phone->device->begin_check(*match.open->list, options);
  if (!begun.ok()) {
    NEARZONE_TRY(match.open->check_cancelled());
    return begun.status();
  }
  match.check = *std::move(begun);
  match.done = match.check->report().known;
  return {};
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

void nz_match_config_init(nz_match_config* config) { write_defaults(default_config(), config); }

int32_t nz_match_begin(nz_device* device, nz_list* list, const nz_public_keys* keys,
                       const nz_match_config* config, nz_cancel* cancel, nz_match** match,
                       nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, list, match));
    nz_match_config known = default_config();
    NEARZONE_TRY(read_struct(config, known));
    auto made = std::make_unique<nz_match>();
    made->phone = device->phone;
    made->open = list->open;
    if (keys != nullptr) made->keys = keys->copy();
    made->cancel = flag_of(cancel);
    NEARZONE_TRY(begin(*made, known));
    *match = made.release();
    return {};
  });
}

int32_t nz_match_step(nz_match* match, uint64_t most_keys, int32_t* more, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(match, more));
    if (most_keys == 0) return {Code::invalid_argument, "must not be 0", "most_keys"};
    const std::scoped_lock lock(match->mutex, match->open->mutex);
    NEARZONE_ASSIGN(
        const bool is_more,
        match->check->step(static_cast<size_t>(std::min<uint64_t>(most_keys, SIZE_MAX))));
    match->done = !is_more;
    *more = is_more ? 1 : 0;
    return {};
  });
}

int32_t nz_match_save(nz_match* match, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(match));
    const std::lock_guard lock(match->mutex);
    return match->check->save();
  });
}

int32_t nz_match_get_report(const nz_match* match, nz_match_report* report, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(match));
    NEARZONE_TRY(check_size(report));
    const std::lock_guard lock(match->mutex);
    const CheckReport& found = match->check->report();
    nz_match_report told = {};
    told.done = match->done ? 1 : 0;
    told.known = found.known ? 1 : 0;
    told.signature = static_cast<int32_t>(found.signature.outcome);
    told.keys_in_list = match->open->list->info().keys;
    told.keys_tried = found.keys;
    told.keys_refused = found.keys_refused;
    write_struct(told, report);
    return {};
  });
}

int32_t nz_match_exposures(const nz_match* match, nz_exposure* out, size_t capacity, size_t* count,
                           nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_exposure> room{out, capacity, count};
    NEARZONE_TRY(require(match));
    NEARZONE_TRY(room.check());
    const std::lock_guard lock(match->mutex);
    room.fill(match->check->report().exposures,
              [](const Exposure& exposure) { return told(exposure); });
    return {};
  });
}

void nz_match_free(nz_match* match) { delete match; }
