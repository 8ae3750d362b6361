#include "lists/support.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "core/crypto.h"
#include "lists/formats.h"
#include "lists/gaen_fields.h"
#include "nearzone/tcn.h"
#include "tests_folder.h"

namespace nearzone::testing {
namespace {

void common_facts(PublishedKey& key, Random& random) {
  key.report_type = static_cast<ReportType>(random.below(6));
  if (random.below(3) > 0)
    key.days_since_onset = static_cast<int8_t>(static_cast<int>(random.below(29)) - 14);
  key.transmission_risk_level = static_cast<uint8_t>(random.below(9));
  key.revised = random.below(4) == 0;
}

void put(Bytes& out, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

Bytes deflated(ByteView content) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, static_cast<uLong>(content.size())));
  Bytes in(content.begin(), content.end());
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::vector<PublishedKey> sample_gaen_keys(size_t count, Random& random) {
  std::vector<PublishedKey> keys(count);
  for (PublishedKey& key : keys) {
    key.scheme = SchemeTag::gaen;
    random.fill(std::span(key.bytes).first(16));
    int64_t first = static_cast<int64_t>(random.below(14 * 144));
    int64_t period = random.below(2) == 0 ? 144 : 1 + static_cast<int64_t>(random.below(144));
    key.valid_from = kSampleDay.start() + first * Interval::kLength;
    key.valid_to = key.valid_from + period * Interval::kLength;
    common_facts(key, random);
  }
  return keys;
}

std::vector<PublishedKey> sample_bluezone_keys(size_t count, Random& random) {
  std::vector<PublishedKey> keys(count);
  for (PublishedKey& key : keys) {
    key.scheme = SchemeTag::bluezone;
    random.fill(key.bytes);
    key.valid_from = (kSampleDay + static_cast<int32_t>(random.below(14))).start();
    key.valid_to = key.valid_from + std::chrono::seconds(random.below(62 * 86400));
    key.identifiers_per_day = 1 + static_cast<uint32_t>(random.below(1440));
  }
  return keys;
}

std::vector<PublishedKey> sample_dp3t_keys(size_t count, Random& random) {
  std::vector<PublishedKey> keys(count);
  for (PublishedKey& key : keys) {
    key.identifiers_per_day = std::array{96u, 96u, 144u, 1440u}[random.below(4)];
    key.valid_from = (kSampleDay + static_cast<int32_t>(random.below(14))).start();
    key.released_at = key.valid_from + std::chrono::seconds(1 + random.below(20 * 86400));
    if (random.below(2) == 0) {
      key.scheme = SchemeTag::dp3t_low_cost;
      random.fill(key.bytes);
      key.valid_to = (Day::of(*key.released_at - Millis(1)) + 1).start();
    } else {
      key.scheme = SchemeTag::dp3t_hybrid;
      random.fill(std::span(key.bytes).first(16));
      const Millis window = std::chrono::hours(random.below(2) == 0 ? 2 : 4);
      key.valid_to = key.valid_from + window;
    }
    common_facts(key, random);
  }
  return keys;
}

std::vector<PublishedKey> sample_tcn_reports(size_t count, Random& random) {
  std::vector<PublishedKey> keys(count);
  for (PublishedKey& key : keys) {
    const tcn::ReportAuthorizationKey rak{Secret<32>::random(random)};
    Bytes memo(random.below(tcn::kMaxMemo + 1));
    random.fill(memo);
    const auto first = static_cast<uint16_t>(1 + random.below(50));
    key.scheme = SchemeTag::tcn;
    key.bytes = tcn::verification_key(rak).bytes;
    const auto type = static_cast<tcn::MemoType>(random.below(4));
    const auto last = static_cast<uint16_t>(first + random.below(24));
    key.report = *tcn::make_report(rak, first, last, type, memo);
    if (random.below(2) == 0)
      key.released_at = kSampleDay.start() + std::chrono::seconds(random.below(86400));
    common_facts(key, random);
  }
  return keys;
}

std::vector<SetItem> sample_items(size_t count, Random& random) {
  std::vector<SetItem> items(count);
  for (SetItem& item : items) random.fill(item.bytes);
  return items;
}

std::vector<PublishedKey> as_written(std::vector<PublishedKey> keys, bool revised_last) {
  std::stable_sort(keys.begin(), keys.end(),
                   [revised_last](const PublishedKey& a, const PublishedKey& b) {
                     auto rank = [revised_last](const PublishedKey& key) {
                       return std::make_tuple(revised_last && key.revised, key.scheme, key.bytes,
                                              key.valid_from, key.valid_to);
                     };
                     return rank(a) < rank(b);
                   });
  for (size_t i = 0; i < keys.size(); ++i) keys[i].record = i;
  return keys;
}

GaenExportHeader sample_gaen_header() {
  GaenExportHeader header;
  header.region = "VN";
  header.start = kSampleDay.start();
  header.end = (kSampleDay + 1).start();
  header.signatures = {{"452", "v1", "1.2.840.10045.4.3.2"}};
  return header;
}

NearzoneListHeader sample_nearzone_header() {
  NearzoneListHeader header;
  header.list_id = 0x1122334455667788;
  header.sequence = 42;
  header.region = "VN";
  header.valid_from = kSampleDay.start();
  header.valid_to = (kSampleDay + 15).start();
  return header;
}

Secret<32> sample_seed(uint8_t number) {
  std::array<uint8_t, 32> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(number + i);
  return Secret<32>(bytes);
}

PublicKey sample_ed25519_key(uint8_t number) {
  return PublicKey::ed25519(ed25519_public_key(sample_seed(number)));
}

P256Signer::P256Signer() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

Bytes P256Signer::sign(ByteView message) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
  Bytes signature(128);
  size_t size = signature.size();
  EVP_DigestSign(context, signature.data(), &size, message.data(), message.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return signature;
}

Bytes P256Signer::der() const {
  unsigned char* encoded = nullptr;
  int size = i2d_PUBKEY(key_.get(), &encoded);
  Bytes out(encoded, encoded + size);
  OPENSSL_free(encoded);
  return out;
}

std::string P256Signer::pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(memory, key_.get());
  std::string out(4096, '\0');
  int size = BIO_read(memory, out.data(), static_cast<int>(out.size()));
  BIO_free(memory);
  out.resize(static_cast<size_t>(size));
  return out;
}

