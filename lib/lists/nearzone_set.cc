// NearZone's signed set. Source: docs/formats/nearzone-set.md
#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "lists/content.h"
#include "lists/formats.h"
#include "lists/golomb_set.h"
#include "lists/nearzone_envelope.h"
#include "lists/nearzone_fields.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

constexpr GolombRate kRate;

constexpr Status damaged(const char* text, const char* field) {
  return {Code::corrupt, text, field};
}

class NoKeys final : public KeyStream {
 public:
  Status next(size_t, std::vector<PublishedKey>& batch) override {
    batch.clear();
    return {};
  }
};

class NearzoneSet final : public KeyList, public PublishedSet {
 public:
  NearzoneSet(std::vector<uint8_t> body, std::vector<NearzoneSignature> signatures,
              const Cancel* cancel)
      : body_(std::move(body)),
        digest_(sha256(body_)),
        signatures_(std::move(signatures)),
        cancel_(cancel) {
    info_.format = ListFormat::nearzone_set;
    info_.signatures = claims_of(signatures_);
  }

  // Reads the whole, so that nothing of a damaged set is used.
  Status read();

  const ListInfo& info() const override { return info_; }
  const std::array<uint8_t, 32>& content_digest() const override { return digest_; }
  SignatureReport verify(std::span<const PublicKey> keys) const override {
    return verify_envelope(signatures_, kSetContext, digest_, keys, cancel_);
  }
  Result<std::unique_ptr<KeyStream>> keys() override {
    return std::unique_ptr<KeyStream>(std::make_unique<NoKeys>());
  }
  const PublishedSet* set() const override { return this; }

  SchemeTag scheme() const override { return scheme_; }
  uint64_t size() const override { return info_.keys; }
  Status contains(std::span<const SetItem> probes, std::vector<size_t>& found,
                  const Cancel* cancel) const override;

 private:
  Status read_fields();

  std::vector<uint8_t> body_;
  Digest digest_;
  std::vector<NearzoneSignature> signatures_;
  const Cancel* cancel_;
  ListInfo info_;
  SchemeTag scheme_ = SchemeTag::dp3t_unlinkable;
  ByteView coded_;
  uint64_t coded_offset_ = 0;
};

Status NearzoneSet::read_fields() {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  std::optional<uint64_t> scheme;
  MessageReader reader(body_);
  WireField field;
  while (reader.next(field)) {
    switch (field.tag) {
      case kListId: info_.list_id = field.value; break;
      case kSequence: info_.sequence = field.value; break;
      case kValidFrom:
      case kValidTo:
        if (field.value > kMost)
          return damaged("a time is beyond all calendars", "valid_to_ms").at_offset(field.offset);
        (field.tag == kValidFrom ? info_.start : info_.end) = {static_cast<int64_t>(field.value)};
        break;
      case kRegion: {
        const Status status = copy_text(reader.take(field), info_.region);
        if (!status.ok()) return status.in_field("region").at_offset(field.offset);
        break;
      }
      case kScheme: scheme = field.value; break;
      case kItems: info_.keys = field.value; break;
      case kCoded:
        coded_ = reader.take(field);
        coded_offset_ = static_cast<uint64_t>(coded_.data() - body_.data());
        break;
      default: reader.skip(field);
    }
  }
  NEARZONE_TRY(reader.status());
  if (scheme != static_cast<uint64_t>(SchemeTag::dp3t_unlinkable))
    return {Code::unsupported, "the set is of a scheme that publishes none", "scheme"};
  if (info_.keys > kMostSetItems) return damaged("a set has at most 4194303 items", "items");
  return {};
}

Status NearzoneSet::read() {
  NEARZONE_TRY(read_fields());
  GolombReader items(coded_, info_.keys, kRate);
  uint64_t value = 0;
  for (uint64_t i = 0; items.next(value); ++i)
    if (i % 65536 == 0) NEARZONE_TRY(poll(cancel_));
  const Status status = items.status();
  if (status.ok()) return status;
  return status.at_offset(coded_offset_ + static_cast<uint64_t>(status.offset()));
}

// Both sides in order: one walk over the set, however many probes there are.
Status NearzoneSet::contains(std::span<const SetItem> probes, std::vector<size_t>& found,
                             const Cancel* cancel) const {
  found.clear();
  if (info_.keys == 0 || probes.empty()) return {};
  std::vector<uint64_t> values;
  values.reserve(probes.size());
  for (const SetItem& probe : probes) values.push_back(golomb_value(probe, info_.keys, kRate));
  std::vector<size_t> order(probes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return values[i]; });
  GolombReader items(coded_, info_.keys, kRate);
  uint64_t value = 0;
  size_t at = 0;
  for (uint64_t i = 0; at < order.size() && items.next(value); ++i) {
    if (i % 65536 == 0) NEARZONE_TRY(poll(cancel));
    while (at < order.size() && values[order[at]] < value) ++at;
    for (; at < order.size() && values[order[at]] == value; ++at) found.push_back(order[at]);
  }
  std::ranges::sort(found);
  return {};
}

}  // namespace

Result<std::unique_ptr<KeyList>> open_nearzone_set(ByteSource& source, const ListOptions& options) {
  NEARZONE_ASSIGN(NearzoneEnvelope envelope, open_envelope(source, kNearzoneSetHeader));
  std::vector<uint8_t> body(static_cast<size_t>(envelope.body_size));
  NEARZONE_TRY(source.read(envelope.body_offset, body));
  auto set = std::make_unique<NearzoneSet>(std::move(body), std::move(envelope.signatures),
                                           options.cancel);
  const Status status = set->read();
  if (status.offset() != Status::kNone)
    return status.at_offset(static_cast<uint64_t>(status.offset()) + envelope.body_offset);
  NEARZONE_TRY(status);
  return std::unique_ptr<KeyList>(std::move(set));
}

Result<std::vector<uint8_t>> write_nearzone_set(const NearzoneListHeader& header, SchemeTag scheme,
                                                std::span<const SetItem> items,
                                                std::span<const Secret<32>> signing_seeds) {
  NEARZONE_TRY(check(header));
  if (scheme != SchemeTag::dp3t_unlinkable)
    return Status(Code::invalid_argument, "this scheme publishes no sets", "scheme");
  if (items.size() > kMostSetItems)
    return Status(Code::invalid_argument, "a set has at most 4194303 items", "items");
  std::vector<uint64_t> values;
  values.reserve(items.size());
  for (const SetItem& item : items) values.push_back(golomb_value(item, items.size(), kRate));
  std::ranges::sort(values);
  std::vector<uint8_t> body;
  WireWriter writer(body);
  write_facts(header, writer);
  writer.varint(kScheme, static_cast<uint64_t>(scheme));
  writer.varint(kItems, items.size());
  writer.bytes(kCoded, golomb_encode(values, kRate));
  return write_envelope(kNearzoneSetHeader, kSetContext, body, signing_seeds);
}

}  // namespace nearzone
