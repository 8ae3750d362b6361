#include <algorithm>
#include <cmath>

#include "evaluation/figures.h"
#include "evaluation/methods.h"
#include "nearzone/evaluation.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

using evaluation::Figures;
using evaluation::Pairs;
using evaluation::Scored;
using evaluation::Values;

constexpr double kTolerance = 1e-6;     // of a distance that is the limit itself
constexpr double kInterval = 1.959964;  // 95 of 100 of a normal distribution lie within

double below(double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }

// The point below which a normal distribution has this share.
double normal_point(double share) {
  double low = -9, high = 9;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (below(middle) < share ? low : high) = middle;
  }
  return low;
}

// 95 of 100, `drawn` being used up. Where most drawings lie on one side of the value, as of a
// calibration error, to which drawing itself adds, the interval moves to the other side by as much
// (the bias-corrected percentiles of Efron, Canadian Journal of Statistics 9 (1981), 139-158).
void set_interval(Figure& figure, std::vector<double> drawn) {
  if (drawn.empty() || !figure.value) {
    figure.low = figure.high = figure.value.value_or(0);
    return;
  }
  std::ranges::sort(drawn);
  const auto count = static_cast<double>(drawn.size());
  const auto same_as_value = std::ranges::equal_range(drawn, *figure.value);
  const auto less = static_cast<double>(same_as_value.begin() - drawn.begin());
  const auto same = static_cast<double>(same_as_value.size());
  const double bias =
      normal_point(std::clamp((less + same / 2) / count, 0.5 / count, 1 - 0.5 / count));
  const auto at = [&](double point) {
    return drawn[static_cast<size_t>(std::lround(below(2 * bias + point) * (count - 1)))];
  };
  figure.low = std::min(at(-kInterval), *figure.value);
  figure.high = std::max(at(kInterval), *figure.value);
}

// Of all methods, for every drawing of pairs; the first is of every pair once.
using Drawings = std::vector<std::vector<Values>>;

Drawings draw(const std::vector<Figures>& methods, const Pairs& pairs,
              const EvaluationConfig& config) {
  SeededRandom random(config.seed);
  Drawings drawings;
  std::vector<double> weight(pairs.of_stay.size(), 1);
  for (uint32_t drawing = 0; drawing <= config.resamples; ++drawing) {
    if (drawing > 0) {
      std::vector<double> times(pairs.count, 0);
      for (size_t i = 0; i < pairs.count; ++i) ++times[random.below(pairs.count)];
      for (size_t i = 0; i < weight.size(); ++i) weight[i] = times[pairs.of_stay[i]];
    }
    drawings.emplace_back();
    for (const Figures& method : methods) drawings.back().push_back(method.values(weight));
  }
  return drawings;
}

Figure figure_of(const Drawings& drawings, size_t method, std::optional<double> Values::*member) {
  Figure figure{drawings[0][method].*member, 0, 0};
  std::vector<double> drawn;
  for (size_t i = 1; i < drawings.size(); ++i)
    if (const auto& value = drawings[i][method].*member) drawn.push_back(*value);
  set_interval(figure, std::move(drawn));
  return figure;
}

Figure difference_of(const Drawings& drawings, size_t ours, size_t method) {
  const auto difference = [&](const std::vector<Values>& values) -> std::optional<double> {
    if (!values[ours].auc || !values[method].auc) return std::nullopt;
    return *values[ours].auc - *values[method].auc;
  };
  Figure figure{difference(drawings[0]), 0, 0};
  std::vector<double> drawn;
  for (size_t i = 1; i < drawings.size(); ++i)
    if (const auto value = difference(drawings[i])) drawn.push_back(*value);
  set_interval(figure, std::move(drawn));
  return figure;
}

TaskFigures evaluate_task(std::string_view name, const std::vector<Stay>& stays,
                          const EvaluationConfig& config) {
  TaskFigures task;
  task.name = name;
  task.stays = stays.size();
  if (stays.empty()) return task;
  std::vector<bool> near;
  near.reserve(stays.size());
  for (const Stay& stay : stays) near.push_back(stay.distance_m <= config.distance_m + kTolerance);
  task.near = static_cast<size_t>(std::ranges::count(near, true));
  const Pairs pairs = evaluation::number_pairs(stays);
  task.pairs = pairs.count;
  const std::vector<Scored> scored = evaluation::score_all(stays, near, pairs, config);
  std::vector<Figures> figures;
  figures.reserve(scored.size());
  for (const Scored& method : scored) figures.emplace_back(method.score, method.probability, near);
  const Drawings drawings = draw(figures, pairs, config);
  const auto ours = static_cast<size_t>(
      std::ranges::find(scored, evaluation::kOurs, &Scored::name) - scored.begin());
  for (size_t i = 0; i < scored.size(); ++i) {
    MethodFigures method;
    method.name = scored[i].name;
    method.auc = figure_of(drawings, i, &Values::auc);
    method.precision = figure_of(drawings, i, &Values::precision);
    method.ndcf = figure_of(drawings, i, &Values::ndcf);
    method.brier = figure_of(drawings, i, &Values::brier);
    method.ece = figure_of(drawings, i, &Values::ece);
    method.ours_less_this = difference_of(drawings, ours, i);
    const Figure& gain = method.ours_less_this;
    if (gain.value && config.resamples > 0 && i != ours)
      method.comparison = gain.low > 0    ? Comparison::ours_is_better
                          : gain.high < 0 ? Comparison::ours_is_worse
                                          : Comparison::equal;
    method.roc = figures[i].roc();
    method.reliability = figures[i].reliability();
    task.methods.push_back(std::move(method));
  }
  return task;
}

}  // namespace

Status EvaluationConfig::check() const {
  if (!(distance_m >= 0.1 && distance_m <= 20))
    return {Code::invalid_argument, "must be a number from 0.1 to 20", "distance_m"};
  if (resamples > 100000) return {Code::invalid_argument, "must be at most 100000", "resamples"};
  if (path_loss_elsewhere) {
    DistanceModel elsewhere = model;
    elsewhere.path_loss_exponent = *path_loss_elsewhere;
    NEARZONE_TRY(elsewhere.check());
  }
  return model.check();
}

EvaluationFigures evaluate(const Dataset& dataset, const EvaluationConfig& config) {
  return {dataset.kind,
          {evaluate_task("segment", dataset.segments, config),
           evaluate_task("context", dataset.contexts, config)}};
}

}  // namespace nearzone
