// Everything that can happen to a log, for hours:
// nearzone_soak [--hours N | --minutes N] [--seed N] [--kills N] [--suspend-ms N]
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "crash/faults.h"
#include "crash/flips.h"
#include "crash/kills.h"
#include "crash/naps.h"
#include "crash/power_cuts.h"
#include "soak/life.h"

namespace nearzone::soak {
namespace {

using crash_test::Fault;
using SteadyClock = std::chrono::steady_clock;

// What is done for a seed, one after the other, before the next.
constexpr int kRunsWithPowerCuts = 40;
constexpr int kCutsOfRun = 4;
constexpr int kUnsyncedRuns = 10;
constexpr int kKills = 20;
constexpr int kFaults = 20;
constexpr int kFlips = 500;
constexpr int kRepairs = 20;
constexpr int kNaps = 10;
constexpr int kDaysOfLife = 45;

volatile std::sig_atomic_t interrupted = 0;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlowness = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr double kSlowness = 10;
#else
constexpr double kSlowness = 1;
#endif
#else
constexpr double kSlowness = 1;
#endif

struct Settings {
  double minutes = 60;
  uint64_t seed = 1;
  uint64_t kills = 0;                   // at least
  double suspend_ms = 100 * kSlowness;  // at most; what iOS gives an app
};

struct Counts {
  uint64_t power_cuts = 0;
  uint64_t unsynced_cuts = 0;
  uint64_t kills = 0;
  uint64_t faults = 0;
  uint64_t flips = 0;
  uint64_t repairs = 0;
  uint64_t naps = 0;
  double longest_suspend_ms = 0;
  LifeCounts life;
};

unsigned long long number(uint64_t value) { return value; }

class Soak {
 public:
  explicit Soak(const Settings& settings)
      : begin_(SteadyClock::now()),
        length_(settings.minutes * 60),
        least_kills_(settings.kills),
        most_suspend_ms_(settings.suspend_ms),
        first_seed_(settings.seed),
        seed_(settings.seed) {}

  // Whether nothing was lost.
  bool run() {
    for (;; ++seed_) {
      cut_power();
      kill();
      fail_calls();
      flip_bytes();
      interrupt_repairs();
      nap();
      live();
      if (!failure_.empty() || !goes_on()) break;
    }
    // However long that takes.
    while (failure_.empty() && interrupted == 0 && kills() < least_kills_) {
      ++seed_;
      kill(least_kills_ - kills());
    }
    tell_result();
    if (failure_.empty() && kills() < least_kills_)
      std::printf("\nof %llu kills only %llu\n", number(least_kills_), number(kills()));
    return failure_.empty() && kills() >= least_kills_;
  }

 private:
  double seconds() const {
    return std::chrono::duration<double>(SteadyClock::now() - begin_).count();
  }
  uint64_t kills() const { return counts_.kills + counts_.life.kills; }
  bool goes_on() const { return interrupted == 0 && seconds() < length_; }

  // Does a small thing again and again, at least once, while there is time and nothing is lost.
  void each(const char* name, int count, const std::function<std::string(int)>& thing) {
    for (int i = 0; i < count && failure_.empty() && (i == 0 || goes_on()); ++i) {
      if (std::string failure = thing(i); !failure.empty()) failure_ = name + (": " + failure);
      tell_progress();
    }
  }

  void cut_power() {
    each("power cuts", kRunsWithPowerCuts, [this](int i) {
      const auto outcome =
          crash_test::cut_power(seed_ * 1000 + static_cast<uint64_t>(i), kCutsOfRun);
      counts_.power_cuts += outcome.cuts;
      return outcome.failure;
    });
    each("power cuts, unsynced", kUnsyncedRuns, [this](int i) {
      ++counts_.unsynced_cuts;
      return crash_test::cut_power_unsynced(seed_ * 1000 + static_cast<uint64_t>(i)).failure;
    });
  }

  // The log of a phone, killed some times; `wanted`, whatever the time.
  void kill(uint64_t wanted = 0) {
    crash_test::KilledPhone phone(seed_);
    const auto die = [&](int i) {
      ++counts_.kills;
      return phone.live_and_die(std::chrono::milliseconds(i % 4 == 0 ? 8 : 60));
    };
    if (wanted == 0) return each("kills", kKills, die);
    for (int i = 0; i < kKills && static_cast<uint64_t>(i) < wanted && interrupted == 0; ++i)
      each("kills", 1, [&](int) { return die(i); });
  }

  void fail_calls() {
    SeededRandom random(seed_);
    each("failed calls", kFaults, [&](int i) {
      crash_test::FaultPlan plan{seed_, 40, i % 4 < 2 ? Fault::io : Fault::full, i % 2 == 0, 0};
      plan.nth = random.below(crash_test::calls_of(plan));
      ++counts_.faults;
      return crash_test::meet_fault(plan);
    });
  }

  // All bytes of two logs, in turn.
  void flip_bytes() {
    SeededRandom random(seed_);
    each("altered bytes", kFlips, [&](int) {
      const crash_test::Flips& flips = logs_[flipped_log_];
      const auto files = flips.files();
      auto file = files.begin();
      size_t at = next_flip_++;
      while (file != files.end() && at >= file->second) at -= (file++)->second;
      if (file == files.end()) {
        next_flip_ = 0;
        flipped_log_ = 1 - flipped_log_;
        return std::string();
      }
      ++counts_.flips;
      return flips.flip({file->first, at, crash_test::any_mask(random)});
    });
  }

