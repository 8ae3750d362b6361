#include <cstdlib>
#include <string_view>

#include "nearzone/scheme.h"
#include "tools/nearzone/key_rows.h"

// Whatever is taken may be published: it has passed its scheme's checks and is not of the future.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  constexpr Instant kNow{1596844800000};
  const auto keys =
      tools::read_key_rows(std::string_view(reinterpret_cast<const char*>(data), size), kNow);
  if (!keys.ok()) return 0;
  for (const PublishedKey& key : *keys) {
    const Scheme* const scheme = find_scheme(key.scheme);
    if (scheme == nullptr || !scheme->check(key).ok() || !scheme->admit(key).ok()) std::abort();
    if (key.released_at && *key.released_at > kNow) std::abort();
  }
  return 0;
}
