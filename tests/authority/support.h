// What the tests of the authority share: folders, times, made-up keys and codes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "authority/records.h"
#include "nearzone/random.h"
#include "temporary_folder.h"

namespace nearzone::authority_test {

#define ASSERT_OK(expression)                                                    \
  do {                                                                           \
    const ::nearzone::Status asserted = (expression);                            \
    ASSERT_TRUE(asserted.ok()) << ::nearzone::code_name(asserted.code()) << ": " \
                               << asserted.text();                               \
  } while (false)
#define EXPECT_CODE(expression, expected) \
  EXPECT_STREQ(::nearzone::code_name((expression).code()), ::nearzone::code_name(expected))

// 2020-09-13, noon: the day of most tests.
inline constexpr Instant kNoon{1'599'998'400'000};
inline const Day kToday = Day::of(kNoon);

using test::TemporaryFolder;

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Keys and codes told apart by small numbers.
inline authority::StoredKey key_of(uint8_t number, Instant created_at = kNoon) {
  authority::StoredKey key;
  std::fill_n(key.key.bytes.begin(), 16, number);
  key.key.valid_from = (kToday + -1).start();
  key.key.valid_to = kToday.start();
  key.key.report_type = ReportType::confirmed_clinical_diagnosis;
  key.key.transmission_risk_level = 4;
  key.key.days_since_onset = int8_t{-2};
  key.regions = {"VN"};
  key.authority = "vn.example";
  key.created_at = created_at;
  return key;
}

inline ByteView bytes_of(const authority::StoredKey& key) {
  return {key.key.bytes.data(), published_key_size(key.key.scheme)};
}

inline authority::Hash hash_of(uint8_t number) {
  authority::Hash hash{};
  hash.fill(number);
  return hash;
}

inline authority::VerificationCode code_of(uint8_t number) {
  authority::VerificationCode code;
  code.uuid = "uuid-" + std::to_string(number);
  code.realm = "hanoi";
  code.hash_key = 3;
  code.short_hash = hash_of(number);
  code.long_hash = hash_of(static_cast<uint8_t>(number + 100));
  code.test = {ReportType::confirmed_test, kToday + -3, std::nullopt};
  code.issued_at = kNoon;
  code.short_expires_at = kNoon + std::chrono::minutes(15);
  code.long_expires_at = kNoon + std::chrono::hours(24);
  code.issued_by = "worker";
  return code;
}

}  // namespace nearzone::authority_test
