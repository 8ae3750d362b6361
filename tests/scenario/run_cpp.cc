// Runs a scenario through the C++ library: run_cpp SCENARIO FOLDER. README.md says what it prints.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "nearzone/beacon_planner.h"
#include "nearzone/calibration.h"
#include "nearzone/daily_summary.h"
#include "nearzone/device.h"
#include "nearzone/sighting_writer.h"

using namespace nearzone;

namespace {

using Words = std::vector<std::string>;

Words split(const std::string& text, char separator) {
  Words words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, separator);) words.push_back(word);
  return words;
}

int64_t number(const std::string& word) { return std::stoll(word); }
bool truth(const std::string& word) { return word == "yes"; }
const char* truth(bool value) { return value ? "yes" : "no"; }

std::vector<uint8_t> bytes(const std::string& word) {
  if (word == "-") return {};
  std::vector<uint8_t> out(word.size() / 2);
  if (!from_hex(word, out).ok()) std::abort();
  return out;
}
// At most as many as there is room for.
void bytes(const std::string& word, MutableBytes out) {
  const std::vector<uint8_t> all = bytes(word);
  std::copy_n(all.begin(), std::min(all.size(), out.size()), out.begin());
}
std::string hex(ByteView view) { return view.empty() ? "-" : to_hex(view); }
std::string hex(const Identifier& identifier, SchemeTag scheme) {
  return hex(ByteView(identifier.bytes).first(identifier_size(scheme)));
}
std::string hex(const Metadata& metadata) {
  return hex(ByteView(metadata.bytes).first(metadata.size));
}
std::string known(int64_t value) { return value == Status::kNone ? "-" : std::to_string(value); }

void print(const Words& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : "\t") + fields[i];
  std::puts(line.c_str());
}
template <typename... T>
void row(const T&... fields) {
  const auto word = [](const auto& field) {
    if constexpr (std::is_convertible_v<decltype(field), std::string>)
      return std::string(field);
    else
      return std::to_string(field);
  };
  print({word(fields)...});
}

void print_failure(const Status& status) {
  row(std::string("! ") + code_name(status.code()),
      status.field() == nullptr ? "-" : status.field(), known(status.offset()),
      known(status.record()));
}

struct Phone {
  explicit Phone(Instant at, uint64_t seed) : clock(at), random(seed) {}
  void set(Instant at) {
    if (clock.now() < at)
      clock.advance(at - clock.now());
    else
      clock.set(at);
  }
  ManualClock clock;
  SeededRandom random;
  std::unique_ptr<Device> device;
};

struct List {
  explicit List(std::vector<uint8_t> given) : content(std::move(given)), source(content) {}
  const std::vector<uint8_t> content;
  MemorySource source;
  std::unique_ptr<KeyList> list;
};

std::string g_folder;
std::map<std::string, std::unique_ptr<Phone>> g_phones;
std::map<std::string, std::unique_ptr<List>> g_lists;
std::map<std::string, std::vector<PublicKey>> g_public_keys;

Device& device(const std::string& name) { return *g_phones.at(name)->device; }

template <typename... T>
void print_key(const PublishedKey& key, const T&... more) {
  row(std::string(scheme_name(key.scheme)),
      hex(ByteView(key.bytes).first(published_key_size(key.scheme))), key.valid_from.ms,
      key.valid_to.ms, key.record, key.identifiers_per_day, static_cast<int>(key.report_type),
      key.days_since_onset ? std::to_string(*key.days_since_onset) : "-",
      static_cast<int>(key.transmission_risk_level), truth(key.revised),
      key.released_at ? std::to_string(key.released_at->ms) : "-", more...);
}

void print_exposures(const std::vector<Exposure>& exposures) {
  for (const Exposure& exposure : exposures)
    row(exposure.day.number, exposure.duration.count(),
        exposure.minimum_attenuation_db ? std::to_string(*exposure.minimum_attenuation_db) : "-",
        static_cast<int>(exposure.report_type), static_cast<int>(exposure.band),
        exposure.near.count(), exposure.near_low.count(), exposure.near_high.count(),
        exposure.dose.count());
}

