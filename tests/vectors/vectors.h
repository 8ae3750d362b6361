// Reads the vector files of this folder.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "nearzone/bytes.h"
#include "nearzone/keys.h"
#include "nearzone/secret.h"
#include "tests_folder.h"

namespace nearzone::test {

inline nlohmann::json load_vectors(const std::string& name) {
  std::ifstream file(tests_folder() + "/vectors/" + name);
  return nlohmann::json::parse(file);
}

template <size_t N>
Secret<N> secret_from_hex(const std::string& hex) {
  Result<Secret<N>> secret = Secret<N>::from_hex_text(hex);
  if (!secret.ok()) throw std::invalid_argument("bad hexadecimal text in a vector file");
  return *std::move(secret);
}

inline Identifier identifier_from_hex(const std::string& hex) {
  Identifier identifier;
  if (!from_hex(hex, {identifier.bytes.data(), hex.size() / 2}).ok())
    throw std::invalid_argument("bad hexadecimal text in a vector file");
  return identifier;
}

// The vectors write upper case, NearZone lower.
inline std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// A Bluezone record {daily_key, time_start, time_end, max} as the published list writes it.
inline PublishedKey bluezone_record(const nlohmann::json& record) {
  PublishedKey key;
  key.scheme = SchemeTag::bluezone;
  const Status read = from_hex(record.at("daily_key").get<std::string>(), key.bytes);
  if (!read.ok()) throw std::invalid_argument("bad key in a vector file");
  key.valid_from = Instant::from_seconds(record.at("time_start").get<int64_t>());
  key.valid_to = Instant::from_seconds(record.at("time_end").get<int64_t>());
  key.identifiers_per_day = record.at("max").get<uint32_t>();
  return key;
}

}  // namespace nearzone::test
