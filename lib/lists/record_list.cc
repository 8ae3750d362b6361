#include "lists/record_list.h"

namespace nearzone {
namespace {

constexpr size_t kMostNamedRefusals = 100;

// The second pass: the keys, a batch at a time.
class RecordKeyStream final : public KeyStream {
 public:
  RecordKeyStream(const RecordFormat& format, std::unique_ptr<ReadPass> pass, uint64_t size,
                  const Digest* expected, const Cancel* cancel)
      : format_(format),
        cancel_(cancel),
        pass_(std::move(pass)),
        reader_(*pass_, format.header_bytes, size - format.header_bytes),
        expected_(expected) {}

  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    batch.clear();
    if (!outcome_.ok()) return outcome_;
    outcome_ = fill(most, batch);
    if (!outcome_.ok()) batch.clear();
    return outcome_;
  }

 private:
  Status fill(size_t most, std::vector<PublishedKey>& batch) {
    NEARZONE_TRY(poll(cancel_));
    WireField field;
    while (!ended_ && batch.size() < most) {
      if (!reader_.next(field)) return end();
      if (!format_.is_key(field)) {
        NEARZONE_TRY(reader_.skip(field));
        continue;
      }
      ByteView record;
      NEARZONE_TRY(reader_.take(field, record));
      PublishedKey& key = batch.emplace_back();
      key.record = record_++;
      Status status = format_.read_key(field.tag, record, key);
      if (status.ok()) continue;
      if (status.code() != Code::invalid_argument) return kListChanged.at_offset(field.offset);
      batch.pop_back();
    }
    return {};
  }

  Status end() {
    NEARZONE_TRY(reader_.status());
    ended_ = true;
    if (expected_ == nullptr) return {};
    NEARZONE_ASSIGN(Digest digest, pass_->finish());
    return digest == *expected_ ? Status() : kListChanged;
  }

  const RecordFormat& format_;
  const Cancel* cancel_;
  std::unique_ptr<ReadPass> pass_;
  StreamReader reader_;
  const Digest* expected_;  // null where the bytes cannot have changed
  uint64_t record_ = 0;
  bool ended_ = false;
  Status outcome_;
};

}  // namespace

Status RecordList::scan() {
  NEARZONE_ASSIGN(auto pass, ReadPass::start(*content_, ReadPass::Hash::yes, cancel_));
  StreamReader reader(*pass, format_.header_bytes, content_->size() - format_.header_bytes);
  WireField field;
  while (reader.next(field)) {
    if (!format_.is_key(field)) {
      NEARZONE_TRY(format_.read_fact(field, reader, info_));
      continue;
    }
    ByteView record;
    NEARZONE_TRY(reader.take(field, record));
    PublishedKey key;
    const Status status = format_.read_key(field.tag, record, key);
    if (!status.ok()) {
      NEARZONE_TRY(refuse(status.at_offset(field.offset)));
      continue;
    }
    ++info_.keys;
    if (key.revised) ++info_.revised_keys;
  }
  NEARZONE_TRY(reader.status());
  NEARZONE_ASSIGN(digest_, pass->finish());
  uint64_t records = info_.keys + info_.refused_count;
  if (info_.refused_count * 100 <= records * format_.tolerated_percent) return {};
  const Status& first = info_.refused.front().reason;
  return Status(Code::corrupt, "too many keys are malformed; this is the first", first.field())
      .at_record(static_cast<uint64_t>(first.record()))
      .at_offset(static_cast<uint64_t>(first.offset()));
}

Status RecordList::refuse(const Status& why) {
  const Status reason = why.at_record(info_.keys + info_.refused_count);
  if (reason.code() != Code::invalid_argument) return reason;
  if (++info_.refused_count <= kMostNamedRefusals) info_.refused.push_back({reason});
  return {};
}

Result<std::unique_ptr<KeyStream>> RecordList::keys() {
  ReadPass::Hash hash = content_->held() ? ReadPass::Hash::no : ReadPass::Hash::yes;
  NEARZONE_ASSIGN(auto pass, ReadPass::start(*content_, hash, cancel_));
  return std::unique_ptr<KeyStream>(std::make_unique<RecordKeyStream>(
      format_, std::move(pass), content_->size(), content_->held() ? nullptr : &digest_, cancel_));
}

}  // namespace nearzone
