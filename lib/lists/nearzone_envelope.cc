// What NearZone's own files have in common. Source: docs/formats/nearzone-list.md
#include "lists/nearzone_envelope.h"

#include <algorithm>

#include "lists/formats.h"
#include "lists/nearzone_fields.h"
#include "lists/record_list.h"

namespace nearzone {
namespace {

using namespace nearzone_fields;

constexpr size_t kHeaderBytes = 16;
constexpr size_t kVersionAt = 14;

constexpr Status damaged(const char* text, const char* field) {
  return {Code::corrupt, text, field};
}

Result<NearzoneSignature> read_signature(ByteView message) {
  NearzoneSignature signature;
  bool has_id = false;
  bool has_signature = false;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag != kKeyId && field.tag != kSignatureBytes) {
      reader.skip(field);
      continue;
    }
    ByteView bytes = reader.take(field);
    MutableBytes target =
        field.tag == kKeyId ? MutableBytes(signature.key_id) : MutableBytes(signature.signature);
    if (bytes.size() != target.size())
      return damaged("a signature or its key id has the wrong length", "signatures");
    std::copy(bytes.begin(), bytes.end(), target.begin());
    (field.tag == kKeyId ? has_id : has_signature) = true;
  }
  NEARZONE_TRY(reader.status());
  if (!has_id || !has_signature) return damaged("a signature is incomplete", "signatures");
  return signature;
}

// The signatures behind the body, which begin at `offset` of the file.
Result<std::vector<NearzoneSignature>> read_signatures(ByteView message, uint64_t offset) {
  std::vector<NearzoneSignature> signatures;
  MessageReader reader(message);
  WireField field;
  while (reader.next(field)) {
    if (field.tag == kBody)
      return damaged("the list has two bodies", "body").at_offset(offset + field.offset);
    if (field.tag != kSignatures) {
      reader.skip(field);
      continue;
    }
    if (signatures.size() == kMostSignatures)
      return Status(Code::limit_exceeded, "the list carries too many signatures", "signatures");
    Result<NearzoneSignature> signature = read_signature(reader.take(field));
    if (!signature.ok()) return signature.status().at_offset(offset + field.offset);
    signatures.push_back(*signature);
  }
  if (reader.status().ok()) return signatures;
  return reader.status().in_field("signatures").at_offset(offset + field.offset);
}

// Fourteen characters that were recognised already, and two digits.
Status check_header(ByteView header, std::string_view expected) {
  std::string_view text(reinterpret_cast<const char*>(header.data()), header.size());
  if (text == expected) return {};
  std::string_view version = text.substr(kVersionAt);
  bool digits =
      std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && version > expected.substr(kVersionAt))
    return Status(Code::newer_format, "the list is of a newer major version", "header")
        .at_offset(kVersionAt);
  return damaged("the list's version is damaged", "header").at_offset(kVersionAt);
}

}  // namespace

Result<NearzoneEnvelope> open_envelope(ByteSource& source, std::string_view header) {
  // The header, the body's tag, and the longest length.
  std::array<uint8_t, kHeaderBytes + 1 + 10> start;
  size_t size = static_cast<size_t>(std::min<uint64_t>(source.size(), start.size()));
  if (size < kHeaderBytes) return damaged("the list ends too early", "header").at_offset(size);
  NEARZONE_TRY(source.read(0, MutableBytes(start).first(size)));
  NEARZONE_TRY(check_header(ByteView(start).first(kHeaderBytes), header));

  const uint8_t* at = start.data() + kHeaderBytes;
  const uint8_t* end = start.data() + size;
  uint64_t tag = 0, body_size = 0;
  if (!read_varint(at, end, tag) || tag != kBody || !read_varint(at, end, body_size))
    return damaged("the list does not begin with its body", "body").at_offset(kHeaderBytes);
  uint64_t body_offset = static_cast<uint64_t>(at - start.data());
  if (body_size > source.size() - body_offset)
    return damaged("the list ends within its body", "body").at_offset(source.size());

  uint64_t tail_offset = body_offset + body_size;
  if (source.size() - tail_offset > kMostSignatureBytes)
    return Status(Code::limit_exceeded, "the signatures are larger than 64 KiB", "signatures")
        .at_offset(tail_offset);
  std::vector<uint8_t> tail(static_cast<size_t>(source.size() - tail_offset));
  NEARZONE_TRY(source.read(tail_offset, tail));
  NEARZONE_ASSIGN(auto signatures, read_signatures(tail, tail_offset));
  return NearzoneEnvelope{body_offset, body_size, std::move(signatures)};
}

