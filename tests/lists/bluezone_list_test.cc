#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/crypto.h"
#include "lists/support.h"
#include "tests_folder.h"

namespace nearzone::testing {
namespace {

constexpr const char* kRecord =
    R"({"daily_key":"000102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f",)"
    R"("time_start":1596844800,"time_end":1596931200,"max":96})";

std::string list_of(std::initializer_list<std::string> records) {
  std::string text = "{\"data\":[";
  for (const std::string& record : records) text += record + ",";
  if (records.size() > 0) text.pop_back();
  return text + "]}";
}

TEST(BluezoneList, ReadsBackWhatWasWritten) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    std::vector<PublishedKey> keys = sample_bluezone_keys(random.below(100), random);
    std::string text = *write_bluezone_list(keys);
    auto read = read_keys(as_bytes(text));
    ASSERT_TRUE(read.ok()) << read.status().text();
    EXPECT_EQ(*read, as_written(keys, false));
  }
}

TEST(BluezoneList, ReadsHexInEitherCase) {
  auto keys = read_keys(as_bytes(list_of({kRecord})));
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 1u);
  const PublishedKey& key = (*keys)[0];
  EXPECT_EQ(key.scheme, SchemeTag::bluezone);
  for (uint8_t i = 0; i < 32; ++i) EXPECT_EQ(key.bytes[i], i);
  EXPECT_EQ(key.valid_from, Instant::from_seconds(1596844800));
  EXPECT_EQ(key.valid_to, Instant::from_seconds(1596931200));
  EXPECT_EQ(key.identifiers_per_day, 96u);
}

TEST(BluezoneList, ReadsABareArrayAndTextAroundTheList) {
  std::string bare = std::string(" [") + kRecord + "]\n";
  EXPECT_EQ(read_keys(as_bytes(bare))->size(), 1u);
  std::string around = std::string("\xEF\xBB\xBF\r\n{\"a\":{\"data\":[1]},\"data\" : [ ") +
                       kRecord + " , " + kRecord + " ] ,\"b\":[[{}]]}";
  EXPECT_EQ(read_keys(as_bytes(around))->size(), 2u);
  EXPECT_EQ(read_keys(as_bytes("{\"data\":[]}"))->size(), 0u);
}

TEST(BluezoneList, IsUnsignedAndTellsItsDigest) {
  std::string text = list_of({kRecord});
  MemorySource source(as_bytes(text));
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok());
  PublicKey key = sample_ed25519_key(1);
  EXPECT_EQ((*list)->verify({&key, 1}).outcome, SignatureOutcome::unsigned_list);
  EXPECT_EQ((*list)->content_digest(), sha256(as_bytes(text)));
  EXPECT_EQ((*list)->info().format, ListFormat::bluezone_json);
}

TEST(BluezoneList, RefusesEachBadRecordByIndexAndKeepsTheOthers) {
  Bytes text = fixture("bluezone_bad_records.json");
  MemorySource source(text);
  auto list = KeyList::open(source);
  ASSERT_TRUE(list.ok()) << list.status().text();
  const ListInfo& info = (*list)->info();
  struct {
    int64_t record;
    const char* field;
  } const expected[] = {{1, "daily_key"}, {2, "daily_key"},   {3, "daily_key"},   {4, "time_start"},
                        {5, "time_end"},  {6, "time_end"},    {7, "time_end"},    {8, "max"},
                        {9, "max"},       {10, "time_start"}, {11, "time_start"}, {12, "data"},
                        {13, "max"},      {14, "max"}};
  ASSERT_EQ(info.refused_count, std::size(expected));
  for (size_t i = 0; i < std::size(expected); ++i) {
    const Status& reason = info.refused[i].reason;
    EXPECT_EQ(reason.record(), expected[i].record);
    EXPECT_STREQ(reason.field(), expected[i].field) << expected[i].record;
    EXPECT_GT(reason.offset(), 0);
    EXPECT_STRNE(reason.text(), "");
  }
  EXPECT_EQ(info.keys, 2u);
  auto keys = read_keys(**list, 1);
  ASSERT_TRUE(keys.ok()) << keys.status().text();
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].record, 0u);
  EXPECT_EQ((*keys)[1].record, 15u);
}

TEST(BluezoneList, BordersOfWhatIsAllowed) {
  auto count = [](const char* start, const char* end, const char* max) {
    std::string record = std::string("{\"daily_key\":\"") + std::string(64, 'f') +
                         "\",\"time_start\":" + start + ",\"time_end\":" + end + ",\"max\":" + max +
                         "}";
    return read_keys(as_bytes(list_of({record})))->size();
  };
  EXPECT_EQ(count("0", "0", "1"), 1u);
  EXPECT_EQ(count("1596844800", "1602201600", "1440"), 1u);  // 62 days
  EXPECT_EQ(count("1596844800", "1602201601", "1440"), 0u);
  EXPECT_EQ(count("1596844800", "1596844799", "96"), 0u);
  EXPECT_EQ(count("1596844800", "99999999999999999999", "96"), 0u);
  EXPECT_EQ(count("1596844800", "18446744073709551615", "96"), 0u);
  EXPECT_EQ(count("-9223372036854775808", "0", "96"), 0u);
  EXPECT_EQ(count("1596844800", "1596844800", "96.0"), 0u);
  EXPECT_EQ(count("1596844800", "1596844800", "1e2"), 0u);
  EXPECT_EQ(count("1596844800", "1596844800", "true"), 0u);
  EXPECT_EQ(count("1596844800", "1596844800", "null"), 0u);
}

