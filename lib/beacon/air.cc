#include <algorithm>

#include "beacon/ad.h"
#include "nearzone/beacon.h"

namespace nearzone::beacon {
namespace {

constexpr Uuid kExposureNotificationService = Uuid::of_16(0xfd6f);

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::string_view kUuidForm = "00000000-0000-0000-0000-000000000000";

Status invalid(const char* text, const char* field) {
  return {Code::invalid_argument, text, field};
}

}  // namespace

Result<Uuid> parse_uuid(std::string_view text) {
  const Status malformed = invalid("not a UUID: use fd68 or the long form with hyphens", "uuid");
  const bool is_short = text.size() == 4;
  if (!is_short && text.size() != kUuidForm.size()) return malformed;
  Uuid uuid = is_short ? Uuid::of_16(0) : Uuid{};
  size_t digit = is_short ? 4 : 0;  // a short one's digits are the fifth to the eighth
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_short && kUuidForm[i] == '-') {
      if (text[i] != '-') return malformed;
      continue;
    }
    const int value = hex_digit(text[i]);
    if (value < 0) return malformed;
    uint8_t& byte = uuid.bytes[digit / 2];
    byte = static_cast<uint8_t>(byte << 4 | value);
    ++digit;
  }
  return uuid;
}

std::string format_uuid(const Uuid& uuid) {
  if (uuid.short_number()) return to_hex(ByteView(uuid.bytes).subspan(2, 2));
  std::string text = to_hex(uuid.bytes);
  for (const size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

AirIdentity bluezone_air() {
  AirIdentity air;
  air.scheme = SchemeTag::bluezone;
  air.carrier = Carrier::manufacturer_data;
  air.company = 0x22b5;
  air.service = Uuid::of_16(0x4e56);
  air.ios_service = {{0x00, 0x00, 0x4e, 0x56, 0x73, 0xf5, 0x4b, 0xc4, 0xa1, 0x2f, 0x17, 0xd1, 0xad,
                      0x07, 0xa6, 0x67}};
  air.characteristic = air.ios_service;
  air.characteristic.bytes[15] = 0x89;
  air.overflow_bit = 4;
  return air;
}

AirIdentity exposure_notification_air() {
  AirIdentity air;
  air.metadata_size = 4;
  air.service = air.ios_service = kExposureNotificationService;
  return air;
}

AirIdentity dp3t_air(SchemeTag scheme) {
  AirIdentity air;
  air.scheme = scheme;
  air.service = air.ios_service = Uuid::of_16(0xfd68);
  return air;
}

AirIdentity tcn_air() {
  AirIdentity air;
  air.scheme = SchemeTag::tcn;
  air.service = air.ios_service = Uuid::of_16(0xc019);
  air.characteristic = {{0xd6, 0x1f, 0x4f, 0x27, 0x3d, 0x6b, 0x4b, 0x04, 0x9e, 0x46, 0xc9, 0xd2,
                         0xea, 0x61, 0x7f, 0x62}};
  return air;
}

AirIdentity published_air(SchemeTag scheme) {
  switch (scheme) {
    case SchemeTag::bluezone: return bluezone_air();
    case SchemeTag::gaen: return exposure_notification_air();
    case SchemeTag::tcn: return tcn_air();
    default: return dp3t_air(scheme);
  }
}

AirIdentity nearzone_air(const Uuid& service, const Uuid& characteristic, bool metadata) {
  AirIdentity air;
  air.carrier = service.short_number() ? Carrier::service_data : Carrier::gatt_only;
  air.metadata_size = metadata ? 4 : 0;
  air.service = air.ios_service = service;
  air.characteristic = characteristic;
  return air;
}

Status check(const AirIdentity& air) {
  if (air.service.none()) return invalid("is needed", "service");
  if (air.ios_service.none())
    return invalid("is needed; it may be the same as service", "ios_service");
  if (air.metadata_size != 0 && air.metadata_size != Metadata::kCapacity)
    return invalid("must be 0 or 4", "metadata_size");
  if (air.metadata_size != 0 && air.scheme != SchemeTag::gaen)
    return invalid("must be 0: this scheme has no metadata", "metadata_size");
  if (air.overflow_bit < -1 || air.overflow_bit > 127)
    return invalid("must be 0 to 127, or -1 where it is not known", "overflow_bit");
  switch (air.carrier) {
    case Carrier::manufacturer_data:
      if (air.company == 0) return invalid("is needed", "company");
      if (air.company == kApple) return invalid("is Apple's", "company");
      break;
    case Carrier::service_data: break;
    case Carrier::gatt_only:
      if (air.characteristic.none())
        return invalid("is needed: nothing else is read", "characteristic");
      break;
    default: return invalid("unknown carrier", "carrier");
  }
  if (advertisement_size(air) > kRoom)
    return invalid("does not fit 31 bytes: take a 16-bit UUID, or have it read over GATT only",
                   "service");
  return {};
}

size_t value_size(const AirIdentity& air) {
  return identifier_size(air.scheme) + air.metadata_size;
}

size_t advertisement_size(const AirIdentity& air) {
  const size_t uuid = air.service.short_number() ? 2 : 16;
  size_t size = 2 + uuid;
  if (air.carrier == Carrier::service_data) size += 2 + uuid + value_size(air);
  if (air.carrier == Carrier::manufacturer_data) size += 2 + 2 + value_size(air);
  return size;
}

namespace {

// The notes of docs/beacon.md, numbered from 1.
enum Note : uint8_t {
  kNone,
  kForegroundService,
  kFilterNeeded,
  kOnlyUuid,
  kOverflow,
  kNamedServices,
  kWoken,
  kReserved,
  kNoCharacteristic,
};

constexpr const char* kReasons[] = {
    "",
    "needs a foreground service, which shows a notification",
    "needs a filter: without one the scan stops when the screen goes dark",
    "an app advertises its name and service UUIDs only: the identifier is read over GATT",
    "the UUID moves to the overflow area, which only iPhones that scan for it in the foreground, "
    "and filters for Apple's data, see",
    "only for services named, seldom, and each phone once a scan; no iPhone in the background is "
    "seen",
    "the system wakes the app for about ten seconds",
    "iOS keeps this UUID to its own Exposure Notification",
    "the identity names no characteristic to read",
};

struct Cell {
  Ability ability;
  Note note;
};

// [system][state][act]
constexpr Cell kCells[2][2][3] = {
    {{{Ability::yes, kNone}, {Ability::yes, kNone}, {Ability::yes, kNone}},
     {{Ability::yes, kForegroundService},
      {Ability::yes, kFilterNeeded},
      {Ability::yes, kForegroundService}}},
    {{{Ability::limited, kOnlyUuid}, {Ability::yes, kNone}, {Ability::yes, kNone}},
     {{Ability::limited, kOverflow},
      {Ability::limited, kNamedServices},
      {Ability::limited, kWoken}}},
};

}  // namespace

Answer can(const AirIdentity& air, System system, AppState state, Act act) {
  const auto index = [](auto value) { return static_cast<size_t>(value) - 1; };
  if (index(system) > 1 || index(state) > 1 || index(act) > 2) return {};
  Cell cell = kCells[index(system)][index(state)][index(act)];
  const bool reserved = air.service == kExposureNotificationService ||
                        air.ios_service == kExposureNotificationService;
  // Without a characteristic, whoever hears only a UUID has nothing to ask for.
  const bool needs_value =
      act == Act::gatt ||
      (act == Act::advertise && (system == System::ios || air.carrier == Carrier::gatt_only));
  if (system == System::ios && reserved)
    cell = {Ability::no, kReserved};
  else if (needs_value && air.characteristic.none())
    cell = {Ability::no, kNoCharacteristic};
  return {cell.ability, cell.note, kReasons[cell.note]};
}

}  // namespace nearzone::beacon
