#include "demo.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "inputs.h"
#include "nearzone/device.h"
#include "nearzone/simulation.h"
#include "output.h"
#ifdef NEARZONE_HAS_NETWORK
#include "live_authority.h"
#endif

namespace nearzone::tools {
namespace {

using simulation::Judgement;
using simulation::Outcome;
using simulation::Person;
using simulation::PhoneOutcome;
using simulation::Town;
using simulation::TownRun;

constexpr size_t kMostRows = 40;
constexpr int kInterrupted = 128;  // and the signal, as shells say it
constexpr simulation::WarningRule kRule;

double in_minutes(Millis time) { return static_cast<double>(time.count()) / 60'000; }
double in_seconds(Millis time) { return static_cast<double>(time.count()) / 1000; }

// A folder of this process alone, gone with all it holds at the end.
class TemporaryFolder {
 public:
  static std::unique_ptr<TemporaryFolder> make() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "nearzone-demo-XXXXXX");
    if (error || mkdtemp(path.data()) == nullptr) return nullptr;
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(path));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// What the person at the terminal sees meanwhile; others see one line a stage.
class Stage {
 public:
  Stage(std::string name, bool show) : name_(std::move(name)), begun_(clock_.monotonic()) {
    if (show && !terminal_) std::fprintf(stderr, "%s\n", name_.c_str());
  }
  simulation::Progress progress() const {
    if (!terminal_) return {};
    return [this](size_t done, size_t total) {
      std::fprintf(stderr, "\r\033[K%s: %zu of %zu", name_.c_str(), done, total);
    };
  }
  // The time it took.
  Millis end() const {
    if (terminal_) std::fprintf(stderr, "\r\033[K");
    return clock_.monotonic() - begun_;
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  std::string name_;
  SystemClock clock_;
  Millis begun_;
};

struct SchemeResult {
  SchemeTag scheme;
  std::vector<Judgement> judgements;
  std::array<Millis, 4> stage_times{};
  size_t phones = 0;
  uint64_t scans = 0;
  uint64_t sightings = 0;
  uint64_t bytes = 0;
  uint64_t keys = 0;
  uint64_t uploads = 0;   // over HTTP
  uint64_t requests = 0;  // likewise, those of uploads included

