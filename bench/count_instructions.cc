// Prints the instructions that the kernel level in use executes for one item of each kind, as a row
// of the table of instructions.sh. They are counted by letting the processor stop after each of
// them (ptrace), so that the figures do not depend on load, clock or virtualisation.
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <vector>

#include "kernel/kernel.h"
#include "nearzone/gaen.h"
#include "nearzone/kernels.h"
#include "nearzone/match.h"
#include "nearzone/random.h"

namespace nearzone::bench {
namespace {

// Runs `work` in a child, twice unobserved and once step by step.
template <typename Work>
long count(const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    work();
    work();
    raise(SIGSTOP);
    __asm__ volatile("int3");
    work();
    __asm__ volatile("int3");
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ptrace(PTRACE_CONT, child, nullptr, nullptr);
  waitpid(child, &status, 0);  // the first int3
  long steps = 0;
  for (;;) {
    ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr);
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return -1;
    siginfo_t info;
    ptrace(PTRACE_GETSIGINFO, child, nullptr, &info);
    if (info.si_code == SI_KERNEL) break;  // the second int3
    ++steps;
  }
  ptrace(PTRACE_KILL, child, nullptr, nullptr);
  waitpid(child, &status, 0);
  return steps;
}

// A column of the table that instructions.sh prints.
void report(size_t items, long steps) {
  std::printf(" %.0f |", static_cast<double>(steps) / static_cast<double>(items));
  std::fflush(stdout);
}

void count_kernel(size_t lanes) {
  constexpr uint32_t kBlocks = 144;
  constexpr size_t kLinks = 8;  // enough for a chain's beginning not to show
  const uint8_t info[7] = {'E', 'N', '-', 'R', 'P', 'I', 'K'};
  const uint8_t prefix[12] = {'E', 'N', '-', 'R', 'P', 'I'};
  const uint8_t pick[16] = {};
  std::vector<uint8_t> key(16 * lanes), out(16 * lanes * kBlocks), block(64 * lanes);
  const std::vector<uint32_t> first(lanes), number(lanes, kBlocks);
  std::vector<uint32_t> state(8 * lanes);
  auto* keys = reinterpret_cast<uint8_t(*)[16]>(key.data());
  auto* outs = reinterpret_cast<uint8_t(*)[16]>(out.data());
  auto* blocks = reinterpret_cast<uint8_t(*)[64]>(block.data());
  auto* states = reinterpret_cast<uint32_t(*)[8]>(state.data());
  const kernel::KernelTable& level = kernel::active();
  report(lanes, count([&] { level.sha256_compress(states, blocks, lanes); }));
  report(lanes * kLinks, count([&] { level.sha256_chain(blocks, lanes, kLinks, pick, outs); }));
  report(lanes, count([&] { level.hkdf_sha256(keys, info, keys, lanes); }));
  report(lanes, count([&] {
           level.aes128_number(keys, prefix, first.data(), number.data(), lanes, outs);
         }));
  const std::vector<uint32_t> words(4096);
  std::vector<uint32_t> found(kBlocks);
  report(1, count([&] { level.filter_find({words.data(), 1, 20}, outs, kBlocks, found.data()); }));
}

class Keys final : public KeyStream {
 public:
  explicit Keys(size_t count) : left_(count) {}
  Status next(size_t most, std::vector<PublishedKey>& batch) override {
    batch.resize(std::min(most, left_));
    left_ -= batch.size();
    for (PublishedKey& key : batch) {
      random_.fill(std::span(key.bytes).first(16));
      key.valid_to = key.valid_from + Day::kLength;
      key.record = next_++;
    }
    return {};
  }

 private:
  SeededRandom random_{1};
  size_t left_;
  uint64_t next_ = 0;
};

// A match of one day's keys with a log that was heard throughout that day, its keys being in memory
// already; the matcher is made outside.
void count_match(size_t keys) {
  SeededRandom random(2);
  std::vector<Sighting> sightings(714);
  for (size_t i = 0; i < sightings.size(); ++i) {
    random.fill(sightings[i].identifier.bytes);
    sightings[i].time = {static_cast<int64_t>(i) * 121000};
  }
  const SightingTable table = SightingTable::from(sightings);
  const Scheme* const schemes[] = {&gaen_scheme()};
  const auto matcher = Matcher::create(table.columns(), schemes, random);
  std::vector<PublishedKey> all;
  if (!matcher.ok() || !Keys(keys).next(keys, all).ok()) return;
  struct Given final : KeyStream {
    explicit Given(std::vector<PublishedKey>& from) : left(&from) {}
    Status next(size_t, std::vector<PublishedKey>& batch) override {
      batch.clear();
      if (left != nullptr) batch = *left;
      left = nullptr;
      return {};
    }
    std::vector<PublishedKey>* left;
  };
  report(keys, count([&] {
           Given stream(all);
           MatchResult result;
           if (!matcher->match(stream, 0, {}, result).ok()) _exit(1);
         }));
}

}  // namespace
}  // namespace nearzone::bench

int main() {
  const auto level = nearzone::active_kernel();
  if (!level.ok()) {
    std::fprintf(stderr, "count_instructions: %s\n", level.status().text());
    return 1;
  }
  // Stepping is slow: the portable level does the least that fills its vectors.
  const bool portable = *level == "portable";
  std::printf("| %s |", level->data());
  nearzone::bench::count_kernel(portable ? 8 : 32);
  nearzone::bench::count_match(portable ? 16 : 256);
  std::printf("\n");
}
