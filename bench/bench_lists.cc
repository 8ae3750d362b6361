// What a published key costs before it is matched: lists of 100,000 keys on disk, opened, verified
// and streamed, as a whole and by stage, beside the floors of the same run. What a benchmark does
// is compared with what was written before it is timed.
#include <benchmark/benchmark.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#ifdef NEARZONE_HAS_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "core/crypto.h"
#include "kernel/kernel.h"
#include "lists/archive.h"
#include "lists/sha256.h"
#include "nearzone/lists.h"
#include "nearzone/random.h"

namespace nearzone {
namespace {

using Bytes = std::vector<uint8_t>;
using Keys = std::vector<PublishedKey>;

constexpr size_t kKeys = 100000;
constexpr size_t kBatch = 4096;
constexpr Day kFirstDay{18500};
constexpr int32_t kDays = 14;
constexpr size_t kExportHeaderBytes = 16;

// In the order of lists, so that writing them changes nothing.
Keys make_keys(SchemeTag scheme) {
  SeededRandom random(1);
  Keys keys(kKeys);
  for (PublishedKey& key : keys) {
    key.scheme = scheme;
    random.fill(MutableBytes(key.bytes).first(published_key_size(scheme)));
    key.valid_from = (kFirstDay + static_cast<int32_t>(random.below(kDays))).start();
    key.valid_to = key.valid_from + Day::kLength;
    if (scheme == SchemeTag::bluezone) {
      key.identifiers_per_day = 96;
    } else {
      key.report_type = ReportType::confirmed_test;
      key.transmission_risk_level = static_cast<uint8_t>(1 + random.below(8));
    }
  }
  std::ranges::sort(keys, {}, &PublishedKey::bytes);
  for (size_t i = 0; i < keys.size(); ++i) keys[i].record = i;
  return keys;
}

// A list as a file, and what it holds.
struct ListFile {
  std::string path;
  Keys keys;
  std::vector<PublicKey> public_keys;
  SignatureOutcome outcome = SignatureOutcome::verified;
};

class Folder {
 public:
  Folder() {
    path_ = std::filesystem::temp_directory_path() / ("bench_lists." + std::to_string(getpid()));
    std::filesystem::create_directory(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code left_behind;
    std::filesystem::remove_all(path_, left_behind);
  }

  std::string write(const char* name, ByteView bytes) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

struct P256Signature {
  Bytes der;
  Bytes public_key;
};

P256Signature sign(ByteView message) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  P256Signature signature{Bytes(80), Bytes(200)};
  size_t size = signature.der.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.der.data(), &size, message.data(), message.size()) !=
          1)
    return {};
  signature.der.resize(size);
  uint8_t* end = signature.public_key.data();
  signature.public_key.resize(static_cast<size_t>(std::max(0, i2d_PUBKEY(key.get(), &end))));
  return signature;
}

Bytes export_of(const Keys& keys, GaenExportHeader& header) {
  header.region = "VN";
  header.start = kFirstDay.start();
  header.end = (kFirstDay + kDays).start();
  header.signatures = {{"452", "v1", "1.2.840.10045.4.3.2"}};
  return *write_gaen_export(header, keys);
}

ListFile make_export(const Folder& folder) {
  ListFile file;
  file.keys = make_keys(SchemeTag::gaen);
  GaenExportHeader header;
  const Bytes export_bin = export_of(file.keys, header);
  const P256Signature signature = sign(export_bin);
  file.path =
      folder.write("export.zip", *write_gaen_archive(header, export_bin, {&signature.der, 1}));
  file.public_keys.push_back(*PublicKey::parse(signature.public_key));
  return file;
}

ListFile make_nearzone(const Folder& folder) {
  ListFile file;
  file.keys = make_keys(SchemeTag::gaen);
  const Secret<32> seed;
  const NearzoneListHeader header{1, 1, "VN", kFirstDay.start(), (kFirstDay + kDays).start()};
  file.path = folder.write("list.nzlist", *write_nearzone_list(header, file.keys, {&seed, 1}));
  file.public_keys.push_back(PublicKey::ed25519(ed25519_public_key(seed)));
  return file;
}

ListFile make_bluezone(const Folder& folder) {
  ListFile file;
  file.keys = make_keys(SchemeTag::bluezone);
  file.path = folder.write("list.json", as_bytes(*write_bluezone_list(file.keys)));
  file.outcome = SignatureOutcome::unsigned_list;
  return file;
}

// All keys of a list; what it keeps in memory is one batch, unless `all` is given.
size_t stream(KeyList& list, Keys* all) {
  const auto keys = list.keys();
  size_t count = 0;
  for (Keys batch;;) {
    if (!keys.ok() || !(*keys)->next(kBatch, batch).ok()) return 0;
    if (batch.empty()) return count;
    count += batch.size();
    if (all != nullptr) all->insert(all->end(), batch.begin(), batch.end());
    benchmark::DoNotOptimize(batch.data());
  }
}

bool holds_what_was_written(const ListFile& file) {
  const auto source = FileSource::open(file.path);
  const auto list = KeyList::open(**source);
  Keys keys;
  return list.ok() && (*list)->verify(file.public_keys).outcome == file.outcome &&
         stream(**list, &keys) == kKeys && keys == file.keys;
}

// Times `work`, which tells whether it did what it should.
template <typename Work>
void measure(benchmark::State& run, const Work& work) {
  for (auto _ : run) {
    if (!work()) return run.SkipWithError("gives something else than was written");
    benchmark::ClobberMemory();
  }
  run.counters["per_key"] =
      benchmark::Counter(static_cast<double>(kKeys), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

template <typename Work>
void add(const std::string& name, Work work) {
  benchmark::RegisterBenchmark(name.c_str(), [work](benchmark::State& run) {
    measure(run, work);
  })->Unit(benchmark::kMillisecond);
}

// What is done with every list.
void add_list(const std::string& name, const ListFile& file) {
  add(name + "/all", [&file, checked = holds_what_was_written(file)] {
    if (!checked) return false;
    const auto source = FileSource::open(file.path);
    const auto list = KeyList::open(**source);
    return list.ok() && (*list)->verify(file.public_keys).outcome == file.outcome &&
           stream(**list, nullptr) == kKeys;
  });
  add(name + "/open", [&file] {
    const auto source = FileSource::open(file.path);
    const auto list = KeyList::open(**source);
    return list.ok() && (*list)->info().keys == kKeys;
  });
  struct Open {
    std::unique_ptr<FileSource> source;
    std::unique_ptr<KeyList> list;
  };
  const auto open = std::make_shared<Open>();
  open->source = *FileSource::open(file.path);
  open->list = *KeyList::open(*open->source);
  add(name + "/verify",
      [&file, open] { return open->list->verify(file.public_keys).outcome == file.outcome; });
  add(name + "/keys", [open] { return stream(*open->list, nullptr) == kKeys; });
}

// Of the export's opening: inflating export.bin and its SHA-256. The rest of it is the first of the
// two times that the keys are parsed.
void add_stages(const ListFile& file, const Bytes& export_bin) {
  add("export/inflate", [&file, &export_bin] {
    const auto source = FileSource::open(file.path);
    const auto archive = Archive::open(**source, nullptr);
    const auto content = archive->content(*archive->find("export.bin"));
    const auto inflated = std::make_unique_for_overwrite<uint8_t[]>(content->size());
    return content->read_whole({inflated.get(), content->size()}, nullptr).ok() &&
           content->size() == export_bin.size() &&
           std::memcmp(inflated.get(), export_bin.data(), kExportHeaderBytes) == 0;
  });
  add("export/hash", [&export_bin, expected = sha256(export_bin)] {
    ListHash hash;
    hash.update(export_bin);
    return hash.finish() == expected;
  });
}

uint64_t trusted_varint(const uint8_t*& at) {
  uint64_t value = *at & 0x7f;
  for (unsigned shift = 7; *at++ >= 0x80; shift += 7) value |= uint64_t{*at & 0x7fu} << shift;
  return value;
}

// The keys of an export whose fields are known to be whole, in order and within bounds: no reader
// of lists can do less.
size_t walk(const uint8_t* at, const uint8_t* end, Keys& batch) {
  size_t count = 0;
  while (at != end) {
    const uint8_t tag = *at++;
    if (tag != (7 << 3 | 2)) {
      if ((tag & 7) == 0) trusted_varint(at);
      if ((tag & 7) == 1) at += 8;
      if ((tag & 7) == 2) at += trusted_varint(at);
      continue;
    }
    const uint8_t* const record_end = at + 1 + *at;
    if (batch.size() == kBatch) batch.clear();
    PublishedKey& key = batch.emplace_back();
    key.record = count++;
    std::memcpy(key.bytes.data(), at + 3, 16);
    uint64_t field[6] = {0, 0, 0, 0, 144, 0};
    for (at += 19; at != record_end;) {
      const uint8_t number = *at++ >> 3;
      field[number] = trusted_varint(at);
    }
    key.transmission_risk_level = static_cast<uint8_t>(field[2]);
    key.valid_from = Interval{static_cast<uint32_t>(field[3])}.start();
    key.valid_to = key.valid_from + static_cast<int64_t>(field[4]) * Interval::kLength;
    key.report_type = static_cast<ReportType>(field[5]);
  }
  return count;
}

// The data of export.bin, the first member of the archive.
Bytes deflated_export(const std::string& path) {
  const auto source = FileSource::open(path);
  const auto archive = Archive::open(**source, nullptr);
  Bytes data((*archive).find("export.bin")->stored_size);
  uint8_t header[30];
  if (!(*source)->read(0, header).ok()) return {};
  // Behind its name and an extra field, whose lengths are the last two numbers of the header.
  const uint64_t begin =
      sizeof header + load_le32(header + 26) % 0x10000 + load_le32(header + 26) / 0x10000;
  return (*source)->read(begin, data).ok() ? data : Bytes();
}

void add_floors(const ListFile& file, const Bytes& export_bin) {
#ifdef NEARZONE_HAS_LIBDEFLATE
  const auto deflated = std::make_shared<Bytes>(deflated_export(file.path));
  const std::shared_ptr<libdeflate_decompressor> decompressor(libdeflate_alloc_decompressor(),
                                                              libdeflate_free_decompressor);
  const auto out = std::make_shared<Bytes>(export_bin.size());
  const auto inflate = [deflated, decompressor, out] {
    return libdeflate_deflate_decompress(decompressor.get(), deflated->data(), deflated->size(),
                                         out->data(), out->size(), nullptr) == LIBDEFLATE_SUCCESS;
  };
  add("floor/inflate",
      [inflate, same = inflate() && *out == export_bin] { return same && inflate(); });
#endif
  add("floor/hash", [&export_bin] {
    uint32_t state[8];
    std::copy_n(kernel::kSha256Initial, 8, state);
    kernel::active().sha256_stream(state, reinterpret_cast<const uint8_t(*)[64]>(export_bin.data()),
                                   export_bin.size() / 64);
    return true;
  });
  Keys last;
  last.reserve(kBatch);
  const uint8_t* const begin = export_bin.data() + kExportHeaderBytes;
  const uint8_t* const end = export_bin.data() + export_bin.size();
  const bool same = walk(begin, end, last) == kKeys &&
                    std::ranges::equal(last, std::span(file.keys).last(last.size()));
  add("floor/walk", [same, begin, end] {
    static thread_local Keys batch;
    batch.reserve(kBatch);
    return same && walk(begin, end, batch) == kKeys;
  });
}

void run() {
  const Folder folder;
  const ListFile gaen = make_export(folder);
  const ListFile nearzone = make_nearzone(folder);
  const ListFile bluezone = make_bluezone(folder);
  GaenExportHeader header;
  const Bytes export_bin = export_of(gaen.keys, header);
  add_list("export", gaen);
  add_stages(gaen, export_bin);
  add_floors(gaen, export_bin);
  add_list("nearzone", nearzone);
  add_list("bluezone", bluezone);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace
}  // namespace nearzone

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  nearzone::run();
}
