#include "lists/content.h"

#include <algorithm>

namespace nearzone {
namespace {

// Between two looks at the cancel flag: a millisecond's work for a slow phone.
constexpr size_t kChunkBytes = 64 * 1024;

class HeldContent final : public Content {
 public:
  HeldContent(std::unique_ptr<const uint8_t[]> bytes, size_t size)
      : bytes_(std::move(bytes)), size_(size) {}
  uint64_t size() const override { return size_; }
  bool held() const override { return true; }

  Result<std::unique_ptr<ByteStream>> stream() const override {
    return std::unique_ptr<ByteStream>(std::make_unique<Stream>(ByteView(bytes_.get(), size_)));
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

  std::unique_ptr<const uint8_t[]> bytes_;
  size_t size_;
};

class SourceContent final : public Content {
 public:
  SourceContent(ByteSource& source, uint64_t offset, uint64_t size)
      : source_(source), offset_(offset), size_(size) {}
  uint64_t size() const override { return size_; }

  Result<std::unique_ptr<ByteStream>> stream() const override {
    return std::unique_ptr<ByteStream>(std::make_unique<Stream>(source_, offset_, size_));
  }

  Status read_whole(MutableBytes out, const Cancel* cancel) const override {
    for (size_t at = 0; at < out.size();) {
      const size_t size = std::min(out.size() - at, kChunkBytes);
      NEARZONE_TRY(poll(cancel));
      NEARZONE_TRY(source_.read(offset_ + at, out.subspan(at, size)));
      at += size;
    }
    return {};
  }

 private:
  class Stream final : public ByteStream {
   public:
    Stream(ByteSource& source, uint64_t offset, uint64_t size)
        : source_(source), offset_(offset), left_(size) {}
    Status next(ByteView& chunk) override {
      chunk = {};
      if (left_ == 0) return {};
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
  const size_t size = static_cast<size_t>(content->size());
  auto bytes = std::make_unique_for_overwrite<uint8_t[]>(size);
  NEARZONE_TRY(content->read_whole({bytes.get(), size}, cancel));
  return std::unique_ptr<Content>(std::make_unique<HeldContent>(std::move(bytes), size));
}

Status Content::read_whole(MutableBytes out, const Cancel* cancel) const {
  NEARZONE_ASSIGN(auto pass, ReadPass::start(*this, ReadPass::Hash::no, cancel));
  for (ByteView chunk;;) {
    NEARZONE_TRY(pass->next(chunk));
    if (chunk.empty()) return {};
    std::ranges::copy(chunk, out.begin());
    out = out.subspan(chunk.size());
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
