#include "nearzone/status.h"

namespace nearzone {

const char* code_name(Code code) {
  switch (code) {
    case Code::ok: return "ok";
    case Code::invalid_argument: return "invalid_argument";
    case Code::corrupt: return "corrupt";
    case Code::wrong_key: return "wrong_key";
    case Code::signature_refused: return "signature_refused";
    case Code::not_found: return "not_found";
    case Code::io: return "io";
    case Code::no_space: return "no_space";
    case Code::in_use: return "in_use";
    case Code::newer_format: return "newer_format";
    case Code::unsupported: return "unsupported";
    case Code::cancelled: return "cancelled";
    case Code::limit_exceeded: return "limit_exceeded";
    case Code::closed: return "closed";
    case Code::consent_required: return "consent_required";
    case Code::internal: return "internal";
  }
  return "unknown";
}

}  // namespace nearzone
