// That the tables of docs/beacon.md are what the code says.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "nearzone/beacon_planner.h"
#include "tests_folder.h"

namespace nearzone::beacon {
namespace {

constexpr System kSystems[] = {System::android, System::ios};
constexpr AppState kStates[] = {AppState::foreground, AppState::background};

// The rows of the table behind a marker, without its two lines of heading.
std::vector<std::string> table(const std::string& marker) {
  std::ifstream file(test::tests_folder() + "/../docs/beacon.md");
  std::vector<std::string> rows;
  std::string line;
  while (std::getline(file, line) && line != "<!-- " + marker + " -->") {
  }
  while (std::getline(file, line) && line.starts_with('|')) rows.push_back(line);
  if (rows.size() > 2) rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text;
}

std::string name(System system) { return system == System::android ? "Android" : "iOS"; }
std::string name(AppState state) {
  return state == AppState::foreground ? "foreground" : "background";
}

TEST(BeaconDocs, TableOfAbilitiesIsTheCodes) {
  const Uuid own = Uuid::of_16(0xfff0);
  const std::pair<std::string, AirIdentity> airs[] = {
      {"bluezone", bluezone_air()},
      {"exposure-notification", exposure_notification_air()},
      {"dp3t", dp3t_air()},
      {"tcn", tcn_air()},
      {"nearzone", nearzone_air(own, own)}};
  std::vector<std::string> rows;
  for (const auto& [air_name, air] : airs)
    for (const System system : kSystems)
      for (const AppState state : kStates) {
        std::vector<std::string> cells = {air_name, name(system), name(state)};
        for (const Act act : {Act::advertise, Act::scan, Act::gatt}) {
          const Answer answer = can(air, system, state, act);
          constexpr const char* kNames[] = {"no", "limited", "yes"};
          cells.push_back(kNames[static_cast<size_t>(answer.ability)]);
          if (answer.note > 0) cells.back() += " (" + std::to_string(answer.note) + ")";
        }
        rows.push_back(row(cells));
      }
  EXPECT_EQ(table("abilities"), rows);
}

TEST(BeaconDocs, TableOfPlansIsTheCodes) {
  const std::pair<std::string, SchemeTag> schemes[] = {{"bluezone", SchemeTag::bluezone},
                                                       {"gaen, nearzone", SchemeTag::gaen},
                                                       {"dp3t, tcn", SchemeTag::tcn}};
  std::vector<std::string> rows;
  for (const auto& [scheme_name, scheme] : schemes)
    for (const System system : kSystems)
      for (const AppState state : kStates) {
        const Plan plan = plan_for(scheme, system);
        std::vector<std::string> cells = {
            scheme_name, name(system), name(state),
            std::to_string(radio_seconds_a_day(plan, state).advertising)};
        for (const Power power : {Power::full, Power::low, Power::critical})
          cells.push_back(std::to_string(radio_seconds_a_day(plan, state, power).scanning));
        rows.push_back(row(cells));
      }
  EXPECT_EQ(table("plans"), rows);
}

}  // namespace
}  // namespace nearzone::beacon
