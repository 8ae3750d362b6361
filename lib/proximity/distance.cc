#include "nearzone/distance.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "proximity/bounds.h"
#include "proximity/distance_model.h"

namespace nearzone {
namespace {

constexpr double kMeanScaleDb = 8;
// Beyond this from the reference an attenuation says no more.
constexpr double kFarthestDb = 80;

// The normal distribution's weight between two points, a <= b; exact far out on either side.
double normal_between(double a, double b) {
  const double root = std::sqrt(0.5);
  if (a > 0) return 0.5 * (std::erfc(a * root) - std::erfc(b * root));
  return 0.5 * (std::erfc(-b * root) - std::erfc(-a * root));
}

}  // namespace

Status DistanceModel::check() const {
  using proximity::check_within;
  NEARZONE_TRY(check_within(path_loss_exponent, 0.5, 6, "must be a number from 0.5 to 6",
                            "path_loss_exponent"));
  NEARZONE_TRY(check_within(posture_deviation_db, 1, 30, "must be a number from 1 to 30",
                            "posture_deviation_db"));
  NEARZONE_TRY(
      check_within(pair_deviation_db, 1, 30, "must be a number from 1 to 30", "pair_deviation_db"));
  NEARZONE_TRY(
      check_within(unknown_sender_db, 0, 40, "must be a number from 0 to 40", "unknown_sender_db"));
  NEARZONE_TRY(check_within(unknown_receiver_db, 0, 40, "must be a number from 0 to 40",
                            "unknown_receiver_db"));
  NEARZONE_TRY(
      check_within(ios_gain_db, -60, 60, "must be a number from -60 to 60", "ios_gain_db"));
  NEARZONE_TRY(check_within(typical_transmit_power, -127, 20, "must be a number from -127 to 20",
                            "typical_transmit_power"));
  NEARZONE_TRY(check_within(typical_attenuation_db, 0, 200, "must be a number from 0 to 200",
                            "typical_attenuation_db"));
  NEARZONE_TRY(
      check_within(farthest_m, 0.01, 1000, "must be a number from 0.01 to 1000", "farthest_m"));
  // Not the same: a range must have an inside.
  return check_within(nearest_m, 0.01, farthest_m * 0.99,
                      "must be a number from 0.01 to less than farthest_m", "nearest_m");
}

const DistanceModel& shipped_distance_model() { return proximity::kShippedModel; }

ReceiverReference receiver_reference(const SightingColumns& columns, int32_t rssi_correction_db,
                                     const DistanceModel& model) {
  std::vector<double> attenuations;
  std::vector<int8_t> heard;
  for (size_t row = 0; row < columns.size();) {
    const Identifier& identifier = columns.identifier[row];
    heard.clear();
    for (; row < columns.size() && columns.identifier[row] == identifier; ++row)
      if (columns.rssi_dbm[row] != kNoRssi) heard.push_back(columns.rssi_dbm[row]);
    if (heard.empty()) continue;
    const auto middle = heard.begin() + static_cast<ptrdiff_t>(heard.size() / 2);
    std::nth_element(heard.begin(), middle, heard.end());
    attenuations.push_back(model.typical_transmit_power -
                           (*middle + double{1} * rssi_correction_db));
  }
  return proximity::reference_of(std::move(attenuations), false, model);
}

ReceiverReference proximity::reference_of(std::vector<double> attenuations_db, bool senders_known,
                                          const DistanceModel& model) {
  const double before = squared(model.unknown_receiver_db);
  if (attenuations_db.empty()) return {model.typical_attenuation_db, model.unknown_receiver_db};
  const auto middle = attenuations_db.begin() + static_cast<ptrdiff_t>(attenuations_db.size() / 2);
  std::ranges::nth_element(attenuations_db, middle);
  // Of each phone heard the distance scatters as well: evenly, over the logarithm's whole range.
  const double range_db =
      10 * model.path_loss_exponent * std::log10(model.farthest_m / model.nearest_m);
  const double each = squared(pair_deviation(senders_known, {}, model)) +
                      squared(posture_deviation(kMostPostures, model)) + squared(range_db) / 12;
  const double weight = before / (before + each / static_cast<double>(attenuations_db.size()));
  const double heard = *middle + unknown_gain(senders_known, model);
  return {model.typical_attenuation_db + weight * (heard - model.typical_attenuation_db),
          std::sqrt(before * (1 - weight))};
}

double proximity::pair_deviation(bool sender_known, const ReceiverReference& reference,
                                 const DistanceModel& model) {
  return std::sqrt(squared(model.pair_deviation_db) + squared(reference.deviation_db) +
                   (sender_known ? 0 : squared(model.unknown_sender_db)));
}

double proximity::posture_deviation(uint32_t scans, const DistanceModel& model) {
  return model.posture_deviation_db / std::sqrt(std::clamp(scans, 1u, kMostPostures));
}

double probability_within(double distance_m, double attenuation_db, uint32_t scans,
                          bool sender_known, const ReceiverReference& reference,
                          const DistanceModel& model) {
  return proximity::probability_within(
      distance_m,
      attenuation_db + proximity::unknown_gain(sender_known, model) - reference.attenuation_db,
      std::hypot(proximity::pair_deviation(sender_known, reference, model),
                 proximity::posture_deviation(scans, model)),
      model);
}

double proximity::probability_within(double distance_m, double excess_db, double deviation_db,
                                     const DistanceModel& model) {
  const double from = std::log10(model.nearest_m);
  const double to = std::log10(model.farthest_m);
  const double until = std::clamp(std::log10(distance_m), from, to);
  // What is normal in dB is normal in decades: cut off at both ends of the range.
  const double decade_db = 10 * model.path_loss_exponent;
  const double centre =
      0.5 * (from + to) + std::clamp(excess_db, -kFarthestDb, kFarthestDb) / decade_db;
  const double deviation = deviation_db / decade_db;
  const double all = normal_between((from - centre) / deviation, (to - centre) / deviation);
  // So far out that nothing of the distribution is left: the nearest or the farthest it is.
  if (all < 1e-300) return centre < from ? 1 : 0;
  return std::clamp(normal_between((from - centre) / deviation, (until - centre) / deviation) / all,
                    0.0, 1.0);
}

double attenuation_weight(double attenuation_db) {
  return std::exp(-attenuation_db / kMeanScaleDb * std::log(10.0));
}

double mean_attenuation(double sum_of_weights, uint64_t count) {
  return -kMeanScaleDb * std::log10(sum_of_weights / static_cast<double>(count));
}

}  // namespace nearzone
