#include <string>

#include "lists/bluezone_fields.h"
#include "lists/writing.h"
#include "nearzone/lists.h"

namespace nearzone {

Result<std::string> write_bluezone_list(std::span<const PublishedKey> keys) {
  using namespace bluezone_fields;
  NEARZONE_TRY(check_writable(keys, SchemeTag::bluezone));
  std::string out = "{\"data\":[";
  for (size_t i : order_of_keys(keys)) {
    const PublishedKey& key = keys[i];
    if (key.valid_from.ms % 1000 != 0)
      return Status(Code::invalid_argument, "not a whole second", kNames[kTimeStart]).at_record(i);
    if (key.valid_to.ms % 1000 != 0)
      return Status(Code::invalid_argument, "not a whole second", kNames[kTimeEnd]).at_record(i);
    if (out.back() == '}') out += ',';
    out += "{\"daily_key\":\"" + to_hex(key.bytes);
    out += "\",\"time_start\":" + std::to_string(key.valid_from.ms / 1000);
    out += ",\"time_end\":" + std::to_string(key.valid_to.ms / 1000);
    out += ",\"max\":" + std::to_string(key.identifiers_per_day) + '}';
  }
  return out + "]}";
}

}  // namespace nearzone