Status calibration(const Words& a) {
  const auto name = [&](size_t i) { return a[i] == "-" ? std::string() : a[i]; };
  NEARZONE_ASSIGN(const CalibrationTable table, CalibrationTable::decode(bytes(a[0])));
  const Calibration found = table.look_up(name(1), name(2), name(3));
  row(found.rssi_correction_db, found.transmit_power_dbm, int{found.confidence},
      static_cast<int>(found.source));
  return {};
}

Status windows(const Words& a) {
  NEARZONE_ASSIGN(const std::vector<ExposureWindow> windows, device(a[0]).exposure_windows());
  for (size_t i = 0; i < windows.size(); ++i)
    for (const ScanInstance& scan : windows[i].scans)
      row(i, windows[i].day.number, static_cast<int>(windows[i].report_type),
          static_cast<int>(windows[i].infectiousness), int{windows[i].calibration_confidence},
          scan.typical_attenuation_db, scan.minimum_attenuation_db, scan.since_last_scan.count());
  return {};
}

Status summaries(const Words& a) {
  DailySummaryConfig config;
  const Words thresholds = split(a[2], ',');
  const Words weights = split(a[3], ',');
  for (size_t i = 0; i < config.attenuation_thresholds_db.size(); ++i)
    config.attenuation_thresholds_db[i] = static_cast<int32_t>(number(thresholds[i]));
  for (size_t i = 0; i < config.attenuation_weights.size(); ++i)
    config.attenuation_weights[i] = static_cast<double>(number(weights[i])) / 100;
  NEARZONE_ASSIGN(const std::vector<ExposureWindow> windows, device(a[0]).exposure_windows());
  NEARZONE_TRY(config.check());
  const auto print = [](Day day, const std::string& type, const SummaryData& data) {
    row(day.number, type, std::llround(1000 * data.maximum_score),
        std::llround(1000 * data.score_sum), std::llround(1000 * data.weighted_duration_sum));
  };
  const Day today{static_cast<int32_t>(number(a[1]))};
  for (const DailySummary& day : daily_summaries(windows, config, today)) {
    print(day.day, "-", day.total);
    for (size_t type = 0; type < kReportTypes; ++type)
      if (day.by_report_type[type].weighted_duration_sum > 0)
        print(day.day, std::to_string(type), day.by_report_type[type]);
  }
  return {};
}

Status identifiers(const Words& a) {
  PublishedKey key;
  NEARZONE_ASSIGN(key.scheme, parse_scheme(a[0]));
  bytes(a[1], key.bytes);
  key.valid_from = {number(a[2])};
  key.valid_to = {number(a[3])};
  key.identifiers_per_day = static_cast<uint32_t>(number(a[4]));
  if (number(a[5]) != 0) key.released_at = Instant{number(a[5])};
  const Scheme& scheme = *find_scheme(key.scheme);
  NEARZONE_TRY(scheme.check(key));
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  for (KeyPart& part : parts) {
    KeyPart* one = &part;
    scheme.prepare({&one, 1});
    std::vector<Identifier> all(part.slots);
    const Derivation derivation{&part, {0, part.slots}};
    scheme.expand({&derivation, 1}, all);
    for (uint32_t slot = 0; slot < part.slots; ++slot) {
      const TimeRange window = scheme.window(part, slot);
      row(window.from.ms, window.to.ms, hex(all[slot], key.scheme));
    }
  }
  return {};
}

