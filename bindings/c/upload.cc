// Uploads, and the cover traffic beside them.
#include "phone.h"

struct nz_upload_request {
  const nearzone::UploadRequest request;
};

namespace nearzone::c {
namespace {

nz_upload_config default_config() {
  nz_upload_config config = {};
  config.chaff_gap_ms = UploadOptions().chaff_gap.count();
  return config;
}

Result<UploadOptions> options_of(const nz_upload_config* given) {
  NEARZONE_TRY(require(given));
  nz_upload_config config = default_config();
  NEARZONE_TRY(read_struct(given, config));
  UploadOptions options;
  if (config.health_authority != nullptr) options.health_authority = config.health_authority;
  options.chaff_gap = Millis(config.chaff_gap_ms);
  return options;
}

}  // namespace
}  // namespace nearzone::c

using namespace nearzone;     // NOLINT(google-build-using-namespace)
using namespace nearzone::c;  // NOLINT(google-build-using-namespace)

int32_t nz_device_begin_upload(nz_device* device, int32_t consent, int32_t days, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_consent(consent));
    return device->device().begin_upload(PersonConsents{}, days);
  });
}

int32_t nz_device_enter_upload_code(nz_device* device, const char* code, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, code));
    return device->device().enter_upload_code(code);
  });
}

int32_t nz_device_discard_upload(nz_device* device, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    return device->device().discard_upload();
  });
}

int32_t nz_device_upload_status(const nz_device* device, nz_upload_status* status,
                                nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device));
    NEARZONE_TRY(check_size(status));
    NEARZONE_ASSIGN(const UploadStatus found, device->device().upload_status());
    nz_upload_status told = {};
    told.state = static_cast<int32_t>(found.state);
    told.problem = static_cast<int32_t>(found.problem);
    told.partly_refused = found.partly_refused ? 1 : 0;
    told.report_type = static_cast<int32_t>(found.report_type);
    told.keys = found.keys;
    told.keys_inserted = found.keys_inserted;
    told.consented_at_ms = found.consented_at.ms;
    told.wake_at_ms = found.wake_at.ms;
    write_struct(told, status);
    return {};
  });
}

void nz_upload_config_init(nz_upload_config* config) { write_defaults(default_config(), config); }

int32_t nz_device_upload_request(nz_device* device, const nz_upload_config* config,
                                 nz_upload_request** request, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, request));
    NEARZONE_ASSIGN(const UploadOptions options, options_of(config));
    NEARZONE_ASSIGN(std::optional<UploadRequest> next, device->device().upload_request(options));
    *request = next ? new nz_upload_request{*std::move(next)} : nullptr;
    return {};
  });
}

int32_t nz_upload_request_get_info(const nz_upload_request* request, nz_upload_request_info* info,
                                   nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(request));
    NEARZONE_TRY(check_size(info));
    const ByteView body = request->request.body.expose(ForDisclosure{});
    nz_upload_request_info told = {};
    told.step = static_cast<int32_t>(request->request.step);
    told.server = static_cast<int32_t>(request->request.server);
    told.chaff = request->request.chaff ? 1 : 0;
    told.path = request->request.path();
    told.marking_header = request->request.marking_header();
    told.body = body.data();
    told.body_size = body.size();
    write_struct(told, info);
    return {};
  });
}

void nz_upload_request_free(nz_upload_request* request) { delete request; }

int32_t nz_device_upload_answered(nz_device* device, const nz_upload_config* config,
                                  const nz_upload_request* request, int32_t http_status,
                                  const void* body, size_t size, int64_t retry_after_ms,
                                  nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, request));
    if (size != 0) NEARZONE_TRY(require(body));
    NEARZONE_ASSIGN(const UploadOptions options, options_of(config));
    return device->device().upload_answered(
        request->request,
        {http_status, {static_cast<const uint8_t*>(body), size}, wait_of(retry_after_ms)}, options);
  });
}

int32_t nz_device_upload_wake_at(const nz_device* device, const nz_upload_config* config,
                                 int64_t* wake_at_ms, nz_error** error) {
  return guard(error, [&]() -> Status {
    NEARZONE_TRY(require(device, wake_at_ms));
    NEARZONE_ASSIGN(const UploadOptions options, options_of(config));
    NEARZONE_ASSIGN(const std::optional<Instant> wake_at, device->device().upload_wake_at(options));
    *wake_at_ms = wake_at ? wake_at->ms : NZ_UNKNOWN_TIME;
    return {};
  });
}
