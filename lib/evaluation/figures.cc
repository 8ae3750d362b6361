#include "evaluation/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace nearzone::evaluation {
namespace {

constexpr double kRecall = 0.85;

}  // namespace

Figures::Figures(std::span<const double> score, std::span<const double> probability,
                 const std::vector<bool>& near)
    : score_(score), probability_(probability), near_(near), order_(score.size()) {
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::ranges::stable_sort(order_, std::greater<>(), [&](size_t i) { return score_[i]; });
}

size_t Figures::bin_of(size_t stay) const {
  return std::min(static_cast<size_t>(probability_[stay] * kBins), kBins - 1);
}

Values Figures::values(std::span<const double> weight) const {
  double positives = 0, negatives = 0, squares = 0;
  std::array<double, kBins> said{}, happened{};
  for (size_t i = 0; i < near_.size(); ++i) {
    const double truth = near_[i] ? 1 : 0;
    (near_[i] ? positives : negatives) += weight[i];
    squares += weight[i] * (probability_[i] - truth) * (probability_[i] - truth);
    said[bin_of(i)] += weight[i] * probability_[i];
    happened[bin_of(i)] += weight[i] * truth;
  }
  Values values;
  const double all = positives + negatives;
  if (all == 0) return values;
  values.brier = squares / all;
  double error = 0;
  for (size_t bin = 0; bin < kBins; ++bin) error += std::abs(said[bin] - happened[bin]);
  values.ece = error / all;
  if (positives == 0 || negatives == 0) return values;

  double hits = 0, alarms = 0, area = 0, least_cost = 1;
  for (size_t i = 0; i < order_.size();) {
    double more_hits = 0, more_alarms = 0;
    const double score = score_[order_[i]];
    for (; i < order_.size() && score_[order_[i]] == score; ++i)
      (near_[order_[i]] ? more_hits : more_alarms) += weight[order_[i]];
    area += more_alarms * (hits + more_hits / 2);
    hits += more_hits;
    alarms += more_alarms;
    least_cost = std::min(least_cost, (positives - hits) / positives + alarms / negatives);
    if (!values.precision && hits >= kRecall * positives) values.precision = hits / (hits + alarms);
  }
  values.auc = area / (positives * negatives);
  values.ndcf = least_cost;
  return values;
}

std::vector<CurvePoint> Figures::roc() const {
  const auto positives = static_cast<double>(std::ranges::count(near_, true));
  const double negatives = static_cast<double>(near_.size()) - positives;
  if (positives == 0 || negatives == 0) return {};
  std::vector<CurvePoint> points = {{0, 0}};
  double hits = 0, alarms = 0;
  for (size_t i = 0; i < order_.size();) {
    const double score = score_[order_[i]];
    for (; i < order_.size() && score_[order_[i]] == score; ++i)
      (near_[order_[i]] ? hits : alarms) += 1;
    points.push_back({alarms / negatives, hits / positives});
  }
  return points;
}

std::vector<CurvePoint> Figures::reliability() const {
  std::array<double, kBins> said{}, happened{}, count{};
  for (size_t i = 0; i < near_.size(); ++i) {
    said[bin_of(i)] += probability_[i];
    happened[bin_of(i)] += near_[i] ? 1 : 0;
    count[bin_of(i)] += 1;
  }
  std::vector<CurvePoint> points;
  for (size_t bin = 0; bin < kBins; ++bin)
    if (count[bin] > 0) points.push_back({said[bin] / count[bin], happened[bin] / count[bin]});
  return points;
}

}  // namespace nearzone::evaluation
