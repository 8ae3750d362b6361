#include "nearzone/bluezone_v1.h"

#include <algorithm>

namespace nearzone::bluezone_v1 {
namespace {

constexpr std::string_view kCharacters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr int kLastPosition = 5;

// The generator that Java's documentation of java.util.Random prescribes.
class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ kFactor) & kMask) {}

  int64_t next_long() {
    const auto high = static_cast<uint64_t>(next_int()) << 32;
    return static_cast<int64_t>(high + static_cast<uint64_t>(next_int()));
  }

 private:
  static constexpr uint64_t kFactor = 0x5deece66d;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;

  int64_t next_int() {
    state_ = (state_ * kFactor + 0xb) & kMask;
    return static_cast<int32_t>(static_cast<uint32_t>(state_ >> 16));
  }

  uint64_t state_;
};

bool are_positions(int first, int second) {
  return first >= 1 && first <= kLastPosition && second >= 1 && second <= kLastPosition &&
         first != second;
}

}  // namespace

std::string identifier_of_seed(int64_t clock_ms) {
  JavaRandom random(clock_ms);
  std::string identifier;
  for (size_t i = 0; i < kIdentifierSize; ++i) {
    // The smallest number has no absolute value in 64 bits; the app could end with a fault there.
    const auto drawn = static_cast<uint64_t>(random.next_long());
    const uint64_t absolute = drawn >> 63 != 0 ? 0 - drawn : drawn;
    identifier += kCharacters[absolute % kCharacters.size()];
  }
  return identifier;
}

Result<std::string> local_name(std::string_view identifier, int first, int second) {
  if (identifier.size() != kIdentifierSize ||
      identifier.find_first_not_of(kCharacters) != std::string_view::npos)
    return Status(Code::invalid_argument, "must be six digits and letters", "identifier");
  if (!are_positions(first, second))
    return Status(Code::invalid_argument, "must be two different ones of 1 to 5", "positions");
  std::string name(1, static_cast<char>('0' + first));
  for (int position = 1; position <= static_cast<int>(kIdentifierSize); ++position) {
    name += identifier[static_cast<size_t>(position) - 1];
    // At each of the two places stands the other's character as well.
    if (position == first) name += identifier[static_cast<size_t>(second) - 1];
    if (position == second) name += identifier[static_cast<size_t>(first) - 1];
  }
  name += static_cast<char>('0' + second);
  return name;
}

Result<std::string> identifier_of_local_name(std::string_view name) {
  const Status foreign(Code::corrupt, "is no Bluezone name of April 2020", "local_name");
  if (name.size() != kIdentifierSize + 4) return foreign;
  const int first = name.front() - '0';
  const int second = name.back() - '0';
  if (!are_positions(first, second)) return foreign;
  std::string identifier(name.substr(1, kIdentifierSize + 2));
  // Each repeated character stands behind its place; the later one is taken out first.
  identifier.erase(static_cast<size_t>(std::max(first, second)) + 1, 1);
  identifier.erase(static_cast<size_t>(std::min(first, second)), 1);
  const Result<std::string> again = local_name(identifier, first, second);
  if (!again.ok() || *again != name) return foreign;
  return identifier;
}

}  // namespace nearzone::bluezone_v1
