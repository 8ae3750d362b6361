// The four kinds of report by the names that the interfaces use, and what may follow what.
#pragma once

#include <optional>
#include <string_view>

#include "nearzone/keys.h"

namespace nearzone::authority {

// "confirmed", "likely", "user-report", "negative"; nothing for another name.
std::optional<ReportType> report_type_of(std::string_view name);
std::string_view report_type_name(ReportType type);

// Whether a key that was published as `from` may be stated anew as `to`.
bool may_become(ReportType from, ReportType to);

// The transmission risk level that goes with a report where the phone states none.
uint8_t default_risk(ReportType type);

}  // namespace nearzone::authority
