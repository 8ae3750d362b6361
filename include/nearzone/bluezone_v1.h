/// Bluezone's identifiers of April 2020, which never changed: for reading captures of that time.
/// Nothing sends them.
///
///     auto identifier = nearzone::bluezone_v1::identifier_of_local_name("13II3h7QP2");
///
/// Source: the published app's first version, described as facts (docs/provenance.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nearzone/status.h"

namespace nearzone::bluezone_v1 {

/// Six digits and letters.
inline constexpr size_t kIdentifierSize = 6;

/// The identifier that an Android phone drew when its clock showed this many milliseconds: whoever
/// knows about when an app was installed can try all of them.
std::string identifier_of_seed(int64_t clock_ms);

/// The identifier in an iPhone's local name of ten characters. Fails with corrupt where its
/// repeated characters contradict each other.
Result<std::string> identifier_of_local_name(std::string_view name);

/// The local name of an identifier with two different positions 1 to 5. Fails with
/// invalid_argument.
Result<std::string> local_name(std::string_view identifier, int first, int second);

}  // namespace nearzone::bluezone_v1