Status report(const Words& a) {
  PublishedKey key;
  key.scheme = SchemeTag::tcn;
  key.report = bytes(a[0]);
  std::copy_n(key.report.begin(), std::min<size_t>(key.report.size(), 32), key.bytes.begin());
  const Scheme& scheme = tcn_scheme();
  NEARZONE_TRY(scheme.check(key));
  NEARZONE_TRY(scheme.admit(key));
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  for (const KeyPart& part : parts) {
    std::vector<Identifier> all(part.slots);
    const Derivation derivation{&part, {0, part.slots}};
    scheme.expand({&derivation, 1}, all);
    for (const Identifier& identifier : all) row(hex(identifier, key.scheme));
  }
  return {};
}

Status open(const Words& a) {
  DeviceOptions options;
  NEARZONE_ASSIGN(options.own_scheme, parse_scheme(a[4]));
  options.log.retention_days = static_cast<int32_t>(number(a[5]));
  options.log.deduplication = static_cast<Deduplication>(number(a[6]));
  auto phone = std::make_unique<Phone>(Instant{number(a[3])}, std::stoull(a[2]));
  NEARZONE_ASSIGN(const Secret<32> root, Secret<32>::from_hex_text(a[1]));
  NEARZONE_ASSIGN(phone->device,
                  Device::open(g_folder + "/" + a[0], root, phone->clock, phone->random, options));
  const LogOpening& opening = phone->device->log().opening();
  row(truth(opening.repaired), truth(opening.older_folder), opening.states_lost);
  g_phones[a[0]] = std::move(phone);
  return {};
}

Status advertisement(const Words& a) {
  NEARZONE_ASSIGN(const Advertisement air, device(a[0]).advertisement());
  row(std::string(scheme_name(air.scheme)), hex(air.identifier, air.scheme), hex(air.metadata),
      air.valid_until.ms);
  return {};
}

Status record(const Words& a) {
  std::vector<Sighting> sightings;
  for (size_t i = 3; i < a.size(); ++i) {
    const Words word = split(a[i], ',');
    Sighting& sighting = sightings.emplace_back();
    NEARZONE_ASSIGN(sighting.scheme, parse_scheme(word[0]));
    bytes(word[1], sighting.identifier.bytes);
    sighting.time = {number(word[2])};
    sighting.rssi_dbm = static_cast<int8_t>(number(word[3]));
    sighting.heard_by = static_cast<HeardBy>(number(word[4]));
    bytes(word[5], sighting.metadata.bytes);
    sighting.metadata.size = static_cast<uint8_t>(bytes(word[5]).size());
  }
  Scan scan{{number(a[1])}, {}};
  if (a[2] != "-") scan.previous_start = Instant{number(a[2])};
  const SightingBatch batch{scan, sightings};
  return device(a[0]).record({&batch, 1});
}

Status meet(const Words& a) {
  for (int64_t i = 0; i < number(a[3]); ++i) {
    const Instant at = Instant{number(a[2])} + std::chrono::minutes(i);
    g_phones.at(a[0])->set(at);
    g_phones.at(a[1])->set(at);
    NEARZONE_ASSIGN(const Advertisement air, device(a[1]).advertisement());
    const Sighting sighting{
        air.identifier, air.scheme, HeardBy::advertisement, at, static_cast<int8_t>(-60 - i % 10),
        air.metadata};
    const SightingBatch batch{{at, at - std::chrono::minutes(1)}, {&sighting, 1}};
    NEARZONE_TRY(device(a[0]).record({&batch, 1}));
  }
  return {};
}

Status list(const Words& a) {
  auto opened = std::make_unique<List>(bytes(a[1]));
  NEARZONE_ASSIGN(opened->list, KeyList::open(opened->source));
  const ListInfo& info = opened->list->info();
  row(static_cast<int>(info.format), info.keys, info.revised_keys, info.refused_count,
      info.start.ms, info.end.ms, info.batch_number, info.batch_size, info.list_id, info.sequence,
      info.signatures.size(), info.region, hex(opened->list->content_digest()));
  g_lists[a[0]] = std::move(opened);
  return {};
}

