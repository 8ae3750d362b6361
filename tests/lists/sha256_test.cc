#include "lists/sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "nearzone/random.h"

namespace nearzone {
namespace {

TEST(ListHash, IsSha256OfThePiecesInOrder) {
  SeededRandom random(1);
  for (size_t size = 0; size < 400; ++size) {
    std::vector<uint8_t> message(size);
    random.fill(message);
    ListHash hash;
    for (ByteView rest = message; !rest.empty();) {
      const size_t piece = std::min<size_t>(rest.size(), random.below(150));
      hash.update(rest.first(piece));
      rest = rest.subspan(piece);
    }
    EXPECT_EQ(hash.finish(), sha256(message)) << size;
  }
}

}  // namespace
}  // namespace nearzone