  size_t count(Outcome outcome) const {
    return static_cast<size_t>(std::ranges::count(judgements, outcome, &Judgement::outcome));
  }
};

constexpr const char* kStageNames[] = {"identifiers", "hearing and storing", "consent, publishing",
                                       "verifying and matching"};

struct DemoOptions {
  simulation::TownOptions town;
  bool is_live = false;
};

#ifdef NEARZONE_HAS_NETWORK
// A health authority's server of this process takes the keys and gives the lists, over HTTP.
Status exchange_live(TownRun& run, const Town& town, SchemeTag scheme, SchemeResult& result,
                     const auto& stage) {
  const std::unique_ptr<TemporaryFolder> folder = TemporaryFolder::make();
  if (folder == nullptr) return {Code::io, "no temporary folder can be made"};
  NEARZONE_ASSIGN(const auto authority,
                  LiveAuthority::start(folder->path(), scheme, town.span().to));
  NEARZONE_TRY(stage(2, [&](const auto& progress) {
    const Status uploaded = run.publish_by(authority->upload_errand(), progress);
    return uploaded.ok() ? authority->publish() : uploaded;
  }));
  NEARZONE_TRY(stage(3, [&](const auto& progress) {
    return run.check_by(authority->check_errand(), authority->now(), progress);
  }));
  result.keys = authority->keys_published();
  result.uploads = authority->uploads();
  result.requests = authority->requests();
  return {};
}
#endif

Status exchange(TownRun& run, SchemeResult& result, const auto& stage) {
  NEARZONE_TRY(stage(2, [&](const auto&) { return run.publish(); }));
  NEARZONE_TRY(stage(3, [&](const auto& progress) { return run.check(progress); }));
  result.keys = run.published_keys();
  return {};
}

Result<SchemeResult> run_scheme(const Town& town, SchemeTag scheme, bool is_live,
                                unsigned threads) {
  const std::unique_ptr<TemporaryFolder> folder = TemporaryFolder::make();
  if (folder == nullptr) return Status(Code::io, "no temporary folder can be made");
  SchemeResult result;
  result.scheme = scheme;
  TownRun run(town, scheme, folder->path(), threads);
  const std::string prefix = std::string(scheme_name(scheme)) + ": ";
  const auto stage = [&](size_t number, auto work) -> Status {
    const Stage shown(prefix + kStageNames[number], true);
    const Status status = work(shown.progress());
    result.stage_times[number] = shown.end();
    return status;
  };
  NEARZONE_TRY(stage(0, [&](const auto& progress) { return run.advertise(progress); }));
  NEARZONE_TRY(stage(1, [&](const auto& progress) { return run.record(progress); }));
#ifdef NEARZONE_HAS_NETWORK
  if (is_live) {
    NEARZONE_TRY(exchange_live(run, town, scheme, result, stage));
  } else {
    NEARZONE_TRY(exchange(run, result, stage));
  }
#else
  if (is_live) return Status(Code::unsupported, "was built without the network", "--live");
  NEARZONE_TRY(exchange(run, result, stage));
#endif
  result.judgements = simulation::judge(town, run.phones(), kRule);
  result.phones = run.phones().size();
  for (const PhoneOutcome& phone : run.phones()) {
    result.scans += phone.scans;
    result.sightings += phone.sightings;
    result.bytes += phone.bytes_on_disk;
  }
  return result;
}

void print_town(const Town& town, const simulation::ContactStatistics& contacts) {
  const auto infected = [](const Person& p) { return p.infectious_from.has_value(); };
  const auto published = [](const Person& p) { return p.infectious_from && p.has_app; };
  std::printf("A simulated town, seed %llu, %d days from %s (UTC)\n",
              static_cast<unsigned long long>(town.options.seed), town.options.days,
              format_day(town.options.first_day).c_str());
  std::printf("  %zu people, %td with the app, %td with an iPhone\n", town.people.size(),
              std::ranges::count_if(town.people, &Person::has_app),
              std::ranges::count(town.people, PhonePlatform::ios, &Person::platform));
  std::printf("  %td infected, %td of them have the app and consent\n",
              std::ranges::count_if(town.people, infected),
              std::ranges::count_if(town.people, published));
  std::printf(
      "  %zu pair-days within 2 m: median %.1f min, 90th percentile %.1f min, "
      "%.1f %% reach 15 min\n",
      contacts.pair_days, contacts.median_minutes, contacts.ninetieth_percentile_minutes,
      100 * contacts.share_of_fifteen_minutes);
}

void print_counts(const char* label, const std::vector<SchemeResult>& results, auto count) {
  std::printf("  %-48s", label);
  for (const SchemeResult& result : results)
    std::printf(" %9zu", static_cast<size_t>(count(result)));
  std::printf("\n");
}

void print_heading(const char* label, const std::vector<SchemeResult>& results) {
  std::printf("\n%-50s", label);
  for (const SchemeResult& result : results)
    std::printf(" %9s", std::string(scheme_name(result.scheme)).c_str());
  std::printf("\n");
}

void print_summary(const std::vector<SchemeResult>& results) {
  const auto of = [](Outcome outcome) {
    return [outcome](const SchemeResult& result) { return result.count(outcome); };
  };
  print_heading("People", results);
  print_counts("truly near an infectious person, not infected", results, [](const auto& result) {
    return std::ranges::count_if(result.judgements, [](const Judgement& judgement) {
      return judgement.outcome != Outcome::infected && judgement.truly_near >= kRule.least_duration;
    });
  });
  print_counts("- warned", results, of(Outcome::warned));
  print_counts("- missed: they have no app", results, of(Outcome::without_app));
  print_counts("- missed: the infectious person has no app", results,
               of(Outcome::others_without_app));
  print_counts("- missed: the radios never heard each other", results, of(Outcome::unheard));
  print_counts("- missed by the warning rule", results, of(Outcome::missed_by_rule));
  print_counts("- missed by matching", results, of(Outcome::missed_by_matching));
  print_counts("false alarms: warned, but not truly near", results, of(Outcome::false_alarm));
  print_counts("false matches: found, but never heard", results, [](const auto& result) {
    return std::ranges::count_if(result.judgements, &Judgement::false_match);
  });
}

void print_rule() {
  std::printf(
      "\nTruly near: at least %.0f minutes of one day within 2 m of infectious people.\n"
      "Warned: on one day, keys whose least attenuation is at most %d dB were heard for at least\n"
      "%.0f minutes together. 50 dB is the lower threshold of the rule that was most precise when\n"
      "tried on real phones with the least attenuation of each scan (50/55 dB: precision 0.68,\n"
      "recall 0.59); the least of a whole day is lower still. Whoever sits in the same room stays\n"
      "hard to tell from whoever is near: strength says little about metres.\n",
      in_minutes(kRule.least_duration), kRule.most_attenuation_db,
      in_minutes(kRule.least_duration));
}

bool is_worth_a_row(const Judgement& judgement) {
  return judgement.outcome != Outcome::unconcerned && judgement.outcome != Outcome::infected;
}

// The last column is not padded.
int outcome_width(const std::vector<SchemeResult>& results, const SchemeResult& result) {
  return &result == &results.back() ? 0 : 19;
}

void print_judgement(const Judgement& judgement, int width) {
  if (judgement.minimum_attenuation_db)
    std::printf("  %5.0f %5d", in_minutes(judgement.matched), *judgement.minimum_attenuation_db);
  else
    std::printf("  %5s %5s", "-", "-");
  std::printf("  %-*s", width, simulation::outcome_name(judgement.outcome));
}

void print_people(const std::vector<SchemeResult>& results) {
  std::vector<size_t> rows;
  for (size_t person = 0; person < results[0].judgements.size(); ++person)
    if (std::ranges::any_of(results, [person](const SchemeResult& result) {
          return is_worth_a_row(result.judgements[person]);
        }))
      rows.push_back(person);
  std::ranges::stable_sort(rows, std::greater(),
                           [&](size_t person) { return results[0].judgements[person].truly_near; });
  std::printf(
      "\nEveryone near or warned: in truth, the minutes within 2 m on their longest day; for\n"
      "each scheme, the minutes and the least attenuation of the day that decided\n");
  std::printf("  %6s %6s", "person", "truth");
  for (const SchemeResult& result : results)
    std::printf("  %5s %5s  %-*s", "min", "dB", outcome_width(results, result),
                std::string(scheme_name(result.scheme)).c_str());
  std::printf("\n");
  for (size_t i = 0; i < std::min(rows.size(), kMostRows); ++i) {
    std::printf("  %6zu %6.0f", rows[i], in_minutes(results[0].judgements[rows[i]].truly_near));
    for (const SchemeResult& result : results)
      print_judgement(result.judgements[rows[i]], outcome_width(results, result));
    std::printf("\n");
  }
  if (rows.size() > kMostRows) std::printf("  and %zu more\n", rows.size() - kMostRows);
}

void print_work(const std::vector<SchemeResult>& results, bool is_live) {
  print_heading("Work", results);
  print_counts("phones", results, [](const auto& result) { return result.phones; });
  print_counts("scans stored", results, [](const auto& result) { return result.scans; });
  print_counts("sightings stored", results, [](const auto& result) { return result.sightings; });
  print_counts("encrypted logs on disk, MB", results,
               [](const auto& result) { return result.bytes / 1'000'000; });
  print_counts(is_live ? "keys published, random padding among them" : "keys published", results,
               [](const auto& result) { return result.keys; });
  if (!is_live) return;
  print_counts("uploads accepted", results, [](const auto& result) { return result.uploads; });
  print_counts("HTTP requests", results, [](const auto& result) { return result.requests; });
}

void print_times(const std::vector<SchemeResult>& results, Millis town_time, Millis total,
                 unsigned threads) {
  print_heading("Seconds", results);
  for (size_t stage = 0; stage < std::size(kStageNames); ++stage) {
    std::printf("  %-48s", kStageNames[stage]);
    for (const SchemeResult& result : results)
      std::printf(" %9.1f", in_seconds(result.stage_times[stage]));
    std::printf("\n");
  }
  std::printf("  the town itself %.1f, everything %.1f, on %u thread%s\n", in_seconds(town_time),
              in_seconds(total), threads, threads == 1 ? "" : "s");
  std::printf(
      "\nThe logs are real and encrypted, but the simulated phones append an hour at a time\n"
      "and never sync; a real phone stores every scan at once and syncs it. Assumed of the "
      "radios:\n"
      "a scan hears 95 %% of the phones in reach; in Bluezone, an app, 80 %% between an iPhone "
      "and\n"
      "an Android phone and 5 %% between two iPhones.\n");
}

Status run_demo(const DemoOptions& options) {
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
  const Stage everything("", false);
  const Stage making("the town: homes, work, meetings", true);
  NEARZONE_ASSIGN(const Town town, simulation::make_town(options.town));
  const simulation::ContactStatistics contacts =
      simulation::contact_statistics(simulation::pair_days(town));
  const Millis town_time = making.end();
  std::vector<SchemeResult> results;
  for (SchemeTag scheme : {SchemeTag::bluezone, SchemeTag::gaen}) {
    NEARZONE_ASSIGN(results.emplace_back(), run_scheme(town, scheme, options.is_live, threads));
  }
  const Millis total = everything.end();
  print_town(town, contacts);
  print_summary(results);
  print_rule();
  print_people(results);
  print_work(results, options.is_live);
  print_times(results, town_time, total, threads);
  return {};
}

pid_t town_process = 0;

void pass_on(int signal) {
  if (town_process > 0) ::kill(town_process, signal);
}

// Runs the demo in a process of its own: whatever ends that one, Ctrl-C or want of memory, leaves
// no logs in the temporary folder.
int run_and_tidy(const DemoOptions& options) {
  constexpr int kEndings[] = {SIGINT, SIGTERM, SIGHUP};
  const std::unique_ptr<TemporaryFolder> folder = TemporaryFolder::make();
  if (folder == nullptr || ::setenv("TMPDIR", folder->path().c_str(), 1) != 0)
    return report("demo", {Code::io, "no temporary folder can be made"});
  std::fflush(nullptr);
  for (const int ending : kEndings) ::signal(ending, pass_on);
  town_process = ::fork();
  if (town_process < 0) return report("demo", {Code::io, "no process can be made"});
  if (town_process == 0) {
    for (const int ending : kEndings) ::signal(ending, SIG_DFL);
    const Status status = run_demo(options);
    return status.ok() ? kDone : report("demo", status);
  }
  int ended = 0;
  while (::waitpid(town_process, &ended, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(ended)) return WEXITSTATUS(ended);
  return kInterrupted + WTERMSIG(ended);
}

}  // namespace

void add_demo_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "demo", "Simulates a town in both schemes and shows who was warned and who was near");
  auto options = std::make_shared<DemoOptions>();
  simulation::TownOptions& town = options->town;
  command->add_option("--people", town.people, "people in the town")
      ->check(CLI::Range(2, 5000))
      ->capture_default_str();
  command->add_option("--days", town.days, "days simulated")
      ->check(CLI::Range(1, 14))
      ->capture_default_str();
  command->add_option("--seed", town.seed, "the same seed gives the same town")
      ->transform(decimal())
      ->capture_default_str();
  command->add_option("--adoption", town.adoption, "share of people with the app")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--iphone-share", town.iphone_share, "share of phones that are iPhones")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_flag("--live", options->is_live,
                    "codes, uploads and lists go over HTTP to and from a health authority's server "
                    "of this process");
  command->callback([options, &exit_code] { raise(exit_code, run_and_tidy(*options)); });
}

}  // namespace nearzone::tools
