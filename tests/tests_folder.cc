#include "tests_folder.h"

namespace nearzone::test {

std::string tests_folder() { return NEARZONE_TEST_DIR; }

}  // namespace nearzone::test
