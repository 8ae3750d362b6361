// A small log of which single bytes are altered, and whose repair is interrupted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crash/phone.h"
#include "crash/workload.h"

namespace nearzone::crash_test {

// A byte of a file that is to be another.
struct Flip {
  std::string file;
  size_t at;
  uint8_t mask;
};

uint8_t any_mask(Random& random);

class Flips {
 public:
  // Makes the log: with a day that is packed, and own state. `died`: its process ended without
  // closing it, so that much of it is in the write-ahead log.
  explicit Flips(bool died);

  // Its files and their sizes.
  std::map<std::string, size_t> files() const;
  // Empty where, with this byte altered, the log is refused, or serves what was stored and tells
  // how much of it is lost, and goes on.
  std::string flip(const Flip& flip) const;

  // One by which sightings are lost.
  Flip harmful_flip(const std::string& file, Random& random) const;
  // The calls of the disk that opening it takes then.
  uint64_t calls_of_repair(const Flip& flip, Fault fault) const;
  // Empty where the log, when the power is cut at this call of the opening, or the call fails, is
  // opened afterwards as if nothing had been but the damage.
  std::string cut_repair(const Flip& flip, uint64_t nth) const;
  std::string fail_repair(const Flip& flip, uint64_t nth, Fault fault) const;

 private:
  // A phone with these files.
  std::unique_ptr<SimulatedPhone> damaged(const Flip& flip) const;
  // What is wrong with its log: false, or not told.
  std::string untruth(const SimulatedPhone& phone) const;
  std::map<std::string, std::vector<uint8_t>> files_;
  Model model_;
  Instant now_;
};

}  // namespace nearzone::crash_test
