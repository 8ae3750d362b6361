// The keys of DP-3T and the reports of TCN that an authority publishes, as rows of text.
#pragma once

#include <string_view>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/status.h"
#include "nearzone/time.h"

namespace nearzone::tools {

// CSV without quotes, its first line naming the columns, in any order: `scheme`; `key`, in
// hexadecimal, or TCN's whole signed report; `from_ms`, but for TCN; and, where they are not to be
// the usual ones, `released_at_ms` and `to_ms`, of a DP-3T hybrid window that is not of two hours.
//
// No key is released later than `now`, the moment of publication: that is also what is written
// where the phone gave none. Every key has passed its scheme's check, every report its signature's.
Result<std::vector<PublishedKey>> read_key_rows(std::string_view text, Instant now);

}  // namespace nearzone::tools
