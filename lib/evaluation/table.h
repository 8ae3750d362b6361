// A CSV file in memory, its columns found by name.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text_lines.h"
#include "nearzone/status.h"

namespace nearzone::evaluation {

// The whole file, inflated where it is gzipped.
Result<std::string> read_text(const std::string& path);

class Table {
 public:
  // `text` is borrowed.
  explicit Table(std::string_view text) : lines_(text) {}

  Status read_header();
  bool has(std::string_view column) const;
  // Goes to the next row; false at the end. Rows with another number of fields are faults.
  Result<bool> next();
  // Of the current row, by a column that the header names.
  std::string_view text(std::string_view column) const;
  // A number of at most `most`; fails with corrupt.
  Result<double> number(const char* column, double least, double most) const;

 private:
  static constexpr size_t kMostColumns = 32;
  size_t place_of(std::string_view column) const;

  TextLines lines_;
  std::vector<std::string_view> names_;
  std::array<std::string_view, kMostColumns> fields_;
};

}  // namespace nearzone::evaluation
