#include "encounter_log/key_table.h"

#include "core/crypto.h"
#include "encounter_log/support.h"

namespace nearzone::encounter_log {
namespace {

constexpr size_t kVersionOffset = 8;

KeyTable table_of(size_t days, Random& random) {
  KeyTable table;
  random.fill(table.database_id);
  table.sequence = 0x0102030405060708;
  for (size_t i = 0; i < days; ++i)
    table.insert(Day{static_cast<int32_t>(days - i) * 3}, Secret<32>::random(random));
  return table;
}

void write_checksum(std::vector<uint8_t>& slot) {
  const Digest checksum = sha256(ByteView(slot).first(kSlotSize - 32));
  std::ranges::copy(checksum, slot.end() - 32);
}

class Slot : public testing::Test {
 protected:
  SeededRandom random_{5};
  Secret<32> key_ = slot_key(log_test::root_of(7));
};

TEST_F(Slot, ReadsWhatWasWritten) {
  for (size_t days : {size_t{0}, size_t{1}, size_t{15}, KeyTable::kMostDays}) {
    KeyTable table = table_of(days, random_);
    if (days == 15) table.sure = SureTime{log_test::kNoon, Millis(days)};
    const std::vector<uint8_t> slot = encode_slot(table, key_, random_);
    ASSERT_EQ(slot.size(), kSlotSize);
    EXPECT_EQ(*check_slot(slot), table.sequence);
    const Result<KeyTable> again = decode_slot(slot, key_);
    ASSERT_OK(again.status());
    EXPECT_EQ(again->database_id, table.database_id);
    EXPECT_EQ(again->sequence, table.sequence);
    EXPECT_EQ(again->sure, table.sure);
    ASSERT_EQ(again->days.size(), days);
    for (size_t i = 0; i < days; ++i) {
      EXPECT_EQ(again->days[i].day, Day{static_cast<int32_t>(i + 1) * 3});
      EXPECT_TRUE(again->days[i].key.equals(table.days[i].key));
      EXPECT_EQ(again->find(again->days[i].day), &again->days[i].key);
    }
    EXPECT_EQ(again->find(Day{1}), nullptr);
  }
}

TEST_F(Slot, TellsAWrongKeyFromDamage) {
  const std::vector<uint8_t> slot = encode_slot(table_of(3, random_), key_, random_);
  const Secret<32> other = slot_key(log_test::root_of(8));
  EXPECT_CODE(decode_slot(slot, other).status(), Code::wrong_key);
  for (size_t at = 0; at < slot.size(); ++at) {
    std::vector<uint8_t> flipped = slot;
    flipped[at] ^= 0x10;
    ASSERT_EQ(decode_slot(flipped, key_).status().code(), Code::corrupt) << at;
    ASSERT_EQ(check_slot(flipped).status().code(), Code::corrupt) << at;
  }
  for (size_t size : {size_t{0}, size_t{1}, kSlotSize - 1})
    EXPECT_CODE(check_slot(ByteView(slot).first(size)).status(), Code::corrupt);
}

TEST_F(Slot, BindsWhatStandsBeforeTheSeal) {
  const std::vector<uint8_t> slot = encode_slot(table_of(3, random_), key_, random_);
  for (size_t at : {size_t{12}, size_t{27}, size_t{28}, size_t{35}}) {
    std::vector<uint8_t> altered = slot;
    altered[at] ^= 1;
    write_checksum(altered);
    EXPECT_CODE(decode_slot(altered, key_).status(), Code::wrong_key);
  }
}

TEST_F(Slot, NamesANewerVersion) {
  std::vector<uint8_t> slot = encode_slot(table_of(3, random_), key_, random_);
  slot[kVersionOffset] = 2;
  EXPECT_CODE(check_slot(slot).status(), Code::corrupt);  // a flipped bit is no newer version
  write_checksum(slot);
  EXPECT_CODE(check_slot(slot).status(), Code::newer_format);
  EXPECT_CODE(decode_slot(slot, key_).status(), Code::newer_format);
}

class Notes : public testing::Test {
 protected:
  Notes() : table_(table_of(3, random_)) {
    table_.note({Day{3}, 1, 2, 0});
    table_.note({Day{9}, 4, 5, 6});
    table_.note({Day{3}, 2, 9, 1});
  }
  std::vector<DayMark> read(ByteView bytes, const KeyTable& table) {
    return decode_notes(bytes, table, key_);
  }

  SeededRandom random_{6};
  Secret<32> key_ = notes_key(log_test::root_of(7));
  KeyTable table_;
};

TEST_F(Notes, AreReadWhateverStandsBehindThem) {
  std::vector<uint8_t> bytes = encode_notes(table_, key_);
  EXPECT_EQ(read(bytes, table_), (std::vector<DayMark>{{Day{3}, 2, 9, 1}, {Day{9}, 4, 5, 6}}));
  bytes.resize(bytes.size() + 100, 0xee);
  EXPECT_EQ(read(bytes, table_), table_.notes);
}

TEST_F(Notes, CountWithTheMarks) {
  table_.marks = {{Day{3}, 7, 8, 0}, {Day{6}, 1, 1, 1}};
  EXPECT_EQ(table_.mark(Day{3}), (DayMark{Day{3}, 7, 9, 1}));
  EXPECT_EQ(table_.mark(Day{6}), (DayMark{Day{6}, 1, 1, 1}));
  EXPECT_EQ(table_.mark(Day{9}), (DayMark{Day{9}, 4, 5, 6}));
  EXPECT_EQ(table_.mark(Day{12}), DayMark{Day{12}});
}

TEST_F(Notes, AreNoneWhereTheyAreDamaged) {
  const std::vector<uint8_t> bytes = encode_notes(table_, key_);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::vector<uint8_t> flipped = bytes;
    flipped[at] ^= 0x10;
    EXPECT_TRUE(read(flipped, table_).empty()) << at;
    EXPECT_TRUE(read(ByteView(bytes).first(at), table_).empty()) << at;
  }
}

TEST_F(Notes, AreOfOneTableAndOneRootSecret) {
  const std::vector<uint8_t> bytes = encode_notes(table_, key_);
  KeyTable next = table_.duplicate();
  ++next.sequence;
  EXPECT_TRUE(read(bytes, next).empty());
  KeyTable other = table_.duplicate();
  other.database_id[0] ^= 1;
  EXPECT_TRUE(read(bytes, other).empty());
  EXPECT_TRUE(decode_notes(bytes, table_, notes_key(log_test::root_of(8))).empty());
}

TEST_F(Slot, ShowsNoKey) {
  const KeyTable table = table_of(3, random_);
  const std::vector<uint8_t> slot = encode_slot(table, key_, random_);
  for (const DayKey& day : table.days)
    EXPECT_TRUE(std::ranges::search(slot, day.key.expose(ForSealing{})).empty());
}

}  // namespace
}  // namespace nearzone::encounter_log
