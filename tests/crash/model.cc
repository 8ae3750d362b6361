// Comparing a log with what it must hold.
#include <algorithm>
#include <iterator>

#include "crash/workload.h"

namespace nearzone::crash_test {
namespace {

using log_test::Entry;

constexpr const char* kStateKinds[] = {"ledger", "own-keys"};

bool comes_before(const Scan& a, const Scan& b) {
  return std::pair(a.start, a.previous_start) < std::pair(b.start, b.previous_start);
}

std::vector<Scan> sorted(std::vector<Scan> scans) {
  std::sort(scans.begin(), scans.end(), comes_before);
  return scans;
}

struct Amount {
  uint64_t sightings = 0;
  uint64_t scans = 0;
};

Amount most(const Amount& a, const Amount& b) {
  return {std::max(a.sightings, b.sightings), std::max(a.scans, b.scans)};
}

Amount sum(const std::vector<LogDayLoss>& losses) {
  Amount all;
  for (const LogDayLoss& loss : losses) {
    all.sightings += loss.sightings;
    all.scans += loss.scans;
  }
  return all;
}

std::string counted(const char* what, size_t expected, size_t found) {
  return std::string(what) + ": " + std::to_string(found) + " in place of " +
         std::to_string(expected);
}

// Empty where both hold the same.
template <typename T, typename Less>
std::string compared(const char* what, const std::vector<T>& expected, const std::vector<T>& found,
                     Less less) {
  std::vector<T> lost, added;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(lost), less);
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(added), less);
  if (lost.empty() && added.empty()) return {};
  return counted(what, expected.size(), found.size()) + ", " + std::to_string(lost.size()) +
         " lost and " + std::to_string(added.size()) + " doubled, false or not forgotten";
}

}  // namespace

std::vector<Entry> Model::entries() const {
  std::vector<Entry> all;
  for (const auto& [day, stored] : days_)
    all.insert(all.end(), stored.entries.begin(), stored.entries.end());
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<Scan> Model::scans() const {
  std::vector<Scan> all;
  for (const auto& [day, stored] : days_)
    all.insert(all.end(), stored.scans.begin(), stored.scans.end());
  return sorted(std::move(all));
}

Result<std::string> Model::difference(const EncounterLog& log) const {
  std::vector<LogDayLoss> lost;
  NEARZONE_ASSIGN(const SightingTable table, log.snapshot(nullptr, &lost));
  if (!lost.empty()) return std::string("a loss is told that must not be");
  std::string found =
      compared("sightings", entries(), log_test::entries_of(table), std::less<Entry>());
  if (!found.empty()) return found;
  const auto scans_found = table.columns().scans;
  found =
      compared("scans", scans(), sorted({scans_found.begin(), scans_found.end()}), comes_before);
  if (!found.empty()) return found;

  NEARZONE_ASSIGN(const LogStatistics statistics, log.statistics());
  if (!statistics.damaged.empty()) return std::string("damage is told where there is none");
  if (statistics.doubtful.scans != 0) return std::string("scans are doubtful that are not");
  size_t next = 0;
  for (const auto& [day, stored] : days_) {
    if (stored.scans.empty()) continue;
    if (next == statistics.days.size() || statistics.days[next].day != day)
      return std::string("a day is not counted");
    const LogDayStatistics& counts = statistics.days[next++];
    if (counts.scans != stored.scans.size())
      return counted("counted scans", stored.scans.size(), counts.scans);
    if (counts.sightings != stored.entries.size())
      return counted("counted sightings", stored.entries.size(), counts.sightings);
  }
  if (next != statistics.days.size()) return std::string("a day is counted that is not there");
  return difference_of_states(log);
}

Result<std::string> Model::difference_of_states(const EncounterLog& log) const {
  for (const char* kind : kStateKinds) {
    NEARZONE_ASSIGN(const std::vector<Day> found, log.state_days(kind));
    std::vector<Day> expected;
    for (const auto& [day, stored] : days_) {
      const auto state = stored.states.find(kind);
      if (state == stored.states.end()) continue;
      expected.push_back(day);
      const Result<SecretBytes> bytes = log.get_state(day, kind);
      if (bytes.status().code() == Code::not_found) return std::string("a state is lost");
      if (!bytes.ok()) return bytes.status();
      if (!std::ranges::equal(bytes->expose(ForSealing{}), state->second))
        return std::string("a state is another");
    }
    if (found != expected) return counted("states", expected.size(), found.size());
  }
  return std::string();
}

Result<std::string> Model::falsehood(const EncounterLog& log) const {
  NEARZONE_ASSIGN(const SightingTable table, log.snapshot());
  const std::vector<Entry> stored = entries();
  const std::vector<Entry> served = log_test::entries_of(table);
  if (!std::includes(stored.begin(), stored.end(), served.begin(), served.end()))
    return std::string("a sighting is served that was not stored so");
  const auto columns = table.columns();
  const std::vector<Scan> scans_stored = scans();
  const std::vector<Scan> scans_served = sorted({columns.scans.begin(), columns.scans.end()});
  if (!std::includes(scans_stored.begin(), scans_stored.end(), scans_served.begin(),
                     scans_served.end(), comes_before))
    return std::string("a scan is served that was not stored so");
  for (const char* kind : kStateKinds) {
    const Result<std::vector<Day>> days = log.state_days(kind);
    if (!days.ok()) continue;
    for (Day day : *days) {
      NEARZONE_ASSIGN(const SecretBytes state, log.get_state(day, kind));
      const auto kept = days_.find(day);
      if (kept == days_.end() || !kept->second.states.contains(kind))
        return std::string("a state is served that was removed");
      if (!std::ranges::equal(state.expose(ForSealing{}), kept->second.states.at(kind)))
        return std::string("a state is served that was not stored so");
    }
  }
  return std::string();
}

Result<std::string> Model::untruth(const EncounterLog& log) const {
  NEARZONE_ASSIGN(std::string found, falsehood(log));
  if (!found.empty()) return found;
  std::vector<LogDayLoss> lost;
  NEARZONE_ASSIGN(const SightingTable table, log.snapshot(nullptr, &lost));
  const std::vector<LogDayLoss>& at_opening = log.opening().lost;
  lost.insert(lost.end(), at_opening.begin(), at_opening.end());
  NEARZONE_ASSIGN(const LogStatistics statistics, log.statistics());
  // Where the repair itself was interrupted, an opening before has told.
  const Amount told = most(sum(lost), sum(statistics.damaged));
  const uint64_t sightings = table.columns().size() + told.sightings;
  const uint64_t scans_told = table.columns().scans.size() + told.scans;
  if (sightings < entries().size())
    return counted("sightings, told losses included", entries().size(), sightings);
  if (scans_told < scans().size())
    return counted("scans, told losses included", scans().size(), scans_told);

  uint64_t states_missing = 0;
  for (const auto& [day, kept] : days_)
    for (const auto& [kind, bytes] : kept.states)
      states_missing += log.get_state(day, kind).status().code() == Code::not_found ? 1u : 0u;
  if (states_missing > log.opening().states_lost)
    return std::string("a state is lost and not told");
  return std::string();
}

}  // namespace nearzone::crash_test
