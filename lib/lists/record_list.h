// What the Exposure Notification export and NearZone's own list have in common: one protobuf
// message whose repeated fields are the keys, walked twice and never built.
#pragma once

#include <algorithm>
#include <span>

#include "lists/content.h"
#include "lists/wire.h"
#include "nearzone/lists.h"

namespace nearzone {

// Checking a signature takes a millisecond, or several on a phone, and there may be many.
inline constexpr const char* kVerifyingCancelled = "cancelled before a signature verified";

struct RecordFormat {
  uint64_t header_bytes;               // in front of the message
  std::span<const uint32_t> key_tags;  // of the fields that hold keys
  // Reads the key of a field with `tag` into a fresh `key`. A failure with invalid_argument refuses
  // this record only, any other one the list.
  Status (*read_key)(uint32_t tag, ByteView record, PublishedKey& key);
  // Takes or skips a field that holds no key.
  Status (*read_fact)(const WireField& field, StreamReader& reader, ListInfo& info);
  // How many of a hundred records may be refused before the list is.
  uint64_t tolerated_percent;

  bool is_key(const WireField& field) const {
    return std::ranges::find(key_tags, field.tag) != key_tags.end();
  }
};

class RecordList : public KeyList {
 public:
  const ListInfo& info() const override { return info_; }
  const std::array<uint8_t, 32>& content_digest() const override { return digest_; }
  Result<std::unique_ptr<KeyStream>> keys() override;

 protected:
  RecordList(const RecordFormat& format, std::unique_ptr<Content> content, const Cancel* cancel)
      : cancel_(cancel), format_(format), content_(std::move(content)) {}

  // The first pass: fills info() and content_digest(), or says why the list is refused.
  Status scan();

  ListInfo info_;
  const Cancel* cancel_;  // may be null

 private:
  // Takes note of the record that comes next and is refused, or fails where the list is, too.
  Status refuse(const Status& why);

  const RecordFormat& format_;
  std::unique_ptr<Content> content_;
  std::array<uint8_t, 32> digest_{};
};

}  // namespace nearzone
