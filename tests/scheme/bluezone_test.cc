#include "nearzone/bluezone.h"

#include <gtest/gtest.h>

#include "core/crypto.h"
#include "vectors/vectors.h"

namespace nearzone::bluezone {
namespace {

using test::load_vectors;
using test::lower;
using test::secret_from_hex;

std::string hex12(const Identifier& identifier) {
  return to_hex(ByteView(identifier.bytes).first(12));
}

TEST(BluezoneVectors, GenerateDayKeysAndIdentifiers) {
  size_t checked = 0;
  const auto vectors = load_vectors("bluezone.json");
  for (const auto& base : vectors.at("generation")) {
    const Secret<32> base_key = secret_from_hex<32>(base.at("base_id"));
    for (const auto& [days, expected] : base.at("days").items()) {
      const Secret<32> day_key = step_day_key(base_key, static_cast<uint32_t>(std::stoul(days)));
      EXPECT_EQ(to_hex(day_key.expose(ForDisclosure{})), lower(expected.at("daily_key")));
      for (uint32_t per_day : {96u, 144u}) {
        const std::vector<Identifier> identifiers = identifiers_of_day(day_key, per_day);
        ASSERT_EQ(identifiers.size(), per_day);
        Sha256Stream all;
        for (const Identifier& identifier : identifiers)
          all.update(ByteView(identifier.bytes).first(12));
        const std::string name = std::to_string(per_day);
        EXPECT_EQ(to_hex(all.finish()), lower(expected.at("sha256_of_all_" + name + "_ids")));
        for (const auto& [slot, hex] : expected.at("ids_" + name).items()) {
          EXPECT_EQ(hex12(identifiers[std::stoul(slot)]), lower(hex)) << slot;
          ++checked;
        }
      }
    }
  }
  EXPECT_GE(checked, 4u * 5u * 9u);
}

TEST(BluezoneVectors, ReproduceCapturedIdentifiers) {
  const nlohmann::json evidence = load_vectors("bluezone.json").at("captured").at("evidence");
  ASSERT_EQ(evidence.size(), 7u);
  for (const auto& row : evidence) {
    if (!row.contains("captured_id")) continue;
    const Instant at{row.at("time_ms").get<int64_t>()};
    const uint32_t slot = slot_index(at, 96);
    EXPECT_EQ(slot, row.at("index_96").get<uint32_t>());
    const Secret<32> day_key =
        step_day_key(secret_from_hex<32>(row.at("base_id")), row.at("day").get<uint32_t>());
    EXPECT_EQ(hex12(identifiers_of_day(day_key, slot + 1).back()), lower(row.at("captured_id")));
  }
}

TEST(BluezoneVectors, PlaceTimesInSlots) {
  const auto vectors = load_vectors("bluezone.json");
  for (const auto& row : vectors.at("slot_index")) {
    const Instant at{row.at("time_ms").get<int64_t>()};
    const uint32_t per_day = row.at("per_day").get<uint32_t>();
    EXPECT_EQ(slot_length(per_day).count(), row.at("slot_width_ms").get<int64_t>());
    EXPECT_EQ(Day::of(at).start().ms, row.at("day_start_ms").get<int64_t>());
    EXPECT_EQ(slot_index(at, per_day), row.at("index_android").get<uint32_t>()) << row;
    EXPECT_EQ(slot_index(at, per_day) >= per_day, row.at("out_of_range").get<bool>()) << row;
  }
}

TEST(BluezoneVectors, WriteInfoF) {
  const auto vectors = load_vectors("bluezone.json");
  for (const auto& row : vectors.at("infof")) {
    const Result<std::string> text = info_f(
        secret_from_hex<32>(row.at("base_id")), Day::of({row.at("base_day_ms").get<int64_t>()}),
        {row.at("now_ms").get<int64_t>()}, row.at("days_back").get<int32_t>());
    ASSERT_TRUE(text.ok());
    EXPECT_EQ(*text, row.at("text").get<std::string>()) << row.at("label");
  }
}

TEST(Bluezone, InfoFRefusesATimeBeforeTheBaseKey) {
  const Secret<32> base_key;
  EXPECT_EQ(info_f(base_key, Day{100}, Day{99}.start()).status().code(), Code::invalid_argument);
}

}  // namespace
}  // namespace nearzone::bluezone
