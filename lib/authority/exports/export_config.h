// The tables [[export]] and [retention] of the configuration file.
#pragma once

#include "authority/config_table.h"
#include "authority/exports/retention.h"
#include "authority/exports/series.h"

namespace nearzone::authority {

Series read_series(ConfigSection section);
void read_retention(ConfigSection section, RetentionSettings& retention);

}  // namespace nearzone::authority
