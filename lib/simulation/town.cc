#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "nearzone/simulation.h"
#include "simulation/contacts.h"
#include "simulation/draw.h"

namespace nearzone::simulation {
namespace {

constexpr uint32_t kMostPeople = 5000;
constexpr int32_t kMostDays = 14;  // what a phone may keep and disclose
constexpr double kEmployedShare = 0.75;
// The spread of one phone's sending or receiving; that of a pair is 7.8 dB, against 8.6 dB measured
// between pairs of phones and places.
constexpr double kPhoneOffsetDb = 5.5;
// An infection is noticed: nobody becomes infectious in the last days of a long simulation.
constexpr int32_t kDaysUntilTest = 4;

Status check_options(const TownOptions& options) {
  if (options.people < 2 || options.people > kMostPeople)
    return {Code::invalid_argument, "must be 2 to 5000", "people"};
  if (options.days < 1 || options.days > kMostDays)
    return {Code::invalid_argument, "must be 1 to 14", "days"};
  const std::pair<double, const char*> shares[] = {{options.adoption, "adoption"},
                                                   {options.iphone_share, "iphone_share"},
                                                   {options.infected_share, "infected_share"}};
  for (const auto& [share, name] : shares)
    if (!(share >= 0 && share <= 1))
      return {Code::invalid_argument, "must be a share between 0 and 1", name};
  // Ten thousand years of days, as far as any time of ours goes.
  if (options.first_day < Day{0} || options.first_day > Day{2932000})
    return {Code::invalid_argument, "must lie between 1970 and 9996", "first_day"};
  return {};
}

// `count` different people, at random.
std::vector<uint32_t> pick(uint32_t people, uint32_t count, Random& random) {
  std::vector<uint32_t> order(people);
  for (uint32_t i = 0; i < people; ++i) order[i] = i;
  for (uint32_t i = 0; i < count; ++i)
    std::swap(order[i], order[i + static_cast<uint32_t>(random.below(people - i))]);
  order.resize(count);
  return order;
}

uint32_t count_of(double share, uint32_t people) {
  return static_cast<uint32_t>(std::lround(share * people));
}

void settle_households(std::vector<Person>& people, Random& random) {
  // Of 1, 2, ... 6 people; 3.4 on average.
  constexpr std::array<double, 6> kShareOfSize = {0.10, 0.18, 0.24, 0.26, 0.14, 0.08};
  uint32_t household = 0;
  for (size_t next = 0; next < people.size(); ++household) {
    double rest = random.unit();
    size_t size = 0;
    while (size < kShareOfSize.size() && rest >= 0) rest -= kShareOfSize[size++];
    for (size_t i = 0; i < size && next < people.size(); ++i) people[next++].household = household;
  }
}

// Workplaces are of uneven size: most are small, some have dozens of people.
void settle_workplaces(std::vector<Person>& people, Random& random) {
  uint32_t workplace = 0;
  uint32_t places_left = 0;
  for (uint32_t i : pick(static_cast<uint32_t>(people.size()),
                         count_of(kEmployedShare, static_cast<uint32_t>(people.size())), random)) {
    if (places_left == 0) {
      ++workplace;
      places_left = 1 + static_cast<uint32_t>(std::min(60.0, lognormal(random, 6, 0.8)));
    }
    people[i].workplace = workplace;
    --places_left;
  }
}

void infect(std::vector<Person>& people, const TownOptions& options, Random& random) {
  const uint32_t infected = std::max(1u, count_of(options.infected_share, options.people));
  const int32_t first_days = std::max(1, options.days - kDaysUntilTest);
  for (uint32_t i : pick(options.people, infected, random))
    people[i].infectious_from =
        options.first_day + static_cast<int32_t>(random.below(static_cast<uint64_t>(first_days)));
}

std::vector<Person> settle(const TownOptions& options, Random& random) {
  std::vector<Person> people(options.people);
  settle_households(people, random);
  settle_workplaces(people, random);
  for (Person& person : people) {
    person.sender_offset_db = kPhoneOffsetDb * normal(random);
    person.receiver_offset_db = kPhoneOffsetDb * normal(random);
  }
  for (uint32_t i : pick(options.people, count_of(options.iphone_share, options.people), random))
    people[i].platform = PhonePlatform::ios;
  for (uint32_t i : pick(options.people, count_of(options.adoption, options.people), random))
    people[i].has_app = true;
  infect(people, options, random);
  return people;
}

}  // namespace

Result<Town> make_town(const TownOptions& options) {
  NEARZONE_TRY(check_options(options));
  SeededRandom random(options.seed);
  Town town;
  town.options = options;
  town.people = settle(options, random);
  town.closenesses = meet(options, town.people, random);
  return town;
}

std::vector<PairDay> pair_days(const Town& town) {
  std::vector<PairDay> days;
  days.reserve(town.closenesses.size());
  for (const Closeness& closeness : town.closenesses) {
    const Millis length = closeness.when.to - closeness.when.from;
    const bool near = closeness.distance_m <= kNearMetres;
    days.push_back({closeness.a, closeness.b, Day::of(closeness.when.from),
                    near ? length : Millis(0), length});
  }
  const auto key = [](const PairDay& d) { return std::tuple(d.day, d.a, d.b); };
  std::ranges::sort(days, {}, key);
  size_t kept = 0;
  for (size_t i = 0; i < days.size(); ++i) {
    if (kept > 0 && key(days[kept - 1]) == key(days[i])) {
      days[kept - 1].within_two_metres += days[i].within_two_metres;
      days[kept - 1].within_reach += days[i].within_reach;
    } else {
      days[kept++] = days[i];
    }
  }
  days.resize(kept);
  return days;
}

ContactStatistics contact_statistics(std::span<const PairDay> pair_days) {
  std::vector<double> minutes;
  for (const PairDay& day : pair_days)
    if (day.within_two_metres > Millis(0))
      minutes.push_back(
          std::chrono::duration<double, std::ratio<60>>(day.within_two_metres).count());
  if (minutes.empty()) return {};
  std::ranges::sort(minutes);
  const size_t count = minutes.size();
  const auto fifteen = std::ranges::lower_bound(minutes, 15.0);
  return {count, minutes[count / 2], minutes[count * 9 / 10],
          static_cast<double>(minutes.end() - fifteen) / static_cast<double>(count)};
}

}  // namespace nearzone::simulation
