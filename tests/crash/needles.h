// Bytes that must not be found anywhere.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "encounter_log/key_table.h"
#include "encounter_log/support.h"
#include "nearzone/bytes.h"

namespace nearzone::crash_test {

class Needles {
 public:
  // At least 8 bytes, which by chance are nowhere else.
  void add(ByteView bytes, const char* name);
  // What must never be written anywhere in the open.
  void add_identifiers(const log_test::Heard& heard);
  void add_keys(const encounter_log::KeyTable& table);
  // The sealed part of a slot of the key file, in pieces: who has the root secret can open it.
  void add_slot(ByteView slot);

  // The name of the first that is found, or empty.
  std::string found_in(ByteView haystack) const;

 private:
  struct Needle {
    std::vector<uint8_t> bytes;
    const char* name;
  };
  std::unordered_multimap<uint64_t, Needle> needles_;  // by their first 8 bytes
};

// Whether these bytes are a slot of the key file.
bool is_slot(ByteView bytes);

}  // namespace nearzone::crash_test
