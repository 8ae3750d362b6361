// Hands a pass over a JSON text to nlohmann's parser, character by character, within limits.
#pragma once

#include <cstddef>
#include <iterator>

#include "core/byte_stream.h"

namespace nearzone {

class JsonFeed {
 public:
  // The parser keeps what it read since the last string or number in memory: no honest text goes
  // on for so long without one.
  static constexpr uint64_t kMostBetweenValues = 64 * 1024;

  explicit JsonFeed(ByteStream& stream) : stream_(stream) {}

  // Whether there is no next character: at the end, or after a failure, which status() then tells.
  bool at_end() {
    if (position_ == chunk_.size()) refill();
    return position_ == chunk_.size();
  }
  // Only where not at_end().
  char current() const { return static_cast<char>(chunk_[position_]); }
  void advance() { ++position_; }

  uint64_t consumed() const { return before_chunk_ + position_; }
  void saw_value() { last_value_ = consumed(); }
  const Status& status() const { return status_; }

  // The parser's view of the feed.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    Iterator() = default;  // the end
    explicit Iterator(JsonFeed& feed) : feed_(&feed) {}
    char operator*() const { return feed_->current(); }
    Iterator& operator++() {
      feed_->advance();
      return *this;
    }
    bool operator==(const Iterator& other) const { return ended() == other.ended(); }

   private:
    bool ended() const { return feed_ == nullptr || feed_->at_end(); }
    JsonFeed* feed_ = nullptr;
  };

 private:
  void refill() {
    if (!status_.ok()) return;
    if (consumed() - last_value_ > kMostBetweenValues) {
      status_ =
          Status(Code::limit_exceeded, "64 KiB of JSON without a value").at_offset(consumed());
      return;
    }
    before_chunk_ += chunk_.size();
    position_ = 0;
    chunk_ = {};
    status_ = stream_.next(chunk_);
    if (!status_.ok()) chunk_ = {};
  }

  ByteStream& stream_;
  ByteView chunk_;
  size_t position_ = 0;
  uint64_t before_chunk_ = 0;
  uint64_t last_value_ = 0;
  Status status_;
};

}  // namespace nearzone
