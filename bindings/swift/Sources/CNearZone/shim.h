/* What Swift sees of the C interface: all of it, and the constants that Swift cannot read by
 * itself, because they are made of other macros. */
#ifndef NEARZONE_SWIFT_SHIM_H
#define NEARZONE_SWIFT_SHIM_H

#include "nearzone.h"

static inline int64_t nz_swift_unknown_time(void) { return NZ_UNKNOWN_TIME; }
static inline int32_t nz_swift_unknown(void) { return NZ_UNKNOWN; }

#endif /* NEARZONE_SWIFT_SHIM_H */
