// Does one piece of the arm64 level's work, for estimate_arm64.sh to follow.
#include <cstdlib>
#include <cstring>

#include "kernel/table.h"

namespace {

constexpr size_t kKeys = 24;
constexpr size_t kBlocks = 144;

uint8_t key[kKeys][16];
uint8_t block[kKeys * kBlocks][64];
uint8_t out[kKeys * kBlocks][16];
uint32_t words[4096];
uint32_t found[kKeys * kBlocks];

}  // namespace

// The argument is hkdf (of 24 keys), number (144 blocks of each of 24 keys), number_find (with
// their look-ups, in a filter that holds none of them) or chain (24 of nine links).
int main(int count, char** arguments) {
  if (count != 2) return EXIT_FAILURE;
  const nearzone::kernel::KernelTable& kernel = nearzone::kernel::kArm64Crypto;
  const uint8_t text[16] = {};
  if (std::strcmp(arguments[1], "hkdf") == 0) {
    kernel.hkdf_sha256(key, text, key, kKeys);
  } else if (std::strncmp(arguments[1], "number", 6) == 0) {
    const uint32_t first[kKeys] = {};
    uint32_t blocks[kKeys];
    for (uint32_t& each : blocks) each = kBlocks;
    if (std::strcmp(arguments[1], "number") == 0)
      kernel.aes128_number(key, text, first, blocks, kKeys, out);
    else
      kernel.aes128_number_find(key, text, first, blocks, kKeys, {words, 1, 20}, out, found);
  } else if (std::strcmp(arguments[1], "chain") == 0) {
    kernel.sha256_chain(block, kKeys, 9, text, out);
  } else {
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
