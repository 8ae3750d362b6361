// Filter look-ups of every level against the definition in kernel/table.h, spelt out.
#include <cstdint>

#include "kernel/level_test.h"

namespace nearzone::kernel {
namespace {

constexpr uint32_t kMultiplier = 0x9e3779b1;

class FilterLookUp : public LevelTest {
 protected:
  // Half of all bits set: an eighth of the identifiers passes. Or a sixteenth of them, as in use.
  std::vector<uint32_t> random_filter(uint32_t words, bool sparse) {
    std::vector<uint32_t> filter(words);
    for (uint32_t& word : filter) {
      word = 0xffffffff;
      for (int i = 0; i < (sparse ? 4 : 1); ++i)
        word &= static_cast<uint32_t>(random_.below(uint64_t{1} << 32));
    }
    return filter;
  }

  static FilterView view(const std::vector<uint32_t>& filter) {
    return {filter.data(), kMultiplier, 32 - static_cast<uint32_t>(__builtin_ctzll(filter.size()))};
  }

  // By the definition, spelt out.
  static std::vector<uint32_t> look_up(const std::vector<uint32_t>& filter, Rows<16>& identifiers,
                                       size_t count) {
    std::vector<uint32_t> found;
    for (uint32_t i = 0; i < count; ++i) {
      const uint8_t* bytes = identifiers[i];
      const uint32_t low = static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8 |
                           static_cast<uint32_t>(bytes[2]) << 16 |
                           static_cast<uint32_t>(bytes[3]) << 24;
      const uint32_t hash = low * kMultiplier;
      const uint32_t word = filter[hash / ((uint64_t{1} << 32) / filter.size())];
      if ((word >> hash / 1024 % 32 & 1) != 0 && (word >> hash / 32 % 32 & 1) != 0 &&
          (word >> hash % 32 & 1) != 0)
        found.push_back(i);
    }
    return found;
  }

  // Of `found`, which has room for one more than there can be.
  static void expect_found(std::vector<uint32_t> found, size_t hits,
                           const std::vector<uint32_t>& expected) {
    EXPECT_EQ(found.back(), 0xffffffff);
    ASSERT_LT(hits, found.size());
    found.resize(hits);
    EXPECT_EQ(found, expected);
  }

  void derive_and_find(const std::vector<uint32_t>& first, const std::vector<uint32_t>& count,
                       const std::vector<uint32_t>& filter) {
    Rows<16> key(first.size(), random_);
    uint8_t prefix[12];
    random_.fill(prefix);
    size_t all = 0;
    for (const uint32_t each : count) all += each;
    Rows<16> out(all, random_);
    Rows<16> expected = out;
    std::vector<uint32_t> found(all + 1, 0xffffffff);
    kernel_->aes128_number(key.get(), prefix, first.data(), count.data(), first.size(),
                           expected.get());
    const size_t hits =
        kernel_->aes128_number_find(key.get(), prefix, first.data(), count.data(), first.size(),
                                    view(filter), out.get(), found.data());
    EXPECT_EQ(out, expected);
    expect_found(std::move(found), hits, look_up(filter, out, all));
  }
};

TEST_P(FilterLookUp, FindsThoseAndOnlyThoseWithAllBitsSet) {
  for (const uint32_t words : {2u, 16u, 4096u}) {
    for (const bool sparse : {false, true}) {
      const std::vector<uint32_t> filter = random_filter(words, sparse);
      for (size_t count = 0; count <= 200; ++count) {
        SCOPED_TRACE(testing::Message() << words << " words, " << count << " identifiers");
        Rows<16> identifiers(count, random_);
        std::vector<uint32_t> found(count + 1, 0xffffffff);
        const size_t hits =
            kernel_->filter_find(view(filter), identifiers.get(), count, found.data());
        expect_found(std::move(found), hits, look_up(filter, identifiers, count));
      }
    }
  }
}

TEST_P(FilterLookUp, FindsAllOfAFullFilterAndNothingInAnEmptyOne) {
  for (const uint32_t bits : {0u, 0xffffffffu}) {
    derive_and_find({2642976, 5, 7}, {144, 131, 1}, std::vector<uint32_t>(64, bits));
  }
}

TEST_P(FilterLookUp, FindsWhatIsDerivedBesideItInAnyCount) {
  const std::vector<uint32_t> filter = random_filter(256, false);
  for (uint32_t count = 0; count <= 150; ++count) derive_and_find({2642976}, {count}, filter);
}

TEST_P(FilterLookUp, FindsWhatIsDerivedBesideItUnderAnyNumberOfKeysInCountsOfTheirOwn) {
  for (size_t keys = 0; keys <= 37; ++keys) {
    std::vector<uint32_t> first(keys), count(keys);
    for (size_t k = 0; k < keys; ++k) {
      first[k] = static_cast<uint32_t>(random_.below(uint64_t{1} << 32));
      count[k] = static_cast<uint32_t>(random_.below(145));
      if (random_.below(4) == 0) count[k] = 0;
    }
    derive_and_find(first, count, random_filter(1024, keys % 2 == 0));
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, FilterLookUp, testing::ValuesIn(level_names()), test_name);

}  // namespace
}  // namespace nearzone::kernel
