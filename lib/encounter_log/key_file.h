// The key file of a log: two slots that hold the same table of day keys, overwritten in place, and
// behind them the notes of what was recorded since. Its lock is the lock of the whole log.
#pragma once

#include <string>

#include "encounter_log/key_table.h"
#include "encounter_log/private_file.h"
#include "nearzone/encounter_log.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

class KeyFile {
 public:
  // Opens and locks. Fails with not_found, in_use, io, no_space.
  static Result<KeyFile> open(const SystemCalls& calls, const std::string& path,
                              PrivateFile::Opening opening, Durability durability,
                              const Secret<32>& root);

  // Whether the file was begun and never finished: the first thing written of it is slot B, so that
  // nothing but zeros in place of slot A and no whole slot B mean that it never held a table.
  Result<bool> unfinished() const;

  // The newest whole table. Where only one slot holds it (a write was interrupted, or a slot is
  // damaged), the other is made equal first, so that no erased key stays. Fails with wrong_key,
  // newer_format, corrupt, io.
  Result<KeyTable> load();

  // Writes slot B, syncs, writes slot A, syncs: at every moment one of them is whole. On failure
  // the next load() gives the table of before or this one.
  Status store(const KeyTable& table, Random& random);

  // Writes the table's notes, and does not sync: they are for telling what damage took when no
  // power was cut. Nobody needs them, so that nobody is told where they cannot be written.
  void note(const KeyTable& table);

 private:
  KeyFile(PrivateFile file, Durability durability, const Secret<32>& root)
      : file_(std::move(file)),
        durability_(durability),
        key_(slot_key(root)),
        notes_key_(notes_key(root)) {}

  Result<std::vector<uint8_t>> read_slot(uint64_t offset) const;
  Status write_slot(uint64_t offset, ByteView slot);

  PrivateFile file_;
  Durability durability_;
  Secret<32> key_;
  Secret<32> notes_key_;
};

}  // namespace nearzone::encounter_log
