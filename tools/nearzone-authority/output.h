// How the commands speak: errors with an exit code, tables for people.
#pragma once

#include <string>
#include <vector>

#include "nearzone/status.h"

namespace nearzone::authority_tool {

// What an exit code means.
enum ExitCode : int {
  kDone = 0,
  kBadUsage = 2,  // also a faulty configuration
  kBadInput = 3,
  kSignatureRefused = 4,
  kFailed = 5,  // input, output or a fault of our own
};

int exit_code_of(const Status& status);

// "nearzone-authority: WHAT: field: text" on standard error; returns the exit code.
int report(const std::string& what, const Status& status);

// Columns as wide as their widest cell; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace nearzone::authority_tool
