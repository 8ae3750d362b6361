// The little linear algebra that fitting needs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nearzone::evaluation {

// Rows of equal length.
using Rows = std::vector<std::vector<double>>;

// x with matrix x = right; the matrix is symmetric and positive definite. It is used up.
std::vector<double> solve(Rows matrix, std::vector<double> right);

// Coefficients of the least squares fit of `target`, one a column.
std::vector<double> least_squares(const Rows& rows, std::span<const double> target);

// A logistic regression on standardised features, held back by a small ridge.
class Logistic {
 public:
  // `rows` and `near` of the samples named by `which`.
  Logistic(const Rows& rows, const std::vector<bool>& near, std::span<const size_t> which);
  double probability(std::span<const double> row) const;

 private:
  std::vector<double> mean_;
  std::vector<double> scale_;
  std::vector<double> weights_;  // the intercept first
};

}  // namespace nearzone::evaluation
