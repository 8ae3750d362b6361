#include "soak/life.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "nearzone/match.h"
#include "nearzone/scheme.h"

namespace nearzone::soak {
namespace {

using crash_test::Phone;
using crash_test::told;
using log_test::Entry;

constexpr int kScansOfDay = 144;
constexpr Millis kBetweenScans = std::chrono::minutes(10);
constexpr int32_t kRetentionDays = 14;
constexpr uint32_t kPeopleOnList = 10;

class VectorStream final : public KeyStream {
 public:
  explicit VectorStream(std::vector<PublishedKey> keys) : keys_(std::move(keys)) {}
  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    const size_t count = std::min(most, keys_.size() - next_);
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(next_);
    batch.assign(first, first + static_cast<std::ptrdiff_t>(count));
    next_ += count;
    return {};
  }

 private:
  std::vector<PublishedKey> keys_;
  size_t next_ = 0;
};

bool holds_all(const std::vector<Entry>& all, const std::vector<Entry>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

Life::Life(uint64_t seed, LifeCounts& counts) : seed_(seed), counts_(counts), random_(seed) {
  plan_day();
}

void Life::plan_day() {
  wrong_from_ = wrong_to_ = kScansOfDay;
  // Not on the first days: a log that knows no time yet believes any.
  if (today_ < log_test::kToday + 3 || random_.below(5) != 0) return;
  wrong_from_ = 10 + static_cast<int>(random_.below(100));
  wrong_to_ = wrong_from_ + 1 + static_cast<int>(random_.below(20));
  // Hours, of which 48 are believed, or days. Never the same wrong time twice: three days of it
  // would be believed.
  const auto days = static_cast<int32_t>(40 + random_.below(3650));
  wrong_by_ = Day::kLength * (random_.below(2) == 0 ? days : -days);
  if (random_.below(4) == 0) wrong_by_ = Instant{0} - today_.start();
  if (random_.below(2) == 0)
    wrong_by_ = std::chrono::hours(20 + static_cast<int64_t>(random_.below(60)));
  ++counts_.clock_jumps;
}

Instant Life::true_time(int scan) const {
  return today_.start() + kBetweenScans * scan + Millis(scan);
}

Life::Moment Life::moment(int scan) const {
  SeededRandom random(seed_ * 1'000'003 + static_cast<uint64_t>(today_.number) * 1000 +
                      static_cast<uint64_t>(scan));
  Moment moment;
  moment.clock_is_right = scan < wrong_from_ || scan >= wrong_to_;
  moment.clock = true_time(scan);
  if (!moment.clock_is_right) moment.clock = moment.clock + wrong_by_;
  moment.heard = log_test::random_scan(random, moment.clock, random.below(8));
  moment.heard.scan.previous_start.reset();
  if (moment.clock_is_right && random.below(40) == 0) {
    moment.contact = static_cast<uint32_t>(random.below(kPeopleOnList / 2));
    Sighting sighting = log_test::random_sighting(random, moment.clock + Millis(1));
    sighting.scheme = SchemeTag::gaen;
    sighting.identifier = gaen::rolling_proximity_identifier(key_of(*moment.contact, today_),
                                                             Interval::of(sighting.time));
    moment.heard.sightings.push_back(sighting);
  }
  return moment;
}

gaen::TemporaryExposureKey Life::key_of(uint32_t person, Day day) const {
  SeededRandom random(seed_ * 7919 + static_cast<uint64_t>(day.number) * 100 + person);
  return gaen::TemporaryExposureKey::random(random);
}

Phone Life::make_phone() const {
  Phone phone(folder_.log(), {}, std::make_unique<SystemRandom>());
  // What a killed process loses is the same in all of them, and this one is the fastest.
  phone.options.durability = Durability::none;
  phone.time_is_confirmed = false;
  const int scan = std::min(scan_, kScansOfDay - 1);
  // What is killed is the process, not the phone: its monotonic clock goes on.
  phone.clock().advance(true_time(scan) - log_test::kToday.start());
  phone.clock().set(moment(scan).clock);
  return phone;
}

void Life::record_apart(int from, int acknowledgements) {
  Phone phone = make_phone();
  Status status = phone.open();
  for (int scan = from; status.ok() && scan < kScansOfDay; ++scan) {
    const Moment now = moment(scan);
    phone.clock().advance(true_time(scan) - log_test::kToday.start() - phone.clock().monotonic());
    phone.clock().set(now.clock);
    const BatchId id{static_cast<uint64_t>(today_.number) * 1000 + static_cast<uint64_t>(scan)};
    status = phone.log().append(now.heard.scan, now.heard.sightings, id);
    if (status.ok() && ::write(acknowledgements, "x", 1) != 1) ::_exit(2);
    if (status.ok() && scan % 12 == 0) status = phone.log().compact_step(Millis(0)).status();
    if (status.ok() && scan % 48 == 0) status = phone.log().purge().status();
  }
  ::_exit(status.ok() ? 0 : 1);
}

Result<int> Life::record(int from, bool kill) {
  int pipe[2];
  if (::pipe(pipe) != 0) return Status(Code::internal, "no pipe");
  const pid_t child = ::fork();
  if (child < 0) return Status(Code::internal, "no process");
  if (child == 0) record_apart(from, pipe[1]);
  ::close(pipe[1]);
  if (kill) {
    ::usleep(static_cast<useconds_t>(random_.below(40'000)));
    ::kill(child, SIGKILL);
    ++counts_.kills;
  }
  int acknowledged = 0;
  char bytes[256];
  for (ssize_t got = 0; (got = ::read(pipe[0], bytes, sizeof(bytes))) > 0;)
    acknowledged += static_cast<int>(got);
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return Status(Code::internal, "a step failed by itself");
  return acknowledged;
}

std::string Life::live_a_day() {
  while (scan_ < kScansOfDay) {
    const Result<int> acknowledged = record(scan_, random_.below(2) == 0);
    if (!acknowledged.ok()) return told("recording", acknowledged.status());
    for (int i = 0; i < *acknowledged; ++i, ++scan_) {
      Moment done = moment(scan_);
      ++counts_.scans;
      counts_.sightings += done.heard.sightings.size();
      if (done.contact) contacts_.emplace_back(*done.contact, today_);
      recorded_.push_back({std::move(done.heard), today_, done.clock_is_right});
    }
    if (const std::string failure = look(scan_ == kScansOfDay); !failure.empty()) return failure;
  }
  ++counts_.days;
  today_ = today_ + 1;
  scan_ = 0;
  std::erase_if(contacts_,
                [&](const auto& contact) { return contact.second < today_ + -kRetentionDays; });
  // What is doubtful may be kept twice as long, and longer while the clock goes wrong again.
  std::erase_if(recorded_, [&](const Recorded& one) {
    return one.day < today_ + (one.clock_is_right ? -kRetentionDays - 1 : -120);
  });
  plan_day();
  return {};
}

std::string Life::look(bool evening) {
  Phone phone = make_phone();
  if (const Status status = phone.open(); !status.ok()) return told("opening", status);
  if (!phone.was_whole()) return "the log was found damaged";
  if (evening) {
    if (const Status status = phone.log().purge().status(); !status.ok())
      return told("purging", status);
    for (Result<bool> more = true; more.ok() && *more;) more = phone.log().compact_step(Millis(0));
  }
  std::vector<LogDayLoss> lost;
  const Result<SightingTable> table = phone.log().snapshot(nullptr, &lost);
  const Result<LogStatistics> statistics = phone.log().statistics();
  if (!table.ok() || !statistics.ok())
    return told("reading", table.ok() ? statistics.status() : table.status());
  if (!lost.empty() || !statistics->damaged.empty() || !statistics->dropped.empty())
    return "a loss is told that must not be";
  counts_.most_bytes = std::max(counts_.most_bytes, statistics->bytes_on_disk);
  std::string failure = compare(*table, evening);
  if (failure.empty() && evening) failure = match(*table);
  return failure;
}

std::string Life::compare(const SightingTable& table, bool evening) const {
  const Day first_kept = today_ + -kRetentionDays;
  std::vector<Entry> must, may;
  for (const Recorded& one : recorded_)
    for (const Sighting& sighting : one.heard.sightings) {
      const Entry entry{sighting, one.heard.scan};
      if (one.day >= first_kept) must.push_back(entry);
      if (one.day >= first_kept || !one.clock_is_right || !evening) may.push_back(entry);
    }
  // The scan that the process died in.
  if (scan_ < kScansOfDay) {
    const Moment next = moment(scan_);
    for (const Sighting& sighting : next.heard.sightings)
      may.push_back({sighting, next.heard.scan});
  }
  std::sort(must.begin(), must.end());
  std::sort(may.begin(), may.end());
  const std::vector<Entry> served = log_test::entries_of(table);
  if (!holds_all(served, must)) return "a sighting is lost";
  if (!holds_all(may, served)) return "a sighting is doubled, false or not forgotten";
  return {};
}

std::string Life::match(const SightingTable& table) {
  std::vector<PublishedKey> keys;
  for (Day day = today_ + -kRetentionDays; day <= today_; day = day + 1)
    for (uint32_t person = 0; person < kPeopleOnList; ++person) {
      PublishedKey key;
      std::ranges::copy(key_of(person, day).expose(ForSealing{}), key.bytes.begin());
      key.valid_from = day.start();
      key.valid_to = day.start() + Day::kLength;
      key.record = keys.size();
      keys.push_back(key);
    }
  std::set<std::array<uint8_t, 32>> expected;
  for (const auto& [person, day] : contacts_) {
    std::array<uint8_t, 32> bytes{};
    std::ranges::copy(key_of(person, day).expose(ForSealing{}), bytes.begin());
    expected.insert(bytes);
  }
  SystemRandom random;
  const Scheme* const schemes[] = {&gaen_scheme()};
  const Result<Matcher> matcher = Matcher::create(table.columns(), schemes, random);
  if (!matcher.ok()) return told("matching", matcher.status());
  VectorStream stream(keys);
  MatchResult result;
  if (const Status status = matcher->match(stream, 0, {}, result); !status.ok())
    return told("matching", status);
  std::set<std::array<uint8_t, 32>> found;
  for (const MatchedKey& matched : result.keys) found.insert(matched.key.bytes);
  counts_.matches += found.size();
  return found == expected ? "" : "a contact is not found, or one that never was";
}

}  // namespace nearzone::soak
