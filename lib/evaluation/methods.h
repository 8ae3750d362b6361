// What each method makes of a stay.
#pragma once

#include <string_view>
#include <vector>

#include "evaluation/linear.h"
#include "nearzone/evaluation.h"

namespace nearzone::evaluation {

// Scores of all stays of a task by one method; higher is nearer.
struct Scored {
  std::string_view name;
  std::vector<double> score;
  std::vector<double> probability;
};

// The pairs of a task, numbered.
struct Pairs {
  std::vector<size_t> of_stay;
  size_t count = 0;
};
Pairs number_pairs(const std::vector<Stay>& stays);

inline constexpr std::string_view kOurs = "ours";

// All methods, ours among them.
std::vector<Scored> score_all(const std::vector<Stay>& stays, const std::vector<bool>& near,
                              const Pairs& pairs, const EvaluationConfig& config);

// Of all packets of a stay: 10^(-attenuation / 8 dB), counted and averaged scan by scan as
// nearness_by_day does.
double level_db(const std::vector<int8_t>& scan);

}  // namespace nearzone::evaluation
