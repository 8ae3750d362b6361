#include "schemes/world.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <utility>

#include "core/crypto.h"
#include "nearzone/bluezone.h"
#include "nearzone/dp3t.h"
#include "nearzone/gaen.h"
#include "nearzone/tcn.h"

namespace nearzone::bench {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// What one person publishes, and an identifier that was sent, derived from the person's own key.
struct Person {
  std::vector<PublishedKey> keys;
  Sighting sent;
};

class PersonMaker {
 public:
  PersonMaker(const Variant& variant, Day first, Random& random)
      : variant_(variant), first_(first), random_(random) {}

  Person make() {
    person_.sent.scheme = variant_.tag;
    switch (variant_.tag) {
      case SchemeTag::bluezone: {
        const PublishedKey& key = add(first_.start(), Day::kLength * kDaysSent);
        send(bluezone::identifiers_of_day(secret<32>(key), 96)[40], minutes(15 * 40));
        break;
      }
      case SchemeTag::gaen:
        for (int32_t day = 0; day < kDaysSent; ++day) {
          PublishedKey& key = add((first_ + day).start(), Day::kLength);
          key.identifiers_per_day = 144;
          if (day == 0)
            send(gaen::rolling_proximity_identifier(gaen::TemporaryExposureKey(secret<16>(key)),
                                                    Interval::of(key.valid_from + hours(9))),
                 hours(9));
        }
        break;
      case SchemeTag::dp3t_low_cost: {
        const PublishedKey& key = add(first_.start(), Day::kLength * kDaysSent);
        send(dp3t::identifiers_of_day({secret<32>(key)}, 96)[7], hours(9));
        break;
      }
      case SchemeTag::dp3t_hybrid:
        for (Millis at{0}; at < Day::kLength * kDaysSent; at += variant_.window) {
          PublishedKey& key = add(first_.start() + at, variant_.window);
          const auto count = static_cast<uint32_t>(variant_.window / minutes(15));
          if (at == hours(8))
            send(dp3t::identifiers_of_window({secret<16>(key)}, count)[3], hours(9));
        }
        break;
      case SchemeTag::tcn:
        for (Millis at{0}; at < Day::kLength * kDaysSent; at += hours(6)) {
          PublishedKey& key = add(first_.start() + at, hours(6));
          const tcn::ReportAuthorizationKey rak{Secret<32>::random(random_)};
          key.bytes = tcn::verification_key(rak).bytes;
          key.report = *tcn::make_report(rak, 1, 24, tcn::MemoType::coepi_v1, {});
          if (at == hours(6)) send(tcn::numbers(rak, 13, 13)[0], hours(9));
        }
        break;
      case SchemeTag::dp3t_unlinkable:
        for (Millis at{0}; at < Day::kLength * kDaysSent; at += dp3t::kEpoch) {
          PublishedKey& key = add(first_.start() + at, dp3t::kEpoch);
          if (at == hours(9)) send(dp3t::identifier_of_epoch({secret<32>(key)}), at);
        }
        break;
    }
    return std::move(person_);
  }

 private:
  PublishedKey& add(Instant from, Millis length) {
    PublishedKey& key = person_.keys.emplace_back();
    key.scheme = variant_.tag;
    random_.fill(std::span(key.bytes).first(published_key_size(variant_.tag)));
    key.valid_from = from;
    key.valid_to = from + length;
    key.identifiers_per_day = 96;
    if (variant_.tag != SchemeTag::bluezone && variant_.tag != SchemeTag::gaen &&
        variant_.tag != SchemeTag::dp3t_unlinkable)
      key.released_at = (first_ + kDaysSent).start();
    return key;
  }
  template <size_t kSize>
  static Secret<kSize> secret(const PublishedKey& key) {
    return Secret<kSize>(std::span(key.bytes).template first<kSize>());
  }
  void send(const Identifier& identifier, Millis at) {
    person_.sent.identifier = identifier;
    person_.sent.time = first_.start() + at + minutes(1);
  }

  const Variant& variant_;
  const Day first_;
  Random& random_;
  Person person_;
};

}  // namespace

