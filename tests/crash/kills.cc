#include "crash/kills.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace nearzone::crash_test {
namespace {

constexpr Durability kDurabilities[] = {Durability::power_loss, Durability::last_moments,
                                        Durability::none};

uint64_t count_bytes(int pipe) {
  char bytes[256];
  uint64_t count = 0;
  for (ssize_t got = 0; (got = ::read(pipe, bytes, sizeof(bytes))) > 0;)
    count += static_cast<uint64_t>(got);
  return count;
}

}  // namespace

KilledPhone::KilledPhone(uint64_t seed)
    : random_(seed + 3), workload_(seed), durability_(kDurabilities[seed % 3]) {}

Phone KilledPhone::make_phone() const {
  Phone phone(folder_.log(), {}, std::make_unique<SystemRandom>());
  phone.options.durability = durability_;
  phone.clock().set(now_);
  return phone;
}

// Does what the workload says, and writes a byte for every step that is done.
void KilledPhone::live(int acknowledgements) {
  Phone phone = make_phone();
  for (;;) {
    const Step step = workload_.next();
    phone.clock().advance(step.passes);
    if (!phone.run(step).ok()) ::_exit(1);
    if (::write(acknowledgements, "x", 1) != 1) ::_exit(2);
  }
}

std::string KilledPhone::live_and_die(std::chrono::microseconds most) {
  int pipe[2];
  if (::pipe(pipe) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child < 0) return "no process";
  if (child == 0) live(pipe[1]);
  ::close(pipe[1]);
  ::usleep(static_cast<useconds_t>(random_.below(static_cast<uint64_t>(most.count()))));
  ::kill(child, SIGKILL);
  const uint64_t acknowledged = count_bytes(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSIGNALED(status)) return "a step failed by itself";

  for (uint64_t i = 0; i < acknowledged; ++i) {
    const Step step = workload_.next();
    now_ = now_ + step.passes;
    model_.apply(step, now_);
  }
  steps_ += acknowledged;
  return look();
}

std::string KilledPhone::look() {
  // This one may stand or not; done again, it stands once.
  const Step step = workload_.next();
  Phone phone = make_phone();
  if (const Status status = phone.open(); !status.ok()) return told("opening", status);
  if (!phone.was_whole()) return "the log was found damaged";
  now_ = now_ + step.passes;
  phone.clock().advance(step.passes);
  Model after = model_;
  after.apply(step, now_);
  const Result<std::string> before = model_.difference(phone.log());
  const Result<std::string> done = after.difference(phone.log());
  if (!before.ok() || !done.ok())
    return told("reading", before.ok() ? done.status() : before.status());
  const std::string name = std::string(" (") + name_of(step.kind) + ")";
  if (!before->empty() && !done->empty())
    return "not as before the step: " + *before + "; nor as after it: " + *done + name;
  if (const Status status = phone.run(step); !status.ok()) return told("again", status) + name;
  model_ = std::move(after);
  const Result<std::string> again = model_.difference(phone.log());
  if (!again.ok()) return told("reading", again.status());
  return again->empty() ? *again : *again + name;
}

}  // namespace nearzone::crash_test
