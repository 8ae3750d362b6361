#include "nearzone/upload.h"

namespace nearzone {

std::string_view upload_state_name(UploadState state) {
  switch (state) {
    case UploadState::code_needed: return "code-needed";
    case UploadState::code_entered: return "code-entered";
    case UploadState::verified: return "verified";
    case UploadState::certified: return "certified";
    case UploadState::accepted: return "accepted";
  }
  return "unknown";
}

std::string_view upload_problem_name(UploadProblem problem) {
  switch (problem) {
    case UploadProblem::none: return "none";
    case UploadProblem::code_refused: return "code-refused";
    case UploadProblem::code_expired: return "code-expired";
    case UploadProblem::report_refused: return "report-refused";
    case UploadProblem::token_refused: return "token-refused";
    case UploadProblem::certificate_refused: return "certificate-refused";
    case UploadProblem::keys_refused: return "keys-refused";
    case UploadProblem::revision_refused: return "revision-refused";
    case UploadProblem::app_refused: return "app-refused";
    case UploadProblem::busy: return "busy";
    case UploadProblem::server_failed: return "server-failed";
    case UploadProblem::unreachable: return "unreachable";
    case UploadProblem::answer_malformed: return "answer-malformed";
  }
  return "unknown";
}

const char* UploadRequest::path() const {
  switch (step) {
    case UploadStep::verify: return "/api/verify";
    case UploadStep::certify: return "/api/certificate";
    case UploadStep::publish: return "/v1/publish";
    case UploadStep::report_bluezone: return "/v1/bluezone/report";
  }
  return "";
}

UploadServer server_of(UploadStep step) {
  return step == UploadStep::verify || step == UploadStep::certify ? UploadServer::verification
                                                                   : UploadServer::key_server;
}

size_t request_bytes(UploadStep step) {
  switch (step) {
    case UploadStep::verify:
    case UploadStep::certify: return 2048;
    case UploadStep::publish: return 8192;
    case UploadStep::report_bluezone: return 4096;
  }
  return 0;
}

}  // namespace nearzone
