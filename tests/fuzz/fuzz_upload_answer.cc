#include <algorithm>
#include <cstdlib>

#include "upload/answer.h"

// What a server says must be refused, or be what a later request can hold as it is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  const Result<upload::AnswerMembers> answer = upload::read_answer({data, size});
  if (!answer.ok()) return 0;
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; };
  for (const std::string* text : {&answer->token, &answer->certificate, &answer->revision_token})
    if (text->size() > upload::kMostCertificate || !std::ranges::all_of(*text, is_plain))
      std::abort();
  if (answer->inserted && *answer->inserted < 0) std::abort();
  for (const int32_t status : {0, 400, 401, 429, 503})
    if (upload::problem_of(UploadStep::publish, status, *answer) == UploadProblem::none)
      std::abort();
  return 0;
}
