// The keys that came lately. They are appended to a table of their own in the order in which they
// came, many to a page, and go to their places among all others in one go: each place is a page of
// its own, twice, and pages are what a commit costs. Which keys they are is known here, so that one
// that comes again is found without a look at the table.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "authority/sqlite.h"
#include "nearzone/bytes.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::authority {

// Of the store's one writer, within its transactions.
class RecentKeys {
 public:
  size_t size() const { return names_.size(); }
  bool has(SchemeTag scheme, ByteView bytes) const { return names_.contains(name(scheme, bytes)); }
  void add(SchemeTag scheme, ByteView bytes);
  // All went to their places.
  void clear();

  // At the beginning of a transaction: what another connection did since the last one is read.
  Status begin(Connection& connection);
  // Around each part of it that may be undone on its own.
  void mark();
  Status undo(Connection& connection);
  // It was committed. Without that, all is read anew next time.
  void commit() { is_known_ = true; }

 private:
  struct Name {
    SchemeTag scheme;
    std::array<uint8_t, 32> bytes;
    auto operator<=>(const Name&) const = default;
  };
  static Name name(SchemeTag scheme, ByteView bytes);
  Status read(Connection& connection);

  std::set<Name> names_;
  std::vector<Name> added_;  // since the mark
  bool was_cleared_ = false;
  bool is_known_ = false;
  int64_t data_version_ = -1;
};

}  // namespace nearzone::authority
