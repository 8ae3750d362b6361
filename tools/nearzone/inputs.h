// What the commands read: key files, logs, sightings, public keys, lists.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nearzone/calibration.h"
#include "nearzone/device.h"
#include "nearzone/encounter_log.h"
#include "nearzone/lists.h"
#include "nearzone/random.h"
#include "nearzone/secret.h"
#include "nearzone/sighting.h"
#include "nearzone/status.h"

namespace nearzone::tools {

// At most `max_bytes` of a file.
Result<std::vector<uint8_t>> read_file(const std::string& path, uint64_t max_bytes);
// Whole or not at all: what was there before is replaced only by all of it.
Status write_file(const std::string& path, ByteView bytes);

// The 32 raw bytes that seal a log. Refused where anybody else could read the
// file.
Result<Secret<32>> read_key_file(const std::string& path);
// Makes one with mode 0600; never overwrites.
Status make_key_file(const std::string& path, Random& random);

// Which log a command works on.
struct LogOptions {
  std::string directory;
  std::string key_file;  // empty: the folder's name with ".key" behind it

  void add_to(CLI::App& command, bool required);
  std::string key_path() const;
  // `may_create`: an import may begin a log, a look at one may not. Reports its own faults, by the
  // name of the folder or of the key file; null where there were any.
  std::unique_ptr<EncounterLog> open(bool may_create, int& exit_code) const;
  // The same log as the phone's whose own keys of this scheme it holds, if it is there.
  std::unique_ptr<Device> open_device(SchemeTag own_scheme, int& exit_code) const;

 private:
  std::optional<Secret<32>> read_root(bool may_create, int& exit_code) const;
};

// The sightings that lists are matched against: a log's, or a file's.
struct SightingOptions {
  LogOptions log;
  std::string file;

  void add_to(CLI::App& command);
  // Reports its own faults; null where there were any.
  std::unique_ptr<SightingTable> load(int& exit_code) const;
};

// Digits and nothing else: CLI11 takes "-1" for the greatest number there is and "010" for eight.
CLI::Validator decimal();

// The value of --utc-offset: "+07:00", as in ISO 8601.
Result<Millis> parse_utc_offset(const std::string& text);

// A table that `nearzone calibration import` wrote.
Result<CalibrationTable> read_calibration(const std::string& path);

// --public-key, which may be given several times, each time with one file.
void add_public_keys(CLI::App& command, std::vector<std::string>& paths, const char* what,
                     bool required = false);
// Null, and the exit code raised, where one cannot be read.
std::unique_ptr<std::vector<PublicKey>> read_public_keys(const std::vector<std::string>& paths,
                                                         int& exit_code);

// A list with the file it is read from.
struct OpenList {
  std::string path;
  std::unique_ptr<FileSource> source;
  std::unique_ptr<KeyList> list;
};
Result<OpenList> open_list(const std::string& path, const ListOptions& options = {});
// Names every record that is refused while the others count; the exit code is not theirs.
void tell_refused(const OpenList& open);

}  // namespace nearzone::tools
