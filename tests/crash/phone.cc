#include "crash/phone.h"

#include <sqlite3.h>

#include <utility>

#include "encounter_log/open_log.h"

namespace nearzone::crash_test {

Phone::Phone(std::string directory, const encounter_log::Storage& storage,
             std::unique_ptr<Random> random)
    : directory_(std::move(directory)),
      storage_(storage),
      random_(std::move(random)),
      root_(log_test::root_of(7)) {}

Status Phone::open() {
  auto opened = encounter_log::open_log(directory_, root_, clock_, *random_, options, storage_);
  if (!opened.ok()) return opened.status();
  log_ = *std::move(opened);
  if (time_is_confirmed) log_->confirm_time(clock_.now());
  return {};
}

Status Phone::run(const Step& step) {
  if (step.kind == Step::Kind::reopen) close();
  if (log_ == nullptr) NEARZONE_TRY(open());
  return crash_test::run(*log_, step);
}

bool Phone::was_whole() const {
  const LogOpening& opening = log_->opening();
  return !opening.repaired && opening.lost.empty() && opening.states_lost == 0;
}

SimulatedPhone::SimulatedPhone(uint64_t seed)
    : SimulatedStorage(seed),
      Phone("/disk/log", {&calls, SimulatedStorage::vfs.name()},
            std::make_unique<SeededRandom>(seed + 1)) {
  // SQLite's own randomness shall not make two runs of a seed differ.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 1'000'000) + 1, nullptr);
}

std::string told(const std::string& what, const Status& status) {
  return what + ": " + code_name(status.code()) + ", " + status.text();
}

}  // namespace nearzone::crash_test
