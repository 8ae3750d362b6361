#include <gtest/gtest.h>

#include <algorithm>

#include "lists/formats.h"
#include "lists/golomb_set.h"
#include "lists/nearzone_fields.h"
#include "lists/support.h"

namespace nearzone::testing {
namespace {

using namespace nearzone_fields;

constexpr SchemeTag kScheme6 = SchemeTag::dp3t_unlinkable;

Bytes signed_set(std::span<const SetItem> items) {
  std::vector<Secret<32>> seeds;
  seeds.push_back(sample_seed(1));
  return *write_nearzone_set(sample_nearzone_header(), kScheme6, items, seeds);
}

struct OpenSet {
  explicit OpenSet(Bytes given) : bytes(std::move(given)), source(bytes) {
    auto opened = KeyList::open(source);
    EXPECT_TRUE(opened.ok()) << opened.status().text();
    if (opened.ok()) list = *std::move(opened);
  }
  Bytes bytes;
  MemorySource source;
  std::unique_ptr<KeyList> list;
};

// docs/formats/nearzone-set.md says what a whole file takes: the items, and some 135 bytes with one
// signature.
TEST(NearzoneSet, AWholeFileIsAsLargeAsItIsSaidToBe) {
  SeededRandom random(9);
  const auto bits_an_item = [&](size_t count) {
    return 8.0 * static_cast<double>(signed_set(sample_items(count, random)).size()) /
           static_cast<double>(count);
  };
  EXPECT_NEAR(static_cast<double>(signed_set({}).size()), 135, 10);
  EXPECT_NEAR(bits_an_item(480), 45.8, 0.2);
  EXPECT_LE(bits_an_item(2400), 44.0);
  EXPECT_LE(bits_an_item(20000), 43.7);
}

TEST(NearzoneSet, HoldsItsItemsAndTellsItsHeader) {
  SeededRandom random(1);
  for (const size_t count : {0u, 1u, 480u, 20000u}) {
    const auto items = sample_items(count, random);
    const OpenSet open(signed_set(items));
    ASSERT_NE(open.list->set(), nullptr);
    EXPECT_EQ(open.list->set()->scheme(), kScheme6);
    EXPECT_EQ(open.list->set()->size(), count);
    const ListInfo& info = open.list->info();
    const NearzoneListHeader header = sample_nearzone_header();
    EXPECT_EQ(info.format, ListFormat::nearzone_set);
    EXPECT_EQ(info.keys, count);
    EXPECT_EQ(info.list_id, header.list_id);
    EXPECT_EQ(info.sequence, header.sequence);
    EXPECT_EQ(info.region, header.region);
    EXPECT_EQ(info.start, header.valid_from);
    EXPECT_EQ(info.end, header.valid_to);
    // Strangers and items mixed.
    std::vector<SetItem> probes = sample_items(1000, random);
    std::vector<size_t> expected;
    for (size_t i = 0; i < std::min<size_t>(count, 300); ++i) {
      probes[3 * i + 1] = items[count - 1 - i];
      expected.push_back(3 * i + 1);
    }
    std::vector<size_t> found;
    ASSERT_TRUE(open.list->set()->contains(probes, found, nullptr).ok());
    EXPECT_EQ(found, expected);
  }
}

TEST(NearzoneSet, IsTheSameInWhateverOrderItsItemsCome) {
  SeededRandom random(2);
  auto items = sample_items(500, random);
  const Bytes bytes = signed_set(items);
  std::ranges::reverse(items);
  EXPECT_EQ(signed_set(items), bytes);
}

TEST(NearzoneSet, HasNoKeysToStream) {
  SeededRandom random(3);
  const OpenSet open(signed_set(sample_items(10, random)));
  EXPECT_TRUE(read_keys(*open.list)->empty());
}

TEST(NearzoneSet, IsVerifiedLikeAList) {
  SeededRandom random(4);
  const OpenSet open(signed_set(sample_items(100, random)));
  const PublicKey own = sample_ed25519_key(1), other = sample_ed25519_key(2);
  EXPECT_EQ(open.list->verify({&own, 1}).outcome, SignatureOutcome::verified);
  EXPECT_EQ(open.list->verify({&other, 1}).outcome, SignatureOutcome::failed);
  // Another value in the set's code, or its header, is another set.
  Bytes altered = open.bytes;
  altered[20] ^= 1;  // of the list id
  const OpenSet tampered(altered);
  EXPECT_EQ(tampered.list->verify({&own, 1}).outcome, SignatureOutcome::failed);
}

// A set cannot be passed off as a list, nor the other way round: their signatures differ, too.
TEST(NearzoneSet, SignaturesOfListsDoNotHoldForSets) {
  SeededRandom random(5);
  Bytes bytes = signed_set(sample_items(3, random));
  std::ranges::copy(kNearzoneHeader, bytes.begin());
  MemorySource source(bytes);
  const auto list = KeyList::open(source);
  if (!list.ok()) return;
  const PublicKey own = sample_ed25519_key(1);
  EXPECT_EQ((*list)->verify({&own, 1}).outcome, SignatureOutcome::failed);
}

Bytes set_of(uint64_t scheme, uint64_t items, const Bytes& coded) {
  Bytes body;
  WireWriter writer(body);
  writer.varint(kScheme, scheme);
  writer.varint(kItems, items);
  writer.bytes(kCoded, coded);
  Bytes out(kNearzoneSetHeader.begin(), kNearzoneSetHeader.end());
  WireWriter(out).bytes(kBody, body);
  return out;
}

TEST(NearzoneSet, RefusesWhatNoWriterWrites) {
  const auto status = [](const Bytes& bytes) {
    MemorySource source(bytes);
    return KeyList::open(source).status();
  };
  EXPECT_TRUE(status(set_of(6, 0, {})).ok());
  EXPECT_STREQ(status(set_of(2, 0, {})).field(), "scheme");
  EXPECT_STREQ(status(set_of(6, kMostSetItems + 1, {})).field(), "items");
  EXPECT_STREQ(status(set_of(6, ~uint64_t{0}, {})).field(), "items");
  EXPECT_STREQ(status(set_of(6, 3, {})).field(), "coded");
  EXPECT_STREQ(status(set_of(6, 0, Bytes(9))).field(), "coded");
  EXPECT_STREQ(status(set_of(6, 1, Bytes(100, 0xff))).field(), "coded");
  EXPECT_EQ(status(set_of(6, 1, Bytes(100, 0xff))).code(), Code::corrupt);
}

TEST(NearzoneSet, CanBeCancelled) {
  SeededRandom random(6);
  const OpenSet open(signed_set(sample_items(1000, random)));
  Cancel cancel;
  cancel.request();
  std::vector<size_t> found;
  EXPECT_EQ(open.list->set()->contains(sample_items(10, random), found, &cancel).code(),
            Code::cancelled);
}

TEST(NearzoneSet, WriterRefusesOtherSchemes) {
  EXPECT_STREQ(
      write_nearzone_set(sample_nearzone_header(), SchemeTag::gaen, {}, {}).status().field(),
      "scheme");
  NearzoneListHeader header = sample_nearzone_header();
  header.valid_to = header.valid_from;
  EXPECT_STREQ(write_nearzone_set(header, kScheme6, {}, {}).status().field(), "valid_to");
}

}  // namespace
}  // namespace nearzone::testing
