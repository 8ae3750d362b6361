// What the parts of the interface share: how one is asked, and how it answers so that success,
// error and cover traffic look alike.
#pragma once

#include <string>

#include "authority/answer.h"
#include "nearzone/random.h"
#include "net/http_server.h"

namespace nearzone::authority {

using Respond = net::HttpHandler::Respond;

// Why a request is refused: an HTTP status, the code that programs go by, and words.
struct Refusal {
  int status = 200;
  const char* code = "";
  const char* words = "";
  bool is_refusal() const { return status != 200; }
};

inline constexpr Refusal kServerFault{503, "internal_error", "try again later"};

// Whether the body is JSON, by its header; parameters may follow.
bool has_json(const net::HttpRequest& request);
inline bool is_chaff(const net::HttpRequest& request) {
  return net::has_header(request.headers, "X-Chaff");
}

// Whether its sender sends it again, byte by byte, where no answer arrives, and wants the same
// answer then: the mark of a NearZone phone's real uploads. Others are answered as servers were
// before.
inline bool sends_again(const net::HttpRequest& request) {
  return net::has_header(request.headers, "X-Grain");
}

// One kind of answer with its laws of length and delay. Safe from any thread.
class Disguise {
 public:
  // `error_names` are the members that an error's code stands in.
  Disguise(std::initializer_list<const char*> error_names, Random& random)
      : error_names_(error_names), random_(random) {}

  // `members` of a JSON object, without braces. Its delay is what others are drawn from.
  net::HttpResponse success(std::string_view members);
  net::HttpResponse error(const Refusal& refusal);
  net::HttpResponse chaff();
  DelayLaw& delays() { return delays_; }

 private:
  const std::vector<const char*> error_names_;
  Random& random_;
  LengthLaw lengths_;
  DelayLaw delays_;
};

}  // namespace nearzone::authority
