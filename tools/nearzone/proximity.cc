#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <span>

#include "command.h"
#include "inputs.h"
#include "nearzone/evaluation.h"
#include "output.h"

namespace nearzone::tools {
namespace {

struct ProximityCommand {
  std::vector<std::string> datasets;
  std::string table;
  std::string plots;
  EvaluationConfig config;
  bool json = false;
};

nlohmann::ordered_json value_json(const Figure& figure) {
  return figure.value ? nlohmann::ordered_json(*figure.value) : nullptr;
}

void add_figure(nlohmann::ordered_json& json, const std::string& name, const Figure& figure) {
  json[name] = value_json(figure);
  json[name + "_interval"] = figure.value ? nlohmann::ordered_json({figure.low, figure.high})
                                          : nlohmann::ordered_json(nullptr);
}

const char* comparison_name(Comparison comparison) {
  switch (comparison) {
    case Comparison::equal: return "equal";
    case Comparison::ours_is_better: return "ours is better";
    case Comparison::ours_is_worse: return "ours is worse";
  }
  return "equal";
}

nlohmann::ordered_json task_json(const TaskFigures& task) {
  nlohmann::ordered_json methods;
  for (const MethodFigures& method : task.methods) {
    nlohmann::ordered_json json;
    add_figure(json, "auc", method.auc);
    add_figure(json, "brier", method.brier);
    add_figure(json, "ece", method.ece);
    add_figure(json, "precision_at_recall_85", method.precision);
    add_figure(json, "ndcf", method.ndcf);
    if (method.name != "ours") {
      add_figure(json, "ours_less_this_auc", method.ours_less_this);
      json["verdict"] = comparison_name(method.comparison);
    }
    nlohmann::ordered_json curve = nlohmann::ordered_json::array();
    for (const CurvePoint& point : method.reliability) curve.push_back({point.x, point.y});
    json["calibration_curve"] = curve;
    methods[std::string(method.name)] = json;
  }
  return {{"stays", task.stays}, {"near", task.near}, {"pairs", task.pairs}, {"methods", methods}};
}

std::string cell(const Figure& figure) {
  if (!figure.value) return "-";
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%.3f (%.3f..%.3f)", *figure.value, figure.low,
                figure.high);
  return text.data();
}

void print_task(const std::string& name, const Dataset& dataset, const TaskFigures& task) {
  std::printf("\n%s, %s: %zu stays, %zu of them near, %zu pairs of phones%s\n\n", name.c_str(),
              std::string(task.name).c_str(), task.stays, task.near, task.pairs,
              may_be_fitted_on(dataset.kind) ? "; \"ours\" was fitted on them" : "");
  std::vector<std::vector<std::string>> rows = {{"method", "AUC", "precision at recall 0.85",
                                                 "nDCF", "Brier", "calibration error",
                                                 "ours less this", "verdict"}};
  for (const MethodFigures& method : task.methods) {
    const bool ours = method.name == "ours";
    rows.push_back(
        {std::string(method.name), cell(method.auc), cell(method.precision), cell(method.ndcf),
         cell(method.brier), cell(method.ece), ours ? "-" : cell(method.ours_less_this),
         ours || !method.ours_less_this.value ? "-" : comparison_name(method.comparison)});
  }
  print_table(rows);
}

Status write_plots(const ProximityCommand& command, const std::string& name,
                   const EvaluationFigures& figures) {
  for (const TaskFigures& task : figures.tasks) {
    const std::string path = command.plots + "/" + name + "-" + std::string(task.name) + ".svg";
    NEARZONE_TRY(write_file(path, as_bytes(plot_svg(figures, task))));
  }
  return {};
}

// "mitre"; of a second file of that kind "mitre-2".
std::string new_name(DatasetKind kind, const nlohmann::ordered_json& taken) {
  const std::string first(dataset_name(kind));
  std::string name = first;
  for (int number = 2; taken.contains(name); ++number)
    name = std::string(first).append("-").append(std::to_string(number));
  return name;
}

// Of the other recordings whose licence keeps them from what ships, their mean; in rooms, that is.
std::optional<double> path_loss_elsewhere(std::span<const std::optional<Dataset>> datasets,
                                          size_t besides) {
  std::vector<double> found;
  for (size_t i = 0; i < datasets.size(); ++i) {
    if (i == besides || !datasets[i] || may_be_fitted_on(datasets[i]->kind) ||
        datasets[i]->kind == datasets[besides]->kind)
      continue;
    if (const auto exponent = path_loss_exponent(*datasets[i])) found.push_back(*exponent);
  }
  if (found.empty()) return std::nullopt;
  return std::accumulate(found.begin(), found.end(), 0.0) / static_cast<double>(found.size());
}

int run_evaluate(const ProximityCommand& command) {
  if (const Status good = command.config.check(); !good.ok()) return report_usage(good);
  int exit_code = kDone;
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  std::vector<std::optional<Dataset>> datasets;
  for (const std::string& file : command.datasets) {
    auto read = read_dataset(file);
    if (!read.ok()) raise(exit_code, report(file, read.status()));
    datasets.push_back(read.ok() ? std::optional(*std::move(read)) : std::nullopt);
  }
  Progress progress("data sets");
  for (size_t i = 0; i < command.datasets.size(); ++i) {
    progress.show(i);
    const std::optional<Dataset>& dataset = datasets[i];
    if (!dataset) continue;
    EvaluationConfig config = command.config;
    config.path_loss_elsewhere = path_loss_elsewhere(datasets, i);
    const EvaluationFigures figures = evaluate(*dataset, config);
    const std::string name = new_name(dataset->kind, all);
    if (!command.plots.empty())
      if (const Status written = write_plots(command, name, figures); !written.ok())
        raise(exit_code, report(command.plots, written));
    nlohmann::ordered_json tasks = {{"file", command.datasets[i]},
                                    {"fitted_on", may_be_fitted_on(dataset->kind)}};
    if (config.path_loss_elsewhere) tasks["path_loss_elsewhere"] = *config.path_loss_elsewhere;
    for (const TaskFigures& task : figures.tasks) {
      tasks[std::string(task.name)] = task_json(task);
      if (!command.json) print_task(name, *dataset, task);
    }
    all[name] = tasks;
  }
  if (command.json) print_json(all);
  return exit_code;
}

Result<DistanceModel> fit(const ProximityCommand& command, int& exit_code) {
  std::vector<Dataset> datasets;
  for (const std::string& file : command.datasets) {
    auto dataset = read_dataset(file);
    if (!dataset.ok()) {
      raise(exit_code, report(file, dataset.status()));
      return dataset.status();
    }
    datasets.push_back(*std::move(dataset));
  }
  const auto text = read_file(command.table, uint64_t{16} << 20);
  const auto table = text.ok() ? CalibrationTable::read_csv(*text) : text.status();
  if (!table.ok()) {
    raise(exit_code, report(command.table, table.status()));
    return table.status();
  }
  auto model = fit_distance_model(datasets, *table);
  if (!model.ok()) {
    const int64_t which = model.status().record();
    raise(exit_code,
          report(which >= 0 ? command.datasets[static_cast<size_t>(which)] : "", model.status()));
  }
  return model;
}

int run_fit(const ProximityCommand& command) {
  int exit_code = kDone;
  const Result<DistanceModel> fitted = fit(command, exit_code);
  if (!fitted.ok()) return exit_code;
  struct Parameter {
    const char* name;
    double DistanceModel::*member;
  };
  constexpr Parameter kParameters[] = {
      {"path_loss_exponent", &DistanceModel::path_loss_exponent},
      {"posture_deviation_db", &DistanceModel::posture_deviation_db},
      {"pair_deviation_db", &DistanceModel::pair_deviation_db},
      {"unknown_sender_db", &DistanceModel::unknown_sender_db},
      {"unknown_receiver_db", &DistanceModel::unknown_receiver_db},
      {"ios_gain_db", &DistanceModel::ios_gain_db},
      {"typical_transmit_power", &DistanceModel::typical_transmit_power},
      {"typical_attenuation_db", &DistanceModel::typical_attenuation_db},
      {"nearest_m", &DistanceModel::nearest_m},
      {"farthest_m", &DistanceModel::farthest_m}};
  nlohmann::ordered_json all;
  std::vector<std::vector<std::string>> rows = {{"parameter", "fitted", "shipped"}};
  const auto text = [](double value) {
    std::array<char, 32> buffer;
    std::snprintf(buffer.data(), buffer.size(), "%.2f", value);
    return std::string(buffer.data());
  };
  for (const Parameter& parameter : kParameters) {
    const double value = *fitted.*parameter.member;
    all[parameter.name] = value;
    rows.push_back({parameter.name, text(value), text(shipped_distance_model().*parameter.member)});
  }
  if (command.json)
    print_json(all);
  else
    print_table(rows);
  return exit_code;
}

}  // namespace

