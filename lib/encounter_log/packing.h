// Packing one closed day into a segment, in slices of a few milliseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "encounter_log/associated.h"
#include "encounter_log/key_table.h"
#include "encounter_log/open_day.h"
#include "encounter_log/segment.h"
#include "nearzone/secret.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

class Packing {
 public:
  Packing(SealedDay sealed, Secret<32> key, const DatabaseId& id);
  Packing(const Packing&) = delete;
  Packing& operator=(const Packing&) = delete;
  ~Packing();

  Day day() const { return sealed_.day; }
  const Secret<32>& key() const { return key_; }
  // Blocks that the segment will hold.
  uint32_t blocks() const { return static_cast<uint32_t>(blocks_.size()); }

  bool opened() const { return opened_segment_ && opener_.done() && rows_.size() == run_begin_; }
  // Decrypts and sorts some more. Fails with newer_format.
  Status open_some();
  // Whether all that was counted could be read; a day of which something is missing stays as it is.
  bool whole() const;

  struct Chunk {
    BlockLabel label;
    SecretBytes plain;
  };
  bool done() const { return next_chunk_ == chunks_; }
  // The next chunk of the segment, after everything is opened.
  Chunk next_chunk();

 private:
  // A sorted part of the rows, from the first that is not written yet.
  struct Run {
    size_t next;
    size_t end;
  };
  Status open_old_segment();
  void end_run();
  StoredSighting take_least();

  SealedDay sealed_;
  Secret<32> key_;
  DatabaseId id_;
  BlockOpener opener_;
  bool opened_segment_ = false;
  Amount read_;
  bool whole_ = true;
  std::vector<PackedBlock> blocks_;
  std::vector<StoredSighting> rows_;
  size_t run_begin_ = 0;
  std::vector<Run> runs_;  // a heap, that with the least row first
  uint32_t chunks_ = 0;
  uint32_t next_chunk_ = 0;
};

}  // namespace nearzone::encounter_log
