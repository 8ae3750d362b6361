#include "authority/sqlite.h"

#include <sqlite3.h>

#include <algorithm>

namespace nearzone::authority {
namespace {

// One process has the file; this is for an operator's command beside a running server.
constexpr int kBusyTimeoutMs = 5000;

Status status_of(int result) {
  switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return {};
    case SQLITE_FULL: return {Code::no_space, "the disk is full"};
    case SQLITE_IOERR: return {Code::io, "the database cannot be read or written"};
    case SQLITE_READONLY: return {Code::io, "the database may only be read"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {Code::io, "the database cannot be opened"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Code::in_use, "another process holds the database"};
    case SQLITE_NOTADB: return {Code::corrupt, "the database file is not a database"};
    case SQLITE_NOMEM:
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return {Code::internal, "the database engine failed"};
    // Statements are constants and rows are checked before they are bound.
    default: return {Code::corrupt, "the database is damaged"};
  }
}

struct Bind {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
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

Status Statement::start(std::span<const SqlValue> values) {
  finish();
  int index = 0;
  for (const SqlValue& value : values) {
    const int result = std::visit(Bind{statement_.get(), ++index}, value);
    if (result != SQLITE_OK) return status_of(result);
  }
  return {};
}

Status Statement::start(std::initializer_list<SqlValue> values) {
  return start(std::span<const SqlValue>(values.begin(), values.size()));
}

Result<bool> Statement::next() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  finish();
  const Status status = status_of(result);
  if (!status.ok()) return status;
  return false;
}

Status Statement::run(std::initializer_list<SqlValue> values) {
  NEARZONE_TRY(start(values));
  for (;;) {
    NEARZONE_ASSIGN(const bool row, next());
    if (!row) return {};
  }
}

void Statement::finish() { sqlite3_reset(statement_.get()); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

ByteView Statement::blob(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Status Statement::blob(int column, MutableBytes out) const {
  const ByteView bytes = blob(column);
  if (bytes.size() != out.size()) return {Code::corrupt, "the database is damaged"};
  std::ranges::copy(bytes, out.begin());
  return {};
}

void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | (access == Access::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                      : SQLITE_OPEN_READONLY);
  auto opened = std::make_unique<Connection>();
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  opened->connection_.reset(connection);  // to be closed even where opening failed
  if (result != SQLITE_OK) return status_of(result);
  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  // A file that someone altered must not run code of its own.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return opened;
}

Status Connection::execute(const char* sql) {
  return status_of(sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr));
}

Result<Statement*> Connection::statement(const char* sql) {
  Statement& known = statements_[sql];
  if (known.statement_ == nullptr) {
    sqlite3_stmt* prepared = nullptr;
    const int result = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                          &prepared, nullptr);
    if (result != SQLITE_OK) return status_of(result);
    known.statement_.reset(prepared);
  }
  return &known;
}

Result<int64_t> Connection::integer(const char* sql) {
  NEARZONE_ASSIGN(Statement* const found, statement(sql));
  NEARZONE_TRY(found->start({}));
  NEARZONE_ASSIGN(const bool row, found->next());
  if (!row) return Status(Code::corrupt, "the database is damaged");
  const int64_t value = found->integer(0);
  found->finish();
  return value;
}

int64_t Connection::changes() const { return sqlite3_changes64(connection_.get()); }

int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

Status Connection::copy_to(const std::string& path) {
  sqlite3* target = nullptr;
  int result =
      sqlite3_open_v2(path.c_str(), &target,
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const std::unique_ptr<sqlite3, Close> owner(target);
  if (result != SQLITE_OK) return status_of(result);
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", connection_.get(), "main");
  if (backup == nullptr) return status_of(sqlite3_errcode(target));
  result = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  return status_of(result == SQLITE_DONE ? finished : result);
}

}  // namespace nearzone::authority
