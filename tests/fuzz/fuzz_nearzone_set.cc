// Reads a set, and asks it: about strangers, and about what its own code says it holds.
#include <algorithm>

#include "fuzz/read_list.h"
#include "nearzone/random.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  using fuzzing::require;
  MemorySource source({data, size});
  const auto list = KeyList::open(source);
  if (!list.ok() || (*list)->set() == nullptr) return 0;
  const PublishedSet& set = *(*list)->set();
  require((*list)->info().format == ListFormat::nearzone_set);
  require(set.size() == (*list)->info().keys && set.scheme() == SchemeTag::dp3t_unlinkable);
  require(fuzzing::read_all(**list, 10).empty());
  // The first is asked twice. Whatever is found is in order, and found again.
  SeededRandom random(size);
  std::vector<SetItem> probes(64);
  for (SetItem& probe : probes) random.fill(probe.bytes);
  probes[1].bytes = {};
  std::ranges::fill(probes[2].bytes, uint8_t{0xff});
  probes.push_back(probes[0]);
  std::vector<size_t> found, again;
  require(set.contains(probes, found, nullptr).ok());
  require(std::ranges::is_sorted(found) && (found.empty() || found.back() < probes.size()));
  require(std::ranges::count(found, size_t{0}) == std::ranges::count(found, probes.size() - 1));
  for (size_t i = 0; i < probes.size(); ++i) {
    require(set.contains({&probes[i], 1}, again, nullptr).ok());
    require(again.size() == static_cast<size_t>(std::ranges::count(found, i)));
  }
  const std::vector<PublicKey> strangers{PublicKey::ed25519({1, 2, 3})};
  require((*list)->verify(strangers).outcome != SignatureOutcome::verified);
  return 0;
}
