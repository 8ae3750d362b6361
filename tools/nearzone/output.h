// How the commands speak: errors with an exit code, tables for people, progress
// on a terminal.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "nearzone/status.h"

namespace nearzone::tools {

// What an exit code means; the highest that occurs is the program's.
enum ExitCode : int {
  kDone = 0,  // an empty result is a result
  kBadUsage = 2,
  kBadInput = 3,
  kSignatureRefused = 4,
  kFailed = 5,  // input, output or a fault of our own
};

int exit_code_of(const Status& status);

// "nearzone: FILE: field: text (record N, offset M)" on standard error; returns
// the exit code.
int report(const std::string& file, const Status& status);
// A fault in an option's value.
int report_usage(const Status& status);
// Keeps the higher of the two.
void raise(int& exit_code, int other);

// On one line. File names that are not UTF-8 are told with U+FFFD in their places.
void print_json(const nlohmann::json& value);
void print_json(const nlohmann::ordered_json& value);

// Columns as wide as their widest cell; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

// Keys tried so far, on one line of the terminal; silent where standard error
// is none.
class Progress {
 public:
  explicit Progress(const char* what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(uint64_t done);

 private:
  const char* what_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace nearzone::tools
