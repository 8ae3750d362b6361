#include "evaluation/linear.h"

#include <algorithm>
#include <cmath>

namespace nearzone::evaluation {
namespace {

constexpr double kRidge = 1e-3;
constexpr int kIterations = 25;

double logistic(double x) { return 1 / (1 + std::exp(-std::clamp(x, -500.0, 500.0))); }

}  // namespace

std::vector<double> solve(Rows matrix, std::vector<double> right) {
  const size_t size = right.size();
  for (size_t pivot = 0; pivot < size; ++pivot)
    for (size_t row = pivot + 1; row < size; ++row) {
      const double factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (size_t column = pivot; column < size; ++column)
        matrix[row][column] -= factor * matrix[pivot][column];
      right[row] -= factor * right[pivot];
    }
  for (size_t row = size; row-- > 0;) {
    for (size_t column = row + 1; column < size; ++column)
      right[row] -= matrix[row][column] * right[column];
    right[row] /= matrix[row][row];
  }
  return right;
}

std::vector<double> least_squares(const Rows& rows, std::span<const double> target) {
  const size_t size = rows.front().size();
  Rows normal(size, std::vector<double>(size, 0));
  std::vector<double> right(size, 0);
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t a = 0; a < size; ++a) {
      right[a] += rows[i][a] * target[i];
      for (size_t b = 0; b < size; ++b) normal[a][b] += rows[i][a] * rows[i][b];
    }
  return solve(std::move(normal), std::move(right));
}

Logistic::Logistic(const Rows& rows, const std::vector<bool>& near, std::span<const size_t> which) {
  const size_t features = rows.front().size();
  const auto count = static_cast<double>(which.size());
  mean_.assign(features, 0);
  scale_.assign(features, 0);
  for (size_t i : which)
    for (size_t f = 0; f < features; ++f) mean_[f] += rows[i][f] / count;
  for (size_t i : which)
    for (size_t f = 0; f < features; ++f)
      scale_[f] += (rows[i][f] - mean_[f]) * (rows[i][f] - mean_[f]) / count;
  for (double& scale : scale_) scale = std::sqrt(scale) + 1e-9;

  const size_t size = features + 1;
  weights_.assign(size, 0);
  std::vector<double> z(size, 1);
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    Rows hessian(size, std::vector<double>(size, 0));
    std::vector<double> gradient(size, 0);
    for (size_t i : which) {
      double sum = weights_[0];
      for (size_t f = 0; f < features; ++f) {
        z[f + 1] = (rows[i][f] - mean_[f]) / scale_[f];
        sum += weights_[f + 1] * z[f + 1];
      }
      const double p = logistic(sum);
      const double error = p - (near[i] ? 1 : 0);
      for (size_t a = 0; a < size; ++a) {
        gradient[a] += error * z[a];
        for (size_t b = 0; b < size; ++b) hessian[a][b] += p * (1 - p) * z[a] * z[b];
      }
    }
    for (size_t a = 0; a < size; ++a) {
      hessian[a][a] += kRidge * count;
      gradient[a] += kRidge * count * weights_[a];
    }
    const std::vector<double> step = solve(std::move(hessian), std::move(gradient));
    for (size_t a = 0; a < size; ++a) weights_[a] -= step[a];
  }
}

double Logistic::probability(std::span<const double> row) const {
  double sum = weights_[0];
  for (size_t f = 0; f < row.size(); ++f) sum += weights_[f + 1] * (row[f] - mean_[f]) / scale_[f];
  return logistic(sum);
}

}  // namespace nearzone::evaluation
