#include "lists/writing.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "nearzone/scheme.h"

namespace nearzone {
namespace {

Status check_one(const PublishedKey& key, std::optional<SchemeTag> only) {
  if (only && key.scheme != *only)
    return {Code::invalid_argument, "this list cannot hold keys of that scheme", "scheme"};
  if (key.report_type > ReportType::revoked)
    return {Code::invalid_argument, "a report type is unknown", "report_type"};
  if (key.days_since_onset && (*key.days_since_onset < -14 || *key.days_since_onset > 14))
    return {Code::invalid_argument, "days since onset are not within -14..14", "days_since_onset"};
  if (key.transmission_risk_level > 8)
    return {Code::invalid_argument, "a risk level is not within 0..8", "transmission_risk_level"};
  if (key.released_at && key.released_at->ms % 1000 != 0)
    return {Code::invalid_argument, "must be a whole second", "released_at"};
  const Scheme* scheme = find_scheme(key.scheme);
  if (scheme == nullptr) return {Code::invalid_argument, "not a known scheme", "scheme"};
  if (key.scheme == SchemeTag::dp3t_unlinkable)
    return {Code::invalid_argument, "keys of this scheme are published as a set", "scheme"};
  const Status status = scheme->check(key);
  return status.ok() ? status : Status(Code::invalid_argument, status.text(), status.field());
}

}  // namespace

Status check_writable(std::span<const PublishedKey> keys, std::optional<SchemeTag> only) {
  for (size_t i = 0; i < keys.size(); ++i) {
    Status status = check_one(keys[i], only);
    if (!status.ok()) return status.at_record(i);
  }
  return {};
}

std::vector<size_t> order_of_keys(std::span<const PublishedKey> keys) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  auto comes_before = [keys](size_t a, size_t b) {
    auto rank = [](const PublishedKey& key) {
      return std::tie(key.scheme, key.bytes, key.valid_from, key.valid_to);
    };
    return rank(keys[a]) < rank(keys[b]);
  };
  // What writes many lists of the same keys has sorted them already.
  if (!std::ranges::is_sorted(order, comes_before))
    std::stable_sort(order.begin(), order.end(), comes_before);
  return order;
}

}  // namespace nearzone
