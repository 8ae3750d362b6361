// What every function of the C interface is made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <string>

#include "nearzone.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

struct nz_error {
  nearzone::Status status;
  std::string message;
};

struct nz_cancel {
  std::shared_ptr<nearzone::Cancel> flag = std::make_shared<nearzone::Cancel>();
};

namespace nearzone::c {

// Code of the failure, and an nz_error of it where one is wanted.
int32_t fail(const Status& status, nz_error** error) noexcept;

// Does the work of a function: no exception leaves it.
template <typename Work>
int32_t guard(nz_error** error, const Work& work) noexcept {
  try {
    const Status status = work();
    return status.ok() ? NZ_OK : fail(status, error);
  } catch (const std::bad_alloc&) {
    return fail({Code::internal, "there is no memory left"}, error);
  } catch (...) {
    return fail({Code::internal, "an unexpected fault"}, error);
  }
}

template <typename... Pointers>
Status require(const Pointers*... pointers) {
  if (((pointers != nullptr) && ...)) return {};
  return {Code::invalid_argument, "a pointer that is needed is NULL"};
}

inline std::shared_ptr<Cancel> flag_of(const nz_cancel* cancel) {
  return cancel == nullptr ? nullptr : cancel->flag;
}

// Where the first version of a struct ended: programs compiled then pass no less.
template <typename T>
inline constexpr size_t kFirstSize = 0;
#define NEARZONE_FIRST_SIZE(type, last) \
  template <>                           \
  inline constexpr size_t kFirstSize<type> = offsetof(type, last) + sizeof(type::last)
NEARZONE_FIRST_SIZE(nz_device_config, least_counter);
NEARZONE_FIRST_SIZE(nz_calibration, source);
NEARZONE_FIRST_SIZE(nz_opening, states_lost);
NEARZONE_FIRST_SIZE(nz_advertisement, metadata);
NEARZONE_FIRST_SIZE(nz_air, characteristic);
NEARZONE_FIRST_SIZE(nz_transmission, advertisement);
NEARZONE_FIRST_SIZE(nz_plan, scan_most_pause_ms);
NEARZONE_FIRST_SIZE(nz_statistics, bytes_on_disk);
NEARZONE_FIRST_SIZE(nz_list_config, hold_in_memory);
NEARZONE_FIRST_SIZE(nz_list_info, content_digest);
NEARZONE_FIRST_SIZE(nz_signature_info, algorithm);
NEARZONE_FIRST_SIZE(nz_signature_report, detail);
NEARZONE_FIRST_SIZE(nz_match_config, accept_unverified_lists);
NEARZONE_FIRST_SIZE(nz_match_report, keys_refused);
NEARZONE_FIRST_SIZE(nz_diagnosis_key_mapping, by_days_since_onset);
NEARZONE_FIRST_SIZE(nz_daily_summary_config, minimum_window_score);
NEARZONE_FIRST_SIZE(nz_upload_status, wake_at_ms);
NEARZONE_FIRST_SIZE(nz_upload_config, chaff_gap_ms);
NEARZONE_FIRST_SIZE(nz_upload_request_info, body_size);
NEARZONE_FIRST_SIZE(nz_index_config, most_list_bytes);
NEARZONE_FIRST_SIZE(nz_fetch, wake_at_ms);
NEARZONE_FIRST_SIZE(nz_index_status, wake_at_ms);
#undef NEARZONE_FIRST_SIZE
// No struct will ever be larger: a size above was never set.
inline constexpr size_t kMostSize = 4096;

template <typename T>
Status check_size(const T* given) {
  static_assert(kFirstSize<T> > 0 && sizeof(T) <= kMostSize);
  NEARZONE_TRY(require(given));
  if (given->size >= kFirstSize<T> && given->size <= kMostSize) return {};
  return {Code::invalid_argument, "not the size of any version of the struct", "size"};
}

// `known` with what the caller's struct says, where there is one. It may be of another version;
// what a newer one says beyond ours must be nothing.
template <typename T>
Status read_struct(const T* given, T& known) {
  if (given == nullptr) return {};
  NEARZONE_TRY(check_size(given));
  const size_t size = given->size;
  const auto* bytes = reinterpret_cast<const uint8_t*>(given);
  if (std::any_of(bytes + std::min(size, sizeof(T)), bytes + size,
                  [](uint8_t byte) { return byte != 0; }))
    return {Code::unsupported, "the struct asks for what only a newer library knows", "size"};
  std::memcpy(&known, given, std::min(size, sizeof(T)));
  return {};
}

// Into the caller's struct, of which check_size() was ok.
template <typename T>
void write_struct(T known, T* out) {
  const uint32_t size = out->size;
  known.size = size;
  std::memset(out, 0, size);
  std::memcpy(out, &known, std::min<size_t>(size, sizeof(T)));
}

// A config of another size than any version's stays as it is, to be refused where it is used.
template <typename T>
void write_defaults(const T& defaults, T* out) {
  if (check_size(out).ok()) write_struct(defaults, out);
}

// Room of the caller's for a list.
template <typename T>
struct Room {
  T* out;
  size_t capacity;
  size_t* count;

  Status check() const {
    NEARZONE_TRY(require(count));
    return capacity == 0 ? Status() : require(out);
  }
  // As many as there is room for, each made by `make`.
  template <typename From, typename Make>
  void fill(const From& all, const Make& make) const {
    *count = std::size(all);
    for (size_t i = 0; i < std::min(capacity, std::size(all)); ++i) out[i] = make(all[i]);
  }
};

}  // namespace nearzone::c
