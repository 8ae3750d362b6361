#include "simulation/contacts.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

#include "simulation/draw.h"

namespace nearzone::simulation {
namespace {

constexpr double kDayMinutes = 24 * 60;
constexpr double kShortestMinutes = 1.0 / 3;  // the resolution of the published measurements
constexpr double kPostureMinutes = 30;        // how long people stay as they sit or stand
constexpr double kSpreadDb = 7;               // of body and multipath
constexpr double kNearestMetres = 0.5;
constexpr double kFriendsMade = 3;        // by each person; as many others choose them
constexpr double kStrangersPassed = 6.5;  // a day, by each person; as many others pass them

// How a kind of tie spends a day's time within two metres.
struct Nearness {
  double median_minutes;
  double sigma;  // of the logarithm
};
constexpr Nearness kAtHome = {8, 1.2};
constexpr Nearness kAtWork = {1.0, 1.3};
constexpr Nearness kWithFriends = {4, 1.2};
constexpr Nearness kInPassing = {0.65, 0.9};

// Being in one place: minutes of the day, and how far apart while not near.
struct Stay {
  double from;
  double to;
  double least_metres;
  double most_metres;
};

class Meetings {
 public:
  Meetings(const TownOptions& options, const std::vector<Person>& people, Random& random)
      : options_(options), people_(people), random_(random) {}

  std::vector<Closeness> all();

 private:
  void tie(uint32_t a, uint32_t b, double days_share, double seat_metres);
  void households();
  void workplaces();
  void friends();
  void strangers(int32_t day);
  bool weekend(int32_t day) const;
  bool claim(uint32_t a, uint32_t b);

  double near_minutes(const Nearness& nearness);
  // `near` minutes within two metres, in pieces anywhere in the stay, which grows if it must.
  void spend(uint32_t a, uint32_t b, int32_t day, Stay stay, double near);
  void apart(uint32_t a, uint32_t b, int32_t day, double from, const Stay& stay, double to);
  void add(uint32_t a, uint32_t b, int32_t day, double from, double to, double metres);

