// A text line by line, the pieces of a line, and whole numbers in it.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nearzone {

class TextLines {
 public:
  explicit TextLines(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) next_ = 3;  // the mark that some editors put there
  }

  // Goes to the next line; false behind the last. A final line break opens no further line.
  bool next() {
    if (next_ >= text_.size()) return false;
    offset_ = next_;
    size_t end = text_.find('\n', offset_);
    if (end == text_.npos) end = text_.size();
    next_ = end + 1;
    line_ = text_.substr(offset_, end - offset_);
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    ++count_;
    return true;
  }

  std::string_view line() const { return line_; }
  uint64_t index() const { return count_ - 1; }
  // Of a piece of the current line, in the text.
  uint64_t offset_of(std::string_view piece) const {
    return offset_ + static_cast<size_t>(piece.data() - line_.data());
  }

 private:
  std::string_view text_;
  std::string_view line_;
  size_t offset_ = 0;
  size_t next_ = 0;
  uint64_t count_ = 0;
};

// Fills `out` with the pieces between separators, and says how many there are: more than it holds
// are only counted.
inline size_t split(std::string_view line, char separator, std::span<std::string_view> out) {
  size_t count = 0;
  for (;; ++count) {
    const size_t end = line.find(separator);
    if (count < out.size()) out[count] = line.substr(0, end);
    if (end == line.npos) return count + 1;
    line.remove_prefix(end + 1);
  }
}

// The whole of `text` as a decimal number within [least, most].
inline std::optional<int64_t> whole_number(std::string_view text, int64_t least, int64_t most) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return std::nullopt;
  return value;
}

}  // namespace nearzone
