#include "authority/exports/size_class.h"

#include <algorithm>

namespace nearzone::authority {
namespace {

constexpr uint32_t kLargest = 1'000'000;

}  // namespace

SizeClasses::SizeClasses()
    : sizes_{1000,    1250,    1600,    2000,    2500,    3150,    4000,    5000,   6300,   8000,
             10'000,  12'500,  16'000,  20'000,  25'000,  31'500,  40'000,  50'000, 63'000, 80'000,
             100'000, 125'000, 160'000, 200'000, 250'000, 315'000, 400'000, 500'000} {}

Result<SizeClasses> SizeClasses::make(std::vector<uint32_t> sizes) {
  if (sizes.empty()) return Status(Code::invalid_argument, "there is no size", "size_classes");
  if (sizes.front() < 1 || sizes.back() > kLargest)
    return Status(Code::invalid_argument, "a size is not within 1..1000000", "size_classes");
  if (std::ranges::adjacent_find(sizes, std::greater_equal()) != sizes.end())
    return Status(Code::invalid_argument, "the sizes do not rise", "size_classes");
  SizeClasses classes;
  classes.sizes_ = std::move(sizes);
  return classes;
}

std::vector<size_t> SizeClasses::files_for(size_t keys) const {
  std::vector<size_t> files(keys / largest(), largest());
  if (const size_t rest = keys % largest(); rest > 0)
    files.push_back(*std::ranges::lower_bound(sizes_, rest));
  return files;
}

}  // namespace nearzone::authority