std::vector<SignatureInfo> claims_of(std::span<const NearzoneSignature> signatures) {
  std::vector<SignatureInfo> claims;
  for (const NearzoneSignature& signature : signatures)
    claims.push_back({to_hex(signature.key_id), "", "Ed25519"});
  return claims;
}

SignatureReport verify_envelope(std::span<const NearzoneSignature> signatures,
                                std::string_view context, const Digest& body,
                                std::span<const PublicKey> keys, const Cancel* cancel) {
  using enum SignatureOutcome;
  if (signatures.empty()) return {unsigned_list, 0, 0, "the list carries no signature"};
  if (keys.empty()) return {unknown_key, 0, 0, "no public key was given"};
  std::vector<uint8_t> message = signed_message(body, context);
  const char* detail = "none of the public keys is one the list names";
  for (size_t s = 0; s < signatures.size(); ++s) {
    for (size_t k = 0; k < keys.size(); ++k) {
      if (keys[k].algorithm() != PublicKey::Algorithm::ed25519) continue;
      if (!poll(cancel).ok()) return {failed, 0, 0, kVerifyingCancelled};
      Ed25519PublicKey key;
      std::copy(keys[k].bytes().begin(), keys[k].bytes().end(), key.begin());
      if (ed25519_verify(key, message, signatures[s].signature))
        return {verified, k, s, "Ed25519 over the list's body"};
      if (key_id_of(key) == signatures[s].key_id)
        detail = "the list names this public key, but its content was altered";
    }
  }
  return {failed, 0, 0, detail};
}

Result<std::vector<uint8_t>> write_envelope(std::string_view header, std::string_view context,
                                            ByteView body,
                                            std::span<const Secret<32>> signing_seeds) {
  if (signing_seeds.size() > kMostSignatures)
    return Status(Code::invalid_argument, "more than 16 signatures", "signing_seeds");
  const std::vector<uint8_t> message = signed_message(sha256(body), context);
  std::vector<uint8_t> out(header.begin(), header.end());
  WireWriter writer(out);
  writer.bytes(kBody, body);
  for (const Secret<32>& seed : signing_seeds) {
    std::vector<uint8_t> signature;
    WireWriter signature_writer(signature);
    signature_writer.bytes(kKeyId, key_id_of(ed25519_public_key(seed)));
    signature_writer.bytes(kSignatureBytes, ed25519_sign(seed, message));
    writer.bytes(kSignatures, signature);
  }
  return out;
}

Status check(const NearzoneListHeader& header) {
  if (header.valid_from.ms < 0 || header.valid_to <= header.valid_from)
    return {Code::invalid_argument, "the list's validity ends before it begins", "valid_to"};
  if (header.region.size() > kMostTextBytes)
    return {Code::invalid_argument, "the region is longer than 256 bytes", "region"};
  return {};
}

void write_facts(const NearzoneListHeader& header, WireWriter& writer) {
  writer.varint(kListId, header.list_id);
  writer.varint(kSequence, header.sequence);
  writer.varint(kValidFrom, static_cast<uint64_t>(header.valid_from.ms));
  writer.varint(kValidTo, static_cast<uint64_t>(header.valid_to.ms));
  writer.bytes(kRegion, as_bytes(header.region));
}

}  // namespace nearzone
