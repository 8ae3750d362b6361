// What goes on the air, and when.
#include "nearzone/beacon.h"

#include "nearzone/beacon_planner.h"
#include "phone.h"

struct nz_planner {
  std::mutex mutex;
  std::unique_ptr<nearzone::Random> random;
  std::unique_ptr<nearzone::beacon::Planner> planner;
};

namespace nearzone::c {
namespace {

using beacon::ActionKind;
using beacon::AirIdentity;
using beacon::Moment;
using beacon::Plan;
using beacon::Planner;

// An enumeration's value of a number between two of its own.
template <typename Enumeration>
Status read_number(int32_t number, Enumeration least, Enumeration most, const char* field,
                   Enumeration& out) {
  if (number < static_cast<int32_t>(least) || number > static_cast<int32_t>(most))
    return {Code::invalid_argument, "out of range", field};
  out = static_cast<Enumeration>(number);
  return {};
}

Status read_scheme(int32_t number, SchemeTag& scheme) {
  return read_number(number, SchemeTag::bluezone, SchemeTag::dp3t_unlinkable, "scheme", scheme);
}
Status read_system(int32_t number, beacon::System& system) {
  return read_number(number, beacon::System::android, beacon::System::ios, "system", system);
}
Status read_state(int32_t number, beacon::AppState& state) {
  return read_number(number, beacon::AppState::foreground, beacon::AppState::background, "state",
                     state);
}

template <typename To, typename From>
To copied(const From& from) {
  To to{};
  std::copy(std::begin(from), std::end(from), std::begin(to.bytes));
  return to;
}
template <typename To>
To copied_bytes(const void* from) {
  To to{};
  std::memcpy(to.bytes.data(), from, to.bytes.size());
  return to;
}

Result<AirIdentity> air_of(const nz_air* given) {
  nz_air known = {};
  NEARZONE_TRY(require(given));
  NEARZONE_TRY(read_struct(given, known));
  AirIdentity air;
  NEARZONE_TRY(read_scheme(known.scheme, air.scheme));
  NEARZONE_TRY(read_number(known.carrier, beacon::Carrier::manufacturer_data,
                           beacon::Carrier::gatt_only, "carrier", air.carrier));
  const auto in_range = [](int32_t value, int32_t least, int32_t most) {
    return value >= least && value <= most;
  };
  if (!in_range(known.metadata_size, 0, 255))
    return Status(Code::invalid_argument, "must be 0 or 4", "metadata_size");
  if (!in_range(known.company, 0, 0xffff))
    return Status(Code::invalid_argument, "must be of 16 bits", "company");
  if (!in_range(known.overflow_bit, -1, 127))
    return Status(Code::invalid_argument, "must be 0 to 127, or -1", "overflow_bit");
  air.metadata_size = static_cast<uint8_t>(known.metadata_size);
  air.company = static_cast<uint16_t>(known.company);
  air.overflow_bit = static_cast<int16_t>(known.overflow_bit);
  air.service = copied<beacon::Uuid>(known.service);
  air.ios_service = copied<beacon::Uuid>(known.ios_service);
  air.characteristic = copied<beacon::Uuid>(known.characteristic);
  NEARZONE_TRY(beacon::check(air));
  return air;
}

void tell(const AirIdentity& air, nz_air* out) {
  nz_air told = {};
  told.scheme = static_cast<int32_t>(air.scheme);
  told.carrier = static_cast<int32_t>(air.carrier);
  told.metadata_size = air.metadata_size;
  told.company = air.company;
  told.overflow_bit = air.overflow_bit;
  std::ranges::copy(air.service.bytes, told.service);
  std::ranges::copy(air.ios_service.bytes, told.ios_service);
  std::ranges::copy(air.characteristic.bytes, told.characteristic);
  write_struct(told, out);
}

nz_heard told(beacon::Finding finding, const Identifier& identifier, const Metadata& metadata) {
  nz_heard told = {};
  told.finding = static_cast<int32_t>(finding);
  std::ranges::copy(identifier.bytes, told.identifier);
  std::ranges::copy(metadata.bytes, told.metadata);
  told.metadata_size = metadata.size;
  return told;
}

nz_scan_filter told(const beacon::ScanFilter& filter) {
  nz_scan_filter told = {};
  told.company = filter.company;
  told.size = filter.size;
  std::ranges::copy(filter.service.bytes, told.service);
  std::ranges::copy(filter.data, told.data);
  std::ranges::copy(filter.mask, told.mask);
  return told;
}

nz_transmission told(const beacon::Transmission& sent) {
  nz_transmission told = {};
  told.carrier = static_cast<int32_t>(sent.carrier);
  told.company = sent.company;
  told.connectable = sent.connectable ? 1 : 0;
  told.payload_size = sent.payload_size;
  told.advertisement_size = sent.advertisement_size;
  std::ranges::copy(sent.service.bytes, told.service);
  std::ranges::copy(sent.payload, told.payload);
  std::ranges::copy(sent.advertisement, told.advertisement);
  return told;
}

nz_action told(const beacon::Action& action) {
  nz_action told = {};
  told.lasts_ms = action.lasts.count();
  told.kind = static_cast<int32_t>(action.kind);
  std::ranges::copy(action.peer.bytes, told.peer);
  return told;
}

Result<Plan> plan_of(const nz_plan* given) {
  nz_plan known = {};
  NEARZONE_TRY(require(given));
  NEARZONE_TRY(read_struct(given, known));
  if (known.low_percent < 0 || known.low_percent > 100 || known.critical_percent < 0 ||
      known.critical_percent > 100)
    return Status(Code::invalid_argument, "must be 0 to 100", "low_percent");
  Plan plan;
  plan.rotation = {Millis(known.slot_ms), Millis(known.rotation_least_ms),
                   Millis(known.rotation_most_ms)};
  for (size_t i = 0; i < 2; ++i) {
    plan.advertise[i] = {Millis(known.advertise_on_ms[i]),
                         Millis(known.advertise_least_pause_ms[i]),
                         Millis(known.advertise_most_pause_ms[i])};
    plan.scan[i] = {Millis(known.scan_on_ms[i]), Millis(known.scan_least_pause_ms[i]),
                    Millis(known.scan_most_pause_ms[i])};
  }
  plan.low_percent = static_cast<uint8_t>(known.low_percent);
  plan.critical_percent = static_cast<uint8_t>(known.critical_percent);
  NEARZONE_TRY(beacon::check(plan));
  return plan;
}

void tell(const Plan& plan, nz_plan* out) {
  nz_plan told = {};
  told.low_percent = plan.low_percent;
  told.critical_percent = plan.critical_percent;
  told.slot_ms = plan.rotation.slot.count();
  told.rotation_least_ms = plan.rotation.least.count();
  told.rotation_most_ms = plan.rotation.most.count();
  for (size_t i = 0; i < 2; ++i) {
    told.advertise_on_ms[i] = plan.advertise[i].on.count();
    told.advertise_least_pause_ms[i] = plan.advertise[i].least_pause.count();
    told.advertise_most_pause_ms[i] = plan.advertise[i].most_pause.count();
    told.scan_on_ms[i] = plan.scan[i].on.count();
    told.scan_least_pause_ms[i] = plan.scan[i].least_pause.count();
    told.scan_most_pause_ms[i] = plan.scan[i].most_pause.count();
  }
  write_struct(told, out);
}

Status make(const nz_plan* given, std::unique_ptr<Random> random, nz_planner** planner) {
  NEARZONE_TRY(require(planner));
  NEARZONE_ASSIGN(const Plan plan, plan_of(given));
  auto made = std::make_unique<nz_planner>();
  made->random = std::move(random);
  made->planner = std::make_unique<Planner>(plan, *made->random);
  *planner = made.release();
  return {};
}

// Does something with a planner, under its lock.
template <typename Work>
int32_t use(nz_planner* planner, nz_error** error, const Work& work) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(planner));
    const std::lock_guard lock(planner->mutex);
    return work(*planner->planner);
  });
}

