// That the C interface's numbers are those of the C++ enumerations, for both are cast to each
// other.
#include "nearzone.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/calibration.h"
#include "nearzone/device.h"
#include "nearzone/lists.h"
#include "nearzone/tcn.h"

namespace nearzone::c {
namespace {

template <typename Enumeration>
constexpr bool same(int32_t number, Enumeration value) {
  return static_cast<int32_t>(value) == number;
}

static_assert(same(NZ_OK, Code::ok));
static_assert(same(NZ_INVALID_ARGUMENT, Code::invalid_argument));
static_assert(same(NZ_CORRUPT, Code::corrupt));
static_assert(same(NZ_WRONG_KEY, Code::wrong_key));
static_assert(same(NZ_SIGNATURE_REFUSED, Code::signature_refused));
static_assert(same(NZ_NOT_FOUND, Code::not_found));
static_assert(same(NZ_IO, Code::io));
static_assert(same(NZ_NO_SPACE, Code::no_space));
static_assert(same(NZ_IN_USE, Code::in_use));
static_assert(same(NZ_NEWER_FORMAT, Code::newer_format));
static_assert(same(NZ_UNSUPPORTED, Code::unsupported));
static_assert(same(NZ_CANCELLED, Code::cancelled));
static_assert(same(NZ_LIMIT_EXCEEDED, Code::limit_exceeded));
static_assert(same(NZ_CLOSED, Code::closed));
static_assert(same(NZ_CONSENT_REQUIRED, Code::consent_required));
static_assert(same(NZ_INTERNAL, Code::internal));

static_assert(same(NZ_SCHEME_BLUEZONE, SchemeTag::bluezone));
static_assert(same(NZ_SCHEME_GAEN, SchemeTag::gaen));
static_assert(same(NZ_SCHEME_DP3T_LOW_COST, SchemeTag::dp3t_low_cost));
static_assert(same(NZ_SCHEME_DP3T_HYBRID, SchemeTag::dp3t_hybrid));
static_assert(same(NZ_SCHEME_TCN, SchemeTag::tcn));
static_assert(same(NZ_SCHEME_DP3T_UNLINKABLE, SchemeTag::dp3t_unlinkable));
static_assert(same(NZ_HEARD_BY_ADVERTISEMENT, HeardBy::advertisement));
static_assert(same(NZ_HEARD_BY_GATT, HeardBy::gatt));
static_assert(same(NZ_REPORT_UNKNOWN, ReportType::unknown));
static_assert(same(NZ_REPORT_CONFIRMED_TEST, ReportType::confirmed_test));
static_assert(same(NZ_REPORT_CONFIRMED_CLINICAL_DIAGNOSIS,
                   ReportType::confirmed_clinical_diagnosis));
static_assert(same(NZ_REPORT_SELF_REPORT, ReportType::self_report));
static_assert(same(NZ_REPORT_RECURSIVE, ReportType::recursive));
static_assert(same(NZ_REPORT_REVOKED, ReportType::revoked));
static_assert(same(NZ_BAND_UNKNOWN, ExposureBand::unknown));
static_assert(same(NZ_BAND_UNLIKELY, ExposureBand::unlikely));
static_assert(same(NZ_BAND_POSSIBLE, ExposureBand::possible));
static_assert(same(NZ_BAND_LIKELY, ExposureBand::likely));

static_assert(same(NZ_CALIBRATION_NONE, CalibrationSource::none));
static_assert(same(NZ_CALIBRATION_FLEET, CalibrationSource::fleet));
static_assert(same(NZ_CALIBRATION_MAKER, CalibrationSource::maker));
static_assert(same(NZ_CALIBRATION_SIMILAR_MODEL, CalibrationSource::similar_model));
static_assert(same(NZ_CALIBRATION_EXACT_MODEL, CalibrationSource::exact_model));

static_assert(same(NZ_DURABILITY_POWER_LOSS, Durability::power_loss));
static_assert(same(NZ_DURABILITY_LAST_MOMENTS, Durability::last_moments));
static_assert(same(NZ_DEDUPLICATION_RAW, Deduplication::raw));
static_assert(same(NZ_DEDUPLICATION_FIVE_SECONDS, Deduplication::five_seconds));
static_assert(same(NZ_DEDUPLICATION_SCAN, Deduplication::scan));
static_assert(same(NZ_DOUBTFUL_DAY, kDoubtfulDay.number));

static_assert(same(NZ_FORMAT_BLUEZONE_JSON, ListFormat::bluezone_json));
static_assert(same(NZ_FORMAT_GAEN_EXPORT, ListFormat::gaen_export));
static_assert(same(NZ_FORMAT_NEARZONE, ListFormat::nearzone));
static_assert(same(NZ_FORMAT_NEARZONE_SET, ListFormat::nearzone_set));
static_assert(same(NZ_MOST_REPORT_BYTES, tcn::kMaxReport));
static_assert(same(NZ_SIGNATURE_VERIFIED, SignatureOutcome::verified));
static_assert(same(NZ_SIGNATURE_UNSIGNED, SignatureOutcome::unsigned_list));
static_assert(same(NZ_SIGNATURE_UNKNOWN_KEY, SignatureOutcome::unknown_key));
static_assert(same(NZ_SIGNATURE_FAILED, SignatureOutcome::failed));
static_assert(same(NZ_BLUEZONE_TOLERANT, BluezoneWindows::tolerant));
static_assert(same(NZ_BLUEZONE_STRICT, BluezoneWindows::strict));

static_assert(same(NZ_UPLOAD_STATE_CODE_NEEDED, UploadState::code_needed));
static_assert(same(NZ_UPLOAD_STATE_CODE_ENTERED, UploadState::code_entered));
static_assert(same(NZ_UPLOAD_STATE_VERIFIED, UploadState::verified));
static_assert(same(NZ_UPLOAD_STATE_CERTIFIED, UploadState::certified));
static_assert(same(NZ_UPLOAD_STATE_ACCEPTED, UploadState::accepted));
static_assert(same(NZ_UPLOAD_PROBLEM_NONE, UploadProblem::none));
static_assert(same(NZ_UPLOAD_PROBLEM_CODE_REFUSED, UploadProblem::code_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_CODE_EXPIRED, UploadProblem::code_expired));
static_assert(same(NZ_UPLOAD_PROBLEM_REPORT_REFUSED, UploadProblem::report_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_TOKEN_REFUSED, UploadProblem::token_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_CERTIFICATE_REFUSED, UploadProblem::certificate_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_KEYS_REFUSED, UploadProblem::keys_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_REVISION_REFUSED, UploadProblem::revision_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_APP_REFUSED, UploadProblem::app_refused));
static_assert(same(NZ_UPLOAD_PROBLEM_BUSY, UploadProblem::busy));
static_assert(same(NZ_UPLOAD_PROBLEM_SERVER_FAILED, UploadProblem::server_failed));
static_assert(same(NZ_UPLOAD_PROBLEM_UNREACHABLE, UploadProblem::unreachable));
static_assert(same(NZ_UPLOAD_PROBLEM_ANSWER_MALFORMED, UploadProblem::answer_malformed));
static_assert(same(NZ_UPLOAD_SERVER_VERIFICATION, UploadServer::verification));
static_assert(same(NZ_UPLOAD_SERVER_KEY_SERVER, UploadServer::key_server));
static_assert(same(NZ_UPLOAD_STEP_VERIFY, UploadStep::verify));
static_assert(same(NZ_UPLOAD_STEP_CERTIFY, UploadStep::certify));
static_assert(same(NZ_UPLOAD_STEP_PUBLISH, UploadStep::publish));
static_assert(same(NZ_UPLOAD_STEP_REPORT_BLUEZONE, UploadStep::report_bluezone));
static_assert(same(NZ_LIST_OUTCOME_DONE, ListOutcome::done));
static_assert(same(NZ_LIST_OUTCOME_MISSING, ListOutcome::missing));
static_assert(same(NZ_LIST_OUTCOME_FAILED, ListOutcome::failed));

static_assert(same(NZ_SYSTEM_ANDROID, beacon::System::android));
static_assert(same(NZ_SYSTEM_IOS, beacon::System::ios));
static_assert(same(NZ_APP_FOREGROUND, beacon::AppState::foreground));
static_assert(same(NZ_APP_BACKGROUND, beacon::AppState::background));
static_assert(same(NZ_ACT_ADVERTISE, beacon::Act::advertise));
static_assert(same(NZ_ACT_SCAN, beacon::Act::scan));
static_assert(same(NZ_ACT_GATT, beacon::Act::gatt));
static_assert(same(NZ_ABILITY_NO, beacon::Ability::no));
static_assert(same(NZ_ABILITY_LIMITED, beacon::Ability::limited));
static_assert(same(NZ_ABILITY_YES, beacon::Ability::yes));
static_assert(same(NZ_CARRIER_MANUFACTURER_DATA, beacon::Carrier::manufacturer_data));
static_assert(same(NZ_CARRIER_SERVICE_DATA, beacon::Carrier::service_data));
static_assert(same(NZ_CARRIER_GATT_ONLY, beacon::Carrier::gatt_only));
static_assert(same(NZ_FORM_SCAN_RECORD, beacon::Form::scan_record));
static_assert(same(NZ_FORM_SERVICE_DATA, beacon::Form::service_data));
static_assert(same(NZ_FORM_MANUFACTURER_DATA, beacon::Form::manufacturer_data));
static_assert(same(NZ_FORM_GATT_VALUE, beacon::Form::gatt_value));
static_assert(same(NZ_FINDING_NOTHING, beacon::Finding::nothing));
static_assert(same(NZ_FINDING_IDENTIFIER, beacon::Finding::identifier));
static_assert(same(NZ_FINDING_ASK, beacon::Finding::ask));
static_assert(same(NZ_FINDING_ASK_MAYBE, beacon::Finding::ask_maybe));
static_assert(same(NZ_POWER_FULL, beacon::Power::full));
static_assert(same(NZ_POWER_LOW, beacon::Power::low));
static_assert(same(NZ_POWER_CRITICAL, beacon::Power::critical));
static_assert(same(NZ_ACTION_STOP_ADVERTISING, beacon::ActionKind::stop_advertising));
static_assert(same(NZ_ACTION_ADVERTISE, beacon::ActionKind::advertise));
static_assert(same(NZ_ACTION_STOP_SCANNING, beacon::ActionKind::stop_scanning));
static_assert(same(NZ_ACTION_SCAN, beacon::ActionKind::scan));
static_assert(same(NZ_ACTION_DISCONNECT, beacon::ActionKind::disconnect));
static_assert(same(NZ_ACTION_CONNECT, beacon::ActionKind::connect));

}  // namespace
}  // namespace nearzone::c
