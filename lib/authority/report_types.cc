#include "authority/report_types.h"

#include <array>
#include <utility>

namespace nearzone::authority {
namespace {

constexpr std::array<std::pair<std::string_view, ReportType>, 4> kNames{
    {{"confirmed", ReportType::confirmed_test},
     {"likely", ReportType::confirmed_clinical_diagnosis},
     {"user-report", ReportType::self_report},
     {"negative", ReportType::revoked}}};

}  // namespace

std::optional<ReportType> report_type_of(std::string_view name) {
  for (const auto& [known, type] : kNames)
    if (known == name) return type;
  return {};
}

std::string_view report_type_name(ReportType type) {
  for (const auto& [name, known] : kNames)
    if (known == type) return name;
  return {};
}

bool may_become(ReportType from, ReportType to) {
  switch (from) {
    case ReportType::confirmed_clinical_diagnosis:
      return to == ReportType::confirmed_test || to == ReportType::revoked;
    case ReportType::self_report:
      return to == ReportType::confirmed_test || to == ReportType::confirmed_clinical_diagnosis ||
             to == ReportType::revoked;
    default: return false;
  }
}

uint8_t default_risk(ReportType type) {
  switch (type) {
    case ReportType::confirmed_test: return 2;
    case ReportType::confirmed_clinical_diagnosis: return 4;
    case ReportType::revoked: return 6;
    default: return 0;
  }
}

}  // namespace nearzone::authority