// So that no sum of times overflows.
Status read_moment(int64_t time_ms, int64_t monotonic_ms, Moment& moment) {
  constexpr int64_t kMost = int64_t{1} << 60;
  if (time_ms < -kMost || time_ms > kMost)
    return {Code::invalid_argument, "out of range", "time_ms"};
  if (monotonic_ms < -kMost || monotonic_ms > kMost)
    return {Code::invalid_argument, "out of range", "monotonic_ms"};
  moment = {{time_ms}, Millis(monotonic_ms)};
  return {};
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

int32_t nz_uuid_parse(const char* text, void* uuid, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(text, uuid));
    NEARZONE_ASSIGN(const beacon::Uuid parsed, beacon::parse_uuid(text));
    std::memcpy(uuid, parsed.bytes.data(), parsed.bytes.size());
    return {};
  });
}

int32_t nz_uuid_format(const void* uuid, char* text, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(uuid, text));
    const std::string formatted = beacon::format_uuid(copied_bytes<beacon::Uuid>(uuid));
    std::memcpy(text, formatted.c_str(), formatted.size() + 1);
    return {};
  });
}

int32_t nz_air_published(int32_t scheme, nz_air* air, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(check_size(air));
    SchemeTag known;
    NEARZONE_TRY(read_scheme(scheme, known));
    tell(beacon::published_air(known), air);
    return {};
  });
}

