#include "evaluation/figures.h"

#include <gtest/gtest.h>

#include "nearzone/random.h"

namespace nearzone::evaluation {
namespace {

const std::vector<bool> kNear = {true, true, false, true, false};
const std::vector<double> kScore = {0.9, 0.8, 0.7, 0.6, 0.5};
const std::vector<double> kOnce(5, 1);

TEST(Figures, CountPairsInTheRightOrder) {
  // Of the six pairs of near and far, the third far one beats one near one: 5 / 6.
  const Values values = Figures(kScore, kScore, kNear).values(kOnce);
  EXPECT_DOUBLE_EQ(*values.auc, 5.0 / 6);
  // All three are found with the fourth alarm, of which one is false.
  EXPECT_DOUBLE_EQ(*values.precision, 0.75);
  // After two: one of three missed, none false. After four: none missed, one of two false.
  EXPECT_DOUBLE_EQ(*values.ndcf, 1.0 / 3);
  // (0.01 + 0.04 + 0.49 + 0.16 + 0.25) / 5
  EXPECT_NEAR(*values.brier, 0.19, 1e-12);
  // Each is alone in its bin: (0.1 + 0.2 + 0.7 + 0.4 + 0.5) / 5
  EXPECT_NEAR(*values.ece, 0.38, 1e-12);
}

TEST(Figures, GiveHalfAPairForATie) {
  const std::vector<double> same(5, 0.5);
  const Values values = Figures(same, same, kNear).values(kOnce);
  EXPECT_DOUBLE_EQ(*values.auc, 0.5);
  EXPECT_DOUBLE_EQ(*values.precision, 0.6);
  EXPECT_DOUBLE_EQ(*values.ndcf, 1);
  EXPECT_NEAR(*values.ece, 0.1, 1e-12);  // 0.5 said, 0.6 happened
}

TEST(Figures, HaveNoMeaningForOneClass) {
  const Values values = Figures(kScore, kScore, std::vector<bool>(5, true)).values(kOnce);
  EXPECT_FALSE(values.auc);
  EXPECT_FALSE(values.ndcf);
  EXPECT_TRUE(values.brier);
  EXPECT_TRUE(Figures(kScore, kScore, std::vector<bool>(5, true)).roc().empty());
}

// A weight of two is the same as being there twice.
TEST(FiguresProperties, WeighAsOftenAsTheyAreDrawn) {
  SeededRandom random(3);
  std::vector<double> score, weight, repeated;
  std::vector<bool> near, repeated_near;
  for (int i = 0; i < 200; ++i) {
    score.push_back(static_cast<double>(random.below(40)) / 40);
    near.push_back(random.unit() < score.back());
    weight.push_back(static_cast<double>(random.below(3)));
    for (int times = 0; times < static_cast<int>(weight.back()); ++times) {
      repeated.push_back(score.back());
      repeated_near.push_back(near.back());
    }
  }
  const Values a = Figures(score, score, near).values(weight);
  const Values b =
      Figures(repeated, repeated, repeated_near).values(std::vector<double>(repeated.size(), 1));
  EXPECT_NEAR(*a.auc, *b.auc, 1e-12);
  EXPECT_NEAR(*a.precision, *b.precision, 1e-12);
  EXPECT_NEAR(*a.ndcf, *b.ndcf, 1e-12);
  EXPECT_NEAR(*a.brier, *b.brier, 1e-12);
  EXPECT_NEAR(*a.ece, *b.ece, 1e-12);
}

TEST(Figures, DrawBothCurves) {
  const Figures figures(kScore, kScore, kNear);
  const auto roc = figures.roc();
  ASSERT_EQ(roc.size(), 6u);
  EXPECT_EQ(roc.front().x, 0);
  EXPECT_EQ(roc.back().x, 1);
  EXPECT_EQ(roc.back().y, 1);
  EXPECT_DOUBLE_EQ(roc[2].y, 2.0 / 3);
  EXPECT_EQ(figures.reliability().size(), 5u);
}

}  // namespace
}  // namespace nearzone::evaluation