TEST(BluezoneList, EntriesThatAreNoObjectsAreRefusedOneByOne) {
  for (const char* entry : {"null", "true", "false", "-1.5e3", "\"{}\"", "[]", "[[{\"max\":1}]]"}) {
    std::string text = list_of({entry, kRecord, entry, kRecord, entry});
    MemorySource source(as_bytes(text));
    auto list = KeyList::open(source);
    ASSERT_TRUE(list.ok()) << entry;
    EXPECT_EQ((*list)->info().keys, 2u) << entry;
    EXPECT_EQ((*list)->info().refused_count, 3u) << entry;
    auto keys = read_keys(**list, 1);
    ASSERT_TRUE(keys.ok()) << entry << ": " << keys.status().text();
    ASSERT_EQ(keys->size(), 2u) << entry;
    EXPECT_EQ((*keys)[1].record, 3u) << entry;
  }
}

TEST(BluezoneList, BrokenJsonRefusesTheListWithTheOffset) {
  struct {
    const char* text;
    int64_t offset;
  } const cases[] = {{"{\"data\":[", 9},      {"{\"data\":[}", 9}, {"{\"data\":[],}", 11},
                     {"{\"data\":[]} x", 12}, {"{'data':[]}", 1},  {"[1 2]", 3},
                     {"[\"\\u12\"]", 6},      {"[\"\xff\"]", 2},   {"[01]", 2}};
  for (const auto& broken : cases) {
    auto keys = read_keys(as_bytes(broken.text));
    EXPECT_EQ(keys.status().code(), Code::corrupt) << broken.text;
    EXPECT_EQ(keys.status().offset(), broken.offset) << broken.text;
  }
  std::string zero("{\"data\":[]}\0{}", 14);
  EXPECT_EQ(read_keys(as_bytes(zero)).status().code(), Code::corrupt);
}

TEST(BluezoneList, RefusesATextWithoutOneList) {
  for (const char* text : {"{}", "{\"data\":{}}", "{\"data\":\"[]\"}", "{\"data\":null}",
                           "{\"data\":1}", "{\"data\":[],\"data\":[]}"}) {
    auto keys = read_keys(as_bytes(text));
    EXPECT_EQ(keys.status().code(), Code::corrupt) << text;
    EXPECT_STREQ(keys.status().field(), "data") << text;
  }
}

TEST(BluezoneList, DepthIsLimited) {
  std::string deep = "{\"x\":" + std::string(1000, '[');
  EXPECT_EQ(read_keys(as_bytes(deep)).status().code(), Code::corrupt);
}

TEST(BluezoneList, LongRunsWithoutAValueAreLimited) {
  std::string spaces = "{\"data\":[" + std::string(1 << 20, ' ') + "]}";
  EXPECT_EQ(read_keys(as_bytes(spaces)).status().code(), Code::limit_exceeded);
  std::string name = "{\"" + std::string(1 << 20, 'a') + "\":1,\"data\":[]}";
  EXPECT_EQ(read_keys(as_bytes(name)).status().code(), Code::limit_exceeded);
  std::string empty_objects = "[{}";
  for (int i = 0; i < 400000; ++i) empty_objects += ",{}";
  EXPECT_EQ(read_keys(as_bytes(empty_objects + "]")).status().code(), Code::limit_exceeded);
}

TEST(BluezoneList, ReadsThePublishedListsOfTheVectors) {
  Bytes text = read_file(test::tests_folder() + "/vectors/bluezone.json");
  auto vectors = nlohmann::json::parse(text.begin(), text.end());
  ASSERT_FALSE(vectors["published_lists"].empty());
  for (const auto& vector : vectors["published_lists"]) {
    std::string payload = vector["payload"];
    auto plain = nlohmann::json::parse(payload)["data"];
    MemorySource source(as_bytes(payload));
    auto list = KeyList::open(source);
    ASSERT_TRUE(list.ok()) << vector["name"];
    const ListInfo& info = (*list)->info();
    EXPECT_EQ(info.keys + info.refused_count, plain.size()) << vector["name"];
    auto keys = read_keys(**list);
    ASSERT_TRUE(keys.ok());
    for (const PublishedKey& key : *keys) {
      const auto& record = plain[key.record];
      Bytes expected(32);
      ASSERT_TRUE(from_hex(record["daily_key"].get<std::string>(), expected).ok());
      EXPECT_EQ(Bytes(key.bytes.begin(), key.bytes.end()), expected);
      EXPECT_EQ(key.identifiers_per_day, record["max"].get<uint32_t>());
    }
  }
}

TEST(BluezoneWriter, RefusesWhatTheFormatCannotSay) {
  SeededRandom random(1);
  std::vector<PublishedKey> keys = sample_bluezone_keys(2, random);
  keys[1].valid_to = keys[1].valid_to + Millis(1);
  EXPECT_STREQ(write_bluezone_list(keys).status().field(), "time_end");
  EXPECT_EQ(write_bluezone_list(keys).status().record(), 1);
  EXPECT_STREQ(write_bluezone_list(sample_gaen_keys(1, random)).status().field(), "scheme");
}

}  // namespace
}  // namespace nearzone::testing
