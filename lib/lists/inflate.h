// Inflating in one go, which is several times faster than in pieces, where libdeflate was there
// when this was built.
#pragma once

#include <cstdint>

#include "nearzone/bytes.h"

namespace nearzone {

// Nothing can interrupt libdeflate, and whoever cancels must not wait for more than 10 ms. A list's
// MiB takes it 1.2 ms on an x86 processor, 6 ms on a core five times slower, such as phones have.
#if defined(__x86_64__)
inline constexpr uint64_t kMostInflatedWhole = uint64_t{3} << 20;
#else
inline constexpr uint64_t kMostInflatedWhole = uint64_t{3} << 19;
#endif
// Data made to be slow, of blocks without content, take 70 ms a deflated MiB even on x86. Lists
// shrink by two fifths, so that no more is let through than they need.
inline constexpr uint64_t kMostDeflatedWhole = kMostInflatedWhole / 3 * 2;

// Whether a member of these sizes may be inflated in one go.
bool can_inflate_whole(uint64_t size, uint64_t deflated_size);

// Fills `out` exactly. False where the data are damaged, have another size, or another CRC-32.
bool inflate_whole(ByteView deflated, uint32_t checksum, MutableBytes out);

}  // namespace nearzone
