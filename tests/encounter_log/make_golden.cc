// Makes the golden log: make_golden FOLDER, which must not exist.
#include <cstdio>

#include "encounter_log/golden.h"

int main(int argc, char** argv) {
  using namespace nearzone;
  using namespace nearzone::log_test;
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  SystemRandom random;
  ManualClock clock(kNoon);
  const auto log = EncounterLog::open(argv[1], root_of(kGoldenRoot), clock, random);
  Status status = log.status();
  for (const Heard& heard : golden_scans())
    if (status.ok()) status = append(**log, heard);
  if (status.ok()) status = (*log)->put_state(kToday, "ledger", as_bytes(kGoldenState));
  // All days but the last are packed.
  clock.advance(std::chrono::hours(36));
  while (status.ok()) {
    const Result<bool> more = (*log)->compact_step(Millis(0));
    status = more.status();
    if (more.ok() && !*more) break;
  }
  if (!status.ok()) std::fprintf(stderr, "%s: %s\n", code_name(status.code()), status.text());
  return status.ok() ? 0 : 1;
}
