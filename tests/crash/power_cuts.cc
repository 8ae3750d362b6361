#include "crash/power_cuts.h"

#include "crash/phone.h"

namespace nearzone::crash_test {
namespace {

class PowerCuts {
 public:
  explicit PowerCuts(uint64_t seed) : random_(seed + 2), workload_(seed), phone_(seed) {}

  Outcome run(int cuts) {
    for (; outcome_.cuts < static_cast<uint64_t>(cuts) && outcome_.failure.empty();
         ++outcome_.cuts) {
      // Some while a log is just being opened, and repaired, and opened again.
      phone_.disk().cut_power_at(random_.below(4) == 0 ? random_.below(60) : random_.below(1500));
      outcome_.failure = live_until_cut();
      if (outcome_.failure.empty()) outcome_.failure = look_after_cut();
    }
    if (!outcome_.failure.empty())
      outcome_.failure += " (cut " + std::to_string(outcome_.cuts) + ", step " +
                          std::to_string(outcome_.steps) + ", " + step_name_ + ")";
    return outcome_;
  }

  Outcome run_unsynced() {
    phone_.options.durability = Durability::last_moments;
    phone_.disk().cut_power_at(random_.below(1500));
    outcome_.failure = live_until_cut();
    if (outcome_.failure.empty()) outcome_.failure = look_for_falsehood();
    ++outcome_.cuts;
    return outcome_;
  }

 private:
  std::string live_until_cut() {
    in_flight_.reset();
    while (!phone_.disk().is_off()) {
      const Step step = workload_.next();
      step_name_ = name_of(step.kind);
      ++outcome_.steps;
      phone_.clock().advance(step.passes);
      const Status status = phone_.run(step);
      // Where nothing is synced, the step during which the power went may be lost though it was
      // acknowledged.
      const bool may_be_lost =
          phone_.disk().is_off() && phone_.options.durability == Durability::last_moments;
      if (status.ok() && !may_be_lost) {
        model_.apply(step, phone_.now());
        if (!phone_.disk().is_off()) least_counter_ = phone_.log().counter();
      } else if (phone_.disk().is_off()) {
        in_flight_ = step;
      } else {
        return told("a step failed by itself", status);
      }
    }
    return {};
  }

  std::string look_after_cut() {
    phone_.close();
    phone_.disk().restart();
    phone_.options.least_counter = least_counter_;
    if (const Status status = phone_.open(); !status.ok()) return told("opening", status);
    if (!phone_.was_whole()) return "the log was found damaged";
    if (phone_.log().opening().older_folder) return "the counter went back";
    const Result<std::string> before = model_.difference(phone_.log());
    if (!before.ok()) return told("reading", before.status());
    if (!in_flight_) return *before;
    Model after = model_;
    after.apply(*in_flight_, phone_.now());
    const Result<std::string> done = after.difference(phone_.log());
    if (!done.ok()) return told("reading", done.status());
    if (!before->empty() && !done->empty())
      return "not as before the step: " + *before + "; nor as after it: " + *done;
    // What was not acknowledged is done again, and stands once.
    if (const Status status = phone_.run(*in_flight_); !status.ok()) return told("again", status);
    model_ = after;
    const Result<std::string> again = model_.difference(phone_.log());
    if (!again.ok()) return told("reading", again.status());
    return *again;
  }

  std::string look_for_falsehood() {
    phone_.close();
    phone_.disk().restart();
    if (const Status status = phone_.open(); !status.ok()) return told("opening", status);
    Model after = model_;
    if (in_flight_) after.apply(*in_flight_, phone_.now());
    const Result<std::string> before = model_.falsehood(phone_.log());
    const Result<std::string> done = after.falsehood(phone_.log());
    if (!before.ok() || !done.ok())
      return told("reading", before.ok() ? done.status() : before.status());
    if (!before->empty() && !done->empty()) return *before;
    if (const Status status = phone_.run(workload_.next()); !status.ok())
      return told("going on", status);
    phone_.close();
    if (const Status status = phone_.open(); !status.ok()) return told("opening again", status);
    return phone_.was_whole() ? "" : "damaged when it was opened again";
  }

  SeededRandom random_;
  Workload workload_;
  SimulatedPhone phone_;
  Model model_;
  std::optional<Step> in_flight_;
  uint64_t least_counter_ = 0;
  const char* step_name_ = "";
  Outcome outcome_;
};

}  // namespace

Outcome cut_power(uint64_t seed, int cuts) { return PowerCuts(seed).run(cuts); }

Outcome cut_power_unsynced(uint64_t seed) { return PowerCuts(seed).run_unsynced(); }

}  // namespace nearzone::crash_test
