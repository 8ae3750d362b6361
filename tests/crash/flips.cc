#include "crash/flips.h"

namespace nearzone::crash_test {
namespace {

constexpr uint64_t kSeed = 3;
constexpr const char* kFolder = "/disk/log/";

Step appending(Random& random, Instant start, size_t sightings) {
  Step step{};
  step.kind = Step::Kind::append;
  step.heard.push_back(log_test::random_scan(random, start, sightings));
  return step;
}

Step putting(Day day, const char* kind, size_t size, uint8_t byte) {
  Step step{};
  step.kind = Step::Kind::put_state;
  step.day = day;
  step.state = kind;
  step.bytes.assign(size, byte);
  return step;
}

Step removing(Day day, const char* kind) {
  Step step{};
  step.kind = Step::Kind::remove_state;
  step.day = day;
  step.state = kind;
  return step;
}

// A day that is packed, one that is not, and the running one; own state that is replaced and
// removed.
std::vector<Step> small_life() {
  SeededRandom random(kSeed);
  std::vector<Step> steps;
  const auto record = [&](int32_t day, int scans) {
    for (int i = 0; i < scans; ++i)
      steps.push_back(appending(random, log_test::kNoon + Day::kLength * day + Millis(i * 300'000),
                                i % 5 == 4 ? 0 : 5));
  };
  record(-2, 10);
  steps.push_back(putting(log_test::kToday + -2, "ledger", 50, 1));
  Step pack{};
  pack.kind = Step::Kind::pack;
  steps.push_back(pack);
  record(-1, 5);
  steps.push_back(putting(log_test::kToday + -2, "ledger", 50, 2));
  steps.push_back(putting(log_test::kToday, "ledger", 20, 3));
  record(0, 5);
  steps.push_back(putting(log_test::kToday, "own-keys", 5000, 4));
  steps.push_back(removing(log_test::kToday, "ledger"));
  record(1, 5);
  return steps;
}

}  // namespace

uint8_t any_mask(Random& random) { return static_cast<uint8_t>(1 + random.below(255)); }

Flips::Flips(bool died) {
  SimulatedPhone phone(kSeed);
  for (const Step& step : small_life())
    if (phone.run(step).ok()) model_.apply(step, phone.now());
  if (!died) phone.close();
  for (const auto& [path, file] : phone.disk().files())
    if (!file->is_folder) files_[path.substr(std::string(kFolder).size())] = file->bytes;
  now_ = phone.now();
}

std::map<std::string, size_t> Flips::files() const {
  std::map<std::string, size_t> sizes;
  for (const auto& [name, bytes] : files_) sizes[name] = bytes.size();
  return sizes;
}

std::unique_ptr<SimulatedPhone> Flips::damaged(const Flip& flip) const {
  auto phone = std::make_unique<SimulatedPhone>(kSeed + 1);
  for (const auto& [name, bytes] : files_) {
    std::vector<uint8_t> altered = bytes;
    if (name == flip.file) altered[flip.at] ^= flip.mask;
    phone->disk().put(kFolder + name, altered);
  }
  return phone;
}

std::string Flips::untruth(const SimulatedPhone& phone) const {
  const Result<std::string> untruth = model_.untruth(phone.log());
  return untruth.ok() ? *untruth : told("reading", untruth.status());
}

std::string Flips::flip(const Flip& flip) const {
  const auto phone = damaged(flip);
  if (const Status status = phone->open(); !status.ok()) {
    if (status.code() == Code::internal || status.code() == Code::in_use)
      return told("opening", status);
    return {};
  }
  if (std::string found = untruth(*phone); !found.empty()) return found;

  SeededRandom random(flip.at);
  const Step next = appending(random, now_ + Millis(1), 3);
  if (const Status status = phone->run(next); !status.ok()) return told("going on", status);
  const size_t rows = phone->log().snapshot()->columns().size();
  phone->close();
  if (const Status status = phone->open(); !status.ok()) return told("opening again", status);
  if (phone->log().opening().repaired) return "damaged after it was mended";
  if (phone->log().snapshot()->columns().size() != rows) return "another log when opened again";
  return {};
}

Flip Flips::harmful_flip(const std::string& file, Random& random) const {
  for (;;) {
    const Flip flip{file, random.below(files_.at(file).size()), any_mask(random)};
    const auto phone = damaged(flip);
    if (phone->open().ok() && !phone->log().opening().lost.empty()) return flip;
  }
}

uint64_t Flips::calls_of_repair(const Flip& flip, Fault fault) const {
  const auto phone = damaged(flip);
  static_cast<void>(phone->open().ok());
  return phone->disk().calls(fault);
}

std::string Flips::cut_repair(const Flip& flip, uint64_t nth) const {
  const auto phone = damaged(flip);
  phone->disk().cut_power_at(nth);
  static_cast<void>(phone->open().ok());
  phone->close();
  phone->disk().restart();
  if (const Status status = phone->open(); !status.ok()) return told("opening", status);
  return untruth(*phone);
}

std::string Flips::fail_repair(const Flip& flip, uint64_t nth, Fault fault) const {
  const auto phone = damaged(flip);
  phone->disk().fail(nth, fault, false);
  if (const Status status = phone->open(); !status.ok()) {
    if (status.code() != (fault == Fault::full ? Code::no_space : Code::io))
      return told("an unclear error", status);
    phone->disk().heal();
    if (const Status again = phone->open(); !again.ok()) return told("opening again", again);
  }
  return untruth(*phone);
}

}  // namespace nearzone::crash_test
