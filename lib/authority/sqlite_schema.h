// The tables of the SQLite store and how older ones are brought up to date.
// docs/formats/authority-store.md
#pragma once

#include <cstdint>

#include "authority/sqlite.h"

namespace nearzone::authority {

inline constexpr uint32_t kSchemaVersion = 2;

// Makes the tables in an empty database, or brings older ones up to date, in one transaction. Fails
// with newer_format where a newer NearZone made them, corrupt where the file is somebody else's.
Status prepare_schema(Connection& connection);

}  // namespace nearzone::authority
