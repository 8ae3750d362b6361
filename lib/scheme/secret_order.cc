#include "scheme/secret_order.h"

#include <numeric>
#include <vector>

#include "kernel/kernel.h"
#include "scheme/own_days.h"

namespace nearzone {
namespace {

// The AES-256-CTR keystream of a key, for the draws of one shuffle.
class KeyedRandom final : public Random {
 public:
  explicit KeyedRandom(Secret<32> key) : key_(std::move(key)) {}

  void fill(std::span<uint8_t> out) override {
    uint8_t counter[16] = {};
    store_be32(counter, draw_++);
    std::ranges::fill(out, uint8_t{0});
    kernel::active().aes256_ctr(key_.expose(ForDerivation{}).data(), counter, out.data(),
                                out.size());
  }

 private:
  const Secret<32> key_;
  uint32_t draw_ = 0;
};

}  // namespace

uint32_t secret_order(const Secret<32>& secret, uint32_t number, uint32_t count, uint32_t place) {
  KeyedRandom random(OwnDays::key_for(secret, "order on the air", number));
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  // Fisher and Yates's shuffle, as far as it has to go.
  for (uint32_t i = 0; i <= place; ++i)
    std::swap(order[i], order[i + static_cast<uint32_t>(random.below(count - i))]);
  return order[place];
}

}  // namespace nearzone
