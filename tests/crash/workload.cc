#include "crash/workload.h"

#include <algorithm>

namespace nearzone::crash_test {
namespace {

using log_test::Entry;
using log_test::Heard;
using Kind = Step::Kind;

constexpr const char* kStates[] = {"ledger", "own-keys"};
constexpr int32_t kRetentionDays = 14;

struct Chance {
  Kind kind;
  uint64_t weight;
};
constexpr Chance kChances[] = {{Kind::append, 58},      {Kind::repeat, 5},    {Kind::put_state, 7},
                               {Kind::remove_state, 2}, {Kind::erase_day, 3}, {Kind::erase_all, 1},
                               {Kind::compact, 14},     {Kind::pack, 3},      {Kind::suspend, 3},
                               {Kind::reopen, 4}};

}  // namespace

const char* name_of(Kind kind) {
  constexpr const char* kNames[] = {"append",    "repeat",    "put_state", "remove_state",
                                    "erase_day", "erase_all", "purge",     "compact",
                                    "pack",      "suspend",   "reopen"};
  return kNames[static_cast<size_t>(kind)];
}

Step Workload::next() {
  Step step{};
  step.passes = Millis(static_cast<int64_t>(random_.below(10) == 0 ? random_.below(20 * 3'600'000)
                                                                   : random_.below(900'000)));
  now_ = now_ + step.passes;
  // On the first step of a day what is too old goes.
  if (Day::of(now_) != purged_) {
    purged_ = Day::of(now_);
    step.kind = Kind::purge;
    return step;
  }
  step.kind = random_kind();
  switch (step.kind) {
    case Kind::append: {
      Step made = append();
      made.passes = step.passes;
      appended_ = made;
      return made;
    }
    case Kind::repeat: {
      Step again = *appended_;
      again.kind = Kind::repeat;
      again.passes = step.passes;
      return again;
    }
    case Kind::put_state:
      step.bytes.resize(random_.below(3) == 0 ? random_.below(9000) : random_.below(200));
      random_.fill(step.bytes);
      [[fallthrough]];
    case Kind::remove_state: step.state = kStates[random_.below(2)]; [[fallthrough]];
    case Kind::erase_day:
      step.day = recent_day();
      appended_.reset();
      return step;
    case Kind::erase_all: appended_.reset(); return step;
    default: return step;
  }
}

Kind Workload::random_kind() {
  uint64_t all = 0;
  for (const Chance& chance : kChances) all += chance.weight;
  uint64_t at = random_.below(all);
  for (const Chance& chance : kChances) {
    if (at < chance.weight)
      return chance.kind == Kind::repeat && !appended_ ? Kind::append : chance.kind;
    at -= chance.weight;
  }
  return Kind::append;
}

Step Workload::append() {
  Step step{};
  step.kind = Kind::append;
  const size_t batches = random_.below(6) == 0 ? 1 + random_.below(5) : 1;
  for (size_t i = 0; i < batches; ++i) {
    // No two scans begin at the same moment, and some come late.
    Instant start = now_ - Millis(static_cast<int64_t>(random_.below(600)) * 1000);
    if (random_.below(8) == 0)
      start = start - Day::kLength * static_cast<int64_t>(random_.below(4));
    start = {start.ms / 1000 * 1000 + scans_++ % 1000};
    const size_t sightings = random_.below(30) == 0 ? random_.below(700) : random_.below(12);
    step.heard.push_back(log_test::random_scan(random_, start, sightings));
  }
  if (random_.below(2) == 0) step.id = BatchId{random_.below(UINT64_MAX)};
  return step;
}

Day Workload::recent_day() { return Day::of(now_) + -static_cast<int32_t>(random_.below(4)); }

void Model::apply(const Step& step, Instant now) {
  switch (step.kind) {
    case Kind::append: append(step.heard); break;
    case Kind::put_state: days_[step.day].states[step.state] = step.bytes; break;
    case Kind::remove_state:
      if (const auto day = days_.find(step.day); day != days_.end())
        day->second.states.erase(step.state);
      break;
    case Kind::erase_day: days_.erase(step.day); break;
    case Kind::erase_all: days_.clear(); break;
    case Kind::purge:
      days_.erase(days_.begin(), days_.lower_bound(Day::of(now) + -kRetentionDays));
      break;
    default: break;
  }
}

void Model::append(const std::vector<Heard>& heard) {
  for (const Heard& one : heard) {
    std::vector<Day> days;
    if (one.sightings.empty()) days.push_back(Day::of(one.scan.start));
    for (const Sighting& sighting : one.sightings) {
      const Day day = Day::of(sighting.time);
      days_[day].entries.push_back({sighting, one.scan});
      if (std::ranges::find(days, day) == days.end()) days.push_back(day);
    }
    for (Day day : days) days_[day].scans.push_back(one.scan);
  }
}

Status run(EncounterLog& log, const Step& step) {
  switch (step.kind) {
    case Kind::append:
    case Kind::repeat: {
      std::vector<SightingBatch> batches;
      for (const Heard& heard : step.heard) batches.push_back(heard.batch());
      return log.append(batches, step.id);
    }
    case Kind::put_state: return log.put_state(step.day, step.state, step.bytes);
    case Kind::remove_state: return log.remove_state(step.day, step.state);
    case Kind::erase_day: return log.erase_day(step.day);
    case Kind::erase_all: return log.erase_all();
    case Kind::purge: return log.purge().status();
    case Kind::compact: return log.compact_step(Millis(0)).status();
    case Kind::pack:
      for (;;) {
        const Result<bool> more = log.compact_step(Millis(0));
        if (!more.ok() || !*more) return more.status();
      }
    case Kind::suspend: NEARZONE_TRY(log.suspend()); return log.resume();
    case Kind::reopen: break;
  }
  return {};
}

}  // namespace nearzone::crash_test
