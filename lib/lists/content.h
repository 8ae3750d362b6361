// The bytes that a list's digest covers, readable from the start as often as needed: held in
// memory where they are small, read or inflated again for each pass where they are not.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/byte_stream.h"
#include "lists/sha256.h"
#include "nearzone/lists.h"

namespace nearzone {

class Content {
 public:
  virtual ~Content() = default;
  virtual uint64_t size() const = 0;
  // A new pass from the start, which gives size() bytes or fails. The content must outlive it.
  virtual Result<std::unique_ptr<ByteStream>> stream() const = 0;
  // Whether every pass is certain to give the same bytes.
  virtual bool held() const { return false; }
  // All of it in one pass into `out`, which has size() bytes. `cancel` may be null.
  virtual Status read_whole(MutableBytes out, const Cancel* cancel) const;
};

// [offset, offset + size) of a source, which must hold it and outlive the content.
std::unique_ptr<Content> content_of(ByteSource& source, uint64_t offset, uint64_t size);

// Takes the content into memory if it has at most `most` bytes. `cancel` may be null.
Result<std::unique_ptr<Content>> hold_if_small(std::unique_ptr<Content> content, uint64_t most,
                                               const Cancel* cancel);

// One pass over a content: polls `cancel` (may be null), hashes, and counts.
class ReadPass final : public ByteStream {
 public:
  enum class Hash : uint8_t { yes, no };
  static Result<std::unique_ptr<ReadPass>> start(const Content& content, Hash hash,
                                                 const Cancel* cancel);

  Status next(ByteView& chunk) override;
  // Reads what is left, so that the whole content was seen, and gives its digest.
  Result<Digest> finish();

 private:
  ReadPass(std::unique_ptr<ByteStream> stream, Hash hash, const Cancel* cancel)
      : stream_(std::move(stream)), hashes_(hash == Hash::yes), cancel_(cancel) {}

  std::unique_ptr<ByteStream> stream_;
  ListHash hash_;
  bool hashes_;
  const Cancel* cancel_;
};

// The failure of every pass that finds other bytes than the first one did.
inline constexpr Status kListChanged(Code::corrupt, "the list changed while it was being read");

Status poll(const Cancel* cancel);

}  // namespace nearzone
