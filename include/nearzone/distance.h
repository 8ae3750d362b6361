/// How probable it is that a phone was within some distance, given how strongly it was heard. A
/// statement about many cases like this one, never a measurement of one: see docs/proximity.md.
/// Pure functions, safe from any thread.
///
///     const nearzone::DistanceModel& model = nearzone::shipped_distance_model();
///     const auto reference = nearzone::receiver_reference(table.columns(), correction_db, model);
///     double p = nearzone::probability_within(2, attenuation_db, 1, true, reference, model);
///
/// The model: the logarithm of a phone's distance is uniform between two bounds before anything is
/// heard of it; attenuation grows with that logarithm; bodies, rooms and phone models scatter it
/// normally. Scatter has a part that stays the same for a pair of phones in a place and one that
/// changes as people turn, which averages out over scans. What the attenuation of a phone in the
/// middle of the range is, the receiver's own history says the better the more phones it heard: by
/// the median over all of them.
#pragma once

#include <cstdint>

#include "nearzone/proximity.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone {

struct DistanceModel {
  double path_loss_exponent = 2;        ///< 0.5..6; attenuation grows by ten times this a decade
  double posture_deviation_db = 6;      ///< 1..30: of scans of one pair of phones, as people turn
  double pair_deviation_db = 6;         ///< 1..30: between pairs of phones and places
  double unknown_sender_db = 0;         ///< 0..40: more, where the sender's power is not known
  double unknown_receiver_db = 0;       ///< 0..40: between receivers, as far as no history tells
  double ios_gain_db = 0;               ///< -60..60: what iPhones send more than Android phones
  double typical_transmit_power = -25;  ///< -127..20 dBm, of an Android phone that states none
  /// 0..200: of a phone in the middle of the range, for a receiver without a history.
  double typical_attenuation_db = 50;
  double nearest_m = 0.3;  ///< 0.01..farthest
  double farthest_m = 10;  ///< nearest..1000

  /// Fails with invalid_argument, the field named: a value that is no number, or out of range.
  Status check() const;
};

/// Fitted by `nearzone proximity fit` on measurements whose licences allow it; docs/provenance.md
/// names them. Not tuned on what docs/proximity.md evaluates it with.
const DistanceModel& shipped_distance_model();

/// The attenuation at which a receiver hears a phone in the middle of the range, as far as that is
/// known: a normal distribution.
struct ReceiverReference {
  double attenuation_db = 0;
  double deviation_db = 0;
};

/// What the log says of its receiver: the median over all identifiers of the median RSSI of each,
/// weighed against what is known of all receivers. Half of the phones heard are taken for iPhones.
ReceiverReference receiver_reference(const SightingColumns& columns, int32_t rssi_correction_db,
                                     const DistanceModel& model);

/// The probability that a phone was within `distance_m` (> 0), heard at `attenuation_db` as the
/// mean (see mean_attenuation) of so many scans (> 0) within two minutes. Where the sender's power
/// is not known, the attenuation counts from the model's typical power, and the sender is as
/// probably an iPhone as not. Falls as attenuation grows. `model` must be good.
double probability_within(double distance_m, double attenuation_db, uint32_t scans,
                          bool sender_known, const ReceiverReference& reference,
                          const DistanceModel& model);

/// Strong readings say more than weak ones, which a body in between explains as well: the mean is
/// one of 10^(-attenuation / 8 dB). Add weights, divide by their number, and turn back.
double attenuation_weight(double attenuation_db);
double mean_attenuation(double sum_of_weights, uint64_t count);

}  // namespace nearzone
