// Follows a JSON text event by event, within limits, so that no document is ever built.
#pragma once

#include <cstdint>
#include <string>

#include "json/json_feed.h"
#include "nearzone/status.h"

namespace nearzone {

// What a reader meets. Each says whether to go on: stop() does not, and gives the reason.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;

  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;
  // Of a member whose value comes next.
  virtual bool name(const std::string& name) = 0;
  virtual bool text(const std::string& value) = 0;
  virtual bool integer(int64_t value) = 0;
  // null, true, false, and numbers that no int64_t holds
  virtual bool other_value() = 0;

  // Why it stopped, or success.
  const Status& stopped() const { return stopped_; }

 protected:
  bool stop(const Status& why) {
    stopped_ = why;
    return false;
  }

 private:
  Status stopped_;
};

// Arrays and objects inside one another, at most.
inline constexpr int kDeepestJson = 16;

// Reads a whole text. Fails with corrupt and an offset, or as the feed does, or as `events`
// stopped.
Status read_json(JsonFeed& feed, JsonEvents& events);

// Reads the one value (no bare number or word) that the feed stands before; `depth` arrays and
// objects are around it already.
Status read_json_value(JsonFeed& feed, JsonEvents& events, int depth);

}  // namespace nearzone
