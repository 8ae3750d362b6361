// Which keys a server takes, and all of them at once.
#pragma once

#include <vector>

#include "nearzone/keys.h"
#include "nearzone/time.h"

namespace nearzone::upload {

// In one upload: 30 of Exposure Notification, 16 of Bluezone.
size_t most_keys(SchemeTag scheme);

// Of Exposure Notification: whole intervals, 1 to 144 of them. Of Bluezone: whole seconds of one
// UTC day, from its start on.
bool is_takable(const PublishedKey& key);

// Adds keys of the same scheme, so that a server takes them all; in order of time. `more` is wiped.
//
// Exposure Notification servers refuse an upload of which two keys overlap, unless they have the
// same start and period and are no more than three: what overlaps is cut off the added keys, for
// those that a server knows already must stay as they are. Bluezone's chains become a key for each
// of their days, of which there is one a day: the one that was there first. Of too many keys the
// oldest go.
void add_takable(std::vector<PublishedKey>& keys, std::vector<PublishedKey>& more);

// Takes out those that are too old for a server to take them: Exposure Notification's 15 days after
// their end, Bluezone's when 14 days lie between.
void drop_too_old(std::vector<PublishedKey>& keys, Instant now);

}  // namespace nearzone::upload