Status signature(const Words& a) {
  const auto& signatures = g_lists.at(a[0])->list->info().signatures;
  const auto index = static_cast<size_t>(number(a[1]));
  // As the C interface says it, which has no other way to.
  if (index >= signatures.size()) return {Code::not_found, "", "index"};
  row(signatures[index].key_id, signatures[index].key_version, signatures[index].algorithm);
  return {};
}

Status refusal(const Words& a) {
  const auto& refused = g_lists.at(a[0])->list->info().refused;
  const auto index = static_cast<size_t>(number(a[1]));
  if (index >= refused.size()) return {Code::not_found, "", "index"};
  return refused[index].reason;
}

Status keys(const Words& a) {
  NEARZONE_ASSIGN(const auto stream, g_lists.at(a[0])->list->keys());
  std::vector<PublishedKey> batch;
  do {
    NEARZONE_TRY(stream->next(100, batch));
    for (const PublishedKey& key : batch) print_key(key);
  } while (!batch.empty());
  return {};
}

Status public_key(const Words& a) {
  NEARZONE_ASSIGN(const PublicKey key, PublicKey::parse(bytes(a[1])));
  g_public_keys[a[0]].push_back(key);
  return {};
}

Status verify(const Words& a) {
  const SignatureReport report = g_lists.at(a[0])->list->verify(g_public_keys.at(a[1]));
  row(static_cast<int>(report.outcome), report.public_key, report.signature);
  return {};
}

Status match(const Words& a) {
  List& list = *g_lists.at(a[1]);
  CheckOptions options;
  if (a[2] != "-") options.public_keys = g_public_keys.at(a[2]);
  options.bluezone_windows = static_cast<BluezoneWindows>(number(a[3]));
  options.accept_unverified_lists = truth(a[4]);
  NEARZONE_ASSIGN(const auto check, device(a[0]).begin_check(*list.list, options));
  bool done = check->report().known;
  for (int64_t left = number(a[6]); !done; --left) {
    NEARZONE_ASSIGN(const bool more, check->step(static_cast<size_t>(number(a[5]))));
    done = !more;
    if (left == 1) break;
  }
  NEARZONE_TRY(check->save());
  const CheckReport& report = check->report();
  row(truth(done), truth(report.known), static_cast<int>(report.signature.outcome),
      list.list->info().keys, report.keys, report.keys_refused);
  print_exposures(report.exposures);
  return {};
}

void print_day(const LogDayStatistics& day) { row(day.day.number, day.scans, day.sightings); }

Status statistics(const Words& a) {
  NEARZONE_ASSIGN(const LogStatistics all, device(a[0]).log().statistics());
  uint64_t scans = all.doubtful.scans, sightings = all.doubtful.sightings;
  for (const LogDayStatistics& day : all.days) {
    scans += day.scans;
    sightings += day.sightings;
  }
  row(truth(all.clock_in_doubt), scans, sightings);
  return {};
}

Status days(const Words& a) {
  NEARZONE_ASSIGN(LogStatistics all, device(a[0]).log().statistics());
  all.doubtful.day = kDoubtfulDay;
  if (all.doubtful.scans != 0) print_day(all.doubtful);
  for (const LogDayStatistics& day : all.days) print_day(day);
  return {};
}

Status local_days(const Words& a) {
  const Millis offset(number(a[1]));
  if (offset < -Day::kLength || offset > Day::kLength)
    return {Code::invalid_argument, "", "utc_offset_ms"};
  NEARZONE_ASSIGN(const SightingTable table, device(a[0]).log().snapshot());
  for (const LogDayStatistics& day : count_by_day(table.columns(), offset)) print_day(day);
  return {};
}

