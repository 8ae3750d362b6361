#include "encounter_log/sqlite.h"

#include <sqlite3.h>

#include <limits>

#include "encounter_log/system_calls.h"

namespace nearzone::encounter_log {
namespace {

// Readers and the writer of one log do not wait for each other; this is for the moments in which
// a connection opens or closes beside another.
constexpr int kBusyTimeoutMs = 2000;

Status status_of(int result) {
  switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return {};
    case SQLITE_FULL: return {Code::no_space, "the disk is full"};
    case SQLITE_IOERR: return {Code::io, "the database cannot be read or written"};
    case SQLITE_READONLY:
      return {Code::io, "the database may only be read: is its folder read-only?"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {Code::io, "the database cannot be opened"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Code::in_use, "another process holds the database"};
    case SQLITE_NOTADB: return {Code::corrupt, "the database file is not a database"};
    case SQLITE_NOMEM:
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return {Code::internal, "the database engine failed"};
    // All statements are constants, so that one which does not fit means a damaged schema, and a
    // constraint that does not hold means damaged rows.
    default: return {Code::corrupt, "the database is damaged"};
  }
}

// What the files of the connection met last, or what the system said.
bool met_no_space(sqlite3* connection) {
  int error = 0;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
  if (says_no_space(error) || says_no_space(sqlite3_system_errno(connection))) return true;
  sqlite3_file* journal = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
  if (journal != nullptr && journal->pMethods != nullptr)
    journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &error);
  return says_no_space(error);
}

// SQLite knows a full disk only by ENOSPC and where it writes; not by a quota, nor where it cannot
// make or lengthen one of its files.
Status status_of(int result, sqlite3* connection) {
  const int kind = result & 0xff;
  const bool may_be_full = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
  return status_of(may_be_full && met_no_space(connection) ? SQLITE_FULL : result);
}

struct Bind {
  sqlite3_stmt* statement;
  int index;
  int operator()(int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(ByteView value) const {
    // A null pointer would bind NULL.
    const void* bytes = value.empty() ? static_cast<const void*>("") : value.data();
    return sqlite3_bind_blob64(statement, index, bytes, value.size(), SQLITE_STATIC);
  }
  int operator()(std::string_view value) const {
    return sqlite3_bind_text64(statement, index, value.empty() ? "" : value.data(), value.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
};

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Status Statement::start(std::initializer_list<Value> values) {
  finish();
  int index = 0;
  for (const Value& value : values) {
    const int result = std::visit(Bind{statement_.get(), ++index}, value);
    if (result != SQLITE_OK) return status_of(result);
  }
  return {};
}

Result<bool> Statement::next() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  const Status status = status_of(result, sqlite3_db_handle(statement_.get()));
  finish();
  if (!status.ok()) return status;
  return false;
}

Status Statement::run(std::initializer_list<Value> values) {
  NEARZONE_TRY(start(values));
  for (;;) {
    NEARZONE_ASSIGN(const bool row, next());
    if (!row) return {};
  }
}

void Statement::finish() { sqlite3_reset(statement_.get()); }

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

Result<uint32_t> Statement::number(int column) const {
  const int64_t value = integer(column);
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_INTEGER || value < 0 ||
      value > std::numeric_limits<uint32_t>::max())
    return Status(Code::corrupt, "the database is damaged");
  return static_cast<uint32_t>(value);
}

Result<ByteView> Statement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB)
    return Status(Code::corrupt, "the database is damaged");
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  // Null is an empty blob, or memory that ran out.
  if (bytes == nullptr && size != 0) return Status(Code::internal, "the database engine failed");
  return ByteView(bytes, size);
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::string& path, Access access, const char* vfs) {
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  Database database;
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &connection, flags, vfs);
  database.connection_.reset(connection);  // to be closed even where opening failed
  if (result != SQLITE_OK) return status_of(result, connection);
  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  // A file that someone altered must not run code of its own.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return database;
}

Status Database::execute(const char* sql) {
  const int result = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  return status_of(result, connection_.get());
}

Result<Statement> Database::prepare(const char* sql) {
  Statement statement;
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v2(connection_.get(), sql, -1, &prepared, nullptr);
  if (result != SQLITE_OK) return status_of(result, connection_.get());
  statement.statement_.reset(prepared);
  return statement;
}

Result<int64_t> Database::integer(const char* sql) {
  NEARZONE_ASSIGN(Statement statement, prepare(sql));
  NEARZONE_ASSIGN(const bool row, statement.next());
  if (!row) return Status(Code::corrupt, "the database is damaged");
  const int64_t value = statement.integer(0);
  // What a pragma does may fail behind its row.
  NEARZONE_TRY(statement.next().status());
  return value;
}

int64_t Database::changes() const { return sqlite3_changes64(connection_.get()); }

bool Database::is_read_only() const { return sqlite3_db_readonly(connection_.get(), "main") == 1; }

void Database::leave_write_ahead_log() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

Result<Transaction> Transaction::begin(Database& database) {
  if (!database.begin_.prepared()) {
    NEARZONE_ASSIGN(database.begin_, database.prepare("BEGIN IMMEDIATE"));
    NEARZONE_ASSIGN(database.commit_, database.prepare("COMMIT"));
  }
  NEARZONE_TRY(database.begin_.run({}));
  return Transaction(database);
}

Transaction::~Transaction() {
  // SQLite rolls back by itself on some failures; a second time would be an error.
  if (database_ != nullptr && database_->in_transaction())
    static_cast<void>(database_->execute("ROLLBACK").ok());
}

Status Transaction::commit() {
  NEARZONE_TRY(database_->commit_.run({}));
  database_ = nullptr;
  return {};
}

}  // namespace nearzone::encounter_log
