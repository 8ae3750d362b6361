// Which keys a server takes, and all of them at once.
#pragma once

#include <vector>

#include "nearzone/keys.h"
#include "nearzone/time.h"

namespace nearzone::upload {

// In one upload: 30 of Exposure Notification, 16 of Bluezone.
size_t most_keys(SchemeTag scheme);

// Of Exposure Notification: whole intervals, 1 to 144 of them. Of Bluezone: whole seconds from a
// midnight on.
bool is_takable(const PublishedKey& key);

// Adds keys of the same scheme, so that a server takes them all; in order of time. Exposure
// Notification servers refuse an upload of which two keys overlap, unless they have the same start
// and period and are no more than three: what overlaps is cut off the added keys, for those that a
// server knows already must stay as they are. Of too many the oldest go. `more` is wiped.
void add_takable(std::vector<PublishedKey>& keys, std::vector<PublishedKey>& more);

// Takes out those that ended too long ago for a server to take them (15 days).
void drop_too_old(std::vector<PublishedKey>& keys, Instant now);

}  // namespace nearzone::upload
