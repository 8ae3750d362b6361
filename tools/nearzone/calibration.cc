#include "nearzone/calibration.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "inputs.h"
#include "output.h"

namespace nearzone::tools {
namespace {

constexpr uint64_t kMostBytes = uint64_t{16} << 20;

struct CalibrationCommand {
  std::string file;
  std::string out;
  std::string maker;
  std::string device;
  std::string model;
  bool json = false;
};

int run_import(const CalibrationCommand& command) {
  const auto text = read_file(command.file, kMostBytes);
  if (!text.ok()) return report(command.file, text.status());
  const auto table = CalibrationTable::read_csv(*text);
  if (!table.ok()) return report(command.file, table.status());
  const std::vector<uint8_t> bytes = table->encode();
  const Status written = write_file(command.out, bytes);
  if (!written.ok()) return report(command.out, written);
  const Calibration fleet = table->look_up("", "", "");
  if (command.json) {
    const nlohmann::ordered_json all = {{"phones", table->phones().size()},
                                        {"bytes", bytes.size()},
                                        {"mean_rssi_correction_db", fleet.rssi_correction_db},
                                        {"mean_transmit_power_dbm", fleet.transmit_power_dbm}};
    print_json(all);
    return kDone;
  }
  std::printf("%zu phones in %zu bytes; on average %+d dB of correction, %d dBm of power\n",
              table->phones().size(), bytes.size(), fleet.rssi_correction_db,
              fleet.transmit_power_dbm);
  return kDone;
}

int run_look_up(const CalibrationCommand& command) {
  const auto table = read_calibration(command.file);
  if (!table.ok()) return report(command.file, table.status());
  const Calibration found = table->look_up(command.maker, command.device, command.model);
  const std::string source(calibration_source_name(found.source));
  if (command.json) {
    const nlohmann::ordered_json all = {{"rssi_correction_db", found.rssi_correction_db},
                                        {"transmit_power_dbm", found.transmit_power_dbm},
                                        {"confidence", found.confidence},
                                        {"source", source}};
    print_json(all);
    return kDone;
  }
  print_table({{"correction", "power", "confidence", "source"},
               {std::to_string(found.rssi_correction_db) + " dB",
                std::to_string(found.transmit_power_dbm) + " dBm", std::to_string(found.confidence),
                source}});
  return kDone;
}

}  // namespace

Result<CalibrationTable> read_calibration(const std::string& path) {
  NEARZONE_ASSIGN(const std::vector<uint8_t> bytes, read_file(path, kMostBytes));
  return CalibrationTable::decode(bytes);
}

void add_calibration_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "calibration", "How strongly phone models hear and send: import a table, look a model up");
  command->require_subcommand(1);
  auto options = std::make_shared<CalibrationCommand>();

  CLI::App* import =
      command->add_subcommand("import", "Read a public CSV table and write NearZone's own format");
  import
      ->add_option("FILE", options->file,
                   "CSV with oem,device,model,rssi_correction,tx_power,confidence")
      ->required();
  import->add_option("--out", options->out, "The table to write")->required();
  import->add_flag("--json", options->json, "One JSON object");
  import->footer("Example:\n  nearzone calibration import en-calibration.csv --out phones.nzcal");
  import->callback([options, &exit_code] { raise(exit_code, run_import(*options)); });

  CLI::App* look_up = command->add_subcommand("look-up", "What a table says of a phone model");
  look_up->add_option("TABLE", options->file, "Written by `nearzone calibration import`")
      ->required();
  look_up->add_option("--maker", options->maker, "Such as samsung");
  look_up->add_option("--device", options->device, "Android's Build.DEVICE");
  look_up->add_option("--model", options->model, "Android's Build.MODEL");
  look_up->add_flag("--json", options->json, "One JSON object");
  look_up->footer(
      "Sources, from best to least known: exact-model, similar-model, maker, fleet.\n"
      "Example:\n  nearzone calibration look-up phones.nzcal --maker samsung --model SM-G973F");
  look_up->callback([options, &exit_code] { raise(exit_code, run_look_up(*options)); });
}

}  // namespace nearzone::tools
