#include "evaluation/methods.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "nearzone/bluezone_contacts.h"
#include "nearzone/daily_summary.h"
#include "proximity/distance_model.h"

namespace nearzone::evaluation {
namespace {

template <typename Visit>
void for_each_packet(const Stay& stay, const Visit& visit) {
  for (const std::vector<int8_t>& scan : stay.scans)
    for (int8_t rssi : scan) visit(rssi);
}

double packets_of(const Stay& stay) {
  double count = 0;
  for (const std::vector<int8_t>& scan : stay.scans) count += static_cast<double>(scan.size());
  return count;
}

double mean_rssi(const Stay& stay) {
  double sum = 0;
  for_each_packet(stay, [&](int8_t rssi) { sum += rssi; });
  return sum / packets_of(stay);
}

double highest_rssi(const Stay& stay) {
  int8_t highest = -128;
  for_each_packet(stay, [&](int8_t rssi) { highest = std::max(highest, rssi); });
  return highest;
}

double transmit_power(const Stay& stay, const DistanceModel& model) {
  const bool louder = stay.sender_known && stay.sender_platform == PhonePlatform::ios;
  return model.typical_transmit_power + (louder ? model.ios_gain_db : 0);
}

double bluezone_near(const Stay& stay) {
  double near = 0;
  for_each_packet(stay, [&](int8_t rssi) {
    near += bluezone_is_near(rssi, stay.receiver_platform, stay.sender_platform) ? 1 : 0;
  });
  return near / packets_of(stay);
}

// SwissCovid's buckets: a window of the stay's scans, a minute each.
double bucket_score(const Stay& stay, const DistanceModel& model) {
  static const DailySummaryConfig config = swisscovid_summaries();
  ExposureWindow window;
  window.report_type = ReportType::confirmed_test;
  for (const std::vector<int8_t>& scan : stay.scans) {
    const double sum = std::accumulate(scan.begin(), scan.end(), 0.0);
    const double attenuation = transmit_power(stay, model) - sum / static_cast<double>(scan.size());
    const auto rounded = static_cast<int32_t>(std::lround(std::max(attenuation, 0.0)));
    window.scans.push_back({rounded, rounded, std::chrono::minutes(1)});
  }
  return window_score(window, config) / static_cast<double>(stay.scans.size());
}

// Attenuation of a stay, the mean that the model takes.
double attenuation_of(const Stay& stay, const DistanceModel& model) {
  double weights = 0;
  for (const std::vector<int8_t>& scan : stay.scans) weights += attenuation_weight(-level_db(scan));
  return transmit_power(stay, model) + mean_attenuation(weights, stay.scans.size());
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Of each stay the history of one of its phones, as far as that was in other pairs.
std::vector<ReceiverReference> histories(const std::vector<Stay>& stays, std::string Stay::*phone,
                                         const Pairs& pairs, const std::vector<double>& attenuation,
                                         const DistanceModel& model) {
  // By phone, what was heard in each pair.
  std::map<std::string_view, std::map<size_t, std::vector<double>>> heard;
  for (size_t i = 0; i < stays.size(); ++i)
    heard[stays[i].*phone][pairs.of_stay[i]].push_back(attenuation[i]);
  std::map<std::pair<std::string_view, size_t>, ReceiverReference> known;
  for (const auto& [name, by_pair] : heard)
    for (const auto& [without, own] : by_pair) {
      std::vector<double> others;
      for (const auto& [pair, levels] : by_pair)
        if (pair != without) others.push_back(median(levels));
      known[{name, without}] =
          proximity::reference_of(std::move(others), stays.front().sender_known, model);
    }
  std::vector<ReceiverReference> references;
  references.reserve(stays.size());
  for (size_t i = 0; i < stays.size(); ++i)
    references.push_back(known[{stays[i].*phone, pairs.of_stay[i]}]);
  return references;
}

// Of each stay how many packets came, as a logarithm, beyond what is usual of phones of its
// sender's platform in other pairs.
std::vector<double> more_packets(const std::vector<Stay>& stays, const Pairs& pairs) {
  std::vector<double> more;
  more.reserve(stays.size());
  for (const Stay& stay : stays)
    more.push_back(std::log(packets_of(stay) / static_cast<double>(stay.scans.size())));
  std::map<std::pair<size_t, PhonePlatform>, double> usual;
  for (size_t i = 0; i < stays.size(); ++i) {
    const auto [found, is_new] =
        usual.try_emplace({pairs.of_stay[i], stays[i].sender_platform}, 0.0);
    if (!is_new) continue;
    std::vector<double> others;
    for (size_t j = 0; j < stays.size(); ++j)
      if (pairs.of_stay[j] != pairs.of_stay[i] &&
          stays[j].sender_platform == stays[i].sender_platform)
        others.push_back(more[j]);
    if (!others.empty()) found->second = median(std::move(others));
  }
  for (size_t i = 0; i < stays.size(); ++i)
    more[i] -= usual[{pairs.of_stay[i], stays[i].sender_platform}];
  return more;
}

// Probabilities for every stay, learnt from the stays of all other pairs.
std::vector<double> in_folds(const Rows& rows, const std::vector<bool>& near, const Pairs& pairs) {
  std::vector<double> probabilities(rows.size(), 0.5);
  for (size_t pair = 0; pair < pairs.count; ++pair) {
    std::vector<size_t> others;
    for (size_t i = 0; i < rows.size(); ++i)
      if (pairs.of_stay[i] != pair) others.push_back(i);
    if (others.empty()) continue;
    const Logistic learnt(rows, near, others);
    for (size_t i = 0; i < rows.size(); ++i)
      if (pairs.of_stay[i] == pair) probabilities[i] = learnt.probability(rows[i]);
  }
  return probabilities;
}

struct Judged {
  double attenuation_db = 0;
  ReceiverReference reference;
  double probability = 0;
};

// By a distance model.
std::vector<Judged> judge(const std::vector<Stay>& stays, const Pairs& pairs, double distance_m,
                          const DistanceModel& model) {
  std::vector<double> attenuation;
  attenuation.reserve(stays.size());
  for (const Stay& stay : stays) attenuation.push_back(attenuation_of(stay, model));
  const std::vector<ReceiverReference> references =
      histories(stays, &Stay::receiver, pairs, attenuation, model);
  std::vector<Judged> judged;
  for (size_t i = 0; i < stays.size(); ++i)
    judged.push_back({attenuation[i], references[i],
                      probability_within(distance_m, attenuation[i],
                                         static_cast<uint32_t>(stays[i].scans.size()),
                                         stays[i].sender_known, references[i], model)});
  return judged;
}

Scored scored_by(std::string_view name, const std::vector<Judged>& judged) {
  Scored scored{name, {}, {}};
  for (const Judged& stay : judged) scored.probability.push_back(stay.probability);
  scored.score = scored.probability;
  return scored;
}

// Of each stay by how much its sender's model was usually heard weaker, by others than the
// receiver, than phones of its platform are.
std::vector<double> weaker_senders(const std::vector<Stay>& stays, const Pairs& pairs,
                                   const std::vector<Judged>& judged, const DistanceModel& model) {
  std::vector<double> attenuation;
  attenuation.reserve(judged.size());
  for (const Judged& stay : judged)
    attenuation.push_back(stay.attenuation_db - stay.reference.attenuation_db +
                          model.typical_attenuation_db);
  std::vector<double> weaker;
  weaker.reserve(judged.size());
  for (const ReceiverReference& sender : histories(stays, &Stay::sender, pairs, attenuation, model))
    weaker.push_back(sender.attenuation_db - model.typical_attenuation_db);
  return weaker;
}

// What is learnt in folds: the upper quartile of the scans' levels against the receiver's
// reference, which says less where it is weak, for whatever reason; how they differ; and how many
// packets came, which fall off with distance. `reference_db` is what is usual.
std::vector<double> features(const Stay& stay, double reference_db, double packets,
                             const DistanceModel& model) {
  std::vector<double> levels;
  double sum = 0;
  for (const std::vector<int8_t>& scan : stay.scans) {
    levels.push_back(level_db(scan));
    sum += levels.back();
  }
  const auto count = static_cast<double>(levels.size());
  double squares = 0;
  for (double level : levels) squares += (level - sum / count) * (level - sum / count);
  std::ranges::sort(levels);
  const double at = 0.75 * (count - 1);
  const auto below = static_cast<size_t>(at);
  const auto above = std::min(below + 1, levels.size() - 1);
  const double quartile =
      levels[below] + (levels[above] - levels[below]) * (at - static_cast<double>(below));
  const double excess = transmit_power(stay, model) - quartile - reference_db;
  const double weak = std::hypot(model.pair_deviation_db, model.posture_deviation_db);
  return {excess, std::min(excess, weak), std::sqrt(squares / count), packets};
}

}  // namespace

double level_db(const std::vector<int8_t>& scan) {
  double weights = 0;
  for (int8_t rssi : scan) weights += attenuation_weight(-double{1} * rssi);
  return -mean_attenuation(weights, scan.size());
}

Pairs number_pairs(const std::vector<Stay>& stays) {
  std::map<std::string_view, size_t> numbers;
  Pairs pairs;
  for (const Stay& stay : stays)
    pairs.of_stay.push_back(numbers.try_emplace(stay.pair, numbers.size()).first->second);
  pairs.count = numbers.size();
  return pairs;
}

std::vector<Scored> score_all(const std::vector<Stay>& stays, const std::vector<bool>& near,
                              const Pairs& pairs, const EvaluationConfig& config) {
  const DistanceModel& model = config.model;
  std::vector<Scored> methods;
  const auto add = [&](std::string_view name, const std::function<double(const Stay&)>& score) {
    Scored scored{name, {}, {}};
    Rows rows;
    for (const Stay& stay : stays) {
      scored.score.push_back(score(stay));
      rows.push_back({scored.score.back()});
    }
    scored.probability = in_folds(rows, near, pairs);
    methods.push_back(std::move(scored));
  };
  add("raw_threshold", mean_rssi);
  add("attenuation_mean",
      [&](const Stay& stay) { return mean_rssi(stay) - transmit_power(stay, model); });
  add("attenuation_minimum",
      [&](const Stay& stay) { return highest_rssi(stay) - transmit_power(stay, model); });
  add("en_buckets", [&](const Stay& stay) { return bucket_score(stay, model); });
  add("bluezone_near", bluezone_near);
  add("time_heard", [](const Stay& stay) { return stay.seconds; });
  add("beacon_count", packets_of);

  std::vector<Stay> anonymous = stays;
  for (Stay& stay : anonymous) stay.sender_known = false;
  methods.push_back(
      scored_by("ours_sender_unknown", judge(anonymous, pairs, config.distance_m, model)));
  const std::vector<Judged> judged = judge(stays, pairs, config.distance_m, model);
  methods.push_back(scored_by(kOurs, judged));
  if (config.path_loss_elsewhere) {
    DistanceModel elsewhere = model;
    elsewhere.path_loss_exponent = *config.path_loss_elsewhere;
    methods.push_back(
        scored_by("ours_path_loss_elsewhere", judge(stays, pairs, config.distance_m, elsewhere)));
  }

  const std::vector<double> packets = more_packets(stays, pairs);
  const std::vector<double> weaker = weaker_senders(stays, pairs, judged, model);
  Rows rows, rows_of_known;
  for (size_t i = 0; i < stays.size(); ++i) {
    const double reference = judged[i].reference.attenuation_db;
    rows.push_back(features(stays[i], reference, packets[i], model));
    rows_of_known.push_back(features(stays[i], reference + weaker[i], packets[i], model));
    rows_of_known.back().push_back(stays[i].in_hand ? 1 : 0);
  }
  const auto learn = [&](std::string_view name, const Rows& from) {
    const std::vector<double> learnt = in_folds(from, near, pairs);
    methods.push_back({name, learnt, learnt});
  };
  learn("ours_in_folds", rows);
  learn("ours_in_folds_knowing_phones", rows_of_known);
  return methods;
}

}  // namespace nearzone::evaluation
