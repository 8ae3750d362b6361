// Keys given away with consent, and the identifiers of published ones.
#include "nearzone/scheme.h"
#include "phone.h"
#include "told.h"

// Out of C++'s Disclosure already, so that their reports can be seen before they are taken.
struct nz_disclosure {
  explicit nz_disclosure(std::vector<nearzone::PublishedKey> given) : keys(std::move(given)) {}
  ~nz_disclosure() { wipe_keys(); }

  void wipe_keys() {
    for (nearzone::PublishedKey& key : keys) {
      nearzone::wipe(key.bytes);
      nearzone::wipe(key.report);
    }
    keys.clear();
  }

  mutable std::mutex mutex;
  std::vector<nearzone::PublishedKey> keys;
  bool taken = false;
};

namespace nearzone::c {
namespace {

Result<PublishedKey> key_of(const nz_published_key& given) {
  const auto wrong = [](const char* field) {
    return Status(Code::invalid_argument, "out of range", field);
  };
  if (given.scheme < NZ_SCHEME_BLUEZONE || given.scheme > NZ_SCHEME_DP3T_UNLINKABLE)
    return wrong("scheme");
  if (given.report_type < NZ_REPORT_UNKNOWN || given.report_type > NZ_REPORT_REVOKED)
    return wrong("report_type");
  if (given.days_since_onset != NZ_UNKNOWN &&
      (given.days_since_onset < -14 || given.days_since_onset > 14))
    return wrong("days_since_onset");
  if (given.transmission_risk_level < 0 || given.transmission_risk_level > 8)
    return wrong("transmission_risk_level");
  PublishedKey key;
  key.scheme = static_cast<SchemeTag>(given.scheme);
  std::ranges::copy(given.bytes, key.bytes.begin());
  key.valid_from = {given.valid_from_ms};
  key.valid_to = {given.valid_to_ms};
  key.identifiers_per_day = given.identifiers_per_day;
  key.record = given.record;
  key.report_type = static_cast<ReportType>(given.report_type);
  if (given.days_since_onset != NZ_UNKNOWN)
    key.days_since_onset = static_cast<int8_t>(given.days_since_onset);
  key.transmission_risk_level = static_cast<uint8_t>(given.transmission_risk_level);
  key.revised = given.revised != 0;
  if (given.released_at_ms != 0) key.released_at = Instant{given.released_at_ms};
  return key;
}

Result<std::vector<nz_broadcast>> broadcasts_of(const PublishedKey& key) {
  const Scheme& scheme = *find_scheme(key.scheme);
  NEARZONE_TRY(scheme.check(key));
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  std::vector<KeyPart*> pointers;
  pointers.reserve(parts.size());
  for (KeyPart& part : parts) pointers.push_back(&part);
  scheme.prepare(pointers);
  std::vector<nz_broadcast> broadcasts;
  std::vector<Identifier> identifiers;
  for (const KeyPart& part : parts) {
    identifiers.resize(part.slots);
    const Derivation all{&part, {0, part.slots}};
    scheme.expand({&all, 1}, identifiers);
    for (uint32_t slot = 0; slot < part.slots; ++slot) {
      const TimeRange window = scheme.window(part, slot);
      nz_broadcast& broadcast = broadcasts.emplace_back();
      broadcast.start_ms = window.from.ms;
      broadcast.end_ms = window.to.ms;
      std::ranges::copy(identifiers[slot].bytes, broadcast.identifier);
    }
  }
  return broadcasts;
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

int32_t nz_derive_identifiers(const nz_published_key* key, nz_broadcast* out, size_t capacity,
                              size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_broadcast> room{out, capacity, count};
    NEARZONE_TRY(require(key));
    NEARZONE_TRY(room.check());
    NEARZONE_ASSIGN(const PublishedKey known, key_of(*key));
    NEARZONE_ASSIGN(const std::vector<nz_broadcast> broadcasts, broadcasts_of(known));
    room.fill(broadcasts, [](const nz_broadcast& broadcast) { return broadcast; });
    return {};
  });
}

int32_t nz_derive_report_identifiers(const void* report, size_t size, nz_broadcast* out,
                                     size_t capacity, size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_broadcast> room{out, capacity, count};
    NEARZONE_TRY(require(report));
    NEARZONE_TRY(room.check());
    const ByteView bytes(static_cast<const uint8_t*>(report), size);
    PublishedKey key;
    key.scheme = SchemeTag::tcn;
    key.report.assign(bytes.begin(), bytes.end());
    // A report begins with its key.
    std::copy_n(bytes.begin(), std::min(size, key.bytes.size()), key.bytes.begin());
    NEARZONE_ASSIGN(const std::vector<nz_broadcast> broadcasts, broadcasts_of(key));
    NEARZONE_TRY(tcn_scheme().admit(key));
    room.fill(broadcasts, [](const nz_broadcast& broadcast) { return broadcast; });
    return {};
  });
}

int32_t nz_device_disclose(nz_device* device, int32_t consent, int32_t days,
                           nz_disclosure** disclosure, nz_error** error) {
  return nz_device_disclose_redacted(device, consent, days, nullptr, 0, disclosure, error);
}

int32_t nz_device_disclose_redacted(nz_device* device, int32_t consent, int32_t days,
                                    const nz_time_range* redactions, size_t redaction_count,
                                    nz_disclosure** disclosure, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, disclosure));
    if (redaction_count > 0) NEARZONE_TRY(require(redactions));
    NEARZONE_TRY(check_consent(consent));
    std::vector<TimeRange> ranges;
    for (size_t i = 0; i < redaction_count; ++i)
      ranges.push_back({{redactions[i].from_ms}, {redactions[i].to_ms}});
    NEARZONE_ASSIGN(Disclosure given, device->device().disclose(PersonConsents{}, days, ranges));
    NEARZONE_ASSIGN(std::vector<PublishedKey> keys, given.take_keys());
    *disclosure = new nz_disclosure(std::move(keys));
    return {};
  });
}

int32_t nz_disclosure_size(const nz_disclosure* disclosure, size_t* keys, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(disclosure, keys));
    const std::lock_guard lock(disclosure->mutex);
    *keys = disclosure->keys.size();
    return {};
  });
}

int32_t nz_disclosure_take(nz_disclosure* disclosure, nz_published_key* out, size_t capacity,
                           size_t* count, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<nz_published_key> room{out, capacity, count};
    NEARZONE_TRY(require(disclosure));
    NEARZONE_TRY(room.check());
    const std::lock_guard lock(disclosure->mutex);
    if (disclosure->taken) return {Code::closed, "this disclosure was used before"};
    if (capacity < disclosure->keys.size())
      return {Code::limit_exceeded, "there are more keys than the array has room for", "capacity"};
    room.fill(disclosure->keys, [](const PublishedKey& key) { return told(key); });
    disclosure->wipe_keys();
    disclosure->taken = true;
    return {};
  });
}

int32_t nz_disclosure_report(const nz_disclosure* disclosure, size_t index, void* out,
                             size_t capacity, size_t* size, nz_error** error) {
  return guard(error, [&]() -> Status {
    const Room<uint8_t> room{static_cast<uint8_t*>(out), capacity, size};
    NEARZONE_TRY(require(disclosure));
    NEARZONE_TRY(room.check());
    const std::lock_guard lock(disclosure->mutex);
    if (index >= disclosure->keys.size())
      return {Code::not_found, "there are fewer keys, or they were taken", "index"};
    room.fill(disclosure->keys[index].report, [](uint8_t byte) { return byte; });
    return {};
  });
}

void nz_disclosure_free(nz_disclosure* disclosure) { delete disclosure; }
