// The store in one SQLite file: what a server of one machine needs.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "authority/recent_keys.h"
#include "authority/sqlite.h"
#include "authority/store.h"

namespace nearzone::authority {

class SqliteStore final : public Store {
 public:
  struct Options {
    // False for tests only: a power cut may then lose what was committed.
    bool is_durable = true;
    // So many keys are brought to their places at once; retention, which runs every minute, brings
    // those that there are.
    size_t most_recent_keys = 65'536;
  };

  // Makes the file, or brings an older one up to date. Fails with newer_format or corrupt, too.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path);
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, const Options& options);

  Status read(const Read& work) override;
  Status write(const Write& work) override;
  void write_each(std::span<const Write> works, std::span<Status> outcomes) override;

  // Copies everything that is committed now into another file, while work goes on.
  Status back_up(const std::string& path);

 private:
  SqliteStore(const std::string& path, const Options& options) : path_(path), options_(options) {}
  Result<std::unique_ptr<Connection>> reading_connection();
  Status commit_all(std::span<const Write> works, std::span<Status> outcomes);

  const std::string path_;
  const Options options_;
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  RecentKeys recent_;
  std::mutex idle_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
};

}  // namespace nearzone::authority
