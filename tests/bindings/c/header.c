/* The header needs nothing before it, is C99, and may be included twice. */
#include "nearzone.h"

const uint32_t header_in_c = NZ_ABI_VERSION;

#include "nearzone.h"
