#include "authority/endpoint.h"

#include "authority/json.h"

namespace nearzone::authority {

bool has_json(const net::HttpRequest& request) {
  std::string type(net::find_header(request.headers, "Content-Type"));
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.pop_back();
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return type == "application/json";
}

net::HttpResponse Disguise::success(std::string_view members) {
  net::HttpResponse response = padded_answer(200, members, lengths_, random_);
  response.on_send = [this](DelayLaw::Duration took) { delays_.record(took); };
  return response;
}

net::HttpResponse Disguise::error(const Refusal& refusal) {
  std::string members = "\"error\":" + json_text(refusal.words);
  for (const char* name : error_names_)
    members += ',' + json_text(name) + ':' + json_text(refusal.code);
  net::HttpResponse response = padded_answer(refusal.status, members, lengths_, random_);
  response.not_before = delays_.draw(random_);
  if (refusal.status == 503) response.headers.push_back({"Retry-After", "30"});
  return response;
}

net::HttpResponse Disguise::chaff() {
  net::HttpResponse response = padded_answer(200, {}, lengths_, random_);
  response.not_before = delays_.draw(random_);
  return response;
}

}  // namespace nearzone::authority