World::World(const Variant& variant) : variant_(variant), scheme_(*find_scheme(variant.tag)) {
  SeededRandom random(7);
  std::vector<Sighting> sightings(kHeard);
  const int64_t length = Day::kLength.count() * kDays;
  for (size_t i = 0; i < kHeard; ++i) {
    random.fill(std::span(sightings[i].identifier.bytes).first(identifier_size(variant.tag)));
    sightings[i].scheme = variant.tag;
    sightings[i].time =
        kFirstDay.start() + Millis(length * static_cast<int64_t>(i) / static_cast<int64_t>(kHeard));
  }
  for (size_t i = 0; i < kPeople; ++i) {
    const Day first = kFirstDay + static_cast<int32_t>(i % (kDays - kDaysSent + 1));
    Person person = PersonMaker(variant, first, random).make();
    if (i % (kPeople / kPlanted) == 0) sightings.push_back(person.sent);
    std::ranges::move(person.keys, std::back_inserter(keys_));
  }
  table_ = SightingTable::from(sightings);
  const NearzoneListHeader header{1, 1, "VN", kFirstDay.start(), (kFirstDay + kDays).start()};
  const Secret<32> seed;
  const auto written =
      is_set() ? write_nearzone_set(header, variant.tag, dp3t::set_items(keys_), {&seed, 1})
               : write_nearzone_list(header, keys_, {&seed, 1});
  if (written.ok()) bytes_ = *written;
  public_key_ = PublicKey::ed25519(ed25519_public_key(seed));
  source_ = std::make_unique<MemorySource>(ByteView(bytes_));
  if (auto opened = KeyList::open(*source_); opened.ok()) list_ = *std::move(opened);
  const Scheme* const schemes[] = {&scheme_};
  if (auto made = Matcher::create(table_.columns(), schemes, random); made.ok())
    matcher_ = std::make_unique<Matcher>(*std::move(made));
}

bool World::read() const {
  MemorySource source{ByteView(bytes_)};
  const auto list = KeyList::open(source);
  return list.ok() && (*list)->verify({&public_key_, 1}).outcome == SignatureOutcome::verified;
}

bool World::match() const {
  if (list_ == nullptr || matcher_ == nullptr) return false;
  MatchResult result;
  if (is_set()) {
    if (!matcher_->match(*list_->set(), 0, nullptr, result).ok()) return false;
  } else {
    const auto stream = list_->keys();
    if (!stream.ok() || !matcher_->match(**stream, 0, {}, result).ok()) return false;
  }
  return result.rows.size() == kPlanted && result.keys_tried == keys_.size();
}

// In the steps that the matcher takes, in the same memory again and again.
bool World::derive() const {
  constexpr size_t kKeysPerSplit = 256;
  constexpr size_t kPartsPerRound = 32;
  size_t derived = 0;
  std::vector<KeyPart> parts;
  std::vector<KeyPart*> pointers;
  std::vector<Derivation> derivations;
  std::vector<Identifier> identifiers(kPartsPerRound * 144);
  for (size_t at = 0; at < keys_.size(); at += kKeysPerSplit) {
    const auto keys = std::span(keys_).subspan(at, std::min(kKeysPerSplit, keys_.size() - at));
    if (is_set()) {
      derived += dp3t::set_items(keys).size();
      continue;
    }
    parts.clear();
    pointers.clear();
    scheme_.split(keys, parts);
    for (KeyPart& part : parts) pointers.push_back(&part);
    scheme_.prepare(pointers);
    for (size_t first = 0; first < parts.size(); first += kPartsPerRound) {
      derivations.clear();
      size_t slots = 0;
      for (size_t i = first; i < std::min(first + kPartsPerRound, parts.size()); ++i) {
        derivations.push_back({&parts[i], {0, parts[i].slots}});
        slots += parts[i].slots;
      }
      scheme_.expand(derivations, std::span(identifiers).first(slots));
      benchmark::DoNotOptimize(identifiers.data());
      derived += slots;
    }
  }
  return derived == kPersonDays * (variant_.tag == SchemeTag::gaen ? 144 : 96);
}

int64_t World::replay_minutes() const {
  if (is_set()) {
    const TimeRange epoch = scheme_.slot_at(kFirstDay.start()).window;
    return (epoch.to - epoch.from) / minutes(1);
  }
  if (scheme_.rule().timeless) return -1;
  std::vector<KeyPart> parts;
  scheme_.split({keys_.data(), 1}, parts);
  return (scheme_.reach(parts[0], 0).to - scheme_.window(parts[0], 0).from) / minutes(1);
}

}  // namespace nearzone::bench
