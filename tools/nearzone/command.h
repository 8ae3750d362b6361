// The commands of the nearzone program. Each adds itself to the app and leaves
// its exit code behind.
#pragma once

#include <CLI/CLI.hpp>

namespace nearzone::tools {

void add_ids_command(CLI::App& app, int& exit_code);
void add_log_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_match_command(CLI::App& app, int& exit_code);
void add_exposures_command(CLI::App& app, int& exit_code);
void add_beacon_command(CLI::App& app, int& exit_code);
void add_calibration_command(CLI::App& app, int& exit_code);
void add_proximity_command(CLI::App& app, int& exit_code);

}  // namespace nearzone::tools
