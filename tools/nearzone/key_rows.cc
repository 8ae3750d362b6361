#include "key_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "nearzone/dp3t.h"
#include "nearzone/scheme.h"

namespace nearzone::tools {
namespace {

enum Column : size_t { kScheme, kKey, kFrom, kReleasedAt, kTo, kColumns };
constexpr std::array<const char*, kColumns> kNames{"scheme", "key", "from_ms", "released_at_ms",
                                                   "to_ms"};
constexpr int64_t kLastMs = 253402300799999;  // 9999-12-31T23:59:59.999Z

using Row = std::array<std::string_view, kColumns>;

Status wrong(const char* text, Column column) { return {Code::corrupt, text, kNames[column]}; }

// Up to the separator, which is taken away as well.
std::string_view take(std::string_view& rest, char separator) {
  const size_t size = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return piece;
}

std::string_view take_line(std::string_view& rest) {
  std::string_view line = take(rest, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<std::vector<Column>> read_heading(std::string_view line) {
  std::vector<Column> columns;
  do {
    const auto found = std::ranges::find(kNames, take(line, ','));
    if (found == kNames.end())
      return Status(Code::corrupt,
                    "names another column than scheme, key, from_ms, released_at_ms and to_ms",
                    "heading");
    const auto column = static_cast<Column>(found - kNames.begin());
    if (std::ranges::count(columns, column) != 0) return wrong("is named twice", column);
    columns.push_back(column);
  } while (!line.empty());
  for (const Column needed : {kScheme, kKey})
    if (std::ranges::count(columns, needed) == 0) return wrong("no column of this name", needed);
  return columns;
}

Result<std::optional<Instant>> time_of(const Row& row, Column column) {
  const std::string_view text = row[column];
  if (text.empty()) return std::optional<Instant>();
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc() || end != text.data() + text.size() || ms < 0 || ms > kLastMs)
    return wrong("not a time in whole milliseconds since 1970", column);
  return std::optional<Instant>(Instant{ms});
}

Status read_key(const Row& row, PublishedKey& key) {
  std::vector<uint8_t> bytes(row[kKey].size() / 2);
  const Status read = from_hex(row[kKey], bytes);
  if (!read.ok()) return wrong(read.text(), kKey);
  const size_t size = published_key_size(key.scheme);
  const bool is_report = key.scheme == SchemeTag::tcn;
  if (is_report ? bytes.size() < size : bytes.size() != size)
    return wrong("has another length than this scheme's", kKey);
  std::copy_n(bytes.begin(), size, key.bytes.begin());
  if (is_report) key.report = std::move(bytes);
  return {};
}

// From when to when a key stands, and since when anybody may know it.
Status read_times(const Row& row, Instant now, PublishedKey& key) {
  NEARZONE_ASSIGN(const std::optional<Instant> from, time_of(row, kFrom));
  NEARZONE_ASSIGN(const std::optional<Instant> to, time_of(row, kTo));
  NEARZONE_ASSIGN(const std::optional<Instant> released, time_of(row, kReleasedAt));
  if (to && key.scheme != SchemeTag::dp3t_hybrid)
    return wrong("follows from the others with this scheme", kTo);
  if (key.scheme == SchemeTag::dp3t_unlinkable) {
    if (released) return wrong("is of no use: a set states none", kReleasedAt);
  } else {
    // Lists write whole seconds.
    key.released_at = Instant::from_seconds(std::min(released.value_or(now), now).ms / 1000);
  }
  if (key.scheme == SchemeTag::tcn) return {};
  if (!from) return wrong("is needed", kFrom);
  key.valid_from = *from;
  switch (key.scheme) {
    case SchemeTag::dp3t_low_cost:
      key.valid_to = (Day::of(*key.released_at - Millis(1)) + 1).start();
      break;
    case SchemeTag::dp3t_hybrid: key.valid_to = to.value_or(*from + std::chrono::hours(2)); break;
    default: key.valid_to = *from + dp3t::kEpoch;
  }
  return {};
}

Result<PublishedKey> read_row(const Row& row, Instant now) {
  PublishedKey key;
  key.identifiers_per_day = dp3t::kIdentifiersPerDay;
  const auto tag = parse_scheme(row[kScheme]);
  if (!tag.ok()) return wrong(tag.status().text(), kScheme);
  key.scheme = *tag;
  if (key.scheme == SchemeTag::bluezone || key.scheme == SchemeTag::gaen)
    return wrong("has lists of its own, which `nearzone list sign` takes", kScheme);
  NEARZONE_TRY(read_key(row, key));
  NEARZONE_TRY(read_times(row, now, key));
  const Scheme& scheme = *find_scheme(key.scheme);
  NEARZONE_TRY(scheme.check(key));
  if (!scheme.admit(key).ok()) return wrong("the report is not signed by its own key", kKey);
  return key;
}

}  // namespace

Result<std::vector<PublishedKey>> read_key_rows(std::string_view text, Instant now) {
  NEARZONE_ASSIGN(const std::vector<Column> columns, read_heading(take_line(text)));
  std::vector<PublishedKey> keys;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.empty()) continue;
    const auto commas = static_cast<size_t>(std::ranges::count(line, ','));
    if (commas + 1 != columns.size())
      return Status(Code::corrupt, "has more or fewer fields than the heading")
          .at_record(keys.size());
    Row row;
    for (const Column column : columns) row[column] = take(line, ',');
    Result<PublishedKey> key = read_row(row, now);
    if (!key.ok()) return Status(key.status()).at_record(keys.size());
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace nearzone::tools