int32_t nz_air_own(const void* service, const void* characteristic, int32_t metadata, nz_air* air,
                   nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(service, characteristic));
    NEARZONE_TRY(check_size(air));
    const AirIdentity own =
        beacon::nearzone_air(copied_bytes<beacon::Uuid>(service),
                             copied_bytes<beacon::Uuid>(characteristic), metadata != 0);
    NEARZONE_TRY(beacon::check(own));
    tell(own, air);
    return {};
  });
}

int32_t nz_air_can(const nz_air* air, int32_t system, int32_t state, int32_t act, int32_t* ability,
                   int32_t* note, const char** reason, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(ability, note, reason));
    NEARZONE_ASSIGN(const AirIdentity known, air_of(air));
    beacon::System on;
    beacon::AppState in;
    beacon::Act what;
    NEARZONE_TRY(read_system(system, on));
    NEARZONE_TRY(read_state(state, in));
    NEARZONE_TRY(read_number(act, beacon::Act::advertise, beacon::Act::gatt, "act", what));
    const beacon::Answer answer = beacon::can(known, on, in, what);
    *ability = static_cast<int32_t>(answer.ability);
    *note = answer.note;
    *reason = answer.reason;
    return {};
  });
}

int32_t nz_air_scan_filters(const nz_air* air, int32_t system, nz_scan_filter* out, size_t capacity,
                            size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_scan_filter> room{out, capacity, count};
    NEARZONE_TRY(room.check());
    NEARZONE_ASSIGN(const AirIdentity known, air_of(air));
    beacon::System on;
    NEARZONE_TRY(read_system(system, on));
    room.fill(beacon::scan_filters(known, on),
              [](const beacon::ScanFilter& filter) { return told(filter); });
    return {};
  });
}

int32_t nz_air_decode(const nz_air* air, int32_t form, const void* bytes, size_t size,
                      nz_heard* heard, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(heard));
    if (size != 0) NEARZONE_TRY(require(bytes));
    NEARZONE_ASSIGN(const AirIdentity known, air_of(air));
    beacon::Form is;
    NEARZONE_TRY(
        read_number(form, beacon::Form::scan_record, beacon::Form::gatt_value, "form", is));
    const beacon::Heard found =
        beacon::decode(known, is, {static_cast<const uint8_t*>(bytes), size});
    *heard = told(found.finding, found.identifier, found.metadata);
    return {};
  });
}

int32_t nz_device_transmission(nz_device* device, const nz_air* air, int32_t system,
                               nz_transmission* transmission, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_size(transmission));
    NEARZONE_ASSIGN(const AirIdentity known, air_of(air));
    beacon::System on;
    NEARZONE_TRY(read_system(system, on));
    NEARZONE_ASSIGN(const beacon::Transmission sent, device->device().transmission(known, on));
    write_struct(told(sent), transmission);
    return {};
  });
}

int32_t nz_plan_of(int32_t scheme, int32_t system, nz_plan* plan, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(check_size(plan));
    SchemeTag known;
    beacon::System on;
    NEARZONE_TRY(read_scheme(scheme, known));
    NEARZONE_TRY(read_system(system, on));
    tell(beacon::plan_for(known, on), plan);
    return {};
  });
}

int32_t nz_plan_seconds_a_day(const nz_plan* plan, int32_t state, int32_t power,
                              int64_t* advertising, int64_t* scanning, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(advertising, scanning));
    NEARZONE_ASSIGN(const Plan known, plan_of(plan));
    beacon::AppState in;
    beacon::Power left;
    NEARZONE_TRY(read_state(state, in));
    NEARZONE_TRY(read_number(power, beacon::Power::full, beacon::Power::critical, "power", left));
    const beacon::RadioSeconds seconds = beacon::radio_seconds_a_day(known, in, left);
    *advertising = seconds.advertising;
    *scanning = seconds.scanning;
    return {};
  });
}

