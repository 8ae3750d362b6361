// The parameters that ship, and what the two modules share of the distance model.
#pragma once

#include <vector>

#include "nearzone/distance.h"

namespace nearzone::proximity {

// Printed by `nearzone proximity fit`; docs/provenance.md says on which data. The range is not
// fitted: it is what is believed of phones before they are heard.
inline constexpr DistanceModel kShippedModel{
    .path_loss_exponent = 0.92,
    .posture_deviation_db = 4.70,
    .pair_deviation_db = 5.64,
    .unknown_sender_db = 13.01,
    .unknown_receiver_db = 4.39,
    .ios_gain_db = 21.39,
    .typical_transmit_power = -25,
    .typical_attenuation_db = 54.21,
    .nearest_m = 0.3,
    .farthest_m = 10,
};

// Postures of one stay are no more different than this many directions of a body.
inline constexpr uint32_t kMostPostures = 8;

inline double squared(double value) { return value * value; }

// How far what is heard of a pair of phones may lie from what is expected, apart from postures.
double pair_deviation(bool sender_known, const ReceiverReference& reference,
                      const DistanceModel& model);
double posture_deviation(uint32_t scans, const DistanceModel& model);

// What an attenuation of an unknown sender leaves out on average.
inline double unknown_gain(bool sender_known, const DistanceModel& model) {
  return sender_known ? 0 : model.ios_gain_db / 2;
}

// For a deviation that is known already; `excess_db` above the reference.
double probability_within(double distance_m, double excess_db, double deviation_db,
                          const DistanceModel& model);

// A receiver that heard phones at these attenuations, each the middle of its readings.
ReceiverReference reference_of(std::vector<double> attenuations_db, bool senders_known,
                               const DistanceModel& model);

}  // namespace nearzone::proximity
