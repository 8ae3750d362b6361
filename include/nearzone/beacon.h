/// What phones send each other: which numbers a deployment has on the air, what a phone's system
/// lets an app do with them, and the bytes themselves, from and to raw scan records.
///
///     nearzone::beacon::AirIdentity air = nearzone::beacon::bluezone_air();
///     auto sent = nearzone::beacon::encode(air, nearzone::beacon::System::android, advertisement);
///     auto heard = nearzone::beacon::decode(air, nearzone::beacon::Form::scan_record, record);
///     if (heard.finding == nearzone::beacon::Finding::identifier) use(heard.identifier);
///
/// Everything here is a value or a pure function of its arguments: safe from any thread, never
/// touches a radio. The sources of what is said about phones' systems are in docs/beacon.md.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/broadcaster.h"
#include "nearzone/bytes.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::beacon {

/// A Bluetooth UUID, its bytes in the order in which they are written. All zero: none.
struct Uuid {
  std::array<uint8_t, 16> bytes{};

  /// One that the Bluetooth SIG assigns, on the Bluetooth base UUID.
  /// Source: Bluetooth Core Specification, Vol 3, Part B, 2.5.1.
  static constexpr Uuid of_16(uint16_t number) {
    return {{0, 0, static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number), 0, 0, 0x10, 0,
             0x80, 0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb}};
  }
  /// The number, where the UUID is of_16 of one.
  constexpr std::optional<uint16_t> short_number() const {
    const auto number = static_cast<uint16_t>(bytes[2] << 8 | bytes[3]);
    if (bytes != of_16(number).bytes) return std::nullopt;
    return number;
  }
  constexpr bool none() const { return bytes == std::array<uint8_t, 16>{}; }
  bool operator==(const Uuid&) const = default;
};

/// Reads "fd68" or "0000fd68-0000-1000-8000-00805f9b34fb", in either case. Fails with
/// invalid_argument.
Result<Uuid> parse_uuid(std::string_view text);
/// "fd68" where there is a short form, else the long one; lower case.
std::string format_uuid(const Uuid& uuid);

/// What holds the identifier in an Android phone's advertisement.
enum class Carrier : uint8_t {
  manufacturer_data = 1,  ///< a company's data, beside the service UUID (Bluezone)
  service_data = 2,       ///< the service UUID's own data (Exposure Notification and others)
  gatt_only = 3,          ///< nothing: the identifier is read over GATT
};

/// A deployment's numbers on the air: configuration, since each belongs to somebody.
struct AirIdentity {
  SchemeTag scheme = SchemeTag::gaen;  ///< whose identifiers it carries
  Carrier carrier = Carrier::service_data;
  uint8_t metadata_size = 0;  ///< sealed bytes sent after the identifier: 4 or 0
  uint16_t company = 0;       ///< with manufacturer_data only
  Uuid service;               ///< what an Android phone advertises
  Uuid ios_service;           ///< what an iPhone advertises, and whose characteristic it serves
  Uuid characteristic;        ///< read only, of the identifier and its metadata; none: no GATT
  /// Which of the 128 bits of iOS's overflow area its service sets while its app is in the
  /// background, counted from the highest bit of the first byte. To be measured for a UUID of
  /// one's own; -1 where it is not known.
  int16_t overflow_bit = -1;
  bool operator==(const AirIdentity&) const = default;
};

/// The published systems' numbers, for interoperation and tests. They belong to others
/// (docs/beacon.md says to whom): a deployment gets its own.
AirIdentity bluezone_air();
AirIdentity exposure_notification_air();
/// Of any DP-3T scheme. Its characteristic is the deployment's to name.
AirIdentity dp3t_air(SchemeTag scheme = SchemeTag::dp3t_low_cost);
AirIdentity tcn_air();
/// That of a scheme, of those above.
AirIdentity published_air(SchemeTag scheme);
/// NearZone's own profile (docs/formats/nearzone-air.md) under the deployment's numbers. With
/// `metadata` the four sealed bytes that hold the transmit power follow the identifier. A service
/// UUID without a short form leaves no room for an identifier: it is then read over GATT only.
AirIdentity nearzone_air(const Uuid& service, const Uuid& characteristic, bool metadata = false);

/// Whether an identity can be used at all. Fails with invalid_argument and the field.
Status check(const AirIdentity& air);

