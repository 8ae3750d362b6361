#include "nearzone/upload.h"

#include <algorithm>

#include "core/crypto.h"
#include "core/waiting.h"
#include "upload/answer.h"
#include "upload/body.h"
#include "upload/record.h"
#include "upload/takable_keys.h"

namespace nearzone {
namespace {

using upload::AnswerMembers;
using upload::Body;
using upload::Record;

constexpr size_t kLeastCode = 4;
constexpr size_t kMostHealthAuthority = 255;
// A wake-up further off was set before the clock was.
constexpr Millis kMostWait = std::chrono::hours(24);

std::string_view text_of(const SecretBytes& secret) {
  const ByteView bytes = secret.expose(ForDisclosure{});
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

UploadStep step_of(const Record& record) {
  switch (record.status.state) {
    case UploadState::verified: return UploadStep::certify;
    case UploadState::certified: return UploadStep::publish;
    default:
      return record.scheme == SchemeTag::bluezone ? UploadStep::report_bluezone
                                                  : UploadStep::verify;
  }
}

bool is_waiting_for_person(const Record& record) {
  return record.status.state == UploadState::code_needed ||
         record.status.state == UploadState::accepted;
}

// The problems that only a new code can help with.
bool needs_code(UploadProblem problem) {
  return problem != UploadProblem::none && problem < UploadProblem::app_refused;
}

// Padding that is the same each time a step is sent: a server whose answer was lost knows the
// request again by it, and answers as before. Whoever has not the upload's own key cannot foresee
// it.
class RepeatedNoise final : public Random {
 public:
  RepeatedNoise(const Record& record, UploadStep step)
      : key_(record.hmac_key), label_("nearzone padding v1, step ") {
    label_ += std::to_string(static_cast<int>(step)) + ", block ";
  }
  void fill(std::span<uint8_t> out) override {
    while (!out.empty()) {
      const auto block =
          hmac_sha256(key_.expose(ForDerivation{}), as_bytes(label_ + std::to_string(next_++)));
      const size_t size = std::min(block.size(), out.size());
      std::copy_n(block.begin(), size, out.begin());
      out = out.subspan(size);
    }
  }

 private:
  const Secret<32>& key_;
  std::string label_;
  uint64_t next_ = 0;
};

// ---- The bodies. This file is the only one that writes keys into a request. ----

Result<SecretBytes> verify_body(const Record& record, Random& random) {
  return Body(UploadStep::verify)
      .append("{\"code\":\"")
      .append(text_of(record.code))
      .append("\",\"accept\":[\"confirmed\",\"likely\",\"negative\",\"user-report\"]")
      .finish(random);
}

Result<SecretBytes> certify_body(const Record& record, Random& random) {
  return Body(UploadStep::certify)
      .append("{\"token\":\"")
      .append(text_of(record.token))
      .append("\",\"ekeyhmac\":\"")
      .append_base64(publish_hmac(record.keys, record.hmac_key.expose(ForDerivation{})))
      .append("\"")
      .finish(random);
}

Result<SecretBytes> publish_body(const Record& record, const UploadOptions& options,
                                 Random& random) {
  Body body(UploadStep::publish);
  body.append("{\"temporaryExposureKeys\":[");
  for (const PublishedKey& key : record.keys) {
    const uint32_t start = Interval::of(key.valid_from).number;
    body.append(&key == record.keys.data() ? "{\"key\":\"" : ",{\"key\":\"")
        .append_base64(std::span(key.bytes).first(published_key_size(key.scheme)))
        .append("\",\"rollingStartNumber\":")
        .append(start)
        .append(",\"rollingPeriod\":")
        .append(Interval::of(key.valid_to).number - start)
        .append("}");
  }
  body.append("],\"healthAuthorityID\":\"")
      .append(options.health_authority)
      .append("\",\"verificationPayload\":\"")
      .append(text_of(record.certificate))
      .append("\",\"hmacKey\":\"")
      .append_base64(record.hmac_key.expose(ForDisclosure{}))
      .append("\"");
  if (record.symptom_onset)
    body.append(",\"symptomOnsetInterval\":").append(record.symptom_onset->number);
  if (!record.revision_token.empty())
    body.append(",\"revisionToken\":\"").append(text_of(record.revision_token)).append("\"");
  return body.finish(random);
}

Result<SecretBytes> bluezone_body(const Record& record, Random& random) {
  Body body(UploadStep::report_bluezone);
  body.append("{\"version\":1,\"otp\":\"").append(text_of(record.code)).append("\",\"data\":[");
  for (const PublishedKey& key : record.keys)
    body.append(&key == record.keys.data() ? "{\"daily_key\":\"" : ",{\"daily_key\":\"")
        .append_hex(key.bytes)
        .append("\",\"time_start\":")
        .append(key.valid_from.ms / 1000)
        .append(",\"time_end\":")
        .append(key.valid_to.ms / 1000)
        .append(",\"max\":")
        .append(key.identifiers_per_day)
        .append("}");
  return body.append("]").finish(random);
}

Result<SecretBytes> body_of(const Record& record, const UploadOptions& options) {
  RepeatedNoise noise(record, step_of(record));
  switch (step_of(record)) {
    case UploadStep::verify: return verify_body(record, noise);
    case UploadStep::certify: return certify_body(record, noise);
    case UploadStep::publish: return publish_body(record, options, noise);
    case UploadStep::report_bluezone: return bluezone_body(record, noise);
  }
  return Status(Code::internal, "an upload without a step");
}

// ---- The answers. ----

void forget_code(Record& record) {
  record.code = {};
  record.token = {};
  record.certificate = {};
}

UploadProblem take_verified(const AnswerMembers& members, Record& record) {
  record.symptom_onset.reset();
  if (!members.symptom_date.empty()) {
    const Result<Day> onset = parse_day(members.symptom_date);
    if (!onset.ok() || onset->number < 0) return UploadProblem::answer_malformed;
    record.symptom_onset = Interval::of(onset->start());
  }
  if (members.token.empty()) return UploadProblem::answer_malformed;
  record.token = SecretBytes(as_bytes(members.token));
  record.code = {};
  record.status.report_type = upload::report_type_of(members.test_type);
  record.status.state = UploadState::verified;
  return UploadProblem::none;
}

UploadProblem take_certified(const AnswerMembers& members, Record& record) {
  if (members.certificate.empty()) return UploadProblem::answer_malformed;
  record.certificate = SecretBytes(as_bytes(members.certificate));
  record.token = {};
  record.status.state = UploadState::certified;
  return UploadProblem::none;
}

UploadProblem take_accepted(const AnswerMembers& members, Record& record) {
  if (!members.revision_token.empty())
    record.revision_token = SecretBytes(as_bytes(members.revision_token));
  forget_code(record);
  if (record.scheme == SchemeTag::bluezone) {  // which nobody can state anew
    for (PublishedKey& key : record.keys) wipe(key.bytes);
    record.keys.clear();
    record.status.keys = 0;
  }
  record.status.keys_inserted = static_cast<uint32_t>(members.inserted.value_or(0));
  record.status.partly_refused = members.error_code == "partial_failure";
  record.status.state = UploadState::accepted;
  return UploadProblem::none;
}

UploadProblem take(UploadStep step, const ServerAnswer& answer, Record& record) {
  Result<AnswerMembers> members = upload::read_answer(answer.body);
  if (answer.status != 200) {
    const AnswerMembers nothing;
    return upload::problem_of(step, answer.status, members.ok() ? *members : nothing);
  }
  if (!members.ok()) return UploadProblem::answer_malformed;
  switch (step) {
    case UploadStep::verify: return take_verified(*members, record);
    case UploadStep::certify: return take_certified(*members, record);
    case UploadStep::publish:
    case UploadStep::report_bluezone: return take_accepted(*members, record);
  }
  return UploadProblem::answer_malformed;
}

// Takes the keys out of a disclosure.
Status add_keys(Disclosure&& disclosure, Instant now, Random& random, Record& record) {
  NEARZONE_ASSIGN(std::vector<PublishedKey> more, disclosure.take_keys());
  const auto is_other = [&](const PublishedKey& key) { return key.scheme != record.scheme; };
  const bool fits = std::ranges::none_of(more, is_other);
  if (fits) upload::add_takable(record.keys, more);
  for (PublishedKey& key : more) wipe(key.bytes);
  if (!fits) return {Code::invalid_argument, "keys of another scheme", "disclosure"};
  record.hmac_key = Secret<32>::random(random);
  forget_code(record);
  record.failures = 0;
  record.status.state = UploadState::code_needed;
  record.status.problem = UploadProblem::none;
  record.status.keys = static_cast<uint32_t>(record.keys.size());
  record.status.consented_at = now;
  record.status.wake_at = now;
  return {};
}

}  // namespace

Status UploadOptions::check() const {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; };
  if (health_authority.empty() || health_authority.size() > kMostHealthAuthority ||
      !std::ranges::all_of(health_authority, is_plain))
    return {Code::invalid_argument, "must be 1 to 255 printable characters", "health_authority"};
  if (chaff_gap != Millis(0) &&
      (chaff_gap < std::chrono::hours(1) || chaff_gap > std::chrono::hours(30 * 24)))
    return {Code::invalid_argument, "must be 0, or an hour to 30 days", "chaff_gap"};
  return {};
}

Upload::Upload(std::unique_ptr<upload::Record> record) : record_(std::move(record)) {}
Upload::Upload(Upload&&) noexcept = default;
Upload& Upload::operator=(Upload&&) noexcept = default;
Upload::~Upload() = default;

Result<Upload> Upload::begin(Disclosure&& disclosure, Instant now, Random& random) {
  auto record = std::make_unique<Record>();
  record->scheme = disclosure.scheme();
  NEARZONE_TRY(add_keys(std::move(disclosure), now, random, *record));
  if (record->keys.empty())
    return Status(Code::invalid_argument, "there is no key that could be uploaded", "disclosure");
  return Upload(std::move(record));
}

Status Upload::add(Disclosure&& disclosure, Instant now, Random& random) {
  return add_keys(std::move(disclosure), now, random, *record_);
}

Status Upload::enter_code(std::string_view code) {
  SecretBytes kept(code.size());
  size_t size = 0;
  for (const char c : code) {
    const bool is_fit =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    if (is_fit) kept.replace()[size++] = static_cast<uint8_t>(c);
    if (!is_fit && c != ' ') return {Code::invalid_argument, "not the shape of a code", "code"};
  }
  if (size < kLeastCode || size > upload::kMostCode)
    return {Code::invalid_argument, "not the length of a code", "code"};
  Record& record = *record_;
  forget_code(record);
  record.code = SecretBytes(kept.expose(ForSealing{}).first(size));
  record.failures = 0;
  record.status.state = UploadState::code_entered;
  record.status.problem = UploadProblem::none;
  record.status.wake_at = {};
  return {};
}

Result<std::optional<UploadRequest>> Upload::next_request(const UploadOptions& options, Instant now,
                                                          Random& /*random*/) {
  NEARZONE_TRY(options.check());
  Record& record = *record_;
  const Millis wait = record.status.wake_at - now;
  if (is_waiting_for_person(record) || (wait > Millis(0) && wait <= kMostWait))
    return std::optional<UploadRequest>();
  // From the certificate on the keys must stay what they are, and from when it was asked for: the
  // same is asked again where no answer came.
  const bool is_asked_for = record.status.state == UploadState::verified && record.failures > 0;
  if (record.status.state != UploadState::certified && !is_asked_for) {
    upload::drop_too_old(record.keys, now);
    record.status.keys = static_cast<uint32_t>(record.keys.size());
  }
  if (record.keys.empty()) {
    forget_code(record);
    record.status.state = UploadState::code_needed;
    record.status.problem = UploadProblem::keys_refused;
    return std::optional<UploadRequest>();
  }
  UploadRequest request;
  request.step = step_of(record);
  request.server = server_of(request.step);
  NEARZONE_ASSIGN(request.body, body_of(record, options));
  return std::optional<UploadRequest>(std::move(request));
}

void Upload::answered(UploadStep step, const ServerAnswer& answer, Instant now, Random& random) {
  Record& record = *record_;
  if (is_waiting_for_person(record) || step != step_of(record)) return;
  UploadStatus& status = record.status;
  status.problem = take(step, answer, record);
  status.wake_at = now;
  if (needs_code(status.problem)) {
    forget_code(record);
    status.state = UploadState::code_needed;
  }
  const bool must_wait = status.problem >= UploadProblem::app_refused;
  record.failures = must_wait ? static_cast<uint8_t>(std::min(record.failures + 1, 255)) : 0;
  if (must_wait)
    status.wake_at = now + wait_after_failures(record.failures, answer.retry_after, random);
}

const UploadStatus& Upload::status() const { return record_->status; }

SecretBytes Upload::save() const { return upload::encode(*record_); }

Result<Upload> Upload::load(ByteView state) {
  NEARZONE_ASSIGN(Record record, upload::decode(state));
  return Upload(std::make_unique<Record>(std::move(record)));
}

}  // namespace nearzone
