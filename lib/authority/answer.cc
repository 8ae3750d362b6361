#include "authority/answer.h"

#include "authority/base64.h"

namespace nearzone::authority {

net::HttpResponse padded_answer(int status, std::string_view members, const LengthLaw& law,
                                Random& random) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {
      {"Content-Type", "application/json"}, {"X-Api-Version", "v1"}, {"Cache-Control", "no-store"}};
  // What is longer than any answer of an upload goes up by steps.
  size_t total = law.least + random.below(LengthLaw::kSpread + 1);
  while (members.size() + LengthLaw::kRoom > total) total += LengthLaw::kSpread + 1;
  const size_t size = total - net::reason_phrase(status).size();
  std::string body = "{";
  body += members;
  body += body.size() > 1 ? ",\"padding\":\"" : "\"padding\":\"";
  constexpr size_t kEnd = 2;  // "} behind it
  // Whole groups, so that strict clients can decode it, and blanks for the rest.
  std::vector<uint8_t> noise((size - body.size() - kEnd) / 4 * 3);
  random.fill(noise);
  body += base64(noise);
  body += "\"}";
  body.append(size - body.size(), ' ');
  response.body = std::move(body);
  return response;
}

void DelayLaw::record(Duration took) {
  const std::lock_guard lock(mutex_);
  if (last_.size() < kRemembered) {
    last_.push_back(took);
  } else {
    last_[next_] = took;
    next_ = (next_ + 1) % kRemembered;
  }
}

DelayLaw::Duration DelayLaw::draw(Random& random) {
  const std::lock_guard lock(mutex_);
  return last_.empty() ? kFirst : last_[random.below(last_.size())];
}

}  // namespace nearzone::authority