PublicKey P256Signer::public_key() const { return *PublicKey::parse(der()); }

Bytes signed_gaen_archive(const std::vector<PublishedKey>& keys, const P256Signer& signer) {
  GaenExportHeader header = sample_gaen_header();
  Bytes export_bin = *write_gaen_export(header, keys);
  Bytes signature = signer.sign(export_bin);
  return *write_gaen_archive(header, export_bin, {&signature, 1});
}

ZipBuilder& ZipBuilder::add(const std::string& name, ByteView content, Sizes sizes) {
  return add_deflated(name, content, deflated(content), sizes);
}

ZipBuilder& ZipBuilder::add_deflated(const std::string& name, ByteView content,
                                     const Bytes& deflated, Sizes sizes) {
  // Source: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.9 and 4.3.12.
  bool late = sizes == Sizes::in_descriptor;
  uint32_t checksum =
      static_cast<uint32_t>(crc32(0, content.data(), static_cast<uInt>(content.size())));
  uint32_t packed_size = static_cast<uint32_t>(deflated.size());
  uint32_t size = static_cast<uint32_t>(content.size());
  uint32_t offset = static_cast<uint32_t>(members_.size());
  auto common = [&](Bytes& out, bool in_directory) {
    put(out, 20, 2);
    put(out, late ? 8 : 0, 2);
    put(out, 8, 2);
    put(out, 0x00210000, 4);
    put(out, late && !in_directory ? 0 : checksum, 4);
    put(out, late && !in_directory ? 0 : packed_size, 4);
    put(out, late && !in_directory ? 0 : size, 4);
    put(out, static_cast<uint32_t>(name.size()), 2);
    put(out, 0, 2);
  };
  put(members_, 0x04034b50, 4);
  common(members_, false);
  members_.insert(members_.end(), name.begin(), name.end());
  members_.insert(members_.end(), deflated.begin(), deflated.end());
  if (late) {
    put(members_, 0x08074b50, 4);
    put(members_, checksum, 4);
    put(members_, packed_size, 4);
    put(members_, size, 4);
  }
  put(directory_, 0x02014b50, 4);
  put(directory_, 20, 2);
  common(directory_, true);
  put(directory_, 0, 2);  // comment
  put(directory_, 0, 2);  // disk
  put(directory_, 0, 2);  // internal attributes
  put(directory_, 0, 4);  // external attributes
  put(directory_, offset, 4);
  directory_.insert(directory_.end(), name.begin(), name.end());
  ++count_;
  return *this;
}

Bytes ZipBuilder::finish() const {
  Bytes out = members_;
  out.insert(out.end(), directory_.begin(), directory_.end());
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, count_, 2);
  put(out, count_, 2);
  put(out, static_cast<uint32_t>(directory_.size()), 4);
  put(out, static_cast<uint32_t>(members_.size()), 4);
  put(out, 0, 2);
  return out;
}

Bytes raw_gaen_export(size_t good, size_t position, const std::vector<RawGaenKey>& bad) {
  using namespace gaen_fields;
  Bytes out(kGaenHeader.begin(), kGaenHeader.end());
  WireWriter writer(out);
  SeededRandom random(145);
  auto add = [&](const RawGaenKey& raw) {
    Bytes key(raw.key_bytes);
    random.fill(key);
    Bytes record;
    WireWriter fields(record);
    fields.bytes(kKeyData, key);
    fields.varint(kRollingStart, static_cast<uint64_t>(raw.rolling_start));
    fields.varint(kRollingPeriod, static_cast<uint64_t>(raw.rolling_period));
    writer.bytes(kKeys, record);
  };
  for (size_t i = 0; i <= good; ++i) {
    if (i == position)
      for (const RawGaenKey& raw : bad) add(raw);
    if (i < good) add({});
  }
  return out;
}

Result<std::vector<PublishedKey>> read_keys(KeyList& list, size_t batch_size) {
  NEARZONE_ASSIGN(auto stream, list.keys());
  std::vector<PublishedKey> all;
  for (std::vector<PublishedKey> batch;;) {
    NEARZONE_TRY(stream->next(batch_size, batch));
    if (batch.empty()) return all;
    all.insert(all.end(), batch.begin(), batch.end());
  }
}

Result<std::vector<PublishedKey>> read_keys(ByteView bytes, const ListOptions& options) {
  MemorySource source(bytes);
  NEARZONE_ASSIGN(auto list, KeyList::open(source, options));
  return read_keys(*list);
}

Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

Bytes read_file(const std::string& path) {
  Bytes out;
  if (std::FILE* file = std::fopen(path.c_str(), "rb")) {
    uint8_t buffer[4096];
    for (size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
      out.insert(out.end(), buffer, buffer + got);
    std::fclose(file);
  }
  return out;
}

std::string fixture_path(const std::string& name) {
  return test::tests_folder() + "/lists/fixtures/" + name;
}

Bytes fixture(const std::string& name) { return read_file(fixture_path(name)); }

}  // namespace nearzone::testing
