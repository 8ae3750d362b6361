// What servers answer to the steps of an upload.
#pragma once

#include <optional>
#include <string>

#include "nearzone/secret.h"
#include "nearzone/status.h"
#include "nearzone/upload.h"

namespace nearzone::upload {

inline constexpr size_t kMostCode = 64;
inline constexpr size_t kMostToken = 1024;
inline constexpr size_t kMostCertificate = 2048;
inline constexpr size_t kMostRevisionToken = 2048;

// The members that matter of an answer's object; "" and none where they are missing.
struct AnswerMembers {
  std::string token;
  std::string certificate;
  std::string revision_token;
  std::string test_type;
  std::string symptom_date;
  std::string error_code;
  std::optional<int64_t> inserted;

  AnswerMembers() = default;
  AnswerMembers(AnswerMembers&&) = default;
  AnswerMembers& operator=(AnswerMembers&&) = default;
  ~AnswerMembers();
};

// Reads one JSON object; members that are not known are passed over. Fails with corrupt or
// limit_exceeded.
Result<AnswerMembers> read_answer(ByteView body);

// What an answer that is no success means. `members` are those of its body, where it has a readable
// one.
UploadProblem problem_of(UploadStep step, int32_t http_status, const AnswerMembers& members);

// What a verification server calls the kind of report; unknown for other words.
ReportType report_type_of(std::string_view test_type);

}  // namespace nearzone::upload