  void interrupt_repairs() {
    SeededRandom random(seed_);
    each("interrupted repairs", kRepairs, [&](int i) {
      const crash_test::Flips& flips = logs_[i % 2];
      const auto flip = flips.harmful_flip(i % 2 == 0 ? "log.db" : "log.db-wal", random);
      const Fault fault = i % 3 == 0 ? Fault::full : Fault::io;
      const uint64_t nth = random.below(flips.calls_of_repair(flip, fault));
      ++counts_.repairs;
      return i % 3 == 2 ? flips.cut_repair(flip, nth) : flips.fail_repair(flip, nth, fault);
    });
  }

  void nap() {
    crash_test::BusyPhone phone(seed_);
    each("naps", kNaps, [&](int) {
      ++counts_.naps;
      return phone.nap();
    });
    counts_.longest_suspend_ms = std::max(counts_.longest_suspend_ms, phone.longest().count());
    if (failure_.empty() && counts_.longest_suspend_ms > most_suspend_ms_)
      failure_ = "naps: suspending took longer than it may";
    each("naps", 1, [&](int) { return phone.wake_up(); });
  }

  void live() {
    Life life(seed_, counts_.life);
    each("life", kDaysOfLife, [&](int) { return life.live_a_day(); });
  }

  void tell_progress() {
    const bool is_terminal = ::isatty(STDOUT_FILENO) != 0;
    if (seconds() < next_report_) return;
    next_report_ = seconds() + (is_terminal ? 1 : 30);
    std::printf(
        "%7.1f min  %llu power cuts, %llu kills, %llu failed calls, %llu altered bytes, %llu days; "
        "%s%s",
        seconds() / 60, number(counts_.power_cuts + counts_.unsynced_cuts), number(kills()),
        number(counts_.faults), number(counts_.flips), number(counts_.life.days),
        failure_.empty() ? "nothing lost" : "LOST", is_terminal ? "\r" : "\n");
    std::fflush(stdout);
  }

  static void tell(const char* what, uint64_t count, const char* how = "") {
    std::printf("  %-28s %12llu  %s\n", what, number(count), how);
  }
  void tell_rate(const char* what, uint64_t count) const {
    std::printf("  %-28s %12llu  %.1f a second\n", what, number(count),
                static_cast<double>(count) / seconds());
  }

  void tell_result() const {
    const LifeCounts& life = counts_.life;
    std::printf("\n\n%.1f minutes, seeds %llu to %llu\n\n", seconds() / 60, number(first_seed_),
                number(seed_));
    tell("power cuts", counts_.power_cuts, "everything synced, nothing may be missing");
    tell("power cuts, unsynced", counts_.unsynced_cuts, "the last moments may be missing");
    tell("kills", kills());
    tell("failed calls", counts_.faults);
    tell("altered bytes", counts_.flips);
    tell("interrupted repairs", counts_.repairs);
    tell("suspended amid work", counts_.naps);
    std::printf("  %-28s %12.1f  ms, of %.0f\n", "longest suspending", counts_.longest_suspend_ms,
                most_suspend_ms_);
    tell_rate("days lived", life.days);
    tell_rate("scans", life.scans);
    tell_rate("sightings", life.sightings);
    tell("clock jumps", life.clock_jumps);
    tell("matches", life.matches);
    std::printf("  %-28s %12.2f  MiB\n", "largest log",
                static_cast<double>(life.most_bytes) / (1 << 20));
    tell("losses", failure_.empty() ? 0 : 1);
    if (!failure_.empty())
      std::printf("\nFAILED, by %s\nrepeat with --seed %llu\n", failure_.c_str(), number(seed_));
  }

  const SteadyClock::time_point begin_;
  const double length_;
  const uint64_t least_kills_;
  const double most_suspend_ms_;
  const uint64_t first_seed_;
  uint64_t seed_;
  double next_report_ = 0;
  std::string failure_;
  Counts counts_;
  const crash_test::Flips logs_[2] = {crash_test::Flips(false), crash_test::Flips(true)};
  int flipped_log_ = 0;
  size_t next_flip_ = 0;
};

std::optional<Settings> parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    char* end = nullptr;
    const double value = std::strtod(argv[i + 1], &end);
    if (*end != '\0' || !(value > 0)) return std::nullopt;
    if (std::strcmp(argv[i], "--hours") == 0)
      settings.minutes = value * 60;
    else if (std::strcmp(argv[i], "--minutes") == 0)
      settings.minutes = value;
    else if (std::strcmp(argv[i], "--seed") == 0)
      settings.seed = static_cast<uint64_t>(value);
    else if (std::strcmp(argv[i], "--kills") == 0)
      settings.kills = static_cast<uint64_t>(value);
    else if (std::strcmp(argv[i], "--suspend-ms") == 0)
      settings.suspend_ms = value;
    else
      return std::nullopt;
  }
  if (argc % 2 == 0) return std::nullopt;
  return settings;
}

}  // namespace
}  // namespace nearzone::soak

int main(int argc, char** argv) {
  const auto settings = nearzone::soak::parse(argc, argv);
  if (!settings) {
    std::fprintf(stderr,
                 "usage: %s [--hours N | --minutes N] [--seed N] [--kills N] [--suspend-ms N]\n",
                 argv[0]);
    return 2;
  }
  // A call that was waiting goes on, so that what is under way comes to its end.
  std::signal(SIGINT, [](int) { nearzone::soak::interrupted = 1; });
  std::signal(SIGTERM, [](int) { nearzone::soak::interrupted = 1; });
  return nearzone::soak::Soak(*settings).run() ? 0 : 1;
}
