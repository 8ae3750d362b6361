// The command line of a health authority: wiring only.
#include <signal.h>

#include <cstdio>
#include <exception>

#include "command.h"
#include "nearzone/version.h"
#include "output.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app(
      "NearZone's health authority: issues codes for diagnoses, takes the keys that people consent "
      "to give, and publishes them.");
  app.name("nearzone-authority");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(nearzone::kVersion));
  app.footer(
      "Exit codes: 0 done, 2 bad usage or configuration, 3 bad input, 4 signature refused, 5 "
      "input/output or internal.\n`nearzone-authority serve` starts a development server.\n"
      "`nearzone-authority COMMAND --help` says more.");
  int exit_code = nearzone::authority_tool::kDone;
  nearzone::authority_tool::add_serve_command(app, exit_code);
  nearzone::authority_tool::add_code_command(app, exit_code);
  nearzone::authority_tool::add_api_key_command(app, exit_code);
  nearzone::authority_tool::add_audit_command(app, exit_code);
  nearzone::authority_tool::add_config_command(app, exit_code);
  nearzone::authority_tool::add_key_command(app, exit_code);
  nearzone::authority_tool::add_export_commands(app, exit_code);
  nearzone::authority_tool::add_store_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? nearzone::authority_tool::kDone
                                : nearzone::authority_tool::kBadUsage;
  }
  return exit_code;
}

}  // namespace

// What is thrown here is want of memory, or a fault of this program.
int main(int argc, char** argv) {
  // Who does not read what is sent to them is told of by the call that sends.
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const int exit_code = run(argc, argv);
    // A result that nobody can read is none.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
    std::fputs("nearzone-authority: standard output cannot be written\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nearzone-authority: %s\n", error.what());
  } catch (...) {
    std::fputs("nearzone-authority: internal fault\n", stderr);
  }
  return nearzone::authority_tool::kFailed;
}