Status losses(const Words& a) {
  const EncounterLog& log = device(a[0]).log();
  NEARZONE_ASSIGN(const LogStatistics all, log.statistics());
  const std::map<std::string, const std::vector<LogDayLoss>*> kinds = {
      {"1", &log.opening().lost}, {"2", &all.damaged}, {"3", &all.dropped}};
  if (!kinds.contains(a[1])) return {Code::invalid_argument, "", "kind"};
  for (const LogDayLoss& loss : *kinds.at(a[1])) row(loss.day.number, loss.scans, loss.sightings);
  return {};
}

Status export_log(const Words& a) {
  NEARZONE_ASSIGN(const SightingTable table, device(a[0]).log().snapshot());
  const bool is_csv = a[1] == "1" || a[1] == "3";
  std::optional<OwnIdentifiers> own;
  if (a[1] == "3" || a[1] == "4") own = device(a[0]).own_identifiers(table.columns());
  std::fputs(write_sightings(table.columns(),
                             is_csv ? SightingFormat::csv : SightingFormat::json_lines, own)
                 .c_str(),
             stdout);
  return {};
}

Status compact(const Words& a) {
  for (bool more = true; more;) {
    NEARZONE_ASSIGN(more, device(a[0]).compact_step(Millis(0)));
  }
  return {};
}

Status purge(const Words& a) {
  NEARZONE_ASSIGN(const int32_t erased, device(a[0]).purge());
  row(erased);
  return {};
}

Status disclose(const Words& a) {
  // In C++ there is no asking without consent: it does not compile.
  if (!truth(a[1])) return {Code::consent_required, "", "consent"};
  std::vector<TimeRange> redactions;
  for (size_t i = 3; i + 1 < a.size(); i += 2)
    redactions.push_back({{number(a[i])}, {number(a[i + 1])}});
  NEARZONE_ASSIGN(
      Disclosure disclosure,
      device(a[0]).disclose(PersonConsents{}, static_cast<int32_t>(number(a[2])), redactions));
  NEARZONE_ASSIGN(const std::vector<PublishedKey> given, disclosure.take_keys());
  for (const PublishedKey& key : given) print_key(key, hex(ByteView(key.report)));
  return {};
}

std::string text(const std::string& word) { return word == "-" ? "" : word; }
std::optional<Millis> wait(const std::string& word) {
  return number(word) < 0 ? std::nullopt : std::optional(Millis(number(word)));
}

std::map<std::string, std::unique_ptr<FollowedIndex>> g_indexes;
UploadRequest g_request;

UploadOptions upload_options(const Words& a) { return {text(a[1]), Millis(number(a[2]))}; }

Status begin_upload(const Words& a) {
  if (!truth(a[1])) return {Code::consent_required, "", "consent"};
  return device(a[0]).begin_upload(PersonConsents{}, static_cast<int32_t>(number(a[2])));
}

Status upload_status(const Words& a) {
  NEARZONE_ASSIGN(const UploadStatus status, device(a[0]).upload_status());
  row(static_cast<int>(status.state), static_cast<int>(status.problem),
      truth(status.partly_refused), static_cast<int>(status.report_type), status.keys,
      status.keys_inserted, status.consented_at.ms, status.wake_at.ms);
  return {};
}

Status upload_request(const Words& a) {
  NEARZONE_ASSIGN(std::optional<UploadRequest> request,
                  device(a[0]).upload_request(upload_options(a)));
  if (!request) return row("-"), Status();
  g_request = *std::move(request);
  const ByteView body = g_request.body.expose(ForDisclosure{});
  row(static_cast<int>(g_request.step), static_cast<int>(g_request.server), truth(g_request.chaff),
      g_request.path(), g_request.marking_header(), body.size(), hex(body.first(96)));
  return {};
}

Status upload_answer(const Words& a) {
  const std::vector<uint8_t> body = bytes(a[5]);
  return device(a[0]).upload_answered(
      g_request, {static_cast<int32_t>(number(a[3])), body, wait(a[4])}, upload_options(a));
}

