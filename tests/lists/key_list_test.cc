// What holds for lists of every format.
#include <gtest/gtest.h>

#include <set>

#include "lists/support.h"

namespace nearzone::testing {
namespace {

struct Sample {
  const char* fixture;
  ListFormat format;
};

std::vector<PublicKey> all_keys() {
  return {*PublicKey::parse(fixture("p256_public.pem")),
          *PublicKey::parse(fixture("ed25519_public.pem"))};
}

bool verifies(const Bytes& bytes) {
  MemorySource source(bytes);
  auto list = KeyList::open(source);
  if (!list.ok()) return false;
  (void)read_keys(**list);
  return (*list)->verify(all_keys()).outcome == SignatureOutcome::verified;
}

class EveryList : public ::testing::TestWithParam<Sample> {
 protected:
  Bytes bytes_ = fixture(GetParam().fixture);
  // Streams instead of holding in memory, so that every pass reads the source again.
  static ListOptions streaming() {
    ListOptions options;
    options.hold_in_memory = 0;
    return options;
  }
};

TEST_P(EveryList, IsRecognised) {
  MemorySource source(bytes_);
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok()) << list.status().text();
  EXPECT_EQ((*list)->info().format, GetParam().format);
  bool is_json = GetParam().format == ListFormat::bluezone_json;
  EXPECT_EQ((*list)->verify(all_keys()).outcome,
            is_json ? SignatureOutcome::unsigned_list : SignatureOutcome::verified);
}

TEST_P(EveryList, GivesTheSameKeysInBatchesOfAnySizeHeldOrStreamed) {
  MemorySource source(bytes_);
  auto held = KeyList::open(source);
  auto streamed = KeyList::open(source, streaming());
  ASSERT_TRUE(held.ok());
  ASSERT_TRUE(streamed.ok());
  EXPECT_EQ((*held)->content_digest(), (*streamed)->content_digest());
  auto expected = read_keys(**held, 1000);
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(expected->size(), (*held)->info().keys);
  for (size_t batch : {1u, 2u, 7u, 1000u}) {
    EXPECT_EQ(*read_keys(**held, batch), *expected);
    EXPECT_EQ(*read_keys(**streamed, batch), *expected);
  }
}

TEST_P(EveryList, TruncatedAnywhereNeverVerifies) {
  for (size_t size = 0; size < bytes_.size(); ++size) {
    Bytes cut(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(verifies(cut)) << size;
  }
}

TEST_P(EveryList, ABitFlippedAnywhereNeverChangesWhatIsVerified) {
  MemorySource sound_source(bytes_);
  std::vector<PublishedKey> sound = *read_keys(**KeyList::open(sound_source));
  for (size_t at = 0; at < bytes_.size(); ++at) {
    Bytes flipped = bytes_;
    flipped[at] ^= static_cast<uint8_t>(1 << (at % 8));
    MemorySource source(flipped);
    auto list = KeyList::open(source);
    if (!list.ok()) continue;
    auto keys = read_keys(**list);
    ASSERT_TRUE(keys.ok()) << at;
    // Bits outside what is signed, such as a zip's dates, may change without harm.
    if ((*list)->verify(all_keys()).outcome == SignatureOutcome::verified) {
      EXPECT_EQ(*keys, sound) << at;
    }
  }
}

TEST_P(EveryList, TooLargeForTheLimitIsRefused) {
  MemorySource source(bytes_);
  ListOptions options;
  options.max_bytes = 100;
  EXPECT_EQ(KeyList::open(source, options).status().code(), Code::limit_exceeded);
}

TEST_P(EveryList, StopsWhereAsked) {
  Cancel cancel;
  ListOptions options = streaming();
  options.cancel = &cancel;
  MemorySource source(bytes_);
  auto list = KeyList::open(source, options);
  ASSERT_TRUE(list.ok());
  auto stream = (*list)->keys();
  cancel.request();
  std::vector<PublishedKey> batch;
  EXPECT_EQ((*stream)->next(10, batch).code(), Code::cancelled);
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ((*stream)->next(10, batch).code(), Code::cancelled);
  EXPECT_EQ(KeyList::open(source, options).status().code(), Code::cancelled);
}

TEST_P(EveryList, VerifiesNoSignatureOnceAskedToStop) {
  Cancel cancel;
  ListOptions options;
  options.cancel = &cancel;
  MemorySource source(bytes_);
  const auto list = KeyList::open(source, options);
  ASSERT_TRUE(list.ok());
  cancel.request();
  EXPECT_NE((*list)->verify(all_keys()).outcome, SignatureOutcome::verified);
}

INSTANTIATE_TEST_SUITE_P(Each, EveryList,
                         ::testing::Values(Sample{"gaen_signed.zip", ListFormat::gaen_export},
                                           Sample{"gaen_descriptors.zip", ListFormat::gaen_export},
                                           Sample{"nearzone_signed.nzlist", ListFormat::nearzone},
                                           Sample{"bluezone.json", ListFormat::bluezone_json}),
                         [](const auto& test) {
                           std::string name = test.param.fixture;
                           for (char& c : name)
                             if (c == '.' || c == '_') c = 'X';
                           return name;
                         });

// A list whose bytes become others of the same structure after open() looked at them.
struct Change {
  const char* name;
  Bytes before;
  Bytes after;
};

std::vector<Change> changes() {
  SeededRandom random(11);
  std::vector<PublishedKey> gaen = sample_gaen_keys(5000, random);
  std::vector<PublishedKey> bluezone = sample_bluezone_keys(2000, random);
  std::vector<Change> all(4);
  for (bool after : {false, true}) {
    if (after) {
      gaen[4000].bytes[0] ^= 1;
      bluezone[1000].bytes[0] ^= 1;
    }
    auto put = [&](size_t i, const char* name, Bytes bytes) {
      all[i].name = name;
      (after ? all[i].after : all[i].before) = std::move(bytes);
    };
    Bytes export_bin = *write_gaen_export(sample_gaen_header(), gaen);
    put(0, "export.bin", export_bin);
    put(1, "zip", ZipBuilder().add("export.bin", export_bin).finish());
    put(2, "nearzone", *write_nearzone_list(sample_nearzone_header(), gaen, {}));
    put(3, "bluezone", bytes_of(*write_bluezone_list(bluezone)));
  }
  return all;
}

TEST(KeyList, AListThatChangesAfterOpeningEndsInCorrupt) {
  for (const Change& change : changes()) {
    ChangingSource source(change.before);
    ListOptions options;
    options.hold_in_memory = 0;
    auto list = KeyList::open(source, options);
    ASSERT_TRUE(list.ok()) << change.name;
    ASSERT_TRUE(read_keys(**list).ok()) << change.name;
    source.bytes = change.after;
    EXPECT_EQ(read_keys(**list).status().code(), Code::corrupt) << change.name;
    source.bytes.resize(source.bytes.size() / 2);
    EXPECT_FALSE(read_keys(**list).ok()) << change.name;
    source.bytes = change.before;
    EXPECT_TRUE(read_keys(**list).ok()) << change.name;
  }
}

TEST(KeyList, AListHeldInMemoryCannotChange) {
  for (const Change& change : changes()) {
    ChangingSource source(change.before);
    auto list = KeyList::open(source);
    ASSERT_TRUE(list.ok()) << change.name;
    auto keys = read_keys(**list);
    source.bytes.clear();
    EXPECT_EQ(*read_keys(**list), *keys) << change.name;
  }
}

TEST(KeyList, OpeningStopsWhereverAsked) {
  for (const Change& change : changes()) {
    for (uint64_t held : {uint64_t{0}, uint64_t{16} << 20}) {
      for (int reads = 1;; ++reads) {
        Cancel cancel;
        CancellingSource source(change.before, cancel);
        source.request_at_read(reads);
        ListOptions options;
        options.hold_in_memory = held;
        options.cancel = &cancel;
        const auto list = KeyList::open(source, options);
        if (source.reads() < reads) break;
        EXPECT_EQ(list.status().code(), Code::cancelled) << change.name << " " << reads;
        EXPECT_LE(source.bytes_read_late(), 64u << 10) << change.name << " " << reads;
      }
    }
  }
}

TEST(KeyList, AFailingSourceIsNotTakenForADamagedList) {
  class Failing final : public ByteSource {
   public:
    explicit Failing(const Bytes& bytes) : bytes_(bytes) {}
    uint64_t size() const override { return bytes_.size(); }
    Status read(uint64_t offset, MutableBytes out) override {
      if (reads_left == 0) return {Code::io, "the disk is gone"};
      --reads_left;
      return MemorySource(bytes_).read(offset, out);
    }
    int reads_left = 0;

   private:
    const Bytes& bytes_;
  };
  for (const Change& change : changes()) {
    for (int reads = 0;; ++reads) {
      Failing source(change.before);
      source.reads_left = reads;
      auto list = KeyList::open(source);
      if (list.ok()) break;
      EXPECT_EQ(list.status().code(), Code::io) << change.name << " " << reads;
      ASSERT_LT(reads, 10000);
    }
  }
}

TEST(KeyList, RefusesWhatIsNoList) {
  for (std::string_view text : {"", "x", "PK", "EK Export", "NearZone", "\x1f\x8b", "  "}) {
    auto list = read_keys(as_bytes(text));
    EXPECT_EQ(list.status().code(), Code::corrupt) << text;
    EXPECT_EQ(list.status().offset(), 0) << text;
  }
}

TEST(KeyList, NamesAreFixed) {
  EXPECT_EQ(list_format_name(ListFormat::bluezone_json), "bluezone-json");
  EXPECT_EQ(list_format_name(ListFormat::gaen_export), "gaen-export");
  EXPECT_EQ(list_format_name(ListFormat::nearzone), "nearzone");
  EXPECT_EQ(signature_outcome_name(SignatureOutcome::verified), "verified");
  EXPECT_EQ(signature_outcome_name(SignatureOutcome::unsigned_list), "unsigned");
  EXPECT_EQ(signature_outcome_name(SignatureOutcome::unknown_key), "unknown-key");
  EXPECT_EQ(signature_outcome_name(SignatureOutcome::failed), "failed");
}

}  // namespace
}  // namespace nearzone::testing
