#include "crash/disk.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <set>

namespace nearzone::crash_test {
namespace {

constexpr uint64_t kSector = 512;

bool needs_space(Operation operation) {
  return operation == Operation::create || operation == Operation::write;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// "/a/b/.." is "/a".
std::string plain(std::string path) {
  while (path.ends_with("/..")) path = folder_of(folder_of(path));
  return path;
}

void put_bytes(std::vector<uint8_t>& to, uint64_t offset, ByteView bytes) {
  if (to.size() < offset + bytes.size()) to.resize(offset + bytes.size());
  std::ranges::copy(bytes, to.begin() + static_cast<std::ptrdiff_t>(offset));
}

void put_bytes(std::vector<uint8_t>& to, const Disk::File::Change& change) {
  if (change.shortens)
    to.resize(change.offset);
  else
    put_bytes(to, change.offset, change.bytes);
}

}  // namespace

Disk::Disk(uint64_t seed) : random_(seed) {
  auto root = std::make_shared<File>();
  root->is_folder = true;
  names_["/disk"] = kept_names_["/disk"] = root;
}

int Disk::begin(Operation operation) {
  if (is_off_) return EIO;
  const uint64_t call = calls_[static_cast<size_t>(Fault::io)]++;
  const uint64_t spending = calls_[static_cast<size_t>(Fault::full)];
  if (needs_space(operation)) ++calls_[static_cast<size_t>(Fault::full)];
  if (cut_at_ && call >= *cut_at_) {
    is_off_ = true;
    return EIO;
  }
  if (!fault_ || (fault_->fault == Fault::full && !needs_space(operation))) return 0;
  const uint64_t number = fault_->fault == Fault::io ? call : spending;
  if (number != fault_->at && !(fault_->lasting && number > fault_->at)) return 0;
  failed_ = true;
  return fault_->fault == Fault::io ? EIO : ENOSPC;
}

void Disk::fail(uint64_t nth, Fault fault, bool lasting) {
  fault_ = {calls(fault) + nth, fault, lasting};
  failed_ = false;
}

int Disk::open(const std::string& path, bool create, FilePtr& file) {
  const auto found = names_.find(plain(path));
  const bool makes = found == names_.end() && create;
  if (const int error = begin(makes ? Operation::create : Operation::open)) return error;
  if (found != names_.end()) {
    file = found->second;
    return 0;
  }
  if (!create || !names_.contains(folder_of(plain(path)))) return ENOENT;
  file = std::make_shared<File>();
  change_names({{{plain(path), file}}});
  return 0;
}

int Disk::make_folder(const std::string& path) {
  if (const int error = begin(Operation::create)) return error;
  if (names_.contains(plain(path))) return EEXIST;
  auto folder = std::make_shared<File>();
  folder->is_folder = true;
  change_names({{{plain(path), folder}}});
  return 0;
}

int Disk::read(const File& file, uint64_t offset, MutableBytes out, size_t& size) {
  if (const int error = begin(Operation::read)) return error;
  size = 0;
  if (offset < file.bytes.size()) {
    size = std::min<size_t>(out.size(), file.bytes.size() - offset);
    std::copy_n(file.bytes.begin() + static_cast<std::ptrdiff_t>(offset), size, out.begin());
  }
  return 0;
}

int Disk::write(File& file, uint64_t offset, ByteView bytes) {
  if (is_off_) return EIO;
  const int error = begin(Operation::write);
  if (error != 0) bytes = bytes.first(random_.below(bytes.size() + 1));
  if (watcher_) watcher_(bytes);
  if (!bytes.empty()) change(file, {offset, {bytes.begin(), bytes.end()}, false});
  return error;
}

int Disk::resize(File& file, uint64_t size) {
  if (size >= file.bytes.size())
    return size == file.bytes.size()
               ? begin(Operation::cut)
               : write(file, file.bytes.size(), std::vector<uint8_t>(size - file.bytes.size()));
  if (const int error = begin(Operation::cut)) return error;
  change(file, {size, {}, true});
  return 0;
}

void Disk::change(File& file, File::Change change) {
  put_bytes(file.bytes, change);
  file.changes.push_back(std::move(change));
}

int Disk::sync(File& file) {
  if (is_off_) return EIO;
  const int error = begin(Operation::sync);
  if (is_off_) return error;
  if (error != 0) {
    settle(file, random_.unit());
    return error;
  }
  for (const File::Change& change : file.changes) put_bytes(file.kept, change);
  file.changes.clear();
  return 0;
}

int Disk::sync_names(const std::string& folder) {
  if (const int error = begin(Operation::sync)) return error;
  std::vector<NameChange> others;
  for (NameChange& change : name_changes_)
    if (folder_of(change.names.front().first) == plain(folder)) {
      keep(change);
    } else {
      others.push_back(std::move(change));
    }
  name_changes_ = std::move(others);
  return 0;
}

int Disk::remove(const std::string& path) {
  if (const int error = begin(Operation::remove)) return error;
  if (!names_.contains(path)) return ENOENT;
  change_names({{{path, nullptr}}});
  return 0;
}

int Disk::rename(const std::string& from, const std::string& to) {
  if (const int error = begin(Operation::create)) return error;
  const auto found = names_.find(from);
  if (found == names_.end()) return ENOENT;
  change_names({{{to, found->second}, {from, nullptr}}});
  return 0;
}

int Disk::look(const std::string& path, FilePtr& file) {
  if (const int error = begin(Operation::look)) return error;
  const auto found = names_.find(plain(path));
  file = found == names_.end() ? nullptr : found->second;
  return 0;
}

void Disk::change_names(NameChange change) {
  for (const auto& [name, file] : change.names)
    if (file == nullptr)
      names_.erase(name);
    else
      names_[name] = file;
  name_changes_.push_back(std::move(change));
}

// A sector is kept as it was at some moment since the last sync: once it has missed a change it
// misses those that follow. Sizes are kept in their order, as file systems with a journal do.
void Disk::settle(File& file, double reach) {
  const size_t sizes_kept = random_.below(file.changes.size() + 1);
  uint64_t gone_from = std::numeric_limits<uint64_t>::max();
  std::set<uint64_t> missing;
  for (size_t i = 0; i < file.changes.size(); ++i) {
    const File::Change& change = file.changes[i];
    if (change.shortens) {
      if (i >= sizes_kept || gone_from != std::numeric_limits<uint64_t>::max()) {
        gone_from = std::min(gone_from, change.offset / kSector);
      } else if (change.offset < file.kept.size()) {
        file.kept.resize(change.offset);
        missing.erase(missing.lower_bound(change.offset / kSector), missing.end());
      }
      continue;
    }
    ByteView rest = change.bytes;
    for (uint64_t at = change.offset; !rest.empty();) {
      const uint64_t sector = at / kSector;
      const ByteView piece = rest.first(std::min<size_t>(rest.size(), (sector + 1) * kSector - at));
      if (sector < gone_from && !missing.contains(sector)) {
        if (chance(reach)) {
          put_bytes(file.kept, at, piece);
        } else {
          missing.insert(sector);
          // The power went off while this one was written: the rest is as it was, or nothing.
          if (chance(0.1)) {
            std::vector<uint8_t> torn(
                piece.begin(),
                piece.begin() + static_cast<std::ptrdiff_t>(random_.below(piece.size())));
            if (chance(0.2)) {
              torn.resize(piece.size());
              random_.fill(torn);
            }
            put_bytes(file.kept, at, torn);
          }
        }
      }
      at += piece.size();
      rest = rest.subspan(piece.size());
    }
  }
  file.changes.clear();
}

void Disk::keep(const NameChange& change) {
  for (const auto& [name, file] : change.names)
    if (file == nullptr)
      kept_names_.erase(name);
    else
      kept_names_[name] = file;
}

void Disk::forget_everything_else() {
  names_ = kept_names_;
  for (auto& [name, file] : names_) {
    file->bytes = file->kept;
    file->changes.clear();
  }
  name_changes_.clear();
  cut_at_.reset();
  fault_.reset();
  is_off_ = false;
}

void Disk::restart() {
  // Nothing, everything, or something of it.
  const uint64_t kind = random_.below(6);
  const double reach = kind == 0 ? 0 : kind == 1 ? 1 : random_.unit();
  size_t names = random_.below(name_changes_.size() + 1);
  if (kind < 2) names = kind == 0 ? 0 : name_changes_.size();
  for (size_t i = 0; i < names; ++i) keep(name_changes_[i]);
  for (auto& [name, file] : kept_names_) settle(*file, reach);
  forget_everything_else();
}

void Disk::restart_without_unsynced() { forget_everything_else(); }

void Disk::put(const std::string& path, const std::vector<uint8_t>& bytes) {
  auto file = std::make_shared<File>();
  file->bytes = file->kept = bytes;
  names_[path] = kept_names_[path] = file;
  auto folder = std::make_shared<File>();
  folder->is_folder = true;
  if (names_.emplace(folder_of(path), folder).second) kept_names_[folder_of(path)] = folder;
}

}  // namespace nearzone::crash_test