Status upload_wake_at(const Words& a) {
  NEARZONE_ASSIGN(const std::optional<Instant> wake_at,
                  device(a[0]).upload_wake_at(upload_options(a)));
  row(wake_at ? std::to_string(wake_at->ms) : "-");
  return {};
}

Status follow(const Words& a) {
  IndexOptions options;
  options.path = text(a[3]);
  options.suffix = text(a[4]);
  options.gap = Millis(number(a[5]));
  options.most_list_bytes = static_cast<uint64_t>(number(a[6]));
  NEARZONE_ASSIGN(g_indexes[a[0]], device(a[1]).follow_index(a[2], options));
  return {};
}

Status fetch(const Words& a) {
  const std::optional<Fetch> next = g_indexes.at(a[0])->next();
  if (!next) return row("-"), Status();
  row(truth(next->is_index), next->path, next->etag.empty() ? "-" : next->etag, next->most_bytes);
  return {};
}

Status index_answer(const Words& a) {
  const std::vector<uint8_t> body = bytes(a[4]);
  return g_indexes.at(a[0])->index_answered(
      {static_cast<int32_t>(number(a[1])), body, text(a[2]), wait(a[3])});
}

Status list_handled(const Words& a) {
  return g_indexes.at(a[0])->list_handled(a[1], static_cast<ListOutcome>(number(a[2])), wait(a[3]));
}

Status index_status(const Words& a) {
  const IndexStatus status = g_indexes.at(a[0])->status();
  row(status.listed, status.waiting, status.given_up, status.wake_at.ms);
  return {};
}

struct OwnPlanner {
  OwnPlanner(const beacon::Plan& plan, uint64_t seed) : random(seed), planner(plan, random) {}
  SeededRandom random;
  beacon::Planner planner;
};
std::map<std::string, std::unique_ptr<OwnPlanner>> g_planners;

template <typename Enumeration>
Status read_number(const std::string& word, Enumeration last, const char* field, Enumeration& out) {
  if (number(word) < 1 || number(word) > static_cast<int64_t>(last))
    return {Code::invalid_argument, "", field};
  out = static_cast<Enumeration>(number(word));
  return {};
}

beacon::AirIdentity air_of(const std::string& word) {
  const Words part = split(word, ',');
  if (part.size() == 1) return beacon::published_air(*parse_scheme(word));
  if (part.size() == 8) {
    beacon::AirIdentity air;
    air.scheme = *parse_scheme(part[0]);
    air.carrier = static_cast<beacon::Carrier>(number(part[1]));
    bytes(part[2], air.service.bytes);
    bytes(part[3], air.ios_service.bytes);
    if (part[4] != "-") bytes(part[4], air.characteristic.bytes);
    air.metadata_size = truth(part[5]) ? 4 : 0;
    air.company = static_cast<uint16_t>(number(part[6]));
    air.overflow_bit = static_cast<int16_t>(number(part[7]));
    return air;
  }
  beacon::Uuid service, characteristic;
  bytes(part[0], service.bytes);
  bytes(part[1], characteristic.bytes);
  return beacon::nearzone_air(service, characteristic, truth(part[2]));
}

Status transmission(const Words& a) {
  beacon::System system;
  NEARZONE_TRY(read_number(a[2], beacon::System::ios, "system", system));
  NEARZONE_ASSIGN(const beacon::Transmission sent, device(a[0]).transmission(air_of(a[1]), system));
  row(static_cast<int>(sent.carrier), sent.company, truth(sent.connectable),
      hex(sent.service.bytes), hex(sent.payload_bytes()), hex(sent.advertisement_bytes()));
  return {};
}

Status abilities(const Words& a) {
  for (const auto system : {beacon::System::android, beacon::System::ios})
    for (const auto state : {beacon::AppState::foreground, beacon::AppState::background})
      for (const auto act : {beacon::Act::advertise, beacon::Act::scan, beacon::Act::gatt}) {
        const beacon::Answer answer = beacon::can(air_of(a[0]), system, state, act);
        row(static_cast<int>(answer.ability), static_cast<int>(answer.note));
      }
  return {};
}

