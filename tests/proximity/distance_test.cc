#include "nearzone/distance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "proximity/distance_model.h"

namespace nearzone {
namespace {

DistanceModel some_model() {
  DistanceModel model;
  model.path_loss_exponent = 2;
  model.posture_deviation_db = 6;
  model.pair_deviation_db = 8;
  model.nearest_m = 0.1;
  model.farthest_m = 10;
  return model;
}

// The integral over the distance's logarithm, a step at a time.
double naive(double distance, double excess, double deviation, const DistanceModel& model) {
  const double from = std::log10(model.nearest_m), to = std::log10(model.farthest_m);
  double inside = 0, all = 0;
  constexpr int kSteps = 20000;
  for (int i = 0; i < kSteps; ++i) {
    const double u = from + (to - from) * (i + 0.5) / kSteps;
    const double z = (excess - 10 * model.path_loss_exponent * (u - (from + to) / 2)) / deviation;
    const double density = std::exp(-0.5 * z * z);
    all += density;
    if (u < std::log10(distance)) inside += density;
  }
  return inside / all;
}

TEST(ProbabilityWithin, IsTheIntegralOverDistances) {
  const DistanceModel model = some_model();
  for (double distance : {0.5, 1.0, 2.0, 5.0})
    for (double excess : {-30.0, -8.0, 0.0, 3.0, 12.0, 30.0})
      for (double deviation : {4.0, 10.0})
        EXPECT_NEAR(proximity::probability_within(distance, excess, deviation, model),
                    naive(distance, excess, deviation, model), 2e-4)
            << distance << " " << excess << " " << deviation;
}

// In the middle of the range the two halves weigh the same.
TEST(ProbabilityWithin, IsOneHalfInTheMiddle) {
  EXPECT_NEAR(probability_within(1, 60, 1, true, {60, 0}, some_model()), 0.5, 1e-12);
}

TEST(ProbabilityWithin, ReachesTheWholeRangeAndNoFurther) {
  EXPECT_EQ(probability_within(10, 90, 1, true, {60, 0}, some_model()), 1);
  EXPECT_EQ(probability_within(100, 90, 1, true, {60, 0}, some_model()), 1);
  EXPECT_EQ(probability_within(0.1, 10, 1, true, {60, 0}, some_model()), 0);
}

TEST(ProbabilityWithin, KnowsLessOfUnknownPhones) {
  DistanceModel model = some_model();
  model.unknown_sender_db = 10;
  const auto at = [&](uint32_t scans, bool sender, double receiver_db) {
    return probability_within(1, 40, scans, sender, {60, receiver_db}, model);
  };
  EXPECT_GT(at(8, true, 0), at(1, true, 0));
  EXPECT_GT(at(1, true, 0), at(1, false, 0));
  EXPECT_GT(at(1, true, 0), at(1, true, 10));
  EXPECT_EQ(at(8, true, 0), at(80, true, 0));
}

// Half of them are iPhones, so that half of what those send more is expected.
TEST(ProbabilityWithin, ExpectsHalfTheGainOfUnknownPhones) {
  DistanceModel model = some_model();
  model.ios_gain_db = 20;
  EXPECT_NEAR(probability_within(1, 50, 1, false, {60, 0}, model), 0.5, 1e-12);
}

TEST(ProbabilityWithinProperties, FallsWithAttenuationAndRisesWithDistance) {
  for (const DistanceModel& model : {some_model(), shipped_distance_model()})
    for (uint32_t scans : {1u, 8u})
      for (int half = -80; half < 520; ++half) {
        const double attenuation = 0.5 * half;
        const auto at = [&](double distance, double db) {
          return probability_within(distance, db, scans, true, {60, 0}, model);
        };
        const double p = at(2, attenuation);
        EXPECT_TRUE(p >= 0 && p <= 1) << attenuation;
        EXPECT_LE(at(2, attenuation + 0.5), p + 1e-12) << attenuation;
        EXPECT_LE(at(1.5, attenuation), p + 1e-12) << attenuation;
      }
}

TEST(MeanAttenuation, LeansToTheStrongReadings) {
  EXPECT_DOUBLE_EQ(mean_attenuation(3 * attenuation_weight(57), 3), 57);
  // (10^-5 + 10^-7) / 2 = 5.05e-6; -8 log10 of it = 42.3737
  EXPECT_NEAR(mean_attenuation(attenuation_weight(40) + attenuation_weight(56), 2), 42.3737, 1e-3);
}

SightingTable heard(size_t phones, int8_t rssi_dbm) {
  std::vector<Sighting> sightings;
  for (size_t i = 0; i < phones; ++i)
    for (int spread : {-1, 0, 1}) {
      Sighting sighting;
      sighting.identifier.bytes[0] = static_cast<uint8_t>(i);
      sighting.time = Day{18500}.start() + std::chrono::seconds(i);
      // Half of the phones lie below.
      sighting.rssi_dbm = static_cast<int8_t>(rssi_dbm + spread * 3 - (i % 2 == 0 ? 0 : 20));
      sightings.push_back(sighting);
    }
  return SightingTable::from(sightings);
}

// Two decades of 20 dB: 40^2 / 12; pairs 8^2; postures 6^2 / 8; senders 10^2. Together 301.83.
TEST(ReceiverReference, WeighsTheMedianOfAllPhonesHeardAgainstWhatIsKnownOfReceivers) {
  DistanceModel model = some_model();
  model.unknown_sender_db = 10;
  model.unknown_receiver_db = 5;
  model.ios_gain_db = 20;
  model.typical_attenuation_db = 50;
  // 21 phones, 11 of them with a median of -70 dBm: -25 - (-70 + 5) + 10 = 50 of them.
  EXPECT_DOUBLE_EQ(receiver_reference(heard(21, -70).columns(), 5, model).attenuation_db, 50);
  // 8 dB weaker: 50 + 8 * 25 / (25 + 301.83 / 21)
  const ReceiverReference reference = receiver_reference(heard(21, -78).columns(), 5, model);
  EXPECT_NEAR(reference.attenuation_db, 50 + 8 * 25 / (25 + 301.8333 / 21), 1e-4);
  EXPECT_NEAR(reference.deviation_db, std::sqrt(1 / (1 / 25.0 + 21 / 301.8333)), 1e-4);
}

TEST(ReceiverReference, IsTheModelsWhereNothingWasHeard) {
  DistanceModel model = some_model();
  model.unknown_receiver_db = 5;
  std::vector<Sighting> sightings(100);
  for (size_t i = 0; i < sightings.size(); ++i) {
    sightings[i].identifier.bytes[0] = static_cast<uint8_t>(i);
    sightings[i].rssi_dbm = kNoRssi;
  }
  for (size_t count : {size_t{100}, size_t{0}}) {
    sightings.resize(count);
    const ReceiverReference reference =
        receiver_reference(SightingTable::from(sightings).columns(), 0, model);
    EXPECT_EQ(reference.attenuation_db, model.typical_attenuation_db);
    EXPECT_EQ(reference.deviation_db, 5);
  }
}

TEST(DistanceModels, AreRefusedWithTheFieldNamed) {
  EXPECT_TRUE(shipped_distance_model().check().ok());
  const auto field = [](double DistanceModel::*member, double value) {
    DistanceModel model = some_model();
    model.*member = value;
    const Status status = model.check();
    EXPECT_EQ(status.code(), Code::invalid_argument);
    return std::string(status.field() ? status.field() : "");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [name, member] : std::vector<std::pair<std::string, double DistanceModel::*>>{
           {"path_loss_exponent", &DistanceModel::path_loss_exponent},
           {"posture_deviation_db", &DistanceModel::posture_deviation_db},
           {"pair_deviation_db", &DistanceModel::pair_deviation_db},
           {"unknown_sender_db", &DistanceModel::unknown_sender_db},
           {"unknown_receiver_db", &DistanceModel::unknown_receiver_db},
           {"ios_gain_db", &DistanceModel::ios_gain_db},
           {"typical_transmit_power", &DistanceModel::typical_transmit_power},
           {"typical_attenuation_db", &DistanceModel::typical_attenuation_db},
           {"nearest_m", &DistanceModel::nearest_m},
           {"farthest_m", &DistanceModel::farthest_m}})
    for (double value : {nan, 1e9, -1e9}) EXPECT_EQ(field(member, value), name);
  EXPECT_EQ(field(&DistanceModel::nearest_m, 10), "nearest_m");
}

}  // namespace
}  // namespace nearzone
