// Exposures as people and programs are shown them.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "nearzone/device.h"

namespace nearzone::tools {

struct ExposureTable {
  nlohmann::ordered_json json;                 // an array
  std::vector<std::vector<std::string>> rows;  // the first are the headings
};

// `clock` names that whose days they are counted by.
ExposureTable exposure_table(std::span<const Exposure> exposures, const std::string& clock);

}  // namespace nearzone::tools
