// What infected people of each scheme published, and a log that heard some of them.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "nearzone/lists.h"
#include "nearzone/match.h"
#include "nearzone/scheme.h"

namespace nearzone::bench {

inline constexpr Day kFirstDay{18500};
inline constexpr int32_t kDays = 14;     // of the log
inline constexpr int32_t kDaysSent = 5;  // by an infected person
inline constexpr size_t kPeople = 2000;
inline constexpr size_t kPersonDays = kPeople * kDaysSent;
inline constexpr size_t kHeard = 10'000;  // identifiers, of which these were infected people's:
inline constexpr size_t kPlanted = 100;

// A scheme, and what its parameters leave open.
struct Variant {
  const char* name;
  SchemeTag tag;
  Millis window{0};  // of DP-3T hybrid
};
inline constexpr Variant kVariants[] = {
    {"bluezone", SchemeTag::bluezone},
    {"gaen", SchemeTag::gaen},
    {"dp3t-lowcost", SchemeTag::dp3t_low_cost},
    {"dp3t-hybrid 4 h", SchemeTag::dp3t_hybrid, std::chrono::hours(4)},
    {"dp3t-hybrid 2 h", SchemeTag::dp3t_hybrid, std::chrono::hours(2)},
    {"tcn 6 h", SchemeTag::tcn},
    {"dp3t-unlinkable", SchemeTag::dp3t_unlinkable},
};

// What people published, written and opened again, and a log that heard some of them.
class World {
 public:
  explicit World(const Variant& variant);

  bool is_set() const { return variant_.tag == SchemeTag::dp3t_unlinkable; }
  // Opens and verifies the list; whether that went well.
  bool read() const;
  // Whether what was planted is found, and nothing else.
  bool match() const;
  // Everything that the keys stand for, of a set the items, as the authority makes them: whether
  // they are as many as they have to be.
  bool derive() const;

  size_t published_bytes() const { return bytes_.size(); }
  // How long after it was first sent an identifier can be believed, in minutes; -1 for as long as
  // the release is away.
  int64_t replay_minutes() const;

 private:
  const Variant& variant_;
  const Scheme& scheme_;
  std::vector<PublishedKey> keys_;
  std::vector<uint8_t> bytes_;
  PublicKey public_key_;
  std::unique_ptr<MemorySource> source_;
  std::unique_ptr<KeyList> list_;
  SightingTable table_;
  std::unique_ptr<Matcher> matcher_;
};

}  // namespace nearzone::bench
