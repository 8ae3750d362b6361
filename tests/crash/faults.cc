#include "crash/faults.h"

#include "crash/phone.h"

namespace nearzone::crash_test {
namespace {

class Faults {
 public:
  explicit Faults(const FaultPlan& plan) : plan_(plan), workload_(plan.seed), phone_(plan.seed) {}

  uint64_t count() {
    for (int i = 0; i < plan_.steps; ++i) {
      const Step step = workload_.next();
      phone_.clock().advance(step.passes);
      static_cast<void>(phone_.run(step).ok());
    }
    phone_.close();
    return phone_.disk().calls(plan_.fault);
  }

  std::string run() {
    phone_.disk().fail(plan_.nth, plan_.fault, plan_.lasting);
    for (int i = 0; i < plan_.steps; ++i) {
      const Step step = workload_.next();
      phone_.clock().advance(step.passes);
      if (const std::string failure = run(step); !failure.empty())
        return failure + " (step " + std::to_string(i) + ", " + name_of(step.kind) + ")";
    }
    phone_.close();
    phone_.disk().heal();
    phone_.disk().restart_without_unsynced();
    if (const Status status = phone_.open(); !status.ok()) return told("opening", status);
    if (!phone_.was_whole()) return "the log was found damaged";
    if (const std::string failure = holds(model_); !failure.empty())
      return "after a power cut, " + failure;
    return {};
  }

 private:
  std::string run(const Step& step) {
    Model after = model_;
    after.apply(step, phone_.now());
    const Status status = phone_.run(step);
    if (!status.ok()) {
      if (!phone_.disk().has_failed()) return told("a step failed by itself", status);
      const Code expected = plan_.fault == Fault::full ? Code::no_space : Code::io;
      if (status.code() != expected) return told("an unclear error", status);
      // A disk that is full can still be read.
      if (plan_.fault == Fault::io) phone_.disk().heal();
      if (const std::string failure = holds_one(model_, after); !failure.empty())
        return "after the failure, " + failure;
      phone_.disk().heal();
      if (const Status again = phone_.run(step); !again.ok())
        return told("not usable after the failure", again);
      if (const std::string failure = holds(after); !failure.empty())
        return "done again, " + failure;
    }
    if (!phone_.was_whole()) return "the log was found damaged";
    model_ = after;
    return {};
  }

  std::string holds(const Model& model) {
    const Result<std::string> difference = model.difference(phone_.log());
    return difference.ok() ? *difference : told("reading", difference.status());
  }

  std::string holds_one(const Model& before, const Model& after) {
    if (!phone_.is_open()) return {};
    std::string difference = holds(before);
    if (difference.starts_with("reading: closed")) return {};
    if (!difference.empty() && !holds(after).empty()) return difference;
    return {};
  }

  const FaultPlan& plan_;
  Workload workload_;
  SimulatedPhone phone_;
  Model model_;
};

}  // namespace

uint64_t calls_of(const FaultPlan& plan) { return Faults(plan).count(); }

std::string meet_fault(const FaultPlan& plan) { return Faults(plan).run(); }

}  // namespace nearzone::crash_test
