#include "crash/disk_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>

namespace nearzone::crash_test {
namespace {

struct Connection;

// What the connections to one file share.
struct Shared {
  std::vector<Connection*> connections;
  std::vector<std::unique_ptr<std::vector<uint8_t>>> memory;
  int mapped = 0;  // connections that use the memory
};

// The rest of an open file, of which SQLite owns the storage.
struct Connection {
  Disk* disk = nullptr;
  std::map<Disk::File*, Shared>* all = nullptr;
  Disk::FilePtr file;
  std::string path;
  // A journal that may have been made here: its first sync is its folder's as well, as in SQLite's
  // own VFS for Unix.
  bool name_is_new = false;
  bool delete_on_close = false;
  int lock = SQLITE_LOCK_NONE;
  bool maps = false;
  unsigned shared_slots = 0;
  unsigned exclusive_slots = 0;
  int* last_error = nullptr;  // as errno

  Shared& shared() const { return (*all)[file.get()]; }
};

struct OpenFile : sqlite3_file {
  Connection* connection;
};

Connection& connection_of(sqlite3_file* file) { return *static_cast<OpenFile*>(file)->connection; }

// The error that SQLite shall see in place of an errno.
int told(Connection& connection, int error, int otherwise) {
  if (error == 0) return SQLITE_OK;
  *connection.last_error = error;
  return error == ENOSPC ? SQLITE_FULL : otherwise;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

int close_file(sqlite3_file* file) {
  Connection& connection = connection_of(file);
  Shared& shared = connection.shared();
  std::erase(shared.connections, &connection);
  if (shared.connections.empty()) connection.all->erase(connection.file.get());
  if (connection.delete_on_close) static_cast<void>(connection.disk->remove(connection.path));
  delete &connection;
  file->pMethods = nullptr;
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  Connection& connection = connection_of(file);
  const MutableBytes bytes(static_cast<uint8_t*>(out), static_cast<size_t>(size));
  size_t got = 0;
  const int error =
      connection.disk->read(*connection.file, static_cast<uint64_t>(offset), bytes, got);
  if (error != 0) return told(connection, error, SQLITE_IOERR_READ);
  if (got == bytes.size()) return SQLITE_OK;
  std::ranges::fill(bytes.subspan(got), uint8_t{0});
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* in, int size, sqlite3_int64 offset) {
  Connection& connection = connection_of(file);
  const ByteView bytes(static_cast<const uint8_t*>(in), static_cast<size_t>(size));
  return told(connection,
              connection.disk->write(*connection.file, static_cast<uint64_t>(offset), bytes),
              SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  Connection& connection = connection_of(file);
  return told(connection, connection.disk->resize(*connection.file, static_cast<uint64_t>(size)),
              SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
  Connection& connection = connection_of(file);
  if (const int error = connection.disk->sync(*connection.file))
    return told(connection, error, SQLITE_IOERR_FSYNC);
  if (!connection.name_is_new) return SQLITE_OK;
  const int error = connection.disk->sync_names(folder_of(connection.path));
  if (error == 0) connection.name_is_new = false;
  return told(connection, error, SQLITE_IOERR_DIR_FSYNC);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  Connection& connection = connection_of(file);
  *size = static_cast<sqlite3_int64>(connection.file->bytes.size());
  return told(connection, connection.disk->begin(Operation::look), SQLITE_IOERR_FSTAT);
}

// The highest lock of another connection.
int lock_of_others(const Connection& connection) {
  int highest = SQLITE_LOCK_NONE;
  for (const Connection* other : connection.shared().connections)
    if (other != &connection) highest = std::max(highest, other->lock);
  return highest;
}

int lock_file(sqlite3_file* file, int level) {
  Connection& connection = connection_of(file);
  if (connection.lock >= level) return SQLITE_OK;
  if (const int error = connection.disk->begin(Operation::lock))
    return told(connection, error, SQLITE_IOERR_LOCK);
  const int others = lock_of_others(connection);
  if (level == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
  if (level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
    connection.lock = SQLITE_LOCK_PENDING;
    return SQLITE_BUSY;
  }
  connection.lock = level;
  return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
  Connection& connection = connection_of(file);
  connection.lock = std::min(connection.lock, level);
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* reserved) {
  Connection& connection = connection_of(file);
  *reserved = std::max(connection.lock, lock_of_others(connection)) >= SQLITE_LOCK_RESERVED ? 1 : 0;
  return told(connection, connection.disk->begin(Operation::lock), SQLITE_IOERR_CHECKRESERVEDLOCK);
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

// What SQLite's own VFS for Unix says.
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_memory(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Connection& connection = connection_of(file);
  Shared& shared = connection.shared();
  *out = nullptr;
  const bool grows = static_cast<size_t>(region) >= shared.memory.size();
  if (const int error =
          connection.disk->begin(grows && extend != 0 ? Operation::create : Operation::look)) {
    told(connection, error, SQLITE_IOERR);
    return error == ENOSPC ? SQLITE_IOERR_SHMSIZE : SQLITE_IOERR_SHMMAP;
  }
  if (!connection.maps) {
    connection.maps = true;
    ++shared.mapped;
  }
  if (grows && extend == 0) return SQLITE_OK;
  while (static_cast<size_t>(region) >= shared.memory.size())
    shared.memory.push_back(std::make_unique<std::vector<uint8_t>>(static_cast<size_t>(size)));
  *out = shared.memory[static_cast<size_t>(region)]->data();
  return SQLITE_OK;
}

int lock_memory(sqlite3_file* file, int first, int count, int flags) {
  Connection& connection = connection_of(file);
  const unsigned slots = ((1u << count) - 1) << first;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    ((flags & SQLITE_SHM_SHARED) != 0 ? connection.shared_slots : connection.exclusive_slots) &=
        ~slots;
    return SQLITE_OK;
  }
  if (const int error = connection.disk->begin(Operation::lock))
    return told(connection, error, SQLITE_IOERR_SHMLOCK);
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (const Connection* other : connection.shared().connections)
    if (other != &connection && ((other->exclusive_slots & slots) != 0 ||
                                 (exclusive && (other->shared_slots & slots) != 0)))
      return SQLITE_BUSY;
  (exclusive ? connection.exclusive_slots : connection.shared_slots) |= slots;
  return SQLITE_OK;
}

void memory_barrier(sqlite3_file*) {}

int unmap_memory(sqlite3_file* file, int) {
  Connection& connection = connection_of(file);
  if (!connection.maps) return SQLITE_OK;
  connection.maps = false;
  connection.shared_slots = connection.exclusive_slots = 0;
  Shared& shared = connection.shared();
  if (--shared.mapped == 0) shared.memory.clear();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {2,
                                         close_file,
                                         read_file,
                                         write_file,
                                         truncate_file,
                                         sync_file,
                                         size_of_file,
                                         lock_file,
                                         unlock_file,
                                         check_reserved_lock,
                                         control_file,
                                         sector_size,
                                         characteristics,
                                         map_memory,
                                         lock_memory,
                                         memory_barrier,
                                         unmap_memory,
                                         nullptr,
                                         nullptr};

}  // namespace

struct DiskVfs::State {
  Disk& disk;
  std::map<Disk::File*, Shared> shared;
  int nameless = 0;
  int last_error = 0;
};

namespace {

template <typename State>
State& state_of(sqlite3_vfs* vfs) {
  return *static_cast<State*>(vfs->pAppData);
}

}  // namespace

DiskVfs::DiskVfs(Disk& disk)
    : state_(std::make_unique<State>(State{disk, {}, 0, 0})),
      vfs_(std::make_unique<sqlite3_vfs>()) {
  static std::atomic<int> count = 0;
  name_ = "disk-" + std::to_string(++count);
  vfs_->iVersion = 1;
  vfs_->szOsFile = sizeof(OpenFile);
  vfs_->mxPathname = 512;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = state_.get();
  vfs_->xOpen = [](sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    auto& state = state_of<State>(vfs);
    file->pMethods = nullptr;
    auto connection = std::make_unique<Connection>();
    connection->disk = &state.disk;
    connection->all = &state.shared;
    connection->last_error = &state.last_error;
    if (name == nullptr) ++state.nameless;
    connection->path = name == nullptr ? "/disk/nameless" : name;
    const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    if (const int error = state.disk.open(connection->path, create, connection->file)) {
      state.last_error = error;
      return SQLITE_CANTOPEN;
    }
    connection->name_is_new = create && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    connection->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (out != nullptr) *out = flags;
    connection->shared().connections.push_back(connection.get());
    static_cast<OpenFile*>(file)->connection = connection.release();
    file->pMethods = &kMethods;
    return SQLITE_OK;
  };
  vfs_->xDelete = [](sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& of = state_of<State>(vfs).disk;
    if (const int error = of.remove(name))
      return error == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    if (sync_folder != 0 && of.sync_names(folder_of(name)) != 0) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
  };
  vfs_->xAccess = [](sqlite3_vfs* vfs, const char* name, int, int* found) {
    Disk::FilePtr file;
    if (state_of<State>(vfs).disk.look(name, file) != 0) return SQLITE_IOERR_ACCESS;
    *found = file == nullptr ? 0 : 1;
    return SQLITE_OK;
  };
  vfs_->xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  };
  vfs_->xRandomness = [](sqlite3_vfs*, int size, char* out) {
    std::memset(out, 1, static_cast<size_t>(size));
    return size;
  };
  vfs_->xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
  vfs_->xCurrentTime = [](sqlite3_vfs*, double* days) {
    *days = 2459106;
    return SQLITE_OK;
  };
  vfs_->xGetLastError = [](sqlite3_vfs* vfs, int, char*) {
    return state_of<State>(vfs).last_error;
  };
  sqlite3_vfs_register(vfs_.get(), 0);
}

DiskVfs::~DiskVfs() { sqlite3_vfs_unregister(vfs_.get()); }

int DiskVfs::nameless() const { return state_->nameless; }

}  // namespace nearzone::crash_test
