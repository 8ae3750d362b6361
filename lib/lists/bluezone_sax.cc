#include "lists/bluezone_sax.h"

#include "json/json_reader.h"
#include "lists/bluezone_record.h"

namespace nearzone {
namespace {

class BluezoneSax final : public JsonEvents {
 public:
  // `depth` is that of arrays and objects around the first token, 0 for a whole text and 1 for an
  // entry of the list.
  BluezoneSax(JsonFeed& feed, BluezoneRecordSink& sink, int depth)
      : feed_(feed), sink_(sink), depth_(depth), list_depth_(depth) {}

  // 0 where no list was met.
  uint64_t list_offset() const { return list_offset_; }

  bool begin_object() override;
  bool end_object() override;
  bool begin_array() override;
  bool end_array() override;
  bool name(const std::string& name) override;
  bool text(const std::string& value) override;
  bool integer(int64_t value) override;
  bool other_value() override;

 private:
  bool at_list_entry() const { return list_depth_ > 0 && depth_ == list_depth_; }
  bool in_record() const { return list_depth_ > 0 && depth_ == list_depth_ + 1 && is_object_; }
  bool stop_here(const char* text) {
    return stop(Status(Code::corrupt, text, bluezone_fields::kData).at_offset(feed_.consumed()));
  }
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
};

void BluezoneSax::no_record() {
  sink_.record(Status(Code::invalid_argument, "a record is not an object", bluezone_fields::kData)
                   .at_offset(feed_.consumed()));
}

bool BluezoneSax::other_value() {
  if (data_follows_) return stop_here("the list is not an array");
  if (at_list_entry()) no_record();
  if (in_record()) record_.other_value();
  return true;
}

bool BluezoneSax::integer(int64_t value) {
  if (!in_record()) return other_value();
  record_.integer(value);
  return true;
}

bool BluezoneSax::text(const std::string& value) {
  if (!in_record()) return other_value();
  record_.text(value);
  return true;
}

bool BluezoneSax::name(const std::string& name) {
  if (in_record()) record_.name(name);
  if (depth_ != 1 || name != bluezone_fields::kData) return true;
  if (list_offset_ > 0) return stop_here("the list is there twice");
  data_follows_ = true;
  return true;
}

bool BluezoneSax::begin_object() {
  if (data_follows_) return stop_here("the list is not an array");
  if (at_list_entry()) {
    is_object_ = true;
    record_.begin(feed_.consumed() - 1);
  } else if (in_record()) {
    record_.other_value();
  }
  ++depth_;
  return true;
}

bool BluezoneSax::end_object() {
  --depth_;
  if (!at_list_entry()) return true;
  is_object_ = false;
  sink_.record(record_.finish());
  return true;
}

bool BluezoneSax::begin_array() {
  const bool is_list = data_follows_ || (depth_ == 0 && list_depth_ == 0);
  data_follows_ = false;
  if (at_list_entry()) no_record();
  if (in_record()) record_.other_value();
  ++depth_;
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

}  // namespace

Result<uint64_t> parse_bluezone_list(JsonFeed& feed, BluezoneRecordSink& sink) {
  BluezoneSax sax(feed, sink, 0);
  NEARZONE_TRY(read_json(feed, sax));
  if (sax.list_offset() == 0)
    return Status(Code::corrupt, "the list of records is missing", bluezone_fields::kData);
  return sax.list_offset();
}

Status parse_bluezone_record(JsonFeed& feed, BluezoneRecordSink& sink) {
  BluezoneSax sax(feed, sink, 1);
  return read_json_value(feed, sax, 1);
}

}  // namespace nearzone
