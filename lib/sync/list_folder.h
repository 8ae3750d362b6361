// Where fetched lists lie. Under its name, a list is whole and verified; what is on its way has a
// dot in front. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nearzone/bytes.h"
#include "nearzone/lists.h"
#include "nearzone/status.h"

namespace nearzone::sync {

class ListFolder {
 public:
  // Makes it where it is missing.
  static Result<ListFolder> open(std::string path);

  // The file of a list that an index calls `path`: slashes become underscores.
  std::string file_of(std::string_view path) const;
  bool has(std::string_view path) const;

  // How much of a list is there, and of which version (its ETag).
  struct Partial {
    uint64_t size = 0;
    std::string etag;
  };
  Partial partial(std::string_view path) const;
  // Begins anew with this version.
  Status begin(std::string_view path, std::string_view etag) const;
  Status append(std::string_view path, ByteView bytes) const;
  void drop(std::string_view path) const;
  // Reads what is there whole, verifies it, and gives it its name. Fails with signature_refused
  // where none of the keys signed it or its validity is over, and as KeyList; it is dropped then.
  Status accept(std::string_view path, std::span<const PublicKey> keys, Instant now) const;

  // A state of somebody's, replaced whole.
  std::optional<std::string> read_state(const char* name) const;
  Status write_state(const char* name, ByteView bytes) const;

 private:
  explicit ListFolder(std::string path) : path_(std::move(path)) {}
  std::string partial_of(std::string_view path) const;
  std::string etag_of(std::string_view path) const { return partial_of(path) + ".etag"; }
  std::string path_;
};

}  // namespace nearzone::sync
