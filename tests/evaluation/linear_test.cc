#include "evaluation/linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "nearzone/random.h"

namespace nearzone::evaluation {
namespace {

TEST(Solve, GivesWhatTheMatrixTakesBack) {
  // 4x + y = 1, x + 3y = 2: x = 1/11, y = 7/11
  const std::vector<double> x = solve({{4, 1}, {1, 3}}, {1, 2});
  EXPECT_NEAR(x[0], 1.0 / 11, 1e-12);
  EXPECT_NEAR(x[1], 7.0 / 11, 1e-12);
}

TEST(LeastSquares, FindsALine) {
  // The means of both pairs lie on 1 + 2x.
  const std::vector<double> line =
      least_squares({{1, 0}, {1, 0}, {1, 3}, {1, 3}}, std::vector<double>{0, 2, 6, 8});
  EXPECT_NEAR(line[0], 1, 1e-12);
  EXPECT_NEAR(line[1], 2, 1e-12);
}

TEST(LogisticRegression, FindsTheProbabilitiesThatItWasMadeWith) {
  SeededRandom random(1);
  Rows rows;
  std::vector<bool> near;
  for (int i = 0; i < 20000; ++i) {
    const double x = 6 * random.unit() - 3, noise = random.unit();
    rows.push_back({x, noise});
    near.push_back(random.unit() < 1 / (1 + std::exp(-(0.5 + 1.5 * x))));
  }
  std::vector<size_t> which(rows.size());
  std::iota(which.begin(), which.end(), size_t{0});
  const Logistic learnt(rows, near, which);
  for (double x : {-2.0, 0.0, 1.0})
    EXPECT_NEAR(learnt.probability(std::vector<double>{x, 0.5}),
                1 / (1 + std::exp(-(0.5 + 1.5 * x))), 0.03);
}

// Only those named are learnt from.
TEST(LogisticRegression, LeavesOutWhatIsNotNamed) {
  const Rows rows = {{0}, {1}, {0}, {1}};
  const std::vector<bool> near = {false, true, true, false};
  const std::vector<size_t> first = {0, 1}, last = {2, 3};
  EXPECT_GT(Logistic(rows, near, first).probability(std::vector<double>{1}), 0.9);
  EXPECT_LT(Logistic(rows, near, last).probability(std::vector<double>{1}), 0.1);
}

}  // namespace
}  // namespace nearzone::evaluation
