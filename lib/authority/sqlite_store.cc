#include "authority/sqlite_store.h"

#include <algorithm>

#include "authority/sqlite_rows.h"
#include "authority/sqlite_schema.h"

namespace nearzone::authority {
namespace {

// Undoes what is not committed.
class RollBack {
 public:
  explicit RollBack(Connection& connection) : connection_(connection) {}
  RollBack(const RollBack&) = delete;
  RollBack& operator=(const RollBack&) = delete;
  // SQLite rolls back by itself on some failures; a second time would be an error.
  ~RollBack() {
    if (connection_.in_transaction()) static_cast<void>(connection_.execute("ROLLBACK").ok());
  }

 private:
  Connection& connection_;
};

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  return open(path, Options());
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path,
                                                       const Options& options) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(path, options));
  NEARZONE_ASSIGN(store->writer_, Connection::open(path, Connection::Access::create));
  Connection& writer = *store->writer_;
  NEARZONE_TRY(writer.execute("PRAGMA journal_mode = WAL"));
  // Keys come in no order: many commits' pages are written to their places at once, as 64 MiB.
  NEARZONE_TRY(writer.execute("PRAGMA wal_autocheckpoint = 16384"));
  NEARZONE_TRY(writer.execute(options.is_durable ? "PRAGMA synchronous = FULL"
                                                 : "PRAGMA synchronous = OFF"));
  // What is deleted is overwritten: retention means it.
  NEARZONE_TRY(writer.execute("PRAGMA secure_delete = ON"));
  NEARZONE_TRY(writer.execute("PRAGMA foreign_keys = ON"));
  NEARZONE_TRY(writer.execute("PRAGMA cache_size = -65536"));
  NEARZONE_TRY(prepare_schema(writer));
  return store;
}

Result<std::unique_ptr<Connection>> SqliteStore::reading_connection() {
  {
    const std::lock_guard lock(idle_);
    if (!idle_readers_.empty()) {
      std::unique_ptr<Connection> reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return Connection::open(path_, Connection::Access::read_only);
}

Status SqliteStore::read(const Read& work) {
  NEARZONE_ASSIGN(std::unique_ptr<Connection> reader, reading_connection());
  Status status;
  {
    NEARZONE_TRY(reader->execute("BEGIN"));
    const RollBack roll_back(*reader);
    SqliteRows rows(*reader);
    status = work(rows);
  }
  const std::lock_guard lock(idle_);
  idle_readers_.push_back(std::move(reader));
  return status;
}

Status SqliteStore::write(const Write& work) {
  Status outcome;
  write_each({&work, 1}, {&outcome, 1});
  return outcome;
}

void SqliteStore::write_each(std::span<const Write> works, std::span<Status> outcomes) {
  const std::lock_guard lock(writing_);
  const Status committed = commit_all(works, outcomes);
  if (committed.ok()) return;
  // Those that failed on their own keep their reason.
  for (Status& outcome : outcomes)
    if (outcome.ok()) outcome = committed;
}

Status SqliteStore::commit_all(std::span<const Write> works, std::span<Status> outcomes) {
  std::ranges::fill(outcomes, Status());
  NEARZONE_TRY(writer_->execute("BEGIN IMMEDIATE"));
  const RollBack roll_back(*writer_);
  NEARZONE_TRY(recent_.begin(*writer_));
  SqliteRows rows(*writer_, recent_);
  for (size_t i = 0; i < works.size(); ++i) {
    NEARZONE_ASSIGN(Statement* const save, writer_->statement("SAVEPOINT work"));
    NEARZONE_TRY(save->run({}));
    recent_.mark();
    outcomes[i] = works[i](rows);
    // The engine itself may have given up on the whole transaction.
    if (!writer_->in_transaction())
      return outcomes[i].ok() ? Status(Code::internal, "the transaction was lost") : outcomes[i];
    if (!outcomes[i].ok()) {
      NEARZONE_TRY(writer_->execute("ROLLBACK TO work"));
      NEARZONE_TRY(recent_.undo(*writer_));
    }
    NEARZONE_ASSIGN(Statement* const release, writer_->statement("RELEASE work"));
    NEARZONE_TRY(release->run({}));
  }
  if (recent_.size() >= options_.most_recent_keys) NEARZONE_TRY(rows.settle_keys());
  NEARZONE_TRY(writer_->execute("COMMIT"));
  recent_.commit();
  return {};
}

Status SqliteStore::back_up(const std::string& path) {
  NEARZONE_ASSIGN(const std::unique_ptr<Connection> reader,
                  Connection::open(path_, Connection::Access::read_only));
  return reader->copy_to(path);
}

}  // namespace nearzone::authority
