#include "lists/content.h"

#include <algorithm>

namespace nearzone {
namespace {

// Small enough that a pass notices a cancel within a millisecond or so.
constexpr size_t kChunkBytes = 128 * 1024;

class HeldContent final : public Content {
 public:
  explicit HeldContent(std::vector<uint8_t> bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  bool held() const override { return true; }

  Result<std::unique_ptr<ByteStream>> stream() const override {
    return std::unique_ptr<ByteStream>(std::make_unique<Stream>(bytes_));
  }

 private:
  class Stream final : public ByteStream {
   public:
    explicit Stream(ByteView bytes) : left_(bytes) {}
    Status next(ByteView& chunk) override {
      chunk = left_.first(std::min(left_.size(), kChunkBytes));
      left_ = left_.subspan(chunk.size());
      return {};
    }

   private:
    ByteView left_;
  };

  std::vector<uint8_t> bytes_;
};

class SourceContent final : public Content {
 public:
  SourceContent(ByteSource& source, uint64_t offset, uint64_t size)
      : source_(source), offset_(offset), size_(size) {}
  uint64_t size() const override { return size_; }

  Result<std::unique_ptr<ByteStream>> stream() const override {
    return std::unique_ptr<ByteStream>(std::make_unique<Stream>(source_, offset_, size_));
  }

 private:
  class Stream final : public ByteStream {
   public:
    Stream(ByteSource& source, uint64_t offset, uint64_t size)
        : source_(source), offset_(offset), left_(size) {}
    Status next(ByteView& chunk) override {
      size_t size = static_cast<size_t>(std::min<uint64_t>(left_, kChunkBytes));
      buffer_.resize(size);
      NEARZONE_TRY(source_.read(offset_, buffer_));
      offset_ += size;
      left_ -= size;
      chunk = buffer_;
      return {};
    }

   private:
    ByteSource& source_;
    uint64_t offset_;
    uint64_t left_;
    std::vector<uint8_t> buffer_;
  };

  ByteSource& source_;
  uint64_t offset_;
  uint64_t size_;
};

}  // namespace

Status poll(const Cancel* cancel) {
  if (cancel != nullptr && cancel->requested()) return {Code::cancelled, "cancelled"};
  return {};
}

std::unique_ptr<Content> content_of(ByteSource& source, uint64_t offset, uint64_t size) {
  return std::make_unique<SourceContent>(source, offset, size);
}

Result<std::unique_ptr<Content>> hold_if_small(std::unique_ptr<Content> content, uint64_t most,
                                               const Cancel* cancel) {
  if (content->held() || content->size() > most) return content;
  NEARZONE_ASSIGN(std::vector<uint8_t> bytes, content->read_whole(cancel));
  return std::unique_ptr<Content>(std::make_unique<HeldContent>(std::move(bytes)));
}

Result<std::vector<uint8_t>> Content::read_whole(const Cancel* cancel) const {
  NEARZONE_ASSIGN(auto pass, ReadPass::start(*this, ReadPass::Hash::no, cancel));
  std::vector<uint8_t> bytes;
  bytes.reserve(static_cast<size_t>(size()));
  for (ByteView chunk;;) {
    NEARZONE_TRY(pass->next(chunk));
    if (chunk.empty()) return bytes;
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  }
}

Result<std::unique_ptr<ReadPass>> ReadPass::start(const Content& content, Hash hash,
                                                  const Cancel* cancel) {
  NEARZONE_ASSIGN(auto stream, content.stream());
  return std::unique_ptr<ReadPass>(new ReadPass(std::move(stream), hash, cancel));
}

Status ReadPass::next(ByteView& chunk) {
  NEARZONE_TRY(poll(cancel_));
  NEARZONE_TRY(stream_->next(chunk));
  if (hashes_) hash_.update(chunk);
  return {};
}

Result<Digest> ReadPass::finish() {
  for (ByteView chunk;;) {
    NEARZONE_TRY(next(chunk));
    if (chunk.empty()) return hash_.finish();
  }
}

}  // namespace nearzone
