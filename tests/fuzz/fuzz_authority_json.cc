#include <cstdlib>
#include <string_view>

#include "authority/json.h"

namespace {

using nearzone::authority::Json;

// Within the limits, and its texts read back as they were written.
size_t check(const Json& value, int depth) {
  if (depth > Json::kDeepest) std::abort();
  if (value.kind == Json::Kind::object && value.names.size() != value.items.size()) std::abort();
  if (value.is_text()) {
    const auto again = Json::parse(nearzone::authority::json_text(value.text));
    if (!again.ok() || again->text != value.text) std::abort();
  }
  size_t values = 1;
  for (const Json& item : value.items) values += check(item, depth + 1);
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = Json::parse({reinterpret_cast<const char*>(data), size});
  if (read.ok() && check(*read, 0) > Json::kMostValues) std::abort();
  return 0;
}
