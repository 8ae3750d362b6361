#include "scheme/own_days.h"

#include <algorithm>

#include "core/crypto.h"
#include "scheme/own_state.h"

namespace nearzone {

const Secret<32>& OwnDays::secret_at(Instant now, Random& random) {
  const auto found = std::ranges::find(days_, Day::of(now), &Record::day);
  const auto epoch = static_cast<uint32_t>(now.ms / kEpoch.count());
  if (found != days_.end()) {
    // The clock went back within its day: what is sent from there on is to be disclosed as well.
    found->first_epoch = std::min(found->first_epoch, epoch);
    return found->secret;
  }
  if (days_.size() == kMaxDays) days_.erase(days_.begin());
  days_.push_back({epoch, Secret<32>::random(random)});
  return days_.back().secret;
}

void OwnDays::forget_before(Day day) {
  std::erase_if(days_, [&](const Record& record) { return record.day() < day; });
}

std::vector<OwnDays::Record> OwnDays::give_away(Day first, Day today) {
  std::vector<Record> given;
  for (Record& record : days_)
    if (record.day() >= first && record.day() <= today) given.push_back(std::move(record));
  // What was moved from is of these days as well.
  std::erase_if(days_, [&](const Record& record) { return record.day() <= today; });
  return given;
}

Secret<32> OwnDays::key_for(const Secret<32>& secret, std::string_view purpose, uint32_t number) {
  std::vector<uint8_t> message(purpose.begin(), purpose.end());
  message.resize(purpose.size() + 4);
  store_le32(&message[purpose.size()], number);
  Digest digest = hmac_sha256(secret.expose(ForDerivation{}), message);
  Secret<32> key(std::span<const uint8_t, 32>{digest});
  wipe(digest);
  return key;
}

SecretBytes OwnDays::save(SchemeTag tag) const {
  SecretBytes state(kOwnStateHeader + kRecord * days_.size());
  uint8_t* to = begin_own_state(state, tag, days_.size());
  for (const Record& record : days_) {
    store_le32(to, record.first_epoch);
    std::ranges::copy(record.secret.expose(ForSealing{}), to + 4);
    to += kRecord;
  }
  return state;
}

Result<OwnDays> OwnDays::load(ByteView records, size_t count) {
  if (records.size() != kRecord * count || count > kMaxDays)
    return Status(Code::corrupt, "own keys have the wrong length");
  OwnDays own;
  for (size_t at = 0; at < records.size(); at += kRecord) {
    Record record{load_le32(&records[at]), Secret<32>(records.subspan(at + 4).first<32>())};
    if (std::ranges::find(own.days_, record.day(), &Record::day) != own.days_.end())
      return Status(Code::corrupt, "own keys have a day twice").at_record(own.days_.size());
    own.days_.push_back(std::move(record));
  }
  return own;
}

}  // namespace nearzone
