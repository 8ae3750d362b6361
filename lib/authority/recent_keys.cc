#include "authority/recent_keys.h"

#include <algorithm>

namespace nearzone::authority {

RecentKeys::Name RecentKeys::name(SchemeTag scheme, ByteView bytes) {
  Name name{scheme, {}};
  std::ranges::copy(bytes.first(std::min(bytes.size(), name.bytes.size())), name.bytes.begin());
  return name;
}

void RecentKeys::add(SchemeTag scheme, ByteView bytes) {
  added_.push_back(name(scheme, bytes));
  names_.insert(added_.back());
}

void RecentKeys::clear() {
  names_.clear();
  added_.clear();
  was_cleared_ = true;
}

Status RecentKeys::read(Connection& connection) {
  names_.clear();
  NEARZONE_ASSIGN(Statement* const row,
                  connection.statement("SELECT scheme, bytes FROM recent_exposure_key"));
  const RowsOf rows(*row);
  NEARZONE_TRY(row->start({}));
  for (;;) {
    NEARZONE_ASSIGN(const bool is_row, row->next());
    if (!is_row) return {};
    names_.insert(name(static_cast<SchemeTag>(row->integer(0)), row->blob(1)));
  }
}

Status RecentKeys::begin(Connection& connection) {
  // It changes with what others commit, and not with what this connection does.
  NEARZONE_ASSIGN(const int64_t data_version, connection.integer("PRAGMA data_version"));
  const bool is_known = is_known_ && data_version == data_version_;
  is_known_ = false;
  data_version_ = data_version;
  mark();
  return is_known ? Status() : read(connection);
}

void RecentKeys::mark() {
  added_.clear();
  was_cleared_ = false;
}

Status RecentKeys::undo(Connection& connection) {
  if (was_cleared_) return read(connection);
  for (const Name& name : added_) names_.erase(name);
  added_.clear();
  return {};
}

}  // namespace nearzone::authority
