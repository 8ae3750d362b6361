// The tables of a log's database and how connections to it are set.
#pragma once

#include "encounter_log/key_table.h"
#include "encounter_log/sqlite.h"
#include "nearzone/encounter_log.h"
#include "nearzone/status.h"

namespace nearzone::encounter_log {

// What any failure of the database to be what it should be is called.
inline constexpr Status kDamagedDatabase{Code::corrupt, "the database is damaged"};

// The field of failures that the key file is to blame for: no repair of the database mends them.
inline constexpr const char* kKeyFileField = "log.keys";

// A connection with the settings that hold for a connection and not for the file.
Result<Database> connect(const std::string& path, Database::Access access, const char* vfs);
Status set_durability(Database& database, Durability durability);
Status use_write_ahead_log(Database& database);

// Makes the tables where there are none, which `may_be_empty` allows, and adds those that version 1
// did not have. Fails with newer_format, and with corrupt where the file is no log.
Status prepare_tables(Database& database, const DatabaseId& id, bool may_be_empty);

}  // namespace nearzone::encounter_log
