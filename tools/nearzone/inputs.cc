#include "inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "nearzone/sighting_reader.h"
#include "output.h"

namespace nearzone::tools {
namespace {

constexpr uint64_t kMaxSightingsFile = uint64_t{1} << 30;
constexpr uint64_t kMaxPublicKeyFile = 64 * 1024;

SystemClock& system_clock() {
  static SystemClock clock;
  return clock;
}

SystemRandom& system_random() {
  static SystemRandom random;
  return random;
}

}  // namespace

Result<std::vector<uint8_t>> read_file(const std::string& path, uint64_t max_bytes) {
  NEARZONE_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::open(path));
  if (source->size() > max_bytes)
    return Status(Code::limit_exceeded, "the file is larger than this command reads");
  std::vector<uint8_t> bytes(source->size());
  NEARZONE_TRY(source->read(0, bytes));
  return bytes;
}

Status write_file(const std::string& path, ByteView bytes) {
  // What is no regular file (a terminal, a pipe, a link) is written where it is.
  struct stat found {};
  const bool is_there = ::lstat(path.c_str(), &found) == 0;
  const bool replaces = !is_there || S_ISREG(found.st_mode);
  std::string target = replaces ? path + ".XXXXXX" : path;
  const int descriptor =
      replaces ? ::mkstemp(target.data()) : ::open(target.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (descriptor < 0) return {Code::io, "the file cannot be written"};
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const std::unique_ptr<FILE, int (*)(FILE*)> file(::fdopen(descriptor, "wb"), std::fclose);
  const bool written =
      file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
      std::fflush(file.get()) == 0 &&
      (!replaces || (::fchmod(descriptor, is_there ? found.st_mode & 07777u : 0666u & ~mask) == 0 &&
                     ::fsync(descriptor) == 0 && std::rename(target.c_str(), path.c_str()) == 0));
  if (written) return {};
  if (replaces) std::remove(target.c_str());
  return {Code::io, "the file cannot be written"};
}

Result<Secret<32>> read_key_file(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return Status(errno == ENOENT ? Code::not_found : Code::io,
                  "the key file cannot be read; `nearzone log init` makes one");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Status(Code::invalid_argument, "others may read this key file; chmod it to 0600",
                  "mode");
  if (found.st_size != 32)
    return Status(Code::invalid_argument, "a key file holds exactly 32 bytes", "size");
  Secret<32> root;
  NEARZONE_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::open(path));
  NEARZONE_TRY(source->read(0, root.replace()));
  return root;
}

Status make_key_file(const std::string& path, Random& random) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0)
    return {errno == EEXIST ? Code::invalid_argument : Code::io,
            errno == EEXIST ? "there is a key file already" : "the key file cannot be made"};
  const Secret<32> root = Secret<32>::random(random);
  const auto bytes = root.expose(ForSealing{});
  const bool written =
      ::write(descriptor, bytes.data(), bytes.size()) == 32 && ::fsync(descriptor) == 0;
  ::close(descriptor);
  return written ? Status() : Status(Code::io, "the key file cannot be written");
}

void LogOptions::add_to(CLI::App& command, bool required) {
  command.add_option("--log", directory, "Folder of the encounter log")->required(required);
  command.add_option("--key-file", key_file,
                     "The log's 32-byte key, mode 0600 (default: DIR.key beside the folder)");
}

std::string LogOptions::key_path() const {
  if (!key_file.empty()) return key_file;
  std::string folder = directory;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder + ".key";
}

std::optional<Secret<32>> LogOptions::read_root(bool may_create, int& exit_code) const {
  std::error_code ignored;
  if (!may_create && !std::filesystem::is_directory(directory, ignored)) {
    raise(exit_code, report(directory, {Code::not_found, "there is no log in this folder"}));
    return std::nullopt;
  }
  Result<Secret<32>> root = read_key_file(key_path());
  if (root.ok()) return *std::move(root);
  raise(exit_code, report(key_path(), root.status()));
  return std::nullopt;
}

std::unique_ptr<EncounterLog> LogOptions::open(bool may_create, int& exit_code) const {
  const std::optional<Secret<32>> root = read_root(may_create, exit_code);
  if (!root) return nullptr;
  auto log = EncounterLog::open(directory, *root, system_clock(), system_random());
  if (log.ok()) return *std::move(log);
  raise(exit_code, report(directory, log.status()));
  return nullptr;
}

