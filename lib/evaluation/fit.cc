#include <algorithm>
#include <cmath>
#include <map>

#include "evaluation/linear.h"
#include "evaluation/methods.h"
#include "nearzone/evaluation.h"

namespace nearzone {
namespace {

using evaluation::level_db;
using evaluation::Rows;

constexpr double kNearestFitted = 0.3;  // nearer, antennas do not behave as they do further away
constexpr double kLeastDecades = 0.5;   // of distance, for a run to have a slope

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Of a sample.
double variance(const std::vector<double>& values) {
  const double middle = mean(values);
  double squares = 0;
  for (double value : values) squares += (value - middle) * (value - middle);
  return squares / static_cast<double>(values.size() - 1);
}

// One run of the cable car, or a pair of phones in a room: level against the logarithm of distance.
struct Run {
  const Stay* facts = nullptr;
  std::vector<double> decades;
  std::vector<double> levels;
};

using Runs = std::map<std::pair<std::string, std::string>, Run>;

Runs runs_of(const Dataset& dataset) {
  Runs runs;
  for (const Stay& stay : dataset.segments) {
    if (stay.distance_m < kNearestFitted) continue;
    Run& run = runs[{stay.place, stay.pair}];
    run.facts = &stay;
    run.decades.push_back(std::log10(stay.distance_m));
    run.levels.push_back(level_db(stay.scans.front()));
  }
  return runs;
}

// The mean over runs: rooms and phones differ by more than a run's own slope is uncertain, so that
// each counts the same.
std::optional<double> slope_of(const Runs& runs) {
  std::vector<double> slopes;
  for (const auto& [name, run] : runs) {
    const auto [least, most] = std::ranges::minmax(run.decades);
    if (most - least < kLeastDecades) continue;
    Rows rows;
    for (double decade : run.decades) rows.push_back({1, decade});
    slopes.push_back(evaluation::least_squares(rows, run.levels)[1]);
  }
  if (slopes.empty()) return std::nullopt;
  return mean(slopes);
}

// Path loss from the runs; platforms and pairs from what remains between them.
Status fit_runs(const Dataset& dataset, DistanceModel& model) {
  const Runs runs = runs_of(dataset);
  const std::optional<double> found = slope_of(runs);
  if (!found) return {Code::invalid_argument, "no run has distances enough", "dataset"};
  const double slope = *found;
  model.path_loss_exponent = -slope / 10;

  Rows rows;
  std::vector<double> at_one_metre;
  for (const auto& [name, run] : runs) {
    rows.push_back({1, run.facts->sender_platform == PhonePlatform::ios ? 1.0 : 0.0,
                    run.facts->receiver_platform == PhonePlatform::ios ? 1.0 : 0.0});
    at_one_metre.push_back(mean(run.levels) - slope * mean(run.decades));
  }
  const std::vector<double> offsets = evaluation::least_squares(rows, at_one_metre);
  model.ios_gain_db = offsets[1];
  std::vector<double> rest;
  for (size_t i = 0; i < rows.size(); ++i)
    rest.push_back(at_one_metre[i] - offsets[0] - offsets[1] * rows[i][1] -
                   offsets[2] * rows[i][2]);
  model.pair_deviation_db = std::sqrt(variance(rest));
  const double middle = 0.5 * (std::log10(model.nearest_m) + std::log10(model.farthest_m));
  model.typical_attenuation_db = model.typical_transmit_power - (offsets[0] + slope * middle);
  return {};
}

// At one distance: how levels change as the carrier turns, and from place to place. Of the receiver
// that is a phone.
void fit_postures(const Dataset& dataset, DistanceModel& model) {
  std::map<std::pair<std::string, std::string>, std::vector<double>> cells;
  for (const Stay& stay : dataset.segments) {
    if (stay.receiver_platform != PhonePlatform::ios) continue;
    std::vector<double> levels;
    levels.reserve(stay.scans.size());
    for (const std::vector<int8_t>& scan : stay.scans) levels.push_back(level_db(scan));
    cells[{stay.place, stay.carried}].push_back(mean(levels));
  }
  std::vector<double> within, middles;
  for (const auto& [cell, levels] : cells) {
    if (levels.size() < 4) continue;
    within.push_back(variance(levels));
    middles.push_back(mean(levels));
  }
  model.posture_deviation_db = std::sqrt(mean(within));
  // What turns leave in the mean of eight directions is no difference between places.
  const double between = std::max(variance(middles) - mean(within) / 8, 0.0);
  model.pair_deviation_db = std::sqrt(model.pair_deviation_db * model.pair_deviation_db + between);
}

// In whole dBm, as phones state it.
double typical_power(const CalibrationTable& table) {
  std::vector<double> powers;
  for (const CalibratedPhone& phone : table.phones()) powers.push_back(phone.transmit_power_dbm);
  return std::round(mean(powers));
}

void fit_models(const CalibrationTable& table, DistanceModel& model) {
  std::vector<double> powers, corrections;
  for (const CalibratedPhone& phone : table.phones()) {
    powers.push_back(phone.transmit_power_dbm);
    corrections.push_back(phone.rssi_correction_db);
  }
  model.unknown_receiver_db = std::sqrt(variance(corrections));
  // Either platform is as probable as the other.
  const double platforms = model.ios_gain_db / 2;
  model.unknown_sender_db = std::sqrt(variance(powers) + platforms * platforms);
}

}  // namespace

std::optional<double> path_loss_exponent(const Dataset& dataset) {
  const std::optional<double> slope = slope_of(runs_of(dataset));
  if (!slope) return std::nullopt;
  return -*slope / 10;
}

Result<DistanceModel> fit_distance_model(const std::vector<Dataset>& datasets,
                                         const CalibrationTable& table) {
  const Dataset* runs = nullptr;
  const Dataset* postures = nullptr;
  for (size_t i = 0; i < datasets.size(); ++i) {
    if (!may_be_fitted_on(datasets[i].kind))
      return Status(Code::invalid_argument,
                    "this data set's licence allows evaluation, not fitting what is shipped",
                    "dataset")
          .at_record(i);
    (datasets[i].kind == DatasetKind::mitll ? postures : runs) = &datasets[i];
  }
  if (runs == nullptr || postures == nullptr)
    return Status(Code::invalid_argument, "both herald_edison and mitll are needed", "dataset");
  if (table.phones().size() < 2)
    return Status(Code::invalid_argument, "the calibration table is too short", "table");
  DistanceModel model;
  model.nearest_m = shipped_distance_model().nearest_m;
  model.farthest_m = shipped_distance_model().farthest_m;
  model.typical_transmit_power = typical_power(table);
  NEARZONE_TRY(fit_runs(*runs, model));
  fit_postures(*postures, model);
  fit_models(table, model);
  NEARZONE_TRY(model.check());
  return model;
}

}  // namespace nearzone
