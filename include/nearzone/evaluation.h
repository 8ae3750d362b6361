/// How good statements about nearness are, measured on recordings whose distance is known. For
/// researchers and authorities; not part of what goes on a phone. docs/proximity.md explains the
/// figures in words.
///
///     auto dataset = nearzone::read_dataset(path);
///     if (!dataset.ok()) return dataset.status();
///     const nearzone::EvaluationConfig config{.resamples = 200};
///     for (const auto& task : nearzone::evaluate(*dataset, config).tasks)
///       for (const auto& method : task.methods) show(method.name, method.auc);
///
/// Thread rule: functions are safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/calibration.h"
#include "nearzone/distance.h"
#include "nearzone/proximity.h"
#include "nearzone/status.h"

namespace nearzone {

/// The public recordings that are understood, told apart by the columns that their first line
/// names.
enum class DatasetKind : uint8_t {
  herald_edison,  ///< a cable car moves phones apart (Apache-2.0)
  mitll,          ///< phones in pockets at 6 ft, from all sides (CC BY 4.0)
  mitre,          ///< pairs of people at nine distances and eight angles (CC BY-NC 4.0)
  multichannel,   ///< phones in rooms, a bus and a train (CC BY-SA 4.0)
};
/// "herald_edison", "mitll", "mitre", "multichannel".
std::string_view dataset_name(DatasetKind kind);
/// Whether shipped parameters may be fitted on it: its licence has no condition but naming it.
bool may_be_fitted_on(DatasetKind kind);

/// What one phone heard of another at one distance.
struct Stay {
  std::string pair;      ///< of the two phones, in either order
  std::string receiver;  ///< the phone that heard
  std::string sender;    ///< the phone that was heard, where that is told
  std::string place;     ///< what the recording calls it: a run, a room
  std::string carried;   ///< where on the body the sender was, where that is told
  bool in_hand = false;  ///< the receiver was, as its own sensors may know
  double distance_m = 0;
  PhonePlatform receiver_platform = PhonePlatform::ios;
  PhonePlatform sender_platform = PhonePlatform::ios;
  bool sender_known = true;  ///< a phone, so that its platform says how strongly it sends
  double seconds = 0;        ///< from the first packet to the last
  std::vector<std::vector<int8_t>> scans;  ///< RSSI of the packets of each ten seconds
};

struct Dataset {
  DatasetKind kind = DatasetKind::mitre;
  std::vector<Stay> segments;  ///< ten seconds each
  std::vector<Stay> contexts;  ///< two minutes or so each, of the same packets
};

/// Reads a CSV file, gzipped or not. Of each of the cable car's runs an even choice of stays is
/// taken. Fails with not_found, io, unsupported (unknown columns), limit_exceeded (beyond 1 GiB) or
/// corrupt, naming the field and the zero-based line as the record.
Result<Dataset> read_dataset(const std::string& path);
/// The same of a file's text.
Result<Dataset> parse_dataset(std::string_view text);

struct EvaluationConfig {
  double distance_m = 1.8288;  ///< near is at most this: six feet
  uint32_t resamples = 1000;   ///< of pairs, for the intervals; 0 for none
  uint64_t seed = 1;
  DistanceModel model = shipped_distance_model();
  /// Path loss exponent of other recordings, for one method more: the same model with it.
  std::optional<double> path_loss_elsewhere = {};
  Status check() const;
};

/// A figure with its interval of 95 %, from resamplings of pairs. Nothing where a figure has no
/// meaning: of one class only, say.
struct Figure {
  std::optional<double> value;
  double low = 0;
  double high = 0;
};

struct CurvePoint {
  double x = 0;
  double y = 0;
};

/// How a method compares with ours, resample by resample.
enum class Comparison : uint8_t { equal, ours_is_better, ours_is_worse };

struct MethodFigures {
  std::string_view name;
  Figure auc;
  Figure precision;  ///< at a recall of 0.85
  Figure ndcf;       ///< least (misses + false alarms), as shares, over all thresholds
  Figure brier;
  Figure ece;             ///< mean difference of what is said and what happens, over ten equal bins
  Figure ours_less_this;  ///< AUC of the shipped model less this method's
  Comparison comparison = Comparison::equal;
  std::vector<CurvePoint> roc;          ///< false alarms, hits
  std::vector<CurvePoint> reliability;  ///< said, happened
};

struct TaskFigures {
  std::string_view name;  ///< "segment", "context"
  size_t stays = 0;
  size_t near = 0;
  size_t pairs = 0;
  std::vector<MethodFigures> methods;
};

struct EvaluationFigures {
  DatasetKind kind = DatasetKind::mitre;  ///< what ships was fitted on it where it may be
  std::vector<TaskFigures> tasks;
};

/// Scores every stay by every method and compares. Whatever is learnt from data (how a score
/// becomes a probability, the receiver's history) is learnt from other pairs of phones than the one
/// it is used on. `config` must be good.
EvaluationFigures evaluate(const Dataset& dataset, const EvaluationConfig& config);

/// ROC and reliability of a task as a picture of its own (SVG).
std::string plot_svg(const EvaluationFigures& figures, const TaskFigures& task);

/// The mean path loss exponent of a recording's runs: the same two phones in one place, from 0.3 m
/// on, the farthest distance at least three times the nearest. Nothing where there is none.
std::optional<double> path_loss_exponent(const Dataset& dataset);

/// Parameters from recordings: path loss, platforms and pairs from herald_edison, postures and
/// places from mitll, spread of phone models from the calibration table. Fails with
/// invalid_argument where a data set may not be fitted on, or one of these two is missing.
Result<DistanceModel> fit_distance_model(const std::vector<Dataset>& datasets,
                                         const CalibrationTable& table);

}  // namespace nearzone
