#include "evaluation/table.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace nearzone::evaluation {
namespace {

constexpr size_t kMostBytes = size_t{1} << 30;

struct Closing {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

// In the file as it is stored, gzipped or not.
uint64_t place_in(gzFile_s* file) {
  const off_t offset = gzoffset(file);
  return offset < 0 ? 0 : static_cast<uint64_t>(offset);
}

}  // namespace

Result<std::string> read_text(const std::string& path) {
  const std::unique_ptr<gzFile_s, Closing> file(gzopen(path.c_str(), "rb"));
  if (file == nullptr) return Status(Code::not_found, "the file cannot be opened");
  std::string text;
  constexpr unsigned kPiece = 1u << 20;
  for (;;) {
    const size_t size = text.size();
    if (size > kMostBytes) return Status(Code::limit_exceeded, "more than 1 GiB of text");
    text.resize(size + kPiece);
    const int read = gzread(file.get(), text.data() + size, kPiece);
    if (read < 0)
      return Status(Code::corrupt, "the file cannot be inflated").at_offset(place_in(file.get()));
    text.resize(size + static_cast<size_t>(read));
    if (read == 0) break;
  }
  // A file that was cut short ends like any other; this tells.
  int fault = Z_OK;
  gzerror(file.get(), &fault);
  if (fault == Z_BUF_ERROR)
    return Status(Code::corrupt, "the file is cut short").at_offset(place_in(file.get()));
  return text;
}

Status Table::read_header() {
  if (!lines_.next()) return {Code::corrupt, "the file is empty", "header"};
  const size_t count = split(lines_.line(), ',', fields_);
  if (count > kMostColumns) return {Code::unsupported, "too many columns", "header"};
  names_.assign(fields_.begin(), fields_.begin() + static_cast<ptrdiff_t>(count));
  return {};
}

size_t Table::place_of(std::string_view column) const {
  return static_cast<size_t>(std::ranges::find(names_, column) - names_.begin());
}

bool Table::has(std::string_view column) const { return place_of(column) < names_.size(); }

Result<bool> Table::next() {
  do {
    if (!lines_.next()) return false;
  } while (lines_.line().empty());
  if (split(lines_.line(), ',', fields_) != names_.size())
    return Status(Code::corrupt, "a line has not as many fields as the header", "line")
        .at_record(lines_.index());
  return true;
}

std::string_view Table::text(std::string_view column) const { return fields_[place_of(column)]; }

Result<double> Table::number(const char* column, double least, double most) const {
  // std::from_chars for doubles is missing in libc++ 16.
  const std::string copy(text(column));
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || end != copy.c_str() + copy.size() || !(value >= least && value <= most))
    return Status(Code::corrupt, "not a number in range", column).at_record(lines_.index());
  return value;
}

}  // namespace nearzone::evaluation
