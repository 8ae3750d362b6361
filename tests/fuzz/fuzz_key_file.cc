#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/crypto.h"
#include "encounter_log/key_table.h"

// The input as a slot; and as a table that was sealed and given a right checksum, so that what lies
// behind both is reached too. The key is that of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nearzone;
  using namespace nearzone::encounter_log;
  const Secret<32> key = slot_key(Secret<32>());
  const auto check = [&](ByteView slot) {
    const Result<KeyTable> table = decode_slot(slot, key);
    if (!table.ok()) return;
    if (table->days.size() > KeyTable::kMostDays) std::abort();
    for (size_t i = 1; i < table->days.size(); ++i)
      if (table->days[i - 1].day >= table->days[i].day) std::abort();
    SeededRandom random(1);
    const Result<KeyTable> again = decode_slot(encode_slot(*table, key, random), key);
    if (!again.ok() || again->sequence != table->sequence ||
        again->database_id != table->database_id || again->days.size() != table->days.size())
      std::abort();
  };
  check({data, size});
  constexpr size_t kHeader = 36;
  constexpr size_t kChecksum = kSlotSize - sizeof(Digest);
  SeededRandom random(2);
  std::vector<uint8_t> slot = encode_slot(KeyTable(), key, random);
  std::vector<uint8_t> plain(kChecksum - kHeader - kSealOverhead);
  std::copy_n(data, std::min(size, plain.size()), plain.begin());
  std::ranges::copy(seal(key, plain, ByteView(slot).first(kHeader), random),
                    slot.begin() + kHeader);
  std::ranges::copy(sha256(ByteView(slot).first(kChecksum)), slot.begin() + kChecksum);
  check(slot);
  return 0;
}
