// The commands that go onto the network; only there where Boost is.
#pragma once

#include <CLI/CLI.hpp>

#include "net/http_client.h"

namespace nearzone::tools {

void add_sync_command(CLI::App& app, int& exit_code);
void add_upload_command(CLI::App& app, int& exit_code);

// How servers are reached.
struct NetworkOptions {
  std::string proxy;
  std::string trusted_certificates;
  std::vector<std::string> pins;
  int timeout_seconds = 30;

  void add_to(CLI::App& command);
  // Fails with invalid_argument on a pin that is none.
  Result<net::ClientOptions> http() const;
};

}  // namespace nearzone::tools
