// Figures of a method on a task, with weights by which pairs are drawn again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/evaluation.h"

namespace nearzone::evaluation {

// The values of all figures for one drawing of pairs.
struct Values {
  std::optional<double> auc;
  std::optional<double> precision;
  std::optional<double> ndcf;
  std::optional<double> brier;
  std::optional<double> ece;
};

class Figures {
 public:
  Figures(std::span<const double> score, std::span<const double> probability,
          const std::vector<bool>& near);
  // `weight` says how often each stay counts.
  Values values(std::span<const double> weight) const;
  std::vector<CurvePoint> roc() const;
  std::vector<CurvePoint> reliability() const;

 private:
  static constexpr size_t kBins = 10;
  size_t bin_of(size_t stay) const;

  std::span<const double> score_;
  std::span<const double> probability_;
  const std::vector<bool>& near_;
  std::vector<size_t> order_;  // nearest first
};

}  // namespace nearzone::evaluation
