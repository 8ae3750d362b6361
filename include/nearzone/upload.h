/// The phone's half of a consented upload, and the cover traffic that hides it: bytes in, bytes and
/// the next wake-up out. Nothing here opens a socket. Sources: docs/formats/upload.md.
///
///     nearzone::Status entered = upload.enter_code(code_from_the_health_worker);
///     for (;;) {
///       auto request = upload.next_request(options, clock.now(), random);
///       if (!request.ok()) return request.status();
///       if (!request->has_value()) break;  // done, or nothing to do before upload.wake_at()
///       nearzone::ServerAnswer answer = post(**request);
///       upload.answered((*request)->step, answer, clock.now(), random);
///     }
///     if (upload.status().state == nearzone::UploadState::accepted) thank_the_person();
///
/// Not thread-safe. Applications use Device, which keeps an upload sealed between two steps.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "nearzone/broadcaster.h"
#include "nearzone/bytes.h"
#include "nearzone/keys.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone {

/// What of the health authority a request goes to. They may be one server.
enum class UploadServer : uint8_t {
  verification = 0,  ///< turns a code into a certificate; wants the app's X-API-Key
  key_server = 1,    ///< takes the keys
};

/// One request of an upload. Numbers are fixed: bindings mirror them.
enum class UploadStep : uint8_t {
  verify = 1,           ///< code to token
  certify = 2,          ///< token and HMAC of the keys to certificate
  publish = 3,          ///< certificate and keys
  report_bluezone = 4,  ///< one-time code and day keys, in one
};

/// One HTTP request to make: POST `path` at the server, with
///
///   Content-Type: application/json
///   X-Grain: 1    of a real upload, or    X-Chaff: 1    of cover traffic
///
/// and nothing else that tells the two apart. `body` has the length of its step, always:
/// request_bytes(step). The two headers take the same room, under header compression too.
struct UploadRequest {
  UploadStep step = UploadStep::verify;
  UploadServer server = UploadServer::verification;
  bool chaff = false;
  SecretBytes body;

  const char* path() const;  ///< "/api/verify"
  const char* marking_header() const { return chaff ? "X-Chaff" : "X-Grain"; }
};

/// Where a step's request goes.
UploadServer server_of(UploadStep step);

/// Length of every body of a step, in bytes: 2048, 2048, 8192, 4096.
size_t request_bytes(UploadStep step);

/// What came back. `status` 0 says that no answer did. `body` is borrowed; more than
/// kMostAnswerBytes need not be read, and are refused.
struct ServerAnswer {
  int32_t status = 0;
  ByteView body;
  std::optional<Millis> retry_after = {};  ///< of the header Retry-After
};
inline constexpr size_t kMostAnswerBytes = size_t{64} << 10;

/// Where an upload stands. Numbers are fixed: bindings mirror them, and they are stored.
enum class UploadState : uint8_t {
  code_needed = 0,   ///< waits for the person to enter a code
  code_entered = 1,  ///< the code is to be sent
  verified = 2,      ///< the code was good: its token is to be turned into a certificate
  certified = 3,     ///< the keys are to be sent
  accepted = 4,      ///< the server has the keys; a further code revises what it says of them
};
/// "code-needed", "code-entered", "verified", "certified", "accepted".
std::string_view upload_state_name(UploadState state);

/// Why the last answer was not what it should be. Numbers are fixed: bindings mirror them.
enum class UploadProblem : uint8_t {
  none = 0,
  // The person needs a new code: the upload went back to code_needed.
  code_refused = 1,  ///< unknown, or used before
  code_expired = 2,
  report_refused = 3,       ///< the code is for a kind of report that this app cannot make
  token_refused = 4,        ///< too much time passed between two steps
  certificate_refused = 5,  ///< likewise, or the servers do not fit each other
  keys_refused = 6,         ///< all keys are, by now, too old or otherwise refused
  revision_refused = 7,     ///< the server says the keys cannot be stated anew
  // Nothing the person can do: the upload waits, and tries again.
  app_refused = 8,  ///< API key or health authority is unknown: the app's settings are wrong
  busy = 9,         ///< asked to wait
  server_failed = 10,
  unreachable = 11,
  answer_malformed = 12,
};
/// "code-refused" and so on.
std::string_view upload_problem_name(UploadProblem problem);

/// What an application shows of an upload. Holds no key, code or token.
struct UploadStatus {
  UploadState state = UploadState::code_needed;
  UploadProblem problem = UploadProblem::none;  ///< of the last answer
  uint32_t keys = 0;
  uint32_t keys_inserted = 0;  ///< as the server counted; less than `keys` where it knew some
  bool partly_refused = false;
  ReportType report_type = ReportType::unknown;  ///< what the code stands for, once verified
  Instant consented_at;
  Instant wake_at;  ///< when the next request may be made
  bool operator==(const UploadStatus&) const = default;
};