std::unique_ptr<Device> LogOptions::open_device(SchemeTag own_scheme, int& exit_code) const {
  const std::optional<Secret<32>> root = read_root(false, exit_code);
  if (!root) return nullptr;
  DeviceOptions options;
  options.own_scheme = own_scheme;
  auto device = Device::open(directory, *root, system_clock(), system_random(), options);
  if (device.ok()) return *std::move(device);
  raise(exit_code, report(directory, device.status()));
  return nullptr;
}

void SightingOptions::add_to(CLI::App& command) {
  log.add_to(command, false);
  command.add_option("--sightings", file,
                     "CSV or Bluezone history lines, instead of a log "
                     "(docs/formats/sightings.md)");
}

std::unique_ptr<SightingTable> SightingOptions::load(int& exit_code) const {
  if (log.directory.empty() == file.empty()) {
    raise(exit_code, report_usage({Code::invalid_argument, "give one of --log and --sightings"}));
    return nullptr;
  }
  if (!log.directory.empty()) {
    const auto opened = log.open(false, exit_code);
    if (opened == nullptr) return nullptr;
    auto table = opened->snapshot();
    if (table.ok()) return std::make_unique<SightingTable>(*std::move(table));
    raise(exit_code, report(log.directory, table.status()));
    return nullptr;
  }
  const auto text = read_file(file, kMaxSightingsFile);
  const auto read = text.ok() ? read_sightings(*text) : Result<ReadSightings>(text.status());
  if (!read.ok()) {
    raise(exit_code, report(file, read.status()));
    return nullptr;
  }
  std::vector<StoredSighting> rows;
  std::vector<Scan> scans;
  for (const ReadScan& scan : read->scans) {
    for (const Sighting& sighting : scan.sightings)
      rows.push_back({sighting,
                      {Day::of(sighting.time), 0, static_cast<uint32_t>(rows.size())},
                      static_cast<uint32_t>(scans.size())});
    scans.push_back(scan.scan);
  }
  return std::make_unique<SightingTable>(SightingTable::from(std::move(rows), std::move(scans)));
}

void add_public_keys(CLI::App& command, std::vector<std::string>& paths, const char* what,
                     bool required) {
  command.add_option("--public-key", paths, what)->required(required)->allow_extra_args(false);
}

std::unique_ptr<std::vector<PublicKey>> read_public_keys(const std::vector<std::string>& paths,
                                                         int& exit_code) {
  auto keys = std::make_unique<std::vector<PublicKey>>();
  for (const std::string& path : paths) {
    const auto bytes = read_file(path, kMaxPublicKeyFile);
    const auto key = bytes.ok() ? PublicKey::parse(*bytes) : Result<PublicKey>(bytes.status());
    if (!key.ok()) {
      raise(exit_code, report(path, key.status()));
      return nullptr;
    }
    keys->push_back(*key);
  }
  return keys;
}

Result<OpenList> open_list(const std::string& path, const ListOptions& options) {
  OpenList open{path, nullptr, nullptr};
  NEARZONE_ASSIGN(open.source, FileSource::open(path));
  NEARZONE_ASSIGN(open.list, KeyList::open(*open.source, options));
  return open;
}

void tell_refused(const OpenList& open) {
  const ListInfo& info = open.list->info();
  for (const RefusedRecord& record : info.refused) report(open.path, record.reason);
  if (info.refused_count > info.refused.size())
    std::fprintf(stderr, "nearzone: %s: and %llu more records are refused\n", open.path.c_str(),
                 static_cast<unsigned long long>(info.refused_count - info.refused.size()));
}

CLI::Validator decimal() {
  return {[](std::string& text) -> std::string {
            uint64_t value = 0;
            const char* const end = text.data() + text.size();
            const auto [behind, error] = std::from_chars(text.data(), end, value);
            if (error != std::errc() || behind != end) return "not a whole number in its range";
            text = std::to_string(value);
            return {};
          },
          ""};
}

Result<Millis> parse_utc_offset(const std::string& text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const auto number = [&](size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || !digit(1) || !digit(2) ||
      text[3] != ':' || !digit(4) || !digit(5) || number(1) > 14 || number(4) > 59)
    return Status(Code::invalid_argument, "not an offset such as +07:00", "--utc-offset");
  const Millis offset = std::chrono::hours(number(1)) + std::chrono::minutes(number(4));
  return text[0] == '-' ? -offset : offset;
}

}  // namespace nearzone::tools