int32_t nz_planner_new(const nz_plan* plan, nz_planner** planner, nz_error** error) {
  return guard(error, [&] { return make(plan, std::make_unique<SystemRandom>(), planner); });
}

int32_t nz_planner_new_simulated(const nz_plan* plan, uint64_t seed, nz_planner** planner,
                                 nz_error** error) {
  return guard(error, [&] { return make(plan, std::make_unique<SeededRandom>(seed), planner); });
}

void nz_planner_free(nz_planner* planner) { delete planner; }

int32_t nz_planner_set_state(nz_planner* planner, int32_t state, nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    beacon::AppState in;
    NEARZONE_TRY(read_state(state, in));
    machine.set_state(in);
    return {};
  });
}

int32_t nz_planner_set_battery(nz_planner* planner, int32_t percent, int32_t charging,
                               nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    if (percent < 0 || percent > 100)
      return {Code::invalid_argument, "must be 0 to 100", "percent"};
    machine.set_battery(percent, charging != 0);
    return {};
  });
}

int32_t nz_planner_set_radio(nz_planner* planner, int32_t on, nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    machine.set_radio(on != 0);
    return {};
  });
}

int32_t nz_planner_renew(nz_planner* planner, nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    machine.renew();
    return {};
  });
}

int32_t nz_planner_heard(nz_planner* planner, const void* peer, int32_t rssi_dbm, int64_t time_ms,
                         int64_t monotonic_ms, nz_heard* known, nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    NEARZONE_TRY(require(peer, known));
    Moment now;
    NEARZONE_TRY(read_moment(time_ms, monotonic_ms, now));
    if (rssi_dbm < -128 || rssi_dbm > 127)
      return {Code::invalid_argument, "must be -128 to 127", "rssi_dbm"};
    const auto reading =
        machine.heard(copied_bytes<beacon::Peer>(peer), static_cast<int8_t>(rssi_dbm), now);
    *known = reading ? told(beacon::Finding::identifier, reading->identifier, reading->metadata)
                     : nz_heard{};
    return {};
  });
}

int32_t nz_planner_answered(nz_planner* planner, const void* peer, const nz_heard* heard,
                            int64_t time_ms, int64_t monotonic_ms, nz_error** error) {
  return use(planner, error, [&](Planner& machine) -> Status {
    NEARZONE_TRY(require(peer));
    Moment now;
    NEARZONE_TRY(read_moment(time_ms, monotonic_ms, now));
    const auto who = copied_bytes<beacon::Peer>(peer);
    if (heard == nullptr) {
      machine.unreachable(who, now);
    } else if (heard->finding != NZ_FINDING_IDENTIFIER) {
      machine.stranger(who, now);
    } else {
      if (heard->metadata_size > Metadata::kCapacity)
        return {Code::invalid_argument, "must be at most 4", "metadata_size"};
      beacon::Reading reading;
      std::ranges::copy(heard->identifier, reading.identifier.bytes.begin());
      std::ranges::copy(heard->metadata, reading.metadata.bytes.begin());
      reading.metadata.size = static_cast<uint8_t>(heard->metadata_size);
      machine.read(who, reading, now);
    }
    return {};
  });
}

int32_t nz_planner_advance(nz_planner* planner, int64_t time_ms, int64_t monotonic_ms,
                           nz_action* out, size_t capacity, size_t* count, int64_t* pause_ms,
                           nz_error** error) {
  static_assert(NZ_MOST_ACTIONS == Planner::kMostActions);
  return use(planner, error, [&](Planner& machine) -> Status {
    const Room<nz_action> room{out, capacity, count};
    NEARZONE_TRY(room.check());
    NEARZONE_TRY(require(pause_ms));
    if (capacity < Planner::kMostActions)
      return {Code::limit_exceeded, "needs room for NZ_MOST_ACTIONS", "capacity"};
    Moment now;
    NEARZONE_TRY(read_moment(time_ms, monotonic_ms, now));
    std::vector<beacon::Action> actions;
    *pause_ms = machine.advance(now, actions).count();
    room.fill(actions, [](const beacon::Action& action) { return told(action); });
    return {};
  });
}
