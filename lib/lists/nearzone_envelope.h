// What NearZone's own files have in common: sixteen bytes of header, a body, and the signatures
// over it. Source: docs/formats/nearzone-list.md
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "lists/nearzone_fields.h"
#include "lists/wire.h"
#include "nearzone/lists.h"

namespace nearzone {

struct NearzoneSignature {
  std::array<uint8_t, nearzone_fields::kKeyIdBytes> key_id{};
  Ed25519Signature signature{};
};

struct NearzoneEnvelope {
  uint64_t body_offset;
  uint64_t body_size;
  std::vector<NearzoneSignature> signatures;
};

// Of a file that begins as `header` does, but for the two digits of its version.
Result<NearzoneEnvelope> open_envelope(ByteSource& source, std::string_view header);
std::vector<SignatureInfo> claims_of(std::span<const NearzoneSignature> signatures);
// `cancel` may be null.
SignatureReport verify_envelope(std::span<const NearzoneSignature> signatures,
                                std::string_view context, const Digest& body,
                                std::span<const PublicKey> keys, const Cancel* cancel);

// The whole file. Fails with invalid_argument on too many seeds.
Result<std::vector<uint8_t>> write_envelope(std::string_view header, std::string_view context,
                                            ByteView body,
                                            std::span<const Secret<32>> signing_seeds);

// The facts that every body begins with.
Status check(const NearzoneListHeader& header);
void write_facts(const NearzoneListHeader& header, WireWriter& writer);

}  // namespace nearzone