void print_heard(const beacon::Heard& heard, SchemeTag scheme) {
  const bool found = heard.finding == beacon::Finding::identifier;
  row(static_cast<int>(heard.finding), found ? hex(heard.identifier, scheme) : "-",
      hex(heard.metadata));
}

Status decode(const Words& a) {
  beacon::Form form;
  NEARZONE_TRY(read_number(a[1], beacon::Form::gatt_value, "form", form));
  const beacon::AirIdentity air = air_of(a[0]);
  print_heard(beacon::decode(air, form, bytes(a[2])), air.scheme);
  return {};
}

// `advertise` or `scan` with a state, on, least and most pause; `slots`; `random`; `battery`.
void change(beacon::Plan& plan, const std::string& word) {
  const Words part = split(word, ',');
  const auto time = [&](size_t i) { return Millis(number(part[i])); };
  if (part[0] == "slots") {
    plan.rotation = {time(1), Millis(0), Millis(0)};
  } else if (part[0] == "random") {
    plan.rotation = {Millis(0), time(1), time(2)};
  } else if (part[0] == "battery") {
    plan.low_percent = static_cast<uint8_t>(number(part[1]));
    plan.critical_percent = static_cast<uint8_t>(number(part[2]));
  } else {
    auto& cycles = part[0] == "scan" ? plan.scan : plan.advertise;
    cycles[static_cast<size_t>(number(part[1]) - 1)] = {time(2), time(3), time(4)};
  }
}

Status planner(const Words& a) {
  beacon::System system;
  NEARZONE_ASSIGN(const SchemeTag scheme, parse_scheme(a[1]));
  NEARZONE_TRY(read_number(a[2], beacon::System::ios, "system", system));
  beacon::Plan plan = beacon::plan_for(scheme, system);
  for (size_t i = 4; i < a.size(); ++i) change(plan, a[i]);
  g_planners[a[0]] = std::make_unique<OwnPlanner>(plan, std::stoull(a[3]));
  for (const auto state : {beacon::AppState::foreground, beacon::AppState::background}) {
    const beacon::RadioSeconds seconds = beacon::radio_seconds_a_day(plan, state);
    row(seconds.advertising, seconds.scanning);
  }
  return {};
}

Status tell(const Words& a) {
  beacon::Planner& planner = g_planners.at(a[0])->planner;
  if (a[1] == "state") {
    beacon::AppState state;
    NEARZONE_TRY(read_number(a[2], beacon::AppState::background, "state", state));
    planner.set_state(state);
  } else if (a[1] == "battery") {
    // As the C interface says it.
    if (number(a[2]) > 100) return {Code::invalid_argument, "", "percent"};
    planner.set_battery(static_cast<int>(number(a[2])), false);
  } else if (a[1] == "radio") {
    planner.set_radio(a[2] != "0");
  } else {
    planner.renew();
  }
  return {};
}

Status drive(const Words& a) {
  beacon::Moment now{{number(a[1])}, Millis(number(a[2]))};
  const Millis end = now.monotonic + Millis(number(a[3]));
  std::vector<beacon::Action> actions;
  while (now.monotonic < end) {
    const Millis pause = g_planners.at(a[0])->planner.advance(now, actions);
    for (const beacon::Action& action : actions)
      row(now.utc.ms, static_cast<int>(action.kind), action.lasts.count(),
          action.peer == beacon::Peer{} ? "-" : hex(action.peer.bytes));
    now = {now.utc + pause, now.monotonic + pause};
  }
  return {};
}

beacon::Peer peer_of(const std::string& word) {
  beacon::Peer peer;
  bytes(word, peer.bytes);
  return peer;
}

