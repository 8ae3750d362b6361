// Figures out of the measurements: the ratios that are asked for, as JSON and as a table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "matching/samples.h"

namespace nearzone::bench {

// The measurements by the level that they were made at; of runs apart from those, by a name below.
using RunsByLevel = std::map<std::string, Runs>;
// The portable level beside an OpenSSL that may not use AES-NI and SHA-NI.
inline constexpr char kMasked[] = "portable, OpenSSL masked";

// Figures that were not measured are null.
nlohmann::ordered_json figures(const std::string& level, const RunsByLevel& runs);

// What ran, on what: for whoever reads the figures later.
nlohmann::ordered_json machine();

// For people, on standard output.
void print_table(const nlohmann::ordered_json& figures);

}  // namespace nearzone::bench
