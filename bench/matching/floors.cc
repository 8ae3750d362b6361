#include "matching/floors.h"

#include <array>
#include <memory>

#include "kernel/kernel.h"
#include "nearzone/gaen.h"
#include "nearzone/random.h"

namespace nearzone::bench {
namespace {

constexpr size_t kLinks = 97;

template <size_t kSize>
using Row = std::array<uint8_t, kSize>;

template <size_t kSize>
std::vector<Row<kSize>> random_rows(size_t count) {
  std::vector<Row<kSize>> rows(count);
  SeededRandom random(count);
  for (Row<kSize>& row : rows) random.fill(row);
  return rows;
}

template <size_t kSize>
auto* as_rows(std::vector<Row<kSize>>& rows) {
  return reinterpret_cast<uint8_t(*)[kSize]>(rows.data());
}

Floor hkdf(size_t count, size_t lanes) {
  return {"hkdf:" + std::to_string(lanes), count,
          [count, lanes, keys = random_rows<16>(lanes)]() mutable {
            static constexpr uint8_t kInfo[7] = {'E', 'N', '-', 'R', 'P', 'I', 'K'};
            for (size_t done = 0; done < count; done += lanes)
              kernel::active().hkdf_sha256(as_rows(keys), kInfo, as_rows(keys), lanes);
          }};
}

Floor blocks(size_t count, size_t together) {
  return {"blocks:" + std::to_string(together), count,
          [count, together, keys = random_rows<16>(together),
           out = random_rows<16>(together * gaen::kIntervalsPerDay)]() mutable {
            static constexpr uint8_t kPrefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
            const std::vector<uint32_t> first(together, 2642976);
            const std::vector<uint32_t> counts(together, gaen::kIntervalsPerDay);
            for (size_t done = 0; done < count; done += together)
              kernel::active().aes128_number(as_rows(keys), kPrefix, first.data(), counts.data(),
                                             together, as_rows(out));
          }};
}

Floor chain(size_t chains, size_t lanes) {
  return {"chain:" + std::to_string(lanes), chains * kLinks,
          [chains, lanes, block = random_rows<64>(lanes),
           out = random_rows<16>(lanes * kLinks)]() mutable {
            static constexpr uint8_t kPick[16] = {0, 1, 2, 3, 4, 5, 6, 7};
            for (size_t done = 0; done < chains; done += lanes)
              kernel::active().sha256_chain(as_rows(block), lanes, kLinks, kPick, as_rows(out));
          }};
}

Floor compress(size_t chains, size_t lanes) {
  return {
      "compress:" + std::to_string(lanes), chains * kLinks,
      [chains, lanes, block = random_rows<64>(lanes), state = random_rows<32>(lanes)]() mutable {
        for (size_t done = 0; done < chains * kLinks; done += lanes)
          kernel::active().sha256_compress(reinterpret_cast<uint32_t(*)[8]>(state.data()),
                                           as_rows(block), lanes);
      }};
}

}  // namespace

std::vector<Floor> key_floors(size_t keys) {
  return {hkdf(keys, 16),  hkdf(keys, 64),   hkdf(keys, 256),
          blocks(keys, 4), blocks(keys, 16), blocks(keys, 64)};
}

std::vector<Floor> link_floors(size_t chains) {
  return {chain(chains, 16), chain(chains, 32), chain(chains, 256), compress(chains, 16),
          compress(chains, 256)};
}

}  // namespace nearzone::bench
