#include <algorithm>

#include "beacon/ad.h"
#include "nearzone/beacon.h"

namespace nearzone::beacon {
namespace {

// AD types. Source: Bluetooth Assigned Numbers, 2.3.
enum AdType : uint8_t {
  kSomeUuids16 = 0x02,
  kAllUuids16 = 0x03,
  kSomeUuids128 = 0x06,
  kAllUuids128 = 0x07,
  kTransmitPower = 0x0a,
  kServiceData16 = 0x16,
  kServiceData128 = 0x21,
  kManufacturerData = 0xff,
};

// Apple's overflow area: a byte that says what it is, and 128 bits for service UUIDs.
constexpr uint8_t kOverflowType = 0x01;
constexpr size_t kOverflowSize = 1 + 16;

uint16_t load_le16(const uint8_t* p) { return static_cast<uint16_t>(p[0] | p[1] << 8); }

// UUIDs are sent with their last byte first.
Uuid read_uuid(ByteView sent) {
  if (sent.size() == 2) return Uuid::of_16(load_le16(sent.data()));
  Uuid uuid;
  std::reverse_copy(sent.begin(), sent.end(), uuid.bytes.begin());
  return uuid;
}

class AdWriter {
 public:
  explicit AdWriter(Transmission& out) : out_(out) {}

  void structure(AdType type, size_t size) {
    put(static_cast<uint8_t>(1 + size));
    put(type);
  }
  void put(uint8_t byte) { out_.advertisement[out_.advertisement_size++] = byte; }
  void put(ByteView bytes) {
    for (const uint8_t byte : bytes) put(byte);
  }
  void put(const Uuid& uuid) {
    const size_t first = uuid.short_number() ? 2 : 0;
    for (size_t i = size_of(uuid); i-- > 0;) put(uuid.bytes[first + i]);
  }
  static size_t size_of(const Uuid& uuid) { return uuid.short_number() ? 2 : 16; }

 private:
  Transmission& out_;
};

void write_advertisement(Transmission& out) {
  AdWriter writer(out);
  const bool is_short = out.service.short_number().has_value();
  const size_t uuid = AdWriter::size_of(out.service);
  if (out.carrier == Carrier::manufacturer_data) {
    writer.structure(kManufacturerData, 2 + out.payload_size);
    writer.put(static_cast<uint8_t>(out.company));
    writer.put(static_cast<uint8_t>(out.company >> 8));
    writer.put(out.payload_bytes());
  }
  writer.structure(is_short ? kAllUuids16 : kAllUuids128, uuid);
  writer.put(out.service);
  if (out.carrier == Carrier::service_data) {
    writer.structure(is_short ? kServiceData16 : kServiceData128, uuid + out.payload_size);
    writer.put(out.service);
    writer.put(out.payload_bytes());
  }
}

// Identifier and metadata of a scheme. What follows a sealed identifier's metadata is a newer
// version's; of a deployment's own, either length is heard, whichever it sends.
Heard read_value(const AirIdentity& air, ByteView value) {
  const size_t size = identifier_size(air.scheme);
  const bool sealed = air.scheme == SchemeTag::gaen;
  const bool fits = sealed ? value.size() == size || value.size() >= size + Metadata::kCapacity
                           : value.size() == value_size(air);
  Heard heard;
  if (!fits) return heard;
  heard.finding = Finding::identifier;
  std::copy_n(value.begin(), size, heard.identifier.bytes.begin());
  if (value.size() > size) {
    heard.metadata.size = Metadata::kCapacity;
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(size), Metadata::kCapacity,
                heard.metadata.bytes.begin());
  }
  return heard;
}

bool in_overflow_area(const AirIdentity& air, ByteView apple_data) {
  if (air.overflow_bit < 0 || apple_data.size() != kOverflowSize || apple_data[0] != kOverflowType)
    return false;
  const auto bit = static_cast<size_t>(air.overflow_bit);
  return (apple_data[1 + bit / 8] & 0x80 >> bit % 8) != 0;
}

// What a scan record said so far.
struct Record {
  bool service = false;
  bool ios_service = false;
  bool overflow = false;
  ByteView service_data;
  ByteView company_data;
  std::optional<uint8_t> transmit_power;
};

void read_uuids(const AirIdentity& air, ByteView list, size_t each, Record& record) {
  for (; list.size() >= each; list = list.subspan(each)) {
    const Uuid uuid = read_uuid(list.first(each));
    record.service |= uuid == air.service;
    record.ios_service |= uuid == air.ios_service;
  }
}

void read_service_data(const AirIdentity& air, ByteView data, size_t uuid, Record& record) {
  if (data.size() >= uuid && read_uuid(data.first(uuid)) == air.service)
    record.service_data = data.subspan(uuid);
}

void read_company_data(const AirIdentity& air, ByteView data, Record& record) {
  if (data.size() < 2) return;
  const uint16_t company = load_le16(data.data());
  if (company == kApple) record.overflow |= in_overflow_area(air, data.subspan(2));
  if (company == air.company) record.company_data = data.subspan(2);
}

Record read_record(const AirIdentity& air, ByteView bytes) {
  Record record;
  AdReader reader(bytes);
  while (const std::optional<AdStructure> ad = reader.next()) {
    switch (ad->type) {
      case kSomeUuids16:
      case kAllUuids16: read_uuids(air, ad->data, 2, record); break;
      case kSomeUuids128:
      case kAllUuids128: read_uuids(air, ad->data, 16, record); break;
      case kServiceData16: read_service_data(air, ad->data, 2, record); break;
      case kServiceData128: read_service_data(air, ad->data, 16, record); break;
      case kManufacturerData: read_company_data(air, ad->data, record); break;
      case kTransmitPower:
        if (ad->data.size() == 1) record.transmit_power = ad->data[0];
        break;
      default: break;
    }
  }
  return record;
}

Heard decode_record(const AirIdentity& air, ByteView bytes) {
  const Record record = read_record(air, bytes);
  Heard heard;
  if (air.carrier == Carrier::service_data) heard = read_value(air, record.service_data);
  // The company's data alone could be another product's of the same company.
  if (air.carrier == Carrier::manufacturer_data && record.service)
    heard = read_value(air, record.company_data);
  if (heard.finding == Finding::identifier) {
    if (heard.metadata.size == 0 && record.transmit_power)
      heard.metadata = {{*record.transmit_power}, 1};
    return heard;
  }
  if (air.characteristic.none()) return heard;
  if (record.ios_service)
    heard.finding = Finding::ask;
  else if (record.overflow)
    heard.finding = Finding::ask_maybe;
  return heard;
}

}  // namespace

