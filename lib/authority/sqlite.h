// SQLite as values with owners: the only place of this module that calls it. A connection and its
// statements are used by one thread at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "nearzone/bytes.h"
#include "nearzone/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nearzone::authority {

// A value of a row; the empty alternative is NULL. Bytes and texts are borrowed until the statement
// is run or started again.
using SqlValue = std::variant<std::monostate, int64_t, ByteView, std::string_view>;

// A prepared statement. What its columns give is valid until the next step.
class Statement {
 public:
  // Binds the values to ?1, ?2, ... and runs to the end; rows are passed over.
  Status run(std::initializer_list<SqlValue> values);
  // Binds the values; the rows follow from next().
  Status start(std::span<const SqlValue> values);
  Status start(std::initializer_list<SqlValue> values);
  // Whether there is another row. After the last one, and after a failure, nothing is held.
  Result<bool> next();
  // Ends a statement whose rows were not all read.
  void finish();

  bool is_null(int column) const;
  int64_t integer(int column) const;
  std::optional<int64_t> optional_integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  // Fails with corrupt where the blob has another size.
  Status blob(int column, MutableBytes out) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Ends a started statement when its reader goes away.
class RowsOf {
 public:
  explicit RowsOf(Statement& statement) : statement_(statement) {}
  RowsOf(const RowsOf&) = delete;
  RowsOf& operator=(const RowsOf&) = delete;
  ~RowsOf() { statement_.finish(); }

 private:
  Statement& statement_;
};

class Connection {
 public:
  enum class Access : uint8_t { create, read_only };

  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);

  Status execute(const char* sql);
  // The statement of this text, prepared when it is needed first. `sql` is a literal: it is known
  // again by its address.
  Result<Statement*> statement(const char* sql);
  // The integer in the first column of the only row.
  Result<int64_t> integer(const char* sql);
  // Rows changed by the last insert, update or delete.
  int64_t changes() const;
  int64_t last_row() const;
  bool in_transaction() const;
  // Copies the whole database, as it is committed now, to another file, which is replaced.
  Status copy_to(const std::string& path);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<const char*, Statement> statements_;
};

}  // namespace nearzone::authority
