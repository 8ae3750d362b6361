// Device's part in uploads: consent, order of storing, and when cover traffic takes its turn.
#include <algorithm>

#include "device/latest_state.h"
#include "device/own_keys.h"
#include "device/stored_upload.h"
#include "nearzone/device.h"

namespace nearzone {
namespace {

constexpr std::string_view kChaffKind = "chaff";
// Then no server takes any of the keys.
constexpr int32_t kKeptDays = 15;

}  // namespace

Result<std::optional<Upload>> Device::load_upload() const {
  NEARZONE_ASSIGN(const std::optional<device::StoredUpload> stored, device::load_upload(*log_));
  if (!stored) return std::optional<Upload>();
  NEARZONE_ASSIGN(Upload upload, Upload::load(stored->upload.expose(ForSealing{})));
  return std::optional(std::move(upload));
}

Result<Upload> Device::require_upload() const {
  NEARZONE_ASSIGN(std::optional<Upload> upload, load_upload());
  if (!upload) return Status(Code::not_found, "there is no upload");
  return *std::move(upload);
}

Status Device::store_upload(const Upload& upload) {
  return device::store_upload(*log_, Day::of(clock_.now()), {upload.save()});
}

Status Device::begin_upload(PersonConsents, int32_t days) {
  if (options_.own_scheme != SchemeTag::bluezone && options_.own_scheme != SchemeTag::gaen)
    return {Code::unsupported,
            "no server takes keys of this scheme; disclose gives them to the app to deliver",
            "own_scheme"};
  const std::lock_guard own_keys(own_keys_mutex_);
  const std::lock_guard uploads(uploads_mutex_);
  NEARZONE_ASSIGN(std::optional<Upload> upload, load_upload());
  const SecretBytes before = broadcaster_->save();
  const Status begun = [&]() -> Status {
    NEARZONE_ASSIGN(Disclosure disclosure, give_away(days));
    const Instant now = clock_.now();
    if (upload) {
      NEARZONE_TRY(upload->add(std::move(disclosure), now, random_));
    } else {
      NEARZONE_ASSIGN(upload, Upload::begin(std::move(disclosure), now, random_));
    }
    NEARZONE_ASSIGN(const device::LatestState own,
                    device::load_latest(*log_, device::own_keys_kind(options_.own_scheme)));
    // The upload first: what no longer is an own key must be in it.
    return device::store_upload(*log_, Day::of(now),
                                {upload->save(), broadcaster_->save(), own.generation});
  }();
  if (!begun.ok()) {  // then nothing was given away
    NEARZONE_ASSIGN(broadcaster_, Broadcaster::load(before.expose(ForDerivation{})));
    return begun;
  }
  NEARZONE_TRY(save_own_keys());
  return store_upload(*upload);
}

Status Device::finish_renewal() {
  Result<std::optional<device::StoredUpload>> found = device::load_upload(*log_);
  // A damaged upload is told of by those who ask for it.
  if (!found.ok() || !*found || (*found)->renewed_own_keys.empty()) return {};
  device::StoredUpload stored = *std::move(*found);
  const std::string_view kind = device::own_keys_kind(options_.own_scheme);
  NEARZONE_ASSIGN(const device::LatestState own, device::load_latest(*log_, kind));
  const Day today = Day::of(clock_.now());
  if (own.generation == stored.renewed_from) {
    const ByteView renewed = stored.renewed_own_keys.expose(ForSealing{});
    NEARZONE_ASSIGN(const std::unique_ptr<Broadcaster> keys, Broadcaster::load(renewed));
    if (keys->tag() != options_.own_scheme) return {};
    NEARZONE_TRY(device::store_latest(*log_, kind, today, renewed));
  }
  return device::store_upload(*log_, today, {std::move(stored.upload)});
}

Status Device::keep_upload(Day today) {
  const std::lock_guard lock(uploads_mutex_);
  const Result<std::optional<Upload>> upload = load_upload();
  if (!upload.ok() || !*upload) return {};
  if (Day::of((*upload)->status().consented_at) + kKeptDays < today)
    return device::remove_upload(*log_);
  return store_upload(**upload);
}

Status Device::enter_upload_code(std::string_view code) {
  const std::lock_guard lock(uploads_mutex_);
  NEARZONE_ASSIGN(Upload upload, require_upload());
  NEARZONE_TRY(upload.enter_code(code));
  return store_upload(upload);
}

Result<UploadStatus> Device::upload_status() const {
  const std::lock_guard lock(uploads_mutex_);
  NEARZONE_ASSIGN(const Upload upload, require_upload());
  return upload.status();
}

Status Device::discard_upload() {
  const std::lock_guard lock(uploads_mutex_);
  return device::remove_upload(*log_);
}

Result<std::optional<Chaff>> Device::load_chaff() const {
  NEARZONE_ASSIGN(const device::LatestState state, device::load_latest(*log_, kChaffKind));
  // A gap has no memory: one that cannot be read is drawn anew.
  const Result<Chaff> chaff = Chaff::load(state.bytes.expose(ForSealing{}));
  return chaff.ok() ? std::optional(*chaff) : std::optional<Chaff>();
}

Result<std::optional<UploadRequest>> Device::chaff_request(const UploadOptions& options) {
  if (options.chaff_gap == Millis(0)) return std::optional<UploadRequest>();
  const Instant now = clock_.now();
  NEARZONE_ASSIGN(const std::optional<Chaff> before, load_chaff());
  Chaff chaff = before ? *before : Chaff::begin(now, options.chaff_gap, random_);
  std::optional<UploadRequest> request =
      chaff.next_request(options_.own_scheme, options.chaff_gap, now, random_);
  if (!before || chaff.save() != before->save())
    NEARZONE_TRY(device::store_latest(*log_, kChaffKind, Day::of(now), chaff.save()));
  return request;
}

Result<std::optional<UploadRequest>> Device::upload_request(const UploadOptions& options) {
  NEARZONE_TRY(options.check());
  const std::lock_guard lock(uploads_mutex_);
  NEARZONE_ASSIGN(std::optional<Upload> upload, load_upload());
  if (upload) {
    const SecretBytes before = upload->save();
    NEARZONE_ASSIGN(std::optional<UploadRequest> request,
                    upload->next_request(options, clock_.now(), random_));
    // What a certificate is asked for must be what is published later.
    if (!equal_in_constant_time(upload->save().expose(ForSealing{}), before.expose(ForSealing{})))
      NEARZONE_TRY(store_upload(*upload));
    if (request) return request;
  }
  return chaff_request(options);
}

Status Device::upload_answered(const UploadRequest& request, const ServerAnswer& answer,
                               const UploadOptions& options) {
  NEARZONE_TRY(options.check());
  const std::lock_guard lock(uploads_mutex_);
  const Instant now = clock_.now();
  if (request.chaff) {
    NEARZONE_ASSIGN(std::optional<Chaff> chaff, load_chaff());
    if (!chaff || options.chaff_gap == Millis(0)) return {};
    chaff->answered(options_.own_scheme, answer.status, options.chaff_gap, now, random_);
    return device::store_latest(*log_, kChaffKind, Day::of(now), chaff->save());
  }
  NEARZONE_ASSIGN(std::optional<Upload> upload, load_upload());
  if (!upload) return {};  // discarded meanwhile
  upload->answered(request.step, answer, now, random_);
  return store_upload(*upload);
}

Result<std::optional<Instant>> Device::upload_wake_at(const UploadOptions& options) const {
  NEARZONE_TRY(options.check());
  const std::lock_guard lock(uploads_mutex_);
  std::optional<Instant> wake_at;
  NEARZONE_ASSIGN(const std::optional<Upload> upload, load_upload());
  if (upload && upload->status().state != UploadState::code_needed &&
      upload->status().state != UploadState::accepted)
    wake_at = upload->wake_at();
  if (options.chaff_gap == Millis(0)) return wake_at;
  NEARZONE_ASSIGN(const std::optional<Chaff> chaff, load_chaff());
  // Where there is none yet, it is drawn when it is asked for.
  const Instant chaff_at = chaff ? chaff->wake_at() : clock_.now();
  return std::optional(wake_at ? std::min(*wake_at, chaff_at) : chaff_at);
}

}  // namespace nearzone
