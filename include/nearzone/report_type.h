/// How an infection is known.
///
///     if (type == nearzone::ReportType::revoked) return;  // the authority took its word back
#pragma once

#include <cstddef>
#include <cstdint>

namespace nearzone {

/// Numbers are those of the Exposure Notification export, field 5; they are stored.
enum class ReportType : uint8_t {
  unknown = 0,
  confirmed_test = 1,
  confirmed_clinical_diagnosis = 2,
  self_report = 3,
  recursive = 4,
  revoked = 5,
};
/// How many there are: the size of a table indexed by report type.
inline constexpr size_t kReportTypes = 6;

}  // namespace nearzone
