#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "authority/config.h"
#include "authority/exports/series.h"

// What is read without a fault can be served with; a fault names a line that is there.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Paths are opened: no file of this machine is to decide what is found.
  if (text.find("public_key") != text.npos || text.find("_file") != text.npos ||
      text.find("tls_key") != text.npos)
    return 0;
  std::vector<authority::ConfigFault> faults;
  const authority::Config config = authority::read_config(text, faults);
  const auto lines = static_cast<uint64_t>(std::ranges::count(text, '\n') + 1);
  for (const authority::ConfigFault& fault : faults)
    if (fault.line > lines || fault.words.empty()) std::abort();
  if (!faults.empty()) return 0;
  if (config.settings.realms.empty() ||
      config.settings.find_realm(config.settings.bluezone.realm) == nullptr)
    std::abort();
  for (const authority::Series& series : config.settings.exports)
    if (!authority::check_series(series).ok()) std::abort();
  for (const authority::RealmSettings& realm : config.settings.realms)
    if (authority::guess_chance(realm) > 1e-4) std::abort();
  return 0;
}
