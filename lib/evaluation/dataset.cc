#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <span>
#include <tuple>

#include "evaluation/table.h"
#include "nearzone/evaluation.h"

namespace nearzone {
namespace {

using evaluation::Table;

constexpr double kScanSeconds = 10;
constexpr double kContextSeconds = 140;
constexpr double kFoot = 0.3048;
// Of one run of the cable car so many stays are chosen, evenly.
constexpr size_t kSegmentsPerRun = 200;
constexpr size_t kContextsPerRun = 50;

struct Packet {
  double seconds = 0;
  int8_t rssi_dbm = 0;
  double distance_m = 0;
};

PhonePlatform platform_of(std::string_view phone) {
  // The cable car's iPhones are named after countries and by generation; they scatter by 4 to 6 dB
  // where nothing moves, the Android phones by less than 3.
  for (std::string_view name : {"iPhone", "Denmark", "Germany", "Netherlands", "6S+", "8+"})
    if (phone.starts_with(name)) return PhonePlatform::ios;
  return PhonePlatform::android;
}

std::string pair_of(std::string_view a, std::string_view b) {
  std::string pair(std::min(a, b));
  return (pair += " | ") += std::max(a, b);
}

// Packets in order of time make a stay of as many scans as they span.
Stay stay_of(const Stay& facts, std::span<const Packet> packets) {
  Stay stay = facts;
  double distance = 0;
  const double start = packets.front().seconds;
  double scan = -1;
  for (const Packet& packet : packets) {
    const double index = std::floor((packet.seconds - start) / kScanSeconds);
    if (index > scan) stay.scans.emplace_back();
    scan = std::max(scan, index);
    stay.scans.back().push_back(packet.rssi_dbm);
    distance += packet.distance_m;
  }
  stay.seconds = packets.back().seconds - start;
  stay.distance_m = distance / static_cast<double>(packets.size());
  return stay;
}

// Cuts a recording into pieces of so many seconds and adds at most `most` of them, evenly.
void add_pieces(const Stay& facts, const std::vector<Packet>& packets, double seconds, size_t most,
                std::vector<Stay>& to) {
  std::vector<std::pair<size_t, size_t>> pieces;
  for (size_t first = 0; first < packets.size();) {
    const double piece = std::floor(packets[first].seconds / seconds);
    size_t end = first;
    while (end < packets.size() && std::floor(packets[end].seconds / seconds) == piece) ++end;
    if (end - first >= 3) pieces.emplace_back(first, end);
    first = end;
  }
  const size_t taken = std::min(most, pieces.size());
  for (size_t i = 0; i < taken; ++i) {
    const auto [first, end] = pieces[i * pieces.size() / taken];
    to.push_back(stay_of(facts, std::span(packets).subspan(first, end - first)));
  }
}

void sort_by_time(std::vector<Packet>& packets) {
  std::ranges::stable_sort(packets, {}, &Packet::seconds);
}

Result<int8_t> rssi_of(const Table& table, const char* column) {
  NEARZONE_ASSIGN(const double value, table.number(column, -128, 127));
  return static_cast<int8_t>(value);
}

Status read_edison(Table& table, Dataset& dataset) {
  std::map<std::string, std::pair<Stay, std::vector<Packet>>> runs;
  for (;;) {
    NEARZONE_ASSIGN(const bool more, table.next());
    if (!more) break;
    NEARZONE_ASSIGN(const double at, table.number("t_s", 0, 1e9));
    NEARZONE_ASSIGN(const int8_t rssi, rssi_of(table, "rssi_dbm"));
    NEARZONE_ASSIGN(const double distance, table.number("distance_cm", 0, 1e5));
    auto& [facts, packets] = runs[std::string(table.text("run"))];
    if (packets.empty()) {
      facts.place = table.text("run");
      facts.receiver = table.text("receiver");
      facts.sender = table.text("sender");
      facts.pair = pair_of(table.text("receiver"), table.text("sender"));
      facts.receiver_platform = platform_of(table.text("receiver"));
      facts.sender_platform = platform_of(table.text("sender"));
    }
    packets.push_back({at, rssi, distance / 100});
  }
  for (auto& [name, run] : runs) {
    sort_by_time(run.second);
    add_pieces(run.first, run.second, kScanSeconds, kSegmentsPerRun, dataset.segments);
    add_pieces(run.first, run.second, kContextSeconds, kContextsPerRun, dataset.contexts);
  }
  return {};
}

Status read_mitll(Table& table, Dataset& dataset) {
  using Cell = std::tuple<std::string, std::string, std::string, double>;
  std::map<Cell, std::vector<Packet>> cells;
  for (;;) {
    NEARZONE_ASSIGN(const bool more, table.next());
    if (!more) break;
    NEARZONE_ASSIGN(const double at, table.number("t_s", 0, 1e9));
    NEARZONE_ASSIGN(const int8_t rssi, rssi_of(table, "rssi_dbm"));
    NEARZONE_ASSIGN(const double rotation, table.number("rotation_deg", 0, 360));
    cells[{std::string(table.text("receiver")), std::string(table.text("environment")),
           std::string(table.text("tx_location")), rotation}]
        .push_back({at, rssi, 6 * kFoot});
  }
  for (auto& [cell, packets] : cells) {
    Stay facts;
    std::tie(facts.receiver, facts.place, facts.carried, std::ignore) = cell;
    facts.pair = pair_of(facts.receiver, facts.place);
    facts.receiver_platform = platform_of(facts.receiver);
    facts.sender_known = false;
    sort_by_time(packets);
    dataset.segments.push_back(stay_of(facts, packets));
    Stay& last = dataset.segments.back();
    const bool same = !dataset.contexts.empty() && dataset.contexts.back().pair == last.pair &&
                      dataset.contexts.back().carried == last.carried;
    if (!same) {
      dataset.contexts.push_back(last);
      continue;
    }
    Stay& context = dataset.contexts.back();
    context.seconds += last.seconds;
    context.scans.insert(context.scans.end(), last.scans.begin(), last.scans.end());
  }
  return {};
}

Status read_mitre(Table& table, Dataset& dataset) {
  // By set, file and range; then by angle.
  using Place = std::tuple<std::string, std::string, double>;
  struct Recording {
    Stay facts;
    std::map<double, std::vector<Packet>> angles;
  };
  std::map<Place, Recording> recordings;
  for (;;) {
    NEARZONE_ASSIGN(const bool more, table.next());
    if (!more) break;
    NEARZONE_ASSIGN(const double at, table.number("t_ms", 0, 1e12));
    NEARZONE_ASSIGN(const int8_t rssi, rssi_of(table, "rssi_dbm"));
    NEARZONE_ASSIGN(const double range, table.number("range_ft", 0, 1000));
    NEARZONE_ASSIGN(const double angle, table.number("angle_deg", 0, 360));
    if (rssi == kNoRssi) continue;
    Recording& recording =
        recordings[{std::string(table.text("set")), std::string(table.text("file")), range}];
    Stay& facts = recording.facts;
    if (recording.angles.empty()) {
      facts.receiver = table.text("rx_device");
      facts.sender = table.text("tx_device");
      facts.in_hand = table.has("rx_location") && table.text("rx_location") == "in hand";
      facts.pair = pair_of(table.text("rx_device"), table.text("tx_device"));
      facts.place = table.text("environment");
      facts.carried = table.text("tx_location");
      facts.receiver_platform = platform_of(table.text("rx_device"));
      facts.sender_platform = platform_of(table.text("tx_device"));
    }
    recording.angles[angle].push_back({at / 1000, rssi, range * kFoot});
  }
  for (auto& [place, recording] : recordings) {
    Stay context = recording.facts;
    for (auto& [angle, packets] : recording.angles) {
      sort_by_time(packets);
      const Stay segment = stay_of(recording.facts, packets);
      dataset.segments.push_back(segment);
      context.distance_m = segment.distance_m;
      context.seconds += segment.seconds;
      context.scans.insert(context.scans.end(), segment.scans.begin(), segment.scans.end());
    }
    dataset.contexts.push_back(std::move(context));
  }
  return {};
}

// One scene is noted down in other columns, the class (or "y", its own header) where the distance
// should be, and has Wi-Fi only.
bool is_without_bluetooth(std::string_view distance) {
  return distance == "y" || distance == "very_close" || distance == "close" || distance == "safe";
}

Status read_multichannel(Table& table, Dataset& dataset) {
  using Place = std::tuple<std::string, std::string, std::string, double>;
  std::map<Place, std::vector<Packet>> places;
  for (;;) {
    NEARZONE_ASSIGN(const bool more, table.next());
    if (!more) break;
    if (is_without_bluetooth(table.text("distance_cm"))) continue;
    NEARZONE_ASSIGN(const int8_t rssi, rssi_of(table, "rssi_ble_dbm"));
    NEARZONE_ASSIGN(const double distance, table.number("distance_cm", 0, 1e5));
    auto& packets =
        places[{std::string(table.text("environment")), std::string(table.text("sender")),
                std::string(table.text("section")), distance}];
    // There is no time; a packet a second makes the scans alike.
    packets.push_back({static_cast<double>(packets.size()), rssi, distance / 100});
  }
  for (const auto& [place, packets] : places) {
    Stay facts;
    facts.place = std::get<0>(place);
    facts.receiver = "Raspberry Pi";
    facts.sender = std::get<1>(place);
    facts.pair = pair_of(std::get<1>(place), facts.place);
    facts.receiver_platform = PhonePlatform::android;
    facts.sender_platform = platform_of(std::get<1>(place));
    facts.sender_known = std::get<1>(place) != "Pi";
    add_pieces(facts, packets, kScanSeconds, packets.size(), dataset.segments);
    add_pieces(facts, packets, kContextSeconds, packets.size(), dataset.contexts);
  }
  return {};
}

}  // namespace

std::string_view dataset_name(DatasetKind kind) {
  switch (kind) {
    case DatasetKind::herald_edison: return "herald_edison";
    case DatasetKind::mitll: return "mitll";
    case DatasetKind::mitre: return "mitre";
    case DatasetKind::multichannel: return "multichannel";
  }
  return "unknown";
}

bool may_be_fitted_on(DatasetKind kind) {
  return kind == DatasetKind::herald_edison || kind == DatasetKind::mitll;
}

Result<Dataset> read_dataset(const std::string& path) {
  NEARZONE_ASSIGN(const std::string text, evaluation::read_text(path));
  return parse_dataset(text);
}

Result<Dataset> parse_dataset(std::string_view text) {
  Table table(text);
  NEARZONE_TRY(table.read_header());
  const auto has = [&](std::initializer_list<const char*> columns) {
    return std::ranges::all_of(columns, [&](const char* column) { return table.has(column); });
  };
  Dataset dataset;
  if (has({"run", "receiver", "sender", "t_s", "rssi_dbm", "distance_cm"})) {
    dataset.kind = DatasetKind::herald_edison;
    NEARZONE_TRY(read_edison(table, dataset));
  } else if (has({"environment", "receiver", "rotation_deg", "tx_location", "t_s", "rssi_dbm"})) {
    dataset.kind = DatasetKind::mitll;
    NEARZONE_TRY(read_mitll(table, dataset));
  } else if (has({"set", "file", "t_ms", "rssi_dbm", "range_ft", "angle_deg", "rx_device",
                  "tx_device", "tx_location", "environment"})) {
    dataset.kind = DatasetKind::mitre;
    NEARZONE_TRY(read_mitre(table, dataset));
  } else if (has({"environment", "section", "sender", "distance_cm", "rssi_ble_dbm"})) {
    dataset.kind = DatasetKind::multichannel;
    NEARZONE_TRY(read_multichannel(table, dataset));
  } else {
    return Status(Code::unsupported, "no data set with these columns is known", "header");
  }
  if (dataset.segments.empty()) return Status(Code::corrupt, "the file holds no measurement");
  return dataset;
}

}  // namespace nearzone
