// Files that only their owner may read.
#pragma once

#include <string>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"

namespace nearzone::authority {

// Fails with not_found, io, limit_exceeded, or invalid_argument (field "mode") where the group or
// others may do anything with the file.
Result<SecretBytes> read_private_file(const std::string& path, size_t most_bytes);
// Makes the file with mode 0600, whole on disk when it returns. Fails with in_use where it is
// there.
Status make_private_file(const std::string& path, ByteView bytes);

}  // namespace nearzone::authority
