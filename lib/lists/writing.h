// What all writers of lists share: which keys they take, and in what order they write them.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "nearzone/keys.h"
#include "nearzone/status.h"

namespace nearzone {

// Fails with invalid_argument, naming the record, on a key that a reader would refuse, or that is
// not of the scheme `only`.
Status check_writable(std::span<const PublishedKey> keys, std::optional<SchemeTag> only);

// Indices of `keys`, sorted by (scheme, bytes, validity): nothing of a list's order tells which
// keys came from one person, and readers meet long runs of one scheme.
std::vector<size_t> order_of_keys(std::span<const PublishedKey> keys);

}  // namespace nearzone
