// The command line of NearZone: wiring only.
#include <cstdio>
#include <exception>

#include "command.h"
#include "demo.h"
#ifdef NEARZONE_HAS_NETWORK
#include "network.h"
#endif
#include "nearzone/version.h"
#include "output.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app(
      "NearZone: was this phone near somebody infected? Answered on "
      "the phone alone.");
  app.name("nearzone");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(nearzone::kVersion));
  app.footer(
      "Exit codes: 0 done, 2 bad usage, 3 bad input, 4 signature "
      "refused, 5 input/output or "
      "internal.\n`nearzone COMMAND --help` says more.");
  int exit_code = nearzone::tools::kDone;
  nearzone::tools::add_ids_command(app, exit_code);
  nearzone::tools::add_log_command(app, exit_code);
  nearzone::tools::add_list_command(app, exit_code);
  nearzone::tools::add_match_command(app, exit_code);
  nearzone::tools::add_exposures_command(app, exit_code);
  nearzone::tools::add_calibration_command(app, exit_code);
  nearzone::tools::add_proximity_command(app, exit_code);
  nearzone::tools::add_beacon_command(app, exit_code);
  nearzone::tools::add_demo_command(app, exit_code);
#ifdef NEARZONE_HAS_NETWORK
  nearzone::tools::add_sync_command(app, exit_code);
  nearzone::tools::add_upload_command(app, exit_code);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    // CLI11 misses a command before it tells that there is none of the name that was given.
    const std::vector<std::string> unknown = app.remaining(true);
    if (unknown.empty()) return app.exit(error) == 0 ? 0 : nearzone::tools::kBadUsage;
    std::fprintf(stderr, "nearzone: %s: not a command or option; --help names those there are\n",
                 unknown.front().c_str());
    return nearzone::tools::kBadUsage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? nearzone::tools::kDone : nearzone::tools::kBadUsage;
  }
  return exit_code;
}

}  // namespace

// What is thrown here is want of memory, or a fault of this program.
int main(int argc, char** argv) {
  try {
    const int exit_code = run(argc, argv);
    // A result that nobody can read is none.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
    std::fputs("nearzone: standard output cannot be written\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nearzone: %s\n", error.what());
  } catch (...) {
    std::fputs("nearzone: internal fault\n", stderr);
  }
  return nearzone::tools::kFailed;
}
