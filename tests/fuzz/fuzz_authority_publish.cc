#include <cstdlib>
#include <string_view>

#include "authority/publish_rules.h"

// A publish request whose certificate is right: only possible keys are taken of it, with times that
// tell nothing.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  constexpr Instant kNow{1'599'998'400'000};
  const auto request = authority::read_publish_request({reinterpret_cast<const char*>(data), size});
  if (!request.ok()) return 0;
  static_cast<void>(authority::keys_hmac(request->keys, as_bytes(request->hmac_key), true));
  const authority::PublishSettings settings;
  for (const std::optional<int64_t> onset : {std::optional<int64_t>(), {2'665'000}, {INT64_MIN}}) {
    const auto taken =
        authority::take_keys(*request, {ReportType::confirmed_test, onset}, settings, kNow);
    if (!taken.ok()) continue;
    if (taken->keys.size() + taken->malformed + taken->too_far_from_onset != request->keys.size() ||
        request->keys.size() > settings.most_keys)
      std::abort();
    for (const authority::StoredKey& key : taken->keys) {
      const bool is_possible = key.key.valid_from < key.key.valid_to &&
                               key.key.valid_from <= kNow &&
                               key.key.valid_to - key.key.valid_from <= Day::kLength &&
                               key.key.valid_to > kNow - settings.oldest_key;
      const bool tells_nothing =
          key.created_at == authority::truncate(key.created_at, settings.truncation_window) &&
          (key.key.valid_to <= kNow || key.created_at > key.key.valid_to);
      if (!is_possible || !tells_nothing) std::abort();
    }
  }
  return 0;
}
