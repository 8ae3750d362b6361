#include "nearzone/time.h"

#include <array>
#include <cstdio>

namespace nearzone {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

// Years that four digits can write; what lies outside is shown as a bare day number.
constexpr Day kFirstWritable{static_cast<int32_t>(-719528)};
constexpr Day kLastWritable{2932896};

bool read_digits(std::string_view text, int& value) {
  value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return true;
}

}  // namespace

Result<Day> parse_day(std::string_view text) {
  const Status kBad(Code::invalid_argument, "not a date of the form YYYY-MM-DD");
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
      !read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month) ||
      !read_digits(text.substr(8, 2), day))
    return kBad;
  year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                      std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return kBad;
  return Day{static_cast<int32_t>(sys_days(date).time_since_epoch().count())};
}

std::string format_day(Day day) {
  if (day < kFirstWritable || day > kLastWritable) return "day " + std::to_string(day.number);
  year_month_day date{sys_days(std::chrono::days(day.number))};
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string format_instant(Instant at) {
  Day day = Day::of(at);
  int64_t seconds = (at - day.start()).count() / 1000;
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), " %02d:%02d:%02d", static_cast<int>(seconds / 3600 % 24),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return format_day(day) + text.data();
}

}  // namespace nearzone
