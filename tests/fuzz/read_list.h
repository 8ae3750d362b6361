// Reads a list in every way there is, and stops the program where the ways disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "nearzone/lists.h"
#include "nearzone/scheme.h"

namespace nearzone::fuzzing {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::vector<PublishedKey> read_all(KeyList& list, size_t batch_size) {
  auto stream = list.keys();
  require(stream.ok());
  std::vector<PublishedKey> keys;
  std::vector<PublishedKey> batch;
  do {
    require((*stream)->next(batch_size, batch).ok());
    require(batch.size() <= batch_size);
    keys.insert(keys.end(), batch.begin(), batch.end());
  } while (!batch.empty());
  return keys;
}

// `format` is the one that the inputs are made for; those of others are passed over.
inline void read_list(const uint8_t* data, size_t size, ListFormat format) {
  MemorySource source({data, size});
  ListOptions options;
  options.max_bytes = 1 << 20;
  auto held = KeyList::open(source, options);
  options.hold_in_memory = 0;
  auto streamed = KeyList::open(source, options);
  require(held.ok() == streamed.ok());
  if (!held.ok() || (*held)->info().format != format) return;
  const ListInfo& info = (*held)->info();
  require((*held)->content_digest() == (*streamed)->content_digest());
  std::vector<PublishedKey> keys = read_all(**held, 1000);
  require(keys == read_all(**streamed, 3));
  require(keys.size() == info.keys);
  for (const PublishedKey& key : keys) {
    const Scheme& scheme = *find_scheme(key.scheme);
    require(scheme.check(key).ok());
    require(key.record < info.keys + info.refused_count);
  }
  std::vector<PublicKey> public_keys{PublicKey::ed25519({1, 2, 3})};
  SignatureReport report = (*held)->verify(public_keys);
  require(report.outcome != SignatureOutcome::verified);
}

}  // namespace nearzone::fuzzing
