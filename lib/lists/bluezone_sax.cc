#include "lists/bluezone_sax.h"

// The parser's own file and stream input is not used.
#define JSON_NO_IO
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "lists/bluezone_record.h"

namespace nearzone {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;
const Status kNotJson(Code::corrupt, "not valid JSON");

class BluezoneSax {
 public:
  // `depth` is that of arrays and objects around the first token, 0 for a whole text and 1 for an
  // entry of the list.
  BluezoneSax(JsonFeed& feed, BluezoneRecordSink& sink, int depth)
      : feed_(feed), sink_(sink), depth_(depth), list_depth_(depth) {}

  // Why the parser was stopped, or success.
  const Status& status() const { return status_; }
  // 0 where no list was met.
  uint64_t list_offset() const { return list_offset_; }

  // nlohmann::json_sax's interface
  bool null() { return other_value(); }
  bool boolean(bool) { return other_value(); }
  bool number_integer(Json::number_integer_t value);
  bool number_unsigned(Json::number_unsigned_t value);
  bool number_float(Json::number_float_t, const std::string&) { return other_value(); }
  bool string(std::string& value);
  bool binary(Json::binary_t&) { return other_value(); }
  bool start_object(size_t);
  bool key(std::string& name);
  bool end_object();
  bool start_array(size_t);
  bool end_array();
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&);

 private:
  bool at_list_entry() const { return list_depth_ > 0 && depth_ == list_depth_; }
  bool in_record() const { return list_depth_ > 0 && depth_ == list_depth_ + 1 && is_object_; }
  bool stop(const char* text, const char* field);
  bool descend();
  bool other_value();
  // A value that is no object stands where a record should.
  void no_record();

  JsonFeed& feed_;
  BluezoneRecordSink& sink_;
  int depth_;
  int list_depth_;             // depth inside the list of records; 0 while outside
  bool is_object_ = false;     // whether the current entry of the list is an object
  bool data_follows_ = false;  // the next value is that of "data"
  uint64_t list_offset_ = 0;
  BluezoneRecord record_;
  Status status_;
};

bool BluezoneSax::stop(const char* text, const char* field) {
  status_ = Status(Code::corrupt, text, field).at_offset(feed_.consumed());
  return false;
}

void BluezoneSax::no_record() {
  sink_.record(Status(Code::invalid_argument, "a record is not an object", bluezone_fields::kData)
                   .at_offset(feed_.consumed()));
}

bool BluezoneSax::other_value() {
  feed_.saw_value();
  if (data_follows_) return stop("the list is not an array", bluezone_fields::kData);
  if (at_list_entry()) no_record();
  if (in_record()) record_.other_value();
  return true;
}

bool BluezoneSax::number_integer(Json::number_integer_t value) {
  if (!in_record()) return other_value();
  feed_.saw_value();
  record_.integer(value);
  return true;
}

bool BluezoneSax::number_unsigned(Json::number_unsigned_t value) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  return value > kMost ? other_value() : number_integer(static_cast<int64_t>(value));
}

bool BluezoneSax::string(std::string& value) {
  if (!in_record()) return other_value();
  feed_.saw_value();
  record_.text(value);
  return true;
}

bool BluezoneSax::key(std::string& name) {
  feed_.saw_value();
  if (in_record()) record_.name(name);
  if (depth_ != 1 || name != bluezone_fields::kData) return true;
  if (list_offset_ > 0) return stop("the list is there twice", bluezone_fields::kData);
  data_follows_ = true;
  return true;
}

bool BluezoneSax::descend() {
  if (++depth_ > kDeepest) return stop("JSON is nested too deeply", nullptr);
  return true;
}

bool BluezoneSax::start_object(size_t) {
  if (data_follows_) return stop("the list is not an array", bluezone_fields::kData);
  if (at_list_entry()) {
    is_object_ = true;
    record_.begin(feed_.consumed() - 1);
  } else if (in_record()) {
    record_.other_value();
  }
  return descend();
}

bool BluezoneSax::end_object() {
  --depth_;
  if (!at_list_entry()) return true;
  is_object_ = false;
  sink_.record(record_.finish());
  return true;
}

bool BluezoneSax::start_array(size_t) {
  bool is_list = data_follows_ || (depth_ == 0 && list_depth_ == 0);
  data_follows_ = false;
  if (at_list_entry()) no_record();
  if (in_record()) record_.other_value();
  if (!descend()) return false;
  if (is_list) {
    list_depth_ = depth_;
    list_offset_ = feed_.consumed();
  }
  return true;
}

bool BluezoneSax::end_array() {
  if (at_list_entry()) list_depth_ = 0;
  --depth_;
  return true;
}

bool BluezoneSax::parse_error(size_t position, const std::string&,
                              const nlohmann::detail::exception&) {
  status_ = kNotJson.at_offset(position > 0 ? position - 1 : 0);
  return false;
}

bool parse(JsonFeed& feed, BluezoneSax& sax, bool to_the_end) {
  return Json::sax_parse(JsonFeed::Iterator(feed), JsonFeed::Iterator(), &sax,
                         Json::input_format_t::json, to_the_end);
}

}  // namespace

Result<uint64_t> parse_bluezone_list(JsonFeed& feed, BluezoneRecordSink& sink) {
  BluezoneSax sax(feed, sink, 0);
  bool parsed = parse(feed, sax, true);
  NEARZONE_TRY(feed.status());
  if (!parsed) return sax.status();
  if (!feed.at_end()) return kNotJson.at_offset(feed.consumed());  // a zero byte stopped the parser
  if (sax.list_offset() == 0)
    return Status(Code::corrupt, "the list of records is missing", bluezone_fields::kData);
  return sax.list_offset();
}

Status parse_bluezone_record(JsonFeed& feed, BluezoneRecordSink& sink) {
  BluezoneSax sax(feed, sink, 1);
  bool parsed = parse(feed, sax, false);
  NEARZONE_TRY(feed.status());
  return parsed ? Status() : sax.status();
}

}  // namespace nearzone