enum class System : uint8_t { android = 1, ios = 2 };
enum class AppState : uint8_t { foreground = 1, background = 2 };
/// `gatt` is both sides of it: to serve the identifier, and to connect and read it.
enum class Act : uint8_t { advertise = 1, scan = 2, gatt = 3 };
enum class Ability : uint8_t { no = 0, limited = 1, yes = 2 };

/// What an app may do on a phone's system, and the rule that decides it.
struct Answer {
  Ability ability = Ability::no;
  uint8_t note = 0;         ///< number of the note in docs/beacon.md; 0 where none is needed
  const char* reason = "";  ///< the note in one sentence
};
Answer can(const AirIdentity& air, System system, AppState state, Act act);

/// What an app hands to its phone's advertiser and GATT server.
struct Transmission {
  static constexpr size_t kPayload = 20;
  static constexpr size_t kAdvertisement = 31;

  /// What carries the payload: on an iPhone always gatt_only.
  Carrier carrier = Carrier::gatt_only;
  Uuid service;
  uint16_t company = 0;
  bool connectable = false;
  /// Identifier and metadata: the data of the service or company, and the characteristic's value.
  std::array<uint8_t, kPayload> payload{};
  uint8_t payload_size = 0;
  /// The whole advertisement, but for the three bytes of flags that the phone's system adds.
  std::array<uint8_t, kAdvertisement> advertisement{};
  uint8_t advertisement_size = 0;

  ByteView payload_bytes() const { return ByteView(payload).first(payload_size); }
  ByteView advertisement_bytes() const { return ByteView(advertisement).first(advertisement_size); }
};

/// The bytes to send. Fails with unsupported where the system lets no app send it, with
/// invalid_argument where the advertisement is of another scheme or the identity fails check().
Result<Transmission> encode(const AirIdentity& air, System system,
                            const Advertisement& advertisement);

/// What bytes are that a phone's system gave.
enum class Form : uint8_t {
  scan_record = 1,        ///< all AD structures of an advertisement and its scan response
  service_data = 2,       ///< the data of the identity's service, without the UUID
  manufacturer_data = 3,  ///< beginning with the company's two bytes, as iOS gives it
  gatt_value = 4,         ///< what the characteristic gave
};

enum class Finding : uint8_t {
  nothing = 0,     ///< not ours, or malformed
  identifier = 1,  ///< here it is
  ask = 2,         ///< ours, without an identifier: to be read over GATT
  ask_maybe =
      3,  ///< an iPhone in the background, perhaps with our app: the same, if not a stranger
};

struct Heard {
  Finding finding = Finding::nothing;
  Identifier identifier;
  /// Sealed (4 bytes), or a transmit power that stands in the advertisement (1), or none.
  Metadata metadata;
  bool operator==(const Heard&) const = default;
};

/// Reads whatever bytes there are: structures in any order, unknown ones passed over. A structure
/// that claims to be longer than what is left ends the reading; those before it count.
Heard decode(const AirIdentity& air, Form form, ByteView bytes);

/// What to let a scan through for; any of several. Without a filter, Android stops scanning when
/// the screen goes dark, and iOS hears nothing in the background.
struct ScanFilter {
  /// Set: advertisements that name this service. Else those with the company's data as below.
  Uuid service;
  uint16_t company = 0;
  uint8_t size = 0;  ///< of the two below
  std::array<uint8_t, 17> data{};
  std::array<uint8_t, 17> mask{};  ///< the bits of `data` that matter
};
/// At most three: the Android service, the iPhone's where it is another one, and on Android the
/// overflow area of iPhones whose app is in the background.
std::vector<ScanFilter> scan_filters(const AirIdentity& air, System system);

/// One AD structure of an advertisement. Source: Bluetooth Core Specification, Vol 3, Part C, 11.
struct AdStructure {
  uint8_t type = 0;
  ByteView data;
};

/// Walks the AD structures of a scan record, which is borrowed.
class AdReader {
 public:
  explicit AdReader(ByteView record) : rest_(record), size_(record.size()) {}
  /// The next one. None at the end, or where the next claims more bytes than there are.
  std::optional<AdStructure> next();
  /// Where it stands: after all were read, the record's size unless it is malformed.
  size_t offset() const { return size_ - rest_.size(); }

 private:
  ByteView rest_;
  size_t size_;
};

}  // namespace nearzone::beacon
