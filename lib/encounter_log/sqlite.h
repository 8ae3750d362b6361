// SQLite as values with owners: the only place of this module that calls it. None of these is safe
// from several threads at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "nearzone/bytes.h"
#include "nearzone/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nearzone::encounter_log {

// A prepared statement. Bytes and texts given to it are borrowed until it is run or started again;
// those it gives are valid until its next step.
class Statement {
 public:
  using Value = std::variant<int64_t, ByteView, std::string_view>;

  // Binds the values to ?1, ?2, ... and runs to the end; rows are passed over.
  Status run(std::initializer_list<Value> values);
  // Binds the values; the rows follow from next().
  Status start(std::initializer_list<Value> values);
  // Whether there is another row. After the last one, and after a failure, nothing is held.
  Result<bool> next();
  // Ends a statement whose rows were not all read, and with it its read transaction.
  void finish();

  int64_t integer(int column) const;
  // Fails with corrupt where the column is no integer of this range.
  Result<uint32_t> number(int column) const;
  // Fails with corrupt where the column is no blob.
  Result<ByteView> blob(int column) const;
  std::string_view text(int column) const;
  bool prepared() const { return statement_ != nullptr; }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// A connection. Every failure of SQLite becomes one of: no_space, io, corrupt, in_use, internal.
class Database {
 public:
  enum class Access { read_write, read_only };

  // Opens an existing file over the VFS of this name (null: the default); an empty one is an empty
  // database.
  static Result<Database> open(const std::string& path, Access access, const char* vfs);

  Status execute(const char* sql);
  Result<Statement> prepare(const char* sql);
  // The integer in the first column of the only row.
  Result<int64_t> integer(const char* sql);
  // Rows changed by the last insert, update or delete.
  int64_t changes() const;
  // Whether SQLite will not write to it, going by the file's mode or by its header.
  bool is_read_only() const;
  // Closing will not empty the write-ahead log into the file.
  void leave_write_ahead_log();
  // Whether a transaction is open.
  bool in_transaction() const;

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
  // Prepared when they are needed first: a small transaction is half parsing otherwise.
  Statement begin_;
  Statement commit_;
};

// A write transaction; rolled back unless committed. The database must outlive it.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace nearzone::encounter_log
