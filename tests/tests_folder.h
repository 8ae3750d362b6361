// Where the files lie that tests read.
#pragma once

#include <string>

namespace nearzone::test {

// The folder of this file, without a slash at its end. Asked for at run time, so that no other
// object depends on where the sources lie, and all of them can come out of a compiler's cache.
std::string tests_folder();

}  // namespace nearzone::test
