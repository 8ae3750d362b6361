// How many keys a published file holds. Only a few fixed numbers are ever seen, so that the size of
// a file does not tell how many keys in it are real.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nearzone/status.h"

namespace nearzone::authority {

class SizeClasses {
 public:
  // 1000, 1250, 1600, 2000 ... 500000: the preferred numbers of ISO 3, R10, ten a decade, so that
  // at most a fifth of a large file is padding.
  SizeClasses();
  // `sizes` rise, from at least 1 to at most 1,000,000. Fails with invalid_argument.
  static Result<SizeClasses> make(std::vector<uint32_t> sizes);

  // The keys of each file that `keys` of them are spread over, padding included: as many full files
  // of the largest class as are needed, and one of the smallest class that takes the rest.
  // None for no keys.
  std::vector<size_t> files_for(size_t keys) const;
  size_t largest() const { return sizes_.back(); }

 private:
  std::vector<uint32_t> sizes_;
};

}  // namespace nearzone::authority
