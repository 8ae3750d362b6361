#include <algorithm>
#include <map>
#include <set>

#include "nearzone/simulation.h"

namespace nearzone::simulation {
namespace {

// What was true of one person, by day.
struct Truth {
  std::map<Day, Millis> near;           // infectious people
  std::map<Day, Millis> near_with_app;  // those of them whose keys can be published
};

std::vector<Truth> truth_of(const Town& town) {
  std::vector<Truth> truths(town.people.size());
  const auto note = [&](uint32_t person, uint32_t other, const PairDay& pair) {
    const Person& source = town.people[other];
    if (!source.infectious_from || pair.day < *source.infectious_from) return;
    truths[person].near[pair.day] += pair.within_two_metres;
    if (source.has_app) truths[person].near_with_app[pair.day] += pair.within_two_metres;
  };
  for (const PairDay& pair : pair_days(town)) {
    note(pair.a, pair.b, pair);
    note(pair.b, pair.a, pair);
  }
  return truths;
}

// What one phone found, by day.
struct Finding {
  Millis duration{0};
  Millis duration_within_rule{0};
  std::optional<int32_t> minimum_attenuation_db;
};

std::map<Day, Finding> findings_of(std::span<const Exposure> exposures, const WarningRule& rule) {
  std::map<Day, Finding> findings;
  for (const Exposure& exposure : exposures) {
    Finding& finding = findings[exposure.day];
    finding.duration += exposure.duration;
    const std::optional<int32_t> attenuation = exposure.minimum_attenuation_db;
    if (!attenuation) continue;
    if (*attenuation <= rule.most_attenuation_db) finding.duration_within_rule += exposure.duration;
    finding.minimum_attenuation_db =
        std::min(*attenuation, finding.minimum_attenuation_db.value_or(*attenuation));
  }
  return findings;
}

// Days on which the radio heard somebody whose keys were published.
std::set<Day> heard_days(const Town& town, const PhoneOutcome& phone) {
  std::set<Day> days;
  for (const HeardInfectious& heard : phone.heard_infectious)
    if (town.people[heard.person].has_app) days.insert(heard.day);
  return days;
}

// Why a person who was near was not warned, though they have the app.
Outcome reason_missed(const Truth& truth, const std::set<Day>& heard,
                      const std::map<Day, Finding>& findings, const WarningRule& rule) {
  Outcome reason = Outcome::others_without_app;
  for (const auto& [day, near] : truth.near_with_app) {
    if (near < rule.least_duration) continue;
    if (!heard.contains(day))
      reason = reason == Outcome::others_without_app ? Outcome::unheard : reason;
    else if (!findings.contains(day))
      return Outcome::missed_by_matching;
    else
      reason = Outcome::missed_by_rule;
  }
  return reason;
}

void judge_phone(const Town& town, const Truth& truth, const PhoneOutcome& phone,
                 const WarningRule& rule, Judgement& judgement) {
  const std::map<Day, Finding> findings = findings_of(phone.exposures, rule);
  const std::set<Day> heard = heard_days(town, phone);
  const Finding* decisive = nullptr;
  for (const auto& [day, finding] : findings) {
    judgement.false_match = judgement.false_match || !heard.contains(day);
    const auto weight = [](const Finding& f) {
      return std::pair(f.duration_within_rule, f.duration);
    };
    if (decisive == nullptr || weight(*decisive) < weight(finding)) decisive = &finding;
  }
  const bool warned = decisive != nullptr && decisive->duration_within_rule >= rule.least_duration;
  if (decisive != nullptr) {
    judgement.matched = decisive->duration;
    judgement.minimum_attenuation_db = decisive->minimum_attenuation_db;
  }
  const bool near = judgement.truly_near >= rule.least_duration;
  if (warned)
    judgement.outcome = near ? Outcome::warned : Outcome::false_alarm;
  else if (near)
    judgement.outcome = reason_missed(truth, heard, findings, rule);
}

}  // namespace

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::unconcerned: return "-";
    case Outcome::warned: return "warned";
    case Outcome::false_alarm: return "false alarm";
    case Outcome::without_app: return "has no app";
    case Outcome::others_without_app: return "others had no app";
    case Outcome::unheard: return "radios never heard";
    case Outcome::missed_by_matching: return "MISSED BY MATCHING";
    case Outcome::missed_by_rule: return "missed by the rule";
    case Outcome::infected: return "infected";
  }
  return "";
}

std::vector<Judgement> judge(const Town& town, std::span<const PhoneOutcome> phones,
                             const WarningRule& rule) {
  const std::vector<Truth> truths = truth_of(town);
  std::vector<Judgement> judgements(town.people.size());
  for (size_t person = 0; person < town.people.size(); ++person) {
    Judgement& judgement = judgements[person];
    for (const auto& [day, near] : truths[person].near)
      judgement.truly_near = std::max(judgement.truly_near, near);
    if (town.people[person].infectious_from)
      judgement.outcome = Outcome::infected;
    else if (!town.people[person].has_app && judgement.truly_near >= rule.least_duration)
      judgement.outcome = Outcome::without_app;
  }
  for (const PhoneOutcome& phone : phones)
    if (!town.people[phone.person].infectious_from)
      judge_phone(town, truths[phone.person], phone, rule, judgements[phone.person]);
  return judgements;
}

}  // namespace nearzone::simulation
