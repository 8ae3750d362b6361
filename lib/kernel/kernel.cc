#include "kernel/kernel.h"

#include <array>
#include <cstdlib>
#include <cstring>

#include "kernel/cpu.h"

namespace nearzone {
namespace kernel {
namespace {

// Slowest first.
constexpr const KernelTable* kTables[] = {
    &kPortable,
#if defined(__x86_64__)
    &kX86ShaAes,
    &kX86Vaes,
    &kX86Avx512,
#elif defined(__aarch64__)
    &kArm64Crypto,
#endif
};
constexpr size_t kTableCount = sizeof(kTables) / sizeof(kTables[0]);

bool supported(const KernelTable& table) {
  static const uint32_t features = detect_cpu_features();
  return (table.needs & ~features) == 0;
}

struct Choice {
  const KernelTable* table = &kPortable;
  Status status;
};

Choice choose() {
  Choice choice;
  if (const char* forced = std::getenv("NEARZONE_KERNEL"); forced != nullptr && *forced != '\0') {
    if (const KernelTable* table = find(forced))
      choice.table = table;
    else
      choice.status =
          Status(Code::unsupported, "the forced kernel level is unknown or this processor lacks it",
                 "NEARZONE_KERNEL");
    return choice;
  }
  for (const KernelTable* table : kTables)
    if (supported(*table)) choice.table = table;
  return choice;
}

const Choice& chosen() {
  static const Choice choice = choose();
  return choice;
}

}  // namespace

const KernelTable& active() { return *chosen().table; }

const KernelTable* find(const char* name) {
  for (const KernelTable* table : kTables)
    if (std::strcmp(table->name, name) == 0) return supported(*table) ? table : nullptr;
  return nullptr;
}

}  // namespace kernel

std::span<const KernelLevel> kernel_levels() {
  static const auto levels = [] {
    std::array<KernelLevel, kernel::kTableCount> all{};
    // The tables are constants of other files, which the analyzer takes for undefined.
    for (size_t i = 0; i < all.size(); ++i)
      // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
      all[i] = {kernel::kTables[i]->name, kernel::supported(*kernel::kTables[i])};
    return all;
  }();
  return levels;
}

Result<std::string_view> active_kernel() {
  const kernel::Choice& choice = kernel::chosen();
  if (!choice.status.ok()) return choice.status;
  return std::string_view(choice.table->name);
}

}  // namespace nearzone
