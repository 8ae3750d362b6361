#include <algorithm>
#include <cstdlib>

#include "nearzone/beacon.h"

namespace {

using namespace nearzone;
using namespace nearzone::beacon;

void require(bool holds) {
  if (!holds) std::abort();
}

// What is heard must be able to be sent, and be heard again.
void send_again(const AirIdentity& air, const Heard& heard) {
  Advertisement advertisement;
  advertisement.scheme = air.scheme;
  advertisement.identifier = heard.identifier;
  if (air.metadata_size > 0) advertisement.metadata = heard.metadata;
  const Result<Transmission> sent = encode(air, System::android, advertisement);
  if (!sent.ok()) return require(heard.metadata.size < air.metadata_size);
  require(decode(air, Form::gatt_value, sent->payload_bytes()).identifier == heard.identifier);
  if (air.carrier == Carrier::gatt_only) return;
  require(decode(air, Form::scan_record, sent->advertisement_bytes()).identifier ==
          heard.identifier);
}

}  // namespace

// The first byte is the form; the rest is read with every published identity and our own.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  const AirIdentity identities[] = {
      bluezone_air(),
      exposure_notification_air(),
      dp3t_air(),
      tcn_air(),
      nearzone_air(Uuid::of_16(0xfff0), tcn_air().characteristic, true),
      nearzone_air(tcn_air().characteristic, tcn_air().characteristic)};
  for (const AirIdentity& air : identities) {
    const Heard heard = decode(air, Form{static_cast<uint8_t>(data[0] % 5)}, bytes);
    require(heard.metadata.size <= Metadata::kCapacity);
    if (heard.finding == Finding::identifier) send_again(air, heard);
  }
  AdReader reader(bytes);
  size_t read = 0;
  while (const std::optional<AdStructure> ad = reader.next()) read += 2 + ad->data.size();
  require(read <= reader.offset() && reader.offset() <= bytes.size());
  return 0;
}
