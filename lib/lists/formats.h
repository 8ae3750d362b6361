// How key_list.cc opens a list once it has recognised the format.
#pragma once

#include <memory>
#include <string_view>

#include "lists/content.h"
#include "nearzone/lists.h"

namespace nearzone {

inline constexpr std::string_view kGaenHeader = "EK Export v1    ";
inline constexpr std::string_view kNearzoneHeader = "NearZone list 01";
inline constexpr std::string_view kNearzoneSetHeader = "NearZone set  01";

// No signature of any format is longer, and no honest list has more of them.
inline constexpr uint64_t kMostSignatureBytes = 64 * 1024;
inline constexpr size_t kMostSignatures = 16;

// A zip of export.bin and export.sig.
Result<std::unique_ptr<KeyList>> open_gaen_archive(ByteSource& source, const ListOptions& options);
// A bare export.bin, which carries no signature.
Result<std::unique_ptr<KeyList>> open_gaen_export(ByteSource& source, const ListOptions& options);
Result<std::unique_ptr<KeyList>> open_nearzone_list(ByteSource& source, const ListOptions& options);
Result<std::unique_ptr<KeyList>> open_nearzone_set(ByteSource& source, const ListOptions& options);
Result<std::unique_ptr<KeyList>> open_bluezone_list(ByteSource& source, const ListOptions& options);

// The largest content that the options allow, and in any case less than the 2 GiB that protobuf
// does.
uint64_t most_content_bytes(const ListOptions& options);

}  // namespace nearzone