Status ask(const Words& a) {
  const auto known = g_planners.at(a[0])->planner.heard(
      peer_of(a[1]), static_cast<int8_t>(number(a[2])), {{number(a[3])}, Millis(number(a[4]))});
  if (known)
    print_heard({beacon::Finding::identifier, known->identifier, known->metadata},
                SchemeTag::bluezone);
  else
    print_heard({}, SchemeTag::bluezone);
  return {};
}

Status answered(const Words& a) {
  beacon::Planner& planner = g_planners.at(a[0])->planner;
  const beacon::Moment now{{number(a[4])}, Millis(number(a[5]))};
  if (a[2] == "-") return planner.unreachable(peer_of(a[1]), now), Status();
  const beacon::Heard heard = beacon::decode(air_of(a[2]), beacon::Form::gatt_value, bytes(a[3]));
  if (heard.finding == beacon::Finding::identifier)
    planner.read(peer_of(a[1]), {heard.identifier, heard.metadata}, now);
  else
    planner.stranger(peer_of(a[1]), now);
  return {};
}

const std::map<std::string, std::function<Status(const Words&)>> kSteps = {
    {"identifiers", identifiers},
    {"report", report},
    {"open", open},
    {"close", [](const Words& a) { return g_phones.erase(a[0]), Status(); }},
    {"time", [](const Words& a) { return g_phones.at(a[0])->set({number(a[1])}), Status(); }},
    {"advertisement", advertisement},
    {"record", record},
    {"meet", meet},
    {"list", list},
    {"signature", signature},
    {"refusal", refusal},
    {"keys", keys},
    {"public_key", public_key},
    {"verify", verify},
    {"match", match},
    {"exposures",
     [](const Words& a) -> Status {
       NEARZONE_ASSIGN(const std::vector<Exposure> exposures, device(a[0]).exposures());
       print_exposures(exposures);
       return {};
     }},
    {"calibration", calibration},
    {"windows", windows},
    {"summaries", summaries},
    {"statistics", statistics},
    {"days", days},
    {"local_days", local_days},
    {"losses", losses},
    {"export", export_log},
    {"purge", purge},
    {"compact", compact},
    {"erase_day",
     [](const Words& a) {
       return device(a[0]).erase_day(Day{static_cast<int32_t>(number(a[1]))});
     }},
    {"erase_all", [](const Words& a) { return device(a[0]).erase_all(); }},
    {"suspend", [](const Words& a) { return device(a[0]).suspend(); }},
    {"resume", [](const Words& a) { return device(a[0]).resume(); }},
    {"counter", [](const Words& a) { return row(device(a[0]).log().counter()), Status(); }},
    {"disclose", disclose},
    {"begin_upload", begin_upload},
    {"upload_code", [](const Words& a) { return device(a[0]).enter_upload_code(a[1]); }},
    {"upload_status", upload_status},
    {"upload_request", upload_request},
    {"upload_answer", upload_answer},
    {"upload_wake_at", upload_wake_at},
    {"discard_upload", [](const Words& a) { return device(a[0]).discard_upload(); }},
    {"follow", follow},
    {"unfollow", [](const Words& a) { return g_indexes.erase(a[0]), Status(); }},
    {"fetch", fetch},
    {"index_answer", index_answer},
    {"list_handled", list_handled},
    {"index_status", index_status},
    {"transmission", transmission},
    {"abilities", abilities},
    {"decode", decode},
    {"planner", planner},
    {"tell", tell},
    {"drive", drive},
    {"ask", ask},
    {"answered", answered},
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::ifstream scenario(arguments[1]);
  g_folder = arguments[2];
  for (std::string line; std::getline(scenario, line);) {
    if (line.empty() || line[0] == '#') continue;
    Words words = split(line, '\t');
    const std::string verb = words[0];
    words.erase(words.begin());
    std::printf("> %s\n", verb.c_str());
    if (const Status status = kSteps.at(verb)(words); !status.ok()) print_failure(status);
  }
  g_phones.clear();  // before the library's own static objects go
  return 0;
}
