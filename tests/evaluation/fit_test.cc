#include <gtest/gtest.h>

#include <cmath>

#include "nearzone/evaluation.h"

namespace nearzone {
namespace {

int8_t whole(double rssi) { return static_cast<int8_t>(std::lround(rssi)); }

// Two runs for each pair of platforms: -70 dBm at one metre, 15 dB a decade, iPhones 20 dB louder;
// the second run of each 4 dB weaker than the first.
Dataset runs() {
  Dataset dataset;
  dataset.kind = DatasetKind::herald_edison;
  for (int sender = 0; sender < 2; ++sender)
    for (int receiver = 0; receiver < 2; ++receiver)
      for (int run = 0; run < 2; ++run)
        for (double decade : {-0.4, -0.2, 0.0, 0.2, 0.4}) {
          Stay stay;
          stay.place = std::to_string(sender) + std::to_string(receiver) + std::to_string(run);
          stay.sender_platform = static_cast<PhonePlatform>(sender);
          stay.receiver_platform = static_cast<PhonePlatform>(receiver);
          stay.distance_m = std::pow(10, decade);
          stay.scans = {{whole(-70 - 15 * decade + 20 * sender - 4 * run)}};
          dataset.segments.push_back(stay);
        }
  return dataset;
}

// Two pockets, eight directions that alternate by 6 dB; the pockets differ by 10 dB.
Dataset postures() {
  Dataset dataset;
  dataset.kind = DatasetKind::mitll;
  for (int pocket = 0; pocket < 2; ++pocket)
    for (int direction = 0; direction < 8; ++direction) {
      Stay stay;
      stay.carried = std::to_string(pocket);
      stay.distance_m = 1.8288;
      stay.scans = {{whole(-60 - 10 * pocket - 6 * (direction % 2))}};
      dataset.segments.push_back(stay);
    }
  return dataset;
}

CalibrationTable table() {
  return *CalibrationTable::read_csv(
      as_bytes("oem,device,model,rssi_correction,tx_power,confidence\n"
               "a,b,c,0,-20,3\na,b,d,6,-30,3\n"));
}

TEST(FitDistanceModel, FindsWhatTheRecordingsWereMadeWith) {
  const auto model = fit_distance_model({runs(), postures()}, table());
  ASSERT_TRUE(model.ok()) << model.status().text();
  EXPECT_NEAR(model->path_loss_exponent, 1.5, 1e-9);
  EXPECT_NEAR(model->ios_gain_db, 20, 1e-9);
  EXPECT_EQ(model->typical_transmit_power, -25);
  // Android to Android, mean of both runs, in the middle of 0.3 and 10 m (0.2386 decades):
  // -25 - (-72 - 15 * 0.2386)
  EXPECT_NEAR(model->typical_attenuation_db, 47 + 15 * 0.23856, 1e-3);
  // Eight directions of 0 and -6 dB: variance 8 * 9 / 7.
  EXPECT_NEAR(model->posture_deviation_db, std::sqrt(72.0 / 7), 1e-9);
  // Runs: eight of +-2 dB, variance 8 * 4 / 7. Pockets: 50 less an eighth of the postures'
  // variance.
  EXPECT_NEAR(model->pair_deviation_db, std::sqrt(32.0 / 7 + 50 - 9.0 / 7), 1e-9);
  EXPECT_NEAR(model->unknown_receiver_db, std::sqrt(18), 1e-9);
  EXPECT_NEAR(model->unknown_sender_db, std::sqrt(50 + 100), 1e-9);
}

// Seven runs of 15 dB a decade each; one that is no run, as its distances are too much alike.
TEST(PathLossExponent, IsTheMeanOfRunsWithDistancesEnough) {
  Dataset recording = runs();
  EXPECT_NEAR(*path_loss_exponent(recording), 1.5, 1e-9);
  for (Stay& stay : recording.segments)
    if (stay.place == "000") stay.distance_m = std::pow(stay.distance_m, 0.5);
  EXPECT_NEAR(*path_loss_exponent(recording), 1.5, 1e-9);
  // Another pair of phones in the same place is another run.
  for (Stay& stay : recording.segments)
    if (stay.place == "111") stay.pair = stay.distance_m > 1 ? "far" : "near";
  EXPECT_NEAR(*path_loss_exponent(recording), 1.5, 1e-9);
  EXPECT_FALSE(path_loss_exponent(postures()));
  EXPECT_FALSE(path_loss_exponent({}));
}

TEST(FitDistanceModel, RefusesRunsThatHaveNoSlope) {
  Dataset recording = runs();
  for (Stay& stay : recording.segments) stay.distance_m = 1;
  EXPECT_STREQ(fit_distance_model({recording, postures()}, table()).status().field(), "dataset");
}

TEST(FitDistanceModel, RefusesWhatMayOnlyBeEvaluatedOn) {
  for (DatasetKind kind : {DatasetKind::mitre, DatasetKind::multichannel}) {
    Dataset other = runs();
    other.kind = kind;
    const Status status = fit_distance_model({runs(), postures(), other}, table()).status();
    EXPECT_EQ(status.code(), Code::invalid_argument);
    EXPECT_EQ(status.record(), 2);
    EXPECT_FALSE(may_be_fitted_on(kind));
  }
  EXPECT_STREQ(fit_distance_model({runs()}, table()).status().field(), "dataset");
}

}  // namespace
}  // namespace nearzone
