// Files that only their owner may read.
#pragma once

#include <string>

#include "nearzone/bytes.h"
#include "nearzone/secret.h"

namespace nearzone::authority {

// Fails with not_found, io, limit_exceeded, or invalid_argument (field "mode") where the group or
// others may do anything with the file.
Result<SecretBytes> read_private_file(const std::string& path, size_t most_bytes);
// Makes the file with mode 0600, whole on disk when it returns, and its name in its folder, too.
// Fails with in_use where it is there, and leaves nothing where it fails otherwise.
Status make_private_file(const std::string& path, ByteView bytes);
// Makes the folder that `path` lies in remember, also after a power cut, what is in it.
Status sync_folder_of(const std::string& path);

}  // namespace nearzone::authority
