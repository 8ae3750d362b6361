#include "json/json_reader.h"

// The parser's own file and stream input is not used.
#define JSON_NO_IO
#include <limits>
#include <nlohmann/json.hpp>

namespace nearzone {
namespace {

using Json = nlohmann::json;

const Status kNotJson(Code::corrupt, "not valid JSON");

// nlohmann::json_sax's interface
class Sax {
 public:
  Sax(JsonFeed& feed, JsonEvents& events, int depth)
      : feed_(feed), events_(events), depth_(depth) {}

  const Status& status() const { return status_.ok() ? events_.stopped() : status_; }

  bool null() { return other_value(); }
  bool boolean(bool) { return other_value(); }
  bool number_integer(Json::number_integer_t value) {
    feed_.saw_value();
    return events_.integer(value);
  }
  bool number_unsigned(Json::number_unsigned_t value) {
    constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
    return value > kMost ? other_value() : number_integer(static_cast<int64_t>(value));
  }
  bool number_float(Json::number_float_t, const std::string&) { return other_value(); }
  bool string(std::string& value) {
    feed_.saw_value();
    return events_.text(value);
  }
  bool binary(Json::binary_t&) { return other_value(); }
  bool key(std::string& name) {
    feed_.saw_value();
    return events_.name(name);
  }
  bool start_object(size_t) { return descend() && events_.begin_object(); }
  bool end_object() {
    --depth_;
    return events_.end_object();
  }
  bool start_array(size_t) { return descend() && events_.begin_array(); }
  bool end_array() {
    --depth_;
    return events_.end_array();
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    status_ = kNotJson.at_offset(position > 0 ? position - 1 : 0);
    return false;
  }

 private:
  bool other_value() {
    feed_.saw_value();
    return events_.other_value();
  }
  bool descend() {
    if (++depth_ <= kDeepestJson) return true;
    status_ = Status(Code::corrupt, "JSON is nested too deeply").at_offset(feed_.consumed());
    return false;
  }

  JsonFeed& feed_;
  JsonEvents& events_;
  int depth_;
  Status status_;
};

Status read(JsonFeed& feed, JsonEvents& events, int depth, bool to_the_end) {
  Sax sax(feed, events, depth);
  const bool parsed = Json::sax_parse(JsonFeed::Iterator(feed), JsonFeed::Iterator(), &sax,
                                      Json::input_format_t::json, to_the_end);
  NEARZONE_TRY(feed.status());
  return parsed ? Status() : sax.status();
}

}  // namespace

Status read_json(JsonFeed& feed, JsonEvents& events) {
  NEARZONE_TRY(read(feed, events, 0, true));
  if (!feed.at_end()) return kNotJson.at_offset(feed.consumed());  // a zero byte stopped the parser
  return {};
}

Status read_json_value(JsonFeed& feed, JsonEvents& events, int depth) {
  return read(feed, events, depth, false);
}

}  // namespace nearzone
