// Inflating in one go, which is several times faster than in pieces, where libdeflate was there
// when this was built.
#pragma once

#include <cstdint>

#include "nearzone/bytes.h"

namespace nearzone {

// Whether a member of these sizes may be inflated so. Nothing can interrupt it, hence none that
// would take longer than some milliseconds.
bool can_inflate_whole(uint64_t size, uint64_t deflated_size);

// Fills `out` exactly. False where the data are damaged, have another size, or another CRC-32.
bool inflate_whole(ByteView deflated, uint32_t checksum, MutableBytes out);

}  // namespace nearzone
