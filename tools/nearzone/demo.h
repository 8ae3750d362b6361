// `nearzone demo`: the whole way, in a simulated town.
#pragma once

#include <CLI/CLI.hpp>

namespace nearzone::tools {

void add_demo_command(CLI::App& app, int& exit_code);

}  // namespace nearzone::tools