std::optional<AdStructure> AdReader::next() {
  // A length of zero is padding: on some phones the scan response follows it.
  while (!rest_.empty() && rest_[0] == 0) rest_ = rest_.subspan(1);
  if (rest_.size() < 2 || rest_[0] >= rest_.size()) return std::nullopt;
  const AdStructure found{rest_[1], rest_.subspan(2, rest_[0] - size_t{1})};
  rest_ = rest_.subspan(size_t{1} + rest_[0]);
  return found;
}

Result<Transmission> encode(const AirIdentity& air, System system,
                            const Advertisement& advertisement) {
  NEARZONE_TRY(check(air));
  if (advertisement.scheme != air.scheme)
    return Status(Code::invalid_argument, "is not the identity's", "scheme");
  if (air.metadata_size > advertisement.metadata.size)
    return Status(Code::invalid_argument, "has no metadata, which the identity sends", "metadata");
  const Answer answer = can(air, system, AppState::foreground, Act::advertise);
  if (answer.ability == Ability::no) return Status(Code::unsupported, answer.reason, "system");
  Transmission out;
  out.carrier = system == System::ios ? Carrier::gatt_only : air.carrier;
  out.service = system == System::ios ? air.ios_service : air.service;
  if (out.carrier == Carrier::manufacturer_data) out.company = air.company;
  out.connectable = out.carrier != Carrier::service_data;
  const size_t size = identifier_size(air.scheme);
  std::copy_n(advertisement.identifier.bytes.begin(), size, out.payload.begin());
  std::copy_n(advertisement.metadata.bytes.begin(), air.metadata_size,
              out.payload.begin() + static_cast<std::ptrdiff_t>(size));
  out.payload_size = static_cast<uint8_t>(size + air.metadata_size);
  write_advertisement(out);
  return out;
}

Heard decode(const AirIdentity& air, Form form, ByteView bytes) {
  switch (form) {
    case Form::scan_record: return decode_record(air, bytes);
    case Form::service_data:
    case Form::gatt_value: return read_value(air, bytes);
    case Form::manufacturer_data:
      if (bytes.size() < 2 || load_le16(bytes.data()) != air.company) return {};
      return read_value(air, bytes.subspan(2));
  }
  return {};
}

std::vector<ScanFilter> scan_filters(const AirIdentity& air, System system) {
  std::vector<ScanFilter> filters;
  filters.push_back({.service = air.service});
  if (air.ios_service != air.service) filters.push_back({.service = air.ios_service});
  if (system == System::android && air.overflow_bit >= 0) {
    ScanFilter overflow;
    overflow.company = kApple;
    overflow.size = kOverflowSize;
    overflow.data[0] = kOverflowType;
    overflow.mask[0] = 0xff;
    const auto bit = static_cast<size_t>(air.overflow_bit);
    overflow.data[1 + bit / 8] = overflow.mask[1 + bit / 8] = static_cast<uint8_t>(0x80 >> bit % 8);
    filters.push_back(overflow);
  }
  return filters;
}

}  // namespace nearzone::beacon