void add_proximity_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "proximity", "How good statements about nearness are, and what they are fitted on");
  command->require_subcommand(1);
  auto options = std::make_shared<ProximityCommand>();

  CLI::App* evaluate =
      command->add_subcommand("evaluate", "Compare methods on recordings whose distance is known");
  evaluate
      ->add_option("DATASET", options->datasets,
                   "CSV, gzipped or not: the MITRE, MIT LL, Herald or multichannel recordings")
      ->required();
  evaluate->add_option("--distance", options->config.distance_m,
                       "Near is at most this, in metres (default 1.8288, six feet)");
  evaluate->add_option("--resamples", options->config.resamples,
                       "Drawings of pairs for the intervals (default 1000)");
  evaluate->add_option("--seed", options->config.seed, "Of the drawings (default 1)")
      ->transform(decimal());
  evaluate->add_option("--plots", options->plots, "A folder to write pictures (SVG) to")
      ->check(CLI::ExistingDirectory);
  evaluate->add_flag("--json", options->json, "One JSON object: by data set, task and method");
  evaluate->footer(
      "A segment is ten seconds, a context two minutes or so. Intervals are of 95 %, from "
      "drawings\n"
      "of pairs of phones. A method is called better where the interval of the difference lies "
      "above\n"
      "0, else equal. What is learnt is learnt from other pairs than it is used on.\n"
      "Example:\n  nearzone proximity evaluate mitre_range_angle_structured.csv.gz --plots .");
  evaluate->callback([options, &exit_code] { raise(exit_code, run_evaluate(*options)); });

  CLI::App* fit_command = command->add_subcommand(
      "fit", "Fit the distance model's parameters, and compare them with those that ship");
  fit_command
      ->add_option("DATASET", options->datasets,
                   "The Herald and the MIT LL recordings; others are refused for their licences")
      ->required();
  fit_command->add_option("--table", options->table, "The public calibration table (CSV)")
      ->required();
  fit_command->add_flag("--json", options->json, "One JSON object");
  fit_command->footer(
      "Example:\n  nearzone proximity fit herald_edison_rssi.csv.gz mitll_static_6ft.csv.gz \\\n"
      "    --table gaen_calibration.csv");
  fit_command->callback([options, &exit_code] { raise(exit_code, run_fit(*options)); });
}

}  // namespace nearzone::tools
