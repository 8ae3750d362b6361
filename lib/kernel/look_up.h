// Filter look-ups one by one, for levels without vectors of addresses.
#pragma once

#include "kernel/table.h"

namespace nearzone::kernel {

#define NEARZONE_INLINE inline __attribute__((always_inline))

// Looks a row of identifiers up, as far as it is written already. Most have not even the first of
// their three bits set. That one is asked of many before any of them is looked at again, which
// needs no branch, and little enough else to run beside encryption, on units that this leaves idle.
class LookUps {
 public:
  NEARZONE_INLINE LookUps(const FilterView& filter, const uint8_t (*identifier)[16],
                          uint32_t* found)
      : filter_(filter), identifier_(identifier), next_(identifier), found_(found) {}

  // Whether `count` of the first `written` identifiers, a divisor of sixty-four, are still to come.
  NEARZONE_INLINE bool are_behind(size_t written, size_t count) const {
    return written - asked() >= count;
  }

  // Of the next `count`, those of a round of their neighbours' encryption: kEach from the first
  // round on, as long as there are any. end_group() after the last round.
  template <size_t kEach>
  NEARZONE_INLINE void beside(size_t round, size_t count) {
    if (round * kEach >= count) return;
#pragma GCC unroll 2
    for (size_t i = 0; i < kEach; ++i) ask_first_bit(next_[round * kEach + i]);
  }
  NEARZONE_INLINE void end_group(size_t count) {
    next_ += count;
    if (asked() % kTogether == 0) end_row(kTogether);
  }

  // All of `written` that are left; returns how many were found.
  NEARZONE_INLINE size_t finish(size_t written) {
    while (written - asked() >= kTogether - asked() % kTogether) {
      do {
#pragma GCC unroll 8
        for (size_t i = 0; i < kStep; ++i) ask_first_bit(next_[i]);
        next_ += kStep;
      } while (asked() % kTogether != 0);
      end_row(kTogether);
    }
    for (; asked() < written; ++next_) ask_first_bit(*next_);
    if (asked() % kTogether != 0) end_row(asked() % kTogether);
    settle();
    return hits_;
  }

 private:
  static constexpr size_t kTogether = 64;  // first bits in a row
  static constexpr size_t kRows = 32;
  static constexpr size_t kStep = 8;
  static constexpr size_t kListed = 4;  // of a row at once, whether there are so many or not

  NEARZONE_INLINE size_t asked() const { return static_cast<size_t>(next_ - identifier_); }

  NEARZONE_INLINE uint32_t hash_of(const uint8_t (&identifier)[16]) const {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    uint32_t low;
    __builtin_memcpy(&low, identifier, 4);
    return low * filter_.multiplier;
  }

  // The first of the three is the one that needs no shift.
  NEARZONE_INLINE void ask_first_bit(const uint8_t (&identifier)[16]) {
    const uint32_t hash = hash_of(identifier);
    const uint32_t word = filter_.words[hash >> filter_.shift];
#if defined(__x86_64__)
    // Volatile, so that it stays where it was put among the rounds.
    __asm__ volatile("bt %2, %1\n\tadc %0, %0" : "+r"(row_) : "r"(word), "r"(hash) : "cc");
#else
    row_ = row_ << 1 | (word >> (hash & 31) & 1);
#endif
  }

  // `count` first bits are in the row, the lowest being the last.
  NEARZONE_INLINE void end_row(size_t count) {
    rows_[row_count_++] = row_ << (kTogether - count);
    if (row_count_ == kRows) settle();
  }

  // Asks for the other two bits. Only how many of a row's first bits are set makes branches, and
  // few of them: those of what was asked just now would be guessed wrong again and again.
  NEARZONE_INLINE void settle() {
    uint32_t candidates[kRows * kTogether + kListed];
    size_t count = 0;
    for (size_t i = 0; i < row_count_; ++i) {
      uint64_t row = rows_[i];
      const auto set = static_cast<size_t>(__builtin_popcountll(row));
      for (size_t listed = 0; listed < set; listed += kListed) {
#pragma GCC unroll 4
        for (size_t j = 0; j < kListed; ++j) {
          const auto place = static_cast<uint32_t>(__builtin_clzll(row | 1));
          candidates[count + listed + j] = settled_ + place;
          row &= ~(uint64_t{1} << 63 >> place);
        }
      }
      count += set;
      settled_ += kTogether;
    }
    row_count_ = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t hash = hash_of(identifier_[candidates[i]]);
      const uint32_t word = filter_.words[hash >> filter_.shift];
      // Written in any case, and counted if it is one.
      found_[hits_] = candidates[i];
      hits_ += word >> (hash >> kFirstFilterBit & 31) & word >> (hash >> kSecondFilterBit & 31) & 1;
    }
  }

  const FilterView filter_;
  const uint8_t (*const identifier_)[16];
  const uint8_t (*next_)[16];  // whose first bit is to be asked for
  uint32_t* const found_;
  size_t hits_ = 0;
  uint64_t row_ = 0;
  uint64_t rows_[kRows];
  size_t row_count_ = 0;
  uint32_t settled_ = 0;
};

// Where nothing is to be looked up.
struct NoLookUps {
  NoLookUps(const FilterView&, const uint8_t (*)[16], uint32_t*) {}
  static bool are_behind(size_t, size_t) { return false; }
  template <size_t kEach>
  static void beside(size_t, size_t) {}
  static void end_group(size_t) {}
  static size_t finish(size_t) { return 0; }
};

}  // namespace nearzone::kernel
