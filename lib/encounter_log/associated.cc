#include "encounter_log/associated.h"

namespace nearzone::encounter_log {
namespace {

constexpr uint8_t kVersion = 1;
// Keeps a block and a state record of one day from being taken for each other.
constexpr uint8_t kBlock = 'B';
constexpr uint8_t kState = 'S';

class Associated {
 public:
  Associated(uint8_t purpose, const DatabaseId& id, Day day) {
    bytes_.reserve(64);
    bytes_.push_back(kVersion);
    bytes_.push_back(purpose);
    bytes_.insert(bytes_.end(), id.begin(), id.end());
    number(static_cast<uint32_t>(day.number));
  }
  void byte(uint8_t value) { bytes_.push_back(value); }
  void number(uint32_t value) {
    bytes_.resize(bytes_.size() + 4);
    store_le32(bytes_.data() + bytes_.size() - 4, value);
  }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace

std::vector<uint8_t> associated_with_block(const DatabaseId& id, const BlockLabel& label) {
  Associated associated(kBlock, id, label.day);
  associated.number(label.sequence);
  associated.byte(static_cast<uint8_t>(label.kind));
  associated.number(label.chunk);
  associated.number(label.chunks);
  associated.number(label.count);
  return associated.take();
}

std::vector<uint8_t> associated_with_state(const DatabaseId& id, Day day, std::string_view kind) {
  Associated associated(kState, id, day);
  associated.text(kind);
  return associated.take();
}

}  // namespace nearzone::encounter_log
