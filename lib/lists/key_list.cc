#include <algorithm>
#include <array>
#include <limits>

#include "lists/formats.h"
#include "nearzone/lists.h"

namespace nearzone {
namespace {

// White space that JSON allows in front, and the mark that some editors put there.
bool begins_as_json(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  size_t first = start.find_first_not_of(" \t\r\n");
  return first != start.npos && (start[first] == '{' || start[first] == '[');
}

}  // namespace

std::string_view list_format_name(ListFormat format) {
  switch (format) {
    case ListFormat::bluezone_json: return "bluezone-json";
    case ListFormat::gaen_export: return "gaen-export";
    case ListFormat::nearzone: return "nearzone";
    case ListFormat::nearzone_set: return "nearzone-set";
  }
  return "unknown";
}

std::string_view signature_outcome_name(SignatureOutcome outcome) {
  switch (outcome) {
    case SignatureOutcome::verified: return "verified";
    case SignatureOutcome::unsigned_list: return "unsigned";
    case SignatureOutcome::unknown_key: return "unknown-key";
    case SignatureOutcome::failed: return "failed";
  }
  return "unknown";
}

uint64_t most_content_bytes(const ListOptions& options) {
  return std::min<uint64_t>(options.max_bytes, std::numeric_limits<int32_t>::max());
}

Result<std::unique_ptr<KeyList>> KeyList::open(ByteSource& source, const ListOptions& options) {
  if (source.size() == 0) return Status(Code::corrupt, "the file is empty").at_offset(0);
  if (source.size() > most_content_bytes(options))
    return Status(Code::limit_exceeded, "the list is larger than the limit").at_offset(0);
  std::array<char, 256> buffer;
  size_t size = static_cast<size_t>(std::min<uint64_t>(buffer.size(), source.size()));
  NEARZONE_TRY(source.read(0, {reinterpret_cast<uint8_t*>(buffer.data()), size}));
  std::string_view start(buffer.data(), size);

  if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06"))
    return open_gaen_archive(source, options);
  if (start.starts_with(kGaenHeader.substr(0, 11))) return open_gaen_export(source, options);
  if (start.starts_with(kNearzoneHeader.substr(0, 14))) return open_nearzone_list(source, options);
  if (start.starts_with(kNearzoneSetHeader.substr(0, 14)))
    return open_nearzone_set(source, options);
  if (begins_as_json(start)) return open_bluezone_list(source, options);
  return Status(Code::corrupt, "not a key list of any known format").at_offset(0);
}

Status check_list_is_current(const ListInfo& info, Instant now) {
  if (!is_nearzone(info.format)) return {};
  if (now < info.start)
    return {Code::signature_refused, "the list is not valid yet", "valid_from_ms"};
  if (now >= info.end)
    return {Code::signature_refused, "the list is no longer valid", "valid_to_ms"};
  return {};
}

}  // namespace nearzone
