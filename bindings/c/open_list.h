// The list behind an nz_list, with all that it borrows.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "interface.h"
#include "nearzone/lists.h"

namespace nearzone::c {

// Not one but its const members may be used without the mutex.
struct OpenList {
  std::mutex mutex;
  std::shared_ptr<Cancel> cancel;
  std::unique_ptr<ByteSource> source;
  std::unique_ptr<KeyList> list;
  std::unique_ptr<KeyStream> keys;  // of nz_list_read_keys

  // A list that was stopped verifies as one that no key fits.
  Status check_cancelled() const {
    if (cancel == nullptr || !cancel->requested()) return {};
    return {Code::cancelled, "reading the list was cancelled"};
  }
};

}  // namespace nearzone::c

struct nz_list {
  std::shared_ptr<nearzone::c::OpenList> open;
};

struct nz_public_keys {
  mutable std::mutex mutex;
  std::vector<nearzone::PublicKey> keys;

  std::vector<nearzone::PublicKey> copy() const {
    const std::lock_guard lock(mutex);
    return keys;
  }
};
