#include "nearzone/bluezone_v1.h"

#include <gtest/gtest.h>

#include "vectors/vectors.h"

namespace nearzone::bluezone_v1 {
namespace {

TEST(BluezoneV1Vectors, IdentifiersOfSeeds) {
  const auto vectors = test::load_vectors("bluezone.json").at("legacy_6_char");
  ASSERT_EQ(vectors.at("android_seed_ms_to_id").size(), 5u);
  for (const auto& [seed, identifier] : vectors.at("android_seed_ms_to_id").items())
    EXPECT_EQ(identifier_of_seed(std::stoll(seed)), identifier.get<std::string>());
}

TEST(BluezoneV1Vectors, LocalNames) {
  const auto vectors = test::load_vectors("bluezone.json").at("legacy_6_char");
  ASSERT_EQ(vectors.at("ios_local_names").size(), 4u);
  for (const auto& row : vectors.at("ios_local_names")) {
    const auto name = local_name(row.at("id").get<std::string>(), row.at("p1"), row.at("p2"));
    ASSERT_TRUE(name.ok());
    EXPECT_EQ(*name, row.at("name").get<std::string>());
    const auto identifier = identifier_of_local_name(*name);
    ASSERT_TRUE(identifier.ok());
    EXPECT_EQ(*identifier, row.at("id").get<std::string>());
  }
}

TEST(BluezoneV1, EveryPairOfPositionsComesBack) {
  for (int first = 1; first <= 5; ++first)
    for (int second = 1; second <= 5; ++second) {
      const auto name = local_name("aZ09Qx", first, second);
      ASSERT_EQ(name.ok(), first != second);
      if (!name.ok()) continue;
      EXPECT_EQ(*identifier_of_local_name(*name), "aZ09Qx");
    }
}

TEST(BluezoneV1, RefusesOtherNames) {
  for (const char* name : {"", "Bluezone", "13II3h7QP1", "03II3h7QP2", "13II3h7QP6", "13IX3h7QP2",
                           "13II3h7QP22", "13II3h-QP2"})
    EXPECT_EQ(identifier_of_local_name(name).status().code(), Code::corrupt) << name;
  EXPECT_EQ(local_name("short", 1, 2).status().code(), Code::invalid_argument);
  EXPECT_EQ(local_name("aZ09Qx", 0, 2).status().code(), Code::invalid_argument);
}

}  // namespace
}  // namespace nearzone::bluezone_v1
