// The commands of nearzone-authority. Each adds itself to the app and leaves its exit code behind.
#pragma once

#include <CLI/CLI.hpp>

namespace nearzone::authority_tool {

void add_serve_command(CLI::App& app, int& exit_code);
void add_code_command(CLI::App& app, int& exit_code);
void add_api_key_command(CLI::App& app, int& exit_code);
void add_audit_command(CLI::App& app, int& exit_code);
void add_config_command(CLI::App& app, int& exit_code);
void add_key_command(CLI::App& app, int& exit_code);
void add_export_commands(CLI::App& app, int& exit_code);  // export, cleanup, explain
void add_store_commands(CLI::App& app, int& exit_code);   // backup, restore

}  // namespace nearzone::authority_tool
