// What the bindings' benchmarks are compared with: the same work through the C++ interface.
//
//   bindings_reference FOLDER
//
// Writes FOLDER/list, of 10^5 keys, and FOLDER/sightings, 10^5 structs of the C interface that one
// of the keys was heard among. Then, for each line that it reads, it records the sightings on a new
// phone, matches the list with them, and prints how many nanoseconds each took and how many
// exposures were found.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "nearzone.h"
#include "nearzone/device.h"

using nearzone::Day;
using nearzone::Instant;
using nearzone::Millis;

namespace {

constexpr size_t kKeys = 100'000;
constexpr size_t kSightings = 100'000;
constexpr size_t kScansACall = 100;
constexpr size_t kSightingsAScan = 10;
constexpr size_t kHeardSlots = 6;

[[noreturn]] void fail(const char* text) {
  fprintf(stderr, "%s\n", text);
  exit(1);
}

template <class Value>
Value must(nearzone::Result<Value> result) {
  if (!result.ok()) fail(result.status().text());
  return *std::move(result);
}

void write(const std::string& path, const void* bytes, size_t size) {
  FILE* file = fopen(path.c_str(), "wb");
  if (file == nullptr || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
    fail("a file could not be written");
  }
}

Day yesterday() { return Day::of(nearzone::SystemClock().now()) + -1; }

std::vector<nearzone::PublishedKey> make_keys(nearzone::Random& random) {
  std::vector<nearzone::PublishedKey> keys(kKeys);
  for (nearzone::PublishedKey& key : keys) {
    random.fill({key.bytes.data(), 16});
    key.valid_from = yesterday().start();
    key.valid_to = (yesterday() + 1).start();
    key.report_type = nearzone::ReportType::confirmed_test;
  }
  return keys;
}

// Strangers all day, and one of the list's people for an hour.
std::vector<nz_sighting> make_sightings(nearzone::Random& random,
                                        const nearzone::PublishedKey& heard) {
  nz_published_key key{};
  memcpy(key.bytes, heard.bytes.data(), sizeof key.bytes);
  key.scheme = NZ_SCHEME_GAEN;
  key.valid_from_ms = heard.valid_from.ms;
  key.valid_to_ms = heard.valid_to.ms;
  key.identifiers_per_day = heard.identifiers_per_day;
  key.days_since_onset = NZ_UNKNOWN;
  std::vector<nz_broadcast> sent(200);
  size_t count = 0;
  if (nz_derive_identifiers(&key, sent.data(), sent.size(), &count, nullptr) != NZ_OK) {
    fail("the key stands for nothing");
  }
  std::vector<nz_sighting> sightings(kSightings);
  for (size_t i = 0; i < kSightings; ++i) {
    nz_sighting& sighting = sightings[i];
    random.fill({sighting.identifier, 16});
    random.fill({sighting.metadata, 4});
    sighting.time_ms = heard.valid_from.ms + static_cast<int64_t>(i * 86'400'000 / kSightings);
    sighting.scheme = NZ_SCHEME_GAEN;
    sighting.heard_by = NZ_HEARD_BY_ADVERTISEMENT;
    sighting.rssi_dbm = static_cast<int8_t>(-50 - static_cast<int>(i % 40));
    sighting.metadata_size = 4;
    const auto slot = static_cast<size_t>((sighting.time_ms - sent[0].start_ms) / 600'000);
    if (slot >= 60 && slot < 60 + kHeardSlots && i % 20 == 0) {
      memcpy(sighting.identifier, sent[slot].identifier, sizeof sighting.identifier);
    }
  }
  return sightings;
}

class Phone {
 public:
  explicit Phone(const std::string& folder) {
    nearzone::DeviceOptions options;
    options.log.durability = nearzone::Durability::last_moments;
    device_ = must(nearzone::Device::open(folder, nearzone::Secret<32>::random(random_), clock_,
                                          random_, options));
  }

  void record(const std::vector<nz_sighting>& all) {
    constexpr size_t kACall = kScansACall * kSightingsAScan;
    std::vector<nearzone::Sighting> sightings(kACall);
    std::vector<nearzone::SightingBatch> batches(kScansACall);
    for (size_t first = 0; first < all.size(); first += kACall) {
      for (size_t i = 0; i < kACall; ++i) {
        const nz_sighting& from = all[first + i];
        nearzone::Sighting& to = sightings[i];
        memcpy(to.identifier.bytes.data(), from.identifier, sizeof from.identifier);
        memcpy(to.metadata.bytes.data(), from.metadata, sizeof from.metadata);
        to.metadata.size = from.metadata_size;
        to.time = Instant{from.time_ms};
        to.rssi_dbm = from.rssi_dbm;
      }
      for (size_t scan = 0; scan < kScansACall; ++scan) {
        const std::span<const nearzone::Sighting> heard(&sightings[scan * kSightingsAScan],
                                                        kSightingsAScan);
        batches[scan] = {{heard.front().time, std::nullopt}, heard};
      }
      if (const auto recorded = device_->record(batches); !recorded.ok()) fail(recorded.text());
    }
  }

  size_t match(const std::string& path) {
    const auto source = must(nearzone::FileSource::open(path));
    nearzone::CheckOptions options;
    options.accept_unverified_lists = true;
    return must(device_->check(*source, options)).exposures.size();
  }

 private:
  nearzone::SystemClock clock_;
  nearzone::SystemRandom random_;
  std::unique_ptr<nearzone::Device> device_;
};

long long nanoseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
}

void run(const std::string& folder) {
  nearzone::SeededRandom random(7);
  const auto keys = make_keys(random);
  const auto sightings = make_sightings(random, keys[kKeys / 2]);
  nearzone::GaenExportHeader header;
  header.region = "VN";
  header.start = yesterday().start();
  header.end = (yesterday() + 1).start();
  const std::vector<uint8_t> list = must(nearzone::write_gaen_export(header, keys));
  write(folder + "/list", list.data(), list.size());
  write(folder + "/sightings", sightings.data(), sightings.size() * sizeof(nz_sighting));
  puts("ready");
  fflush(stdout);

  char line[16];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    const std::string home = folder + "/reference";
    long long recording = 0;
    long long matching = 0;
    size_t exposures = 0;
    {
      Phone phone(home);
      const auto start = std::chrono::steady_clock::now();
      phone.record(sightings);
      recording = nanoseconds_since(start);
      const auto middle = std::chrono::steady_clock::now();
      exposures = phone.match(folder + "/list");
      matching = nanoseconds_since(middle);
    }
    // All is quiet when the other side has its turn.
    std::filesystem::remove_all(home);
    printf("%lld %lld %zu\n", recording, matching, exposures);
    fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) fail("bindings_reference FOLDER");
  // As in every application, this is not the only thread: locks and memory then cost what they do.
  std::thread([&] { run(argv[1]); }).join();
}
