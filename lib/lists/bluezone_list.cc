// Bluezone's published list. Source: docs/formats/bluezone-list.md
#include "lists/bluezone_sax.h"
#include "lists/formats.h"

namespace nearzone {
namespace {

constexpr size_t kMostNamedRefusals = 100;

// Counts the records of the first pass.
class Counter final : public BluezoneRecordSink {
 public:
  explicit Counter(ListInfo& info) : info_(info) {}
  void record(const Result<PublishedKey>& key) override {
    uint64_t index = info_.keys + info_.refused_count;
    if (key.ok()) {
      ++info_.keys;
    } else if (++info_.refused_count <= kMostNamedRefusals) {
      info_.refused.push_back({key.status().at_record(index)});
    }
  }

 private:
  ListInfo& info_;
};

// Appends the keys of the second pass.
class Appender final : public BluezoneRecordSink {
 public:
  Appender(std::vector<PublishedKey>& batch, uint64_t index) : batch_(batch), index_(index) {}
  void record(const Result<PublishedKey>& key) override {
    if (key.ok()) batch_.emplace_back(*key).record = index_;
  }

 private:
  std::vector<PublishedKey>& batch_;
  uint64_t index_;
};

// The second pass. The parser pushes and a key stream is pulled, so each record is parsed by
// itself; that the text between the records is well formed, the first pass made sure.
class BluezoneKeyStream final : public KeyStream {
 public:
  BluezoneKeyStream(std::unique_ptr<ReadPass> pass, uint64_t list_offset, const Digest* expected,
                    const Cancel* cancel)
      : pass_(std::move(pass)),
        feed_(*pass_),
        list_offset_(list_offset),
        expected_(expected),
        cancel_(cancel) {}

  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    batch.clear();
    if (!outcome_.ok()) return outcome_;
    outcome_ = fill(most, batch);
    if (!feed_.status().ok()) outcome_ = feed_.status();
    if (!outcome_.ok()) batch.clear();
    return outcome_;
  }

 private:
  Status fill(size_t most, std::vector<PublishedKey>& batch) {
    NEARZONE_TRY(poll(cancel_));
    while (feed_.consumed() < list_offset_ && !feed_.at_end()) feed_.advance();
    feed_.saw_value();
    while (!ended_ && batch.size() < most) {
      skip(" \t\r\n,");
      if (feed_.at_end()) return kListChanged;
      if (feed_.current() == ']') return end();
      if (feed_.current() == '{' || feed_.current() == '[' || feed_.current() == '"') {
        Appender appender(batch, record_);
        if (!parse_bluezone_record(feed_, appender).ok()) return kListChanged;
      } else {
        skip("-+.eE0123456789truefalsenull");
      }
      ++record_;
    }
    return {};
  }

  void skip(std::string_view characters) {
    while (!feed_.at_end() && characters.find(feed_.current()) != characters.npos) feed_.advance();
  }

  Status end() {
    ended_ = true;
    if (expected_ == nullptr) return {};
    NEARZONE_ASSIGN(Digest digest, pass_->finish());
    return digest == *expected_ ? Status() : kListChanged;
  }

  std::unique_ptr<ReadPass> pass_;
  JsonFeed feed_;
  uint64_t list_offset_;
  const Digest* expected_;  // null where the bytes cannot have changed
  const Cancel* cancel_;
  uint64_t record_ = 0;
  bool ended_ = false;
  Status outcome_;
};

class BluezoneList final : public KeyList {
 public:
  static Result<std::unique_ptr<KeyList>> open(ByteSource& source, const ListOptions& options) {
    auto list = std::unique_ptr<BluezoneList>(new BluezoneList(options.cancel));
    NEARZONE_ASSIGN(list->content_, hold_if_small(content_of(source, 0, source.size()),
                                                  options.hold_in_memory, options.cancel));
    NEARZONE_TRY(list->scan());
    return std::unique_ptr<KeyList>(std::move(list));
  }

  const ListInfo& info() const override { return info_; }
  const std::array<uint8_t, 32>& content_digest() const override { return digest_; }
  SignatureReport verify(std::span<const PublicKey>) const override {
    return {SignatureOutcome::unsigned_list, 0, 0, "Bluezone's list has no place for a signature"};
  }

  Result<std::unique_ptr<KeyStream>> keys() override {
    ReadPass::Hash hash = content_->held() ? ReadPass::Hash::no : ReadPass::Hash::yes;
    NEARZONE_ASSIGN(auto pass, ReadPass::start(*content_, hash, cancel_));
    return std::unique_ptr<KeyStream>(std::make_unique<BluezoneKeyStream>(
        std::move(pass), list_offset_, content_->held() ? nullptr : &digest_, cancel_));
  }

 private:
  explicit BluezoneList(const Cancel* cancel) : cancel_(cancel) {
    info_.format = ListFormat::bluezone_json;
  }

  Status scan() {
    NEARZONE_ASSIGN(auto pass, ReadPass::start(*content_, ReadPass::Hash::yes, cancel_));
    JsonFeed feed(*pass);
    Counter counter(info_);
    NEARZONE_ASSIGN(list_offset_, parse_bluezone_list(feed, counter));
    NEARZONE_ASSIGN(digest_, pass->finish());
    return {};
  }

  const Cancel* cancel_;
  std::unique_ptr<Content> content_;
  uint64_t list_offset_ = 0;
  ListInfo info_;
  std::array<uint8_t, 32> digest_{};
};

}  // namespace

Result<std::unique_ptr<KeyList>> open_bluezone_list(ByteSource& source,
                                                    const ListOptions& options) {
  return BluezoneList::open(source, options);
}

}  // namespace nearzone
