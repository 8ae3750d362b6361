// Follows a JSON parser through Bluezone's published list, or through one record of it.
#pragma once

#include "json/json_feed.h"
#include "nearzone/keys.h"
#include "nearzone/status.h"

namespace nearzone {

class BluezoneRecordSink {
 public:
  virtual ~BluezoneRecordSink() = default;
  // One entry of the list was read: its key, or with invalid_argument why it is refused.
  virtual void record(const Result<PublishedKey>& key) = 0;
};

// Reads a whole text. Gives the offset behind the bracket that opens the list of records.
Result<uint64_t> parse_bluezone_list(JsonFeed& feed, BluezoneRecordSink& sink);

// Reads the one entry of the list (no bare number or word) that the feed stands before.
Status parse_bluezone_record(JsonFeed& feed, BluezoneRecordSink& sink);

}  // namespace nearzone