  const TownOptions& options_;
  const std::vector<Person>& people_;
  Random& random_;
  std::unordered_set<uint64_t> tied_;  // pairs that know each other one way do not another
  std::vector<Closeness> closenesses_;
};

bool Meetings::weekend(int32_t day) const {
  // 1970-01-01 was a Thursday.
  return ((options_.first_day + day).number + 3) % 7 >= 5;
}

bool Meetings::claim(uint32_t a, uint32_t b) {
  if (a == b) return false;
  return tied_.insert(uint64_t{std::min(a, b)} << 32 | std::max(a, b)).second;
}

double Meetings::near_minutes(const Nearness& nearness) {
  return std::clamp(lognormal(random_, nearness.median_minutes, nearness.sigma), kShortestMinutes,
                    240.0);
}

void Meetings::add(uint32_t a, uint32_t b, int32_t day, double from, double to, double metres) {
  const Instant midnight = (options_.first_day + day).start();
  const auto at = [&](double minutes) { return midnight + Millis(std::llround(minutes * 60'000)); };
  while (from < to && metres <= kReachMetres) {
    const double until = std::min(to, from + kPostureMinutes);
    const TimeRange when = {at(from), at(until)};
    if (when.from < when.to)
      closenesses_.push_back(
          {std::min(a, b), std::max(a, b), when, metres, kSpreadDb * normal(random_)});
    from = until;
  }
}

void Meetings::apart(uint32_t a, uint32_t b, int32_t day, double from, const Stay& stay,
                     double to) {
  add(a, b, day, from, to, uniform(random_, stay.least_metres, stay.most_metres));
}

void Meetings::spend(uint32_t a, uint32_t b, int32_t day, Stay stay, double near) {
  stay.to = std::min(kDayMinutes, std::max(stay.to, stay.from + near));
  stay.from = std::min(stay.from, stay.to - near);
  const size_t pieces = 1 + static_cast<size_t>(random_.below(1 + static_cast<uint64_t>(near / 4)));
  const double piece = near / static_cast<double>(pieces);
  std::vector<double> gaps(pieces);
  for (double& gap : gaps) gap = uniform(random_, 0, std::max(0.0, stay.to - stay.from - near));
  std::ranges::sort(gaps);
  double now = stay.from;
  for (size_t i = 0; i < pieces; ++i) {
    const double begin = stay.from + gaps[i] + static_cast<double>(i) * piece;
    apart(a, b, day, now, stay, begin);
    add(a, b, day, begin, begin + piece, uniform(random_, kNearestMetres, kNearMetres));
    now = begin + piece;
  }
  apart(a, b, day, now, stay, stay.to);
}

void Meetings::households() {
  for (uint32_t a = 0; a < people_.size(); ++a) {
    for (uint32_t b = a + 1; b < people_.size() && people_[b].household == people_[a].household;
         ++b) {
      claim(a, b);
      for (int32_t day = 0; day < options_.days; ++day) {
        if (!chance(random_, 0.9)) continue;
        const double home = weekend(day) ? uniform(random_, 9, 18) : uniform(random_, 17.5, 20);
        spend(a, b, day, {home * 60, uniform(random_, 21.5, 23) * 60, 2.2, 10},
              near_minutes(kAtHome));
      }
    }
  }
}

// Colleagues sit where they sit: in or out of each other's radio reach, whether they talk or not.
void Meetings::tie(uint32_t a, uint32_t b, double days_share, double seat_metres) {
  for (int32_t day = 0; day < options_.days; ++day) {
    if (weekend(day)) continue;
    const Stay stay = {uniform(random_, 7.5, 9.5) * 60, uniform(random_, 16, 18) * 60, seat_metres,
                       seat_metres};
    if (chance(random_, days_share))
      spend(a, b, day, stay, near_minutes(kAtWork));
    else
      apart(a, b, day, stay.from, stay, stay.to);
  }
}

void Meetings::workplaces() {
  for (uint32_t a = 0; a < people_.size(); ++a) {
    for (uint32_t b = a + 1; people_[a].workplace && b < people_.size(); ++b) {
      if (people_[b].workplace != people_[a].workplace || !claim(a, b)) continue;
      // Squares and roots make both uneven: few pairs talk daily, most seats are far apart.
      const double talk = random_.unit();
      tie(a, b, talk * talk, 2.5 + 27.5 * std::sqrt(random_.unit()));
    }
  }
}

void Meetings::friends() {
  for (uint32_t a = 0; a < people_.size(); ++a) {
    for (int made = 0; made < kFriendsMade; ++made) {
      const auto b = static_cast<uint32_t>(random_.below(people_.size()));
      if (!claim(a, b)) continue;
      const double fondness = random_.unit();
      for (int32_t day = 0; day < options_.days; ++day) {
        if (!chance(random_, 0.5 * fondness * fondness * fondness)) continue;
        const double from = weekend(day) ? uniform(random_, 10, 20) : uniform(random_, 17, 20);
        spend(a, b, day, {from * 60, (from + uniform(random_, 0.5, 2.5)) * 60, 2.2, 6},
              near_minutes(kWithFriends));
      }
    }
  }
}

void Meetings::strangers(int32_t day) {
  // On the way to work, at noon and in the evening.
  constexpr double kBusyHours[] = {8, 12.2, 17.8};
  std::unordered_set<uint64_t> today;
  const auto encounters =
      static_cast<size_t>(kStrangersPassed * static_cast<double>(people_.size()));
  for (size_t i = 0; i < encounters; ++i) {
    const auto a = static_cast<uint32_t>(random_.below(people_.size()));
    const auto b = static_cast<uint32_t>(random_.below(people_.size()));
    const uint64_t pair = uint64_t{std::min(a, b)} << 32 | std::max(a, b);
    if (a == b || tied_.contains(pair) || !today.insert(pair).second) continue;
    const double near = near_minutes(kInPassing);
    const double hour = std::clamp(kBusyHours[random_.below(3)] + 1.3 * normal(random_), 6.0, 22.0);
    const double from = hour * 60;
    spend(a, b, day, {from, from + near + uniform(random_, 0.5, 2), 3, kReachMetres}, near);
  }
}

std::vector<Closeness> Meetings::all() {
  households();
  workplaces();
  friends();
  for (int32_t day = 0; day < options_.days; ++day) strangers(day);
  std::ranges::sort(closenesses_, {},
                    [](const Closeness& c) { return std::tuple(c.when.from, c.a, c.b); });
  return std::move(closenesses_);
}

}  // namespace

std::vector<Closeness> meet(const TownOptions& options, const std::vector<Person>& people,
                            Random& random) {
  return Meetings(options, people, random).all();
}

}  // namespace nearzone::simulation
