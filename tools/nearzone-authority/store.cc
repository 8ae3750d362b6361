// nearzone-authority backup and restore: the store, while the server runs or before it does.
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "authority/private_file.h"
#include "authority/server.h"
#include "command.h"
#include "output.h"
#include "setup.h"

namespace nearzone::authority_tool {
namespace {

struct StoreCommand {
  Setup setup;
  std::string file;
};

bool is_there(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 || errno != ENOENT;
}

const Status kIsThere(Code::in_use, "this file is there already; nothing is overwritten");

// Copies a database, for its owner only. Leaves no part of one.
Status copy(authority::Connection& from, const std::string& to) {
  if (is_there(to)) return kIsThere;
  const mode_t before = ::umask(0077);
  Status copied = from.copy_to(to);
  ::umask(before);
  if (copied.ok()) copied = authority::sync_folder_of(to);
  if (!copied.ok())
    for (const char* part : {"", "-journal"}) std::remove((to + part).c_str());
  return copied;
}

void run_backup(StoreCommand& options, int& exit_code) {
  if (!options.setup.read(exit_code)) return;
  const std::string path = authority::store_path(options.setup.config().settings.storage);
  const auto store = authority::Connection::open(path, authority::Connection::Access::read_only);
  if (!store.ok()) {
    exit_code = report(path, store.status());
    return;
  }
  const Status copied = copy(**store, options.file);
  if (!copied.ok()) exit_code = report(options.file, copied);
}

void run_restore(StoreCommand& options, int& exit_code) {
  if (!options.setup.read(exit_code)) return;
  const authority::StorageSettings& storage = options.setup.config().settings.storage;
  const auto backup =
      authority::Connection::open(options.file, authority::Connection::Access::read_only);
  if (!backup.ok()) {
    exit_code = report(options.file, backup.status());
    return;
  }
  if (::mkdir(storage.folder.c_str(), 0700) != 0 && errno != EEXIST) {
    exit_code = report(storage.folder, {Code::io, "the data folder cannot be made"});
    return;
  }
  const std::string path = authority::store_path(storage);
  Status restored = copy(**backup, path);
  // Brings an older one up to date; refuses a newer one, and what is no store.
  if (restored.ok()) {
    restored = authority::SqliteStore::open(path).status();
    if (!restored.ok()) std::remove(path.c_str());
  }
  if (!restored.ok()) exit_code = report(path, restored);
}

}  // namespace

void add_store_commands(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<StoreCommand>();
  CLI::App* backup = app.add_subcommand("backup", "Copy the store, while the server may run");
  CLI::App* restore =
      app.add_subcommand("restore", "Put a copy in the place of a store that is not there");
  for (CLI::App* each : {backup, restore}) options->setup.add_to(*each);
  backup->add_option("FILE", options->file, "Where to; never overwritten")->required();
  restore->add_option("FILE", options->file, "What `backup` wrote")->required();
  backup->footer(
      "The root secret and the signing keys are files of their own: docs/operations.md.");
  backup->callback([options, &exit_code] { run_backup(*options, exit_code); });
  restore->callback([options, &exit_code] { run_restore(*options, exit_code); });
}

}  // namespace nearzone::authority_tool
