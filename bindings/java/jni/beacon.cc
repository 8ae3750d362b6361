// What goes on the air, and when.
#include <iterator>

#include "method.h"
#include "packed.h"

namespace nearzone::java {
namespace {

constexpr size_t kUuid = 16;
constexpr size_t kPeer = 16;
// As AirIdentity and Plan keep them.
constexpr size_t kAir = 5 * sizeof(int32_t) + 3 * kUuid;
constexpr size_t kPlan = 2 * sizeof(int32_t) + 15 * sizeof(int64_t);

nz_air unpack_air(const ByteRegion<kAir>& packed) {
  nz_air air{};
  air.size = sizeof air;
  Unpacker in(packed.data());
  air.scheme = in.int32();
  air.carrier = in.int32();
  air.metadata_size = in.int32();
  air.company = in.int32();
  air.overflow_bit = in.int32();
  const uint8_t* uuids = packed.data() + kAir - 3 * kUuid;
  std::memcpy(air.service, uuids, kUuid);
  std::memcpy(air.ios_service, uuids + kUuid, kUuid);
  std::memcpy(air.characteristic, uuids + 2 * kUuid, kUuid);
  return air;
}

jbyteArray pack(JNIEnv* env, const nz_air& air) {
  return Packer()
      .int32(air.scheme)
      .int32(air.carrier)
      .int32(air.metadata_size)
      .int32(air.company)
      .int32(air.overflow_bit)
      .bytes(air.service, kUuid)
      .bytes(air.ios_service, kUuid)
      .bytes(air.characteristic, kUuid)
      .to_java(env);
}

// Its times, in order.
template <class Plan, class Each>
void for_each_time(Plan& plan, Each each) {
  each(plan.slot_ms);
  each(plan.rotation_least_ms);
  each(plan.rotation_most_ms);
  for (auto* times :
       {plan.advertise_on_ms, plan.advertise_least_pause_ms, plan.advertise_most_pause_ms,
        plan.scan_on_ms, plan.scan_least_pause_ms, plan.scan_most_pause_ms}) {
    each(times[0]);
    each(times[1]);
  }
}

nz_plan unpack_plan(const ByteRegion<kPlan>& packed) {
  nz_plan plan{};
  plan.size = sizeof plan;
  Unpacker in(packed.data());
  plan.low_percent = in.int32();
  plan.critical_percent = in.int32();
  for_each_time(plan, [&](int64_t& time) { time = in.int64(); });
  return plan;
}

jbyteArray published(JNIEnv* env, jint scheme) {
  nz_air air{};
  air.size = sizeof air;
  Error error(env, Fault::program);
  return error.none(nz_air_published(scheme, &air, error.out())) ? pack(env, air) : nullptr;
}

jbyteArray own(JNIEnv* env, jbyteArray service, jbyteArray characteristic, jboolean metadata) {
  const ByteRegion<kUuid> named(env, service);
  if (!named.ok()) return nullptr;
  const ByteRegion<kUuid> read(env, characteristic);
  if (!read.ok()) return nullptr;
  nz_air air{};
  air.size = sizeof air;
  Error error(env, Fault::program);
  return error.none(nz_air_own(named.data(), read.data(), metadata, &air, error.out()))
             ? pack(env, air)
             : nullptr;
}

jbyteArray can(JNIEnv* env, jbyteArray packed, jint system, jint state, jint act) {
  const ByteRegion<kAir> region(env, packed);
  if (!region.ok()) return nullptr;
  const nz_air air = unpack_air(region);
  int32_t ability = 0;
  int32_t note = 0;
  const char* reason = nullptr;
  Error error(env, Fault::program);
  if (!error.none(nz_air_can(&air, system, state, act, &ability, &note, &reason, error.out()))) {
    return nullptr;
  }
  return Packer().int32(ability).int32(note).text(reason).to_java(env);
}

jbyteArray scan_filters(JNIEnv* env, jbyteArray packed, jint system) {
  const ByteRegion<kAir> region(env, packed);
  if (!region.ok()) return nullptr;
  const nz_air air = unpack_air(region);
  return list<nz_scan_filter>(
      env, Fault::program, [&](auto... out) { return nz_air_scan_filters(&air, system, out...); });
}

jbyteArray decode(JNIEnv* env, jbyteArray packed, jint form, jbyteArray bytes) {
  const ByteRegion<kAir> region(env, packed);
  if (!region.ok()) return nullptr;
  const Region<uint8_t> given(env, bytes);
  if (!given.ok()) return nullptr;
  const nz_air air = unpack_air(region);
  nz_heard heard{};
  Error error(env, Fault::program);
  if (!error.none(nz_air_decode(&air, form, given.data(), given.size(), &heard, error.out()))) {
    return nullptr;
  }
  return to_java(env, &heard, sizeof heard);
}

jbyteArray transmission(JNIEnv* env, jlong device, jbyteArray packed, jint system) {
  const ByteRegion<kAir> region(env, packed);
  if (!region.ok()) return nullptr;
  const nz_air air = unpack_air(region);
  nz_transmission sent{};
  sent.size = sizeof sent;
  Error error(env, Fault::input);
  if (!error.none(
          nz_device_transmission(object<nz_device>(device), &air, system, &sent, error.out()))) {
    return nullptr;
  }
  return Packer()
      .int32(sent.carrier)
      .int32(sent.company)
      .int32(sent.connectable)
      .bytes(sent.service, kUuid)
      .sized(sent.payload, sent.payload_size)
      .sized(sent.advertisement, sent.advertisement_size)
      .to_java(env);
}

jbyteArray plan_of(JNIEnv* env, jint scheme, jint system) {
  nz_plan plan{};
  plan.size = sizeof plan;
  Error error(env, Fault::program);
  if (!error.none(nz_plan_of(scheme, system, &plan, error.out()))) return nullptr;
  Packer out;
  out.int32(plan.low_percent).int32(plan.critical_percent);
  for_each_time(plan, [&](int64_t time) { out.int64(time); });
  return out.to_java(env);
}

jbyteArray seconds_a_day(JNIEnv* env, jbyteArray packed, jint state, jint power) {
  const ByteRegion<kPlan> region(env, packed);
  if (!region.ok()) return nullptr;
  const nz_plan plan = unpack_plan(region);
  int64_t seconds[2] = {};
  Error error(env, Fault::program);
  if (!error.none(
          nz_plan_seconds_a_day(&plan, state, power, &seconds[0], &seconds[1], error.out()))) {
    return nullptr;
  }
  return to_java(env, seconds, sizeof seconds);
}

jlong new_planner(JNIEnv* env, jbyteArray packed) {
  const ByteRegion<kPlan> region(env, packed);
  if (!region.ok()) return 0;
  const nz_plan plan = unpack_plan(region);
  nz_planner* planner = nullptr;
  Error error(env, Fault::program);
  error.none(nz_planner_new(&plan, &planner, error.out()));
  return address(planner);
}

jlong new_simulated(JNIEnv* env, jbyteArray packed, jlong seed) {
  const ByteRegion<kPlan> region(env, packed);
  if (!region.ok()) return 0;
  const nz_plan plan = unpack_plan(region);
  nz_planner* planner = nullptr;
  Error error(env, Fault::program);
  error.none(nz_planner_new_simulated(&plan, static_cast<uint64_t>(seed), &planner, error.out()));
  return address(planner);
}

void free_planner(JNIEnv*, jlong planner) { nz_planner_free(object<nz_planner>(planner)); }

void set_state(JNIEnv* env, jlong planner, jint state) {
  Error error(env, Fault::program);
  error.none(nz_planner_set_state(object<nz_planner>(planner), state, error.out()));
}

void set_battery(JNIEnv* env, jlong planner, jint percent, jboolean charging) {
  Error error(env, Fault::program);
  error.none(nz_planner_set_battery(object<nz_planner>(planner), percent, charging, error.out()));
}

void set_radio(JNIEnv* env, jlong planner, jboolean on) {
  Error error(env, Fault::program);
  error.none(nz_planner_set_radio(object<nz_planner>(planner), on, error.out()));
}

void renew(JNIEnv* env, jlong planner) {
  Error error(env, Fault::program);
  error.none(nz_planner_renew(object<nz_planner>(planner), error.out()));
}

jbyteArray heard(JNIEnv* env, jlong planner, jbyteArray peer, jint rssi_dbm, jlong time_ms,
                 jlong monotonic_ms) {
  const ByteRegion<kPeer> who(env, peer);
  if (!who.ok()) return nullptr;
  nz_heard known{};
  Error error(env, Fault::program);
  if (!error.none(nz_planner_heard(object<nz_planner>(planner), who.data(), rssi_dbm, time_ms,
                                   monotonic_ms, &known, error.out()))) {
    return nullptr;
  }
  return to_java(env, &known, sizeof known);
}

void answered(JNIEnv* env, jlong planner, jbyteArray peer, jbyteArray told, jlong time_ms,
              jlong monotonic_ms) {
  const ByteRegion<kPeer> who(env, peer);
  if (!who.ok()) return;
  const Region<uint8_t> bytes(env, told);
  if (!bytes.ok()) return;
  nz_heard said{};
  const bool is_said = bytes.size() == sizeof said;
  if (is_said) std::memcpy(&said, bytes.data(), sizeof said);
  Error error(env, Fault::program);
  error.none(nz_planner_answered(object<nz_planner>(planner), who.data(), is_said ? &said : nullptr,
                                 time_ms, monotonic_ms, error.out()));
}

jbyteArray advance(JNIEnv* env, jlong planner, jlong time_ms, jlong monotonic_ms) {
  // As Actions reads it.
  struct {
    int64_t pause_ms;
    nz_action actions[NZ_MOST_ACTIONS];
  } out{};
  size_t count = 0;
  Error error(env, Fault::program);
  if (!error.none(nz_planner_advance(object<nz_planner>(planner), time_ms, monotonic_ms,
                                     out.actions, std::size(out.actions), &count, &out.pause_ms,
                                     error.out()))) {
    return nullptr;
  }
  return to_java(env, &out, sizeof out.pause_ms + count * sizeof out.actions[0]);
}

}  // namespace

std::vector<JNINativeMethod> beacon_methods() {
  return {
      method<published>("airPublished"),
      method<own>("airOwn"),
      method<can>("airCan"),
      method<scan_filters>("airScanFilters"),
      method<decode>("airDecode"),
      method<transmission>("deviceTransmission"),
      method<plan_of>("planOf"),
      method<seconds_a_day>("planSecondsADay"),
      method<new_planner>("plannerNew"),
      method<new_simulated>("plannerNewSimulated"),
      method<free_planner>("plannerFree"),
      method<set_state>("plannerSetState"),
      method<set_battery>("plannerSetBattery"),
      method<set_radio>("plannerSetRadio"),
      method<renew>("plannerRenew"),
      method<heard>("plannerHeard"),
      method<answered>("plannerAnswered"),
      method<advance>("plannerAdvance"),
  };
}

}  // namespace nearzone::java
