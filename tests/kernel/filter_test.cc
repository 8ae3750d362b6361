// Filter look-ups of every level against the definition in kernel/table.h, spelt out.
#include <cstdint>

#include "kernel/level_test.h"

namespace nearzone::kernel {
namespace {

class FilterLookUp : public LevelTest {};

TEST_P(FilterLookUp, FindsThoseAndOnlyThoseWithAllBitsSet) {
  for (uint32_t words : {2u, 16u, 4096u}) {
    const uint32_t shift = 32 - static_cast<uint32_t>(__builtin_ctz(words));
    const uint32_t multiplier = 0x9e3779b1;
    // Half of all bits set: an eighth of the identifiers passes.
    std::vector<uint32_t> filter(words);
    random_.fill({reinterpret_cast<uint8_t*>(filter.data()), 4 * filter.size()});
    for (size_t count = 0; count <= 60; ++count) {
      Rows<16> identifiers(count, random_);
      std::vector<uint32_t> expected;
      for (uint32_t i = 0; i < count; ++i) {
        const uint8_t* bytes = identifiers[i];
        const uint32_t low =
            static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8 |
            static_cast<uint32_t>(bytes[2]) << 16 | static_cast<uint32_t>(bytes[3]) << 24;
        const uint32_t hash = low * multiplier;
        const uint32_t word = filter[hash / (uint64_t{1} << shift)];
        if ((word >> hash / 1024 % 32 & 1) != 0 && (word >> hash / 32 % 32 & 1) != 0 &&
            (word >> hash % 32 & 1) != 0)
          expected.push_back(i);
      }
      std::vector<uint32_t> found(count + 1, 0xffffffff);
      const size_t hits = kernel_->filter_find({filter.data(), multiplier, shift},
                                               identifiers.get(), count, found.data());
      EXPECT_EQ(found.back(), 0xffffffff);
      ASSERT_LE(hits, count);
      found.resize(hits);
      EXPECT_EQ(found, expected) << words << " words, " << count << " identifiers";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, FilterLookUp, testing::ValuesIn(level_names()), test_name);

}  // namespace
}  // namespace nearzone::kernel
