// The header is C++ as well, under the warnings of this project.
#include "nearzone.h"

static_assert(NZ_UNKNOWN < 0 && NZ_UNKNOWN_TIME < 0 && NZ_THE_PERSON_CONSENTS > 0);