struct UploadOptions {
  /// The app's name at the key server, such as "org.example.app": 1 to 255 printable characters.
  std::string health_authority;
  /// Mean time between two rounds of cover traffic: an hour to 30 days; 0 sends none.
  Millis chaff_gap = std::chrono::hours(48);

  Status check() const;  ///< invalid_argument, with the field
};

namespace upload {
struct Record;
}

/// Keys on their way to the health authority. Only a Disclosure makes one, and only the device can
/// bring one back from its sealed state: no list, network or configuration has a way here.
///
/// Exposure Notification keys go through a verification server (code, token, certificate) to a key
/// server; Bluezone day keys in one request with a one-time code.
class Upload {
 public:
  /// Fails with invalid_argument where no key of the disclosure can be uploaded.
  static Result<Upload> begin(Disclosure&& disclosure, Instant now, Random& random);
  Upload(Upload&&) noexcept;
  Upload& operator=(Upload&&) noexcept;
  ~Upload();

  /// Adds what the person disclosed since; the state is then code_needed. Of more keys than a
  /// server takes (30; 16 of Bluezone) the oldest go. Fails with invalid_argument where the keys
  /// are of another scheme.
  Status add(Disclosure&& disclosure, Instant now, Random& random);

  /// The code as the person typed it, 4 to 64 letters, digits and hyphens; blanks are dropped. In
  /// any state: of an upload that was accepted, it revises the report. Fails with invalid_argument.
  Status enter_code(std::string_view code);

  /// What to send now, or nothing: before wake_at, without a code, and when all is done. Fails with
  /// invalid_argument on options that cannot be. After process death the same step may be sent
  /// again.
  Result<std::optional<UploadRequest>> next_request(const UploadOptions& options, Instant now,
                                                    Random& random);
  /// Takes the answer to the step that next_request gave. Nothing in an answer can do harm: what is
  /// malformed is a problem to try again. An answer to another step than the present is ignored.
  void answered(UploadStep step, const ServerAnswer& answer, Instant now, Random& random);

  const UploadStatus& status() const;
  Instant wake_at() const { return status().wake_at; }

  /// For the device's own sealed storage: docs/formats/upload.md. Holds everything, keys included.
  SecretBytes save() const;

 private:
  friend class Device;
  explicit Upload(std::unique_ptr<upload::Record> record);
  /// Fails with corrupt or newer_format.
  static Result<Upload> load(ByteView state);
  std::unique_ptr<upload::Record> record_;
};

/// Cover traffic: rounds of requests that look from outside like an upload, at times that have no
/// memory, so that a request says nothing. Not secret: holds a time and a step.
class Chaff {
 public:
  static constexpr size_t kStateBytes = 12;

  /// The first round is drawn from `now` on.
  static Chaff begin(Instant now, Millis gap, Random& random);
  /// Fails with corrupt or newer_format.
  static Result<Chaff> load(ByteView state);
  std::array<uint8_t, kStateBytes> save() const;

  /// What to send now, of an upload of this scheme; nothing before wake_at. Draws anew where the
  /// clock shows that wake_at lies further off than any gap.
  std::optional<UploadRequest> next_request(SchemeTag scheme, Millis gap, Instant now,
                                            Random& random);
  /// After the answer, whatever it was, a real upload would go on at once or try again later; so
  /// does this. `status` 0 says that none came.
  void answered(SchemeTag scheme, int32_t status, Millis gap, Instant now, Random& random);
  Instant wake_at() const { return wake_at_; }

 private:
  Instant wake_at_;
  uint8_t step_ = 0;      // requests of this round that are done
  uint8_t failures_ = 0;  // of the present one
};

/// The HMAC that ties keys to a certificate ("tekmac", "ekeyhmac"): HMAC-SHA256 under the phone's
/// key of "key.start.count.risk" of each, in the order of the keys' base64, joined by commas. Older
/// clients leave out the risk, which is valid only where every risk is 0. All keys must be of
/// Exposure Notification. Source: docs/provenance.md, "Upload".
enum class PublishHmacForm : uint8_t { with_risk, without_risk };
std::array<uint8_t, 32> publish_hmac(std::span<const PublishedKey> keys, ByteView hmac_key,
                                     PublishHmacForm form = PublishHmacForm::with_risk);

}  // namespace nearzone
