// Writes tests/lists/fixtures. Everything but the two P-256 keys and their signatures comes out the
// same each time:
//     make_fixtures tests/lists/fixtures
#include <algorithm>
#include <cstdio>
#include <string>

#include "lists/archive.h"
#include "lists/formats.h"
#include "lists/support.h"
#include "nearzone/sighting_reader.h"

using namespace nearzone;
using namespace nearzone::testing;

namespace {

std::string folder;

void write(const std::string& name, ByteView bytes) {
  std::string path = folder + "/" + name;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size())
    std::printf("cannot write %s\n", path.c_str());
  if (file != nullptr) std::fclose(file);
}
void write(const std::string& name, std::string_view text) { write(name, as_bytes(text)); }

Bytes flipped(Bytes bytes, size_t at) {
  bytes[at] ^= 1;
  return bytes;
}
Bytes first(const Bytes& bytes, size_t size) {
  return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

void gaen() {
  SeededRandom random(1);
  P256Signer signer;
  write("p256_public.pem", signer.pem());
  write("other_p256_public.pem", P256Signer().pem());

  std::vector<PublishedKey> keys = sample_gaen_keys(24, random);
  GaenExportHeader header = sample_gaen_header();
  Bytes export_bin = *write_gaen_export(header, keys);
  Bytes signature = signer.sign(export_bin);
  Bytes archive = *write_gaen_archive(header, export_bin, {&signature, 1});
  write("gaen_export.bin", export_bin);
  write("gaen_signed.zip", archive);
  write("gaen_truncated.zip", first(archive, archive.size() / 2));
  write("gaen_truncated.bin", first(export_bin, export_bin.size() - 5));
  write("gaen_flipped_bit.zip", flipped(archive, 200));
  write("gaen_flipped_bit.bin", flipped(export_bin, 16 + 9 + 9 + 4 + 4));
  write("gaen_wrong_magic.bin", flipped(export_bin, 2));
  write("gaen_other_version.bin", flipped(export_bin, 11));

  // The members of a sound archive, put together in other ways.
  Bytes sig;
  {
    MemorySource source(archive);
    Archive sound = *Archive::open(source, nullptr);
    auto stream = *sound.content(*sound.find("export.sig"))->stream();
    ByteView chunk;
    if (stream->next(chunk).ok()) sig.assign(chunk.begin(), chunk.end());
  }
  using Sizes = ZipBuilder::Sizes;
  write("gaen_descriptors.zip", ZipBuilder()
                                    .add("export.bin", export_bin, Sizes::in_descriptor)
                                    .add("export.sig", sig, Sizes::in_descriptor)
                                    .finish());
  write("gaen_tampered.zip", ZipBuilder()
                                 .add("export.bin", flipped(export_bin, export_bin.size() - 20))
                                 .add("export.sig", sig)
                                 .finish());
  write("gaen_two_of_one_name.zip", ZipBuilder()
                                        .add("export.bin", export_bin)
                                        .add("export.sig", sig)
                                        .add("export.bin", export_bin)
                                        .finish());
  struct {
    const char* file;
    const char* member;
  } const extras[] = {{"gaen_extra_member.zip", "content.sig"},
                      {"gaen_path_dotdot.zip", "../export.bin"},
                      {"gaen_path_absolute.zip", "/etc/passwd"},
                      {"gaen_path_backslash.zip", "..\\export.bin"}};
  for (const auto& extra : extras)
    write(extra.file, ZipBuilder()
                          .add("export.bin", export_bin)
                          .add("export.sig", sig)
                          .add(extra.member, as_bytes("?"))
                          .finish());
  write("gaen_no_export_bin.zip", ZipBuilder().add("export.sig", sig).finish());
  write("gaen_no_export_sig.zip", ZipBuilder().add("export.bin", export_bin).finish());
  write("gaen_empty_export_sig.zip",
        ZipBuilder().add("export.bin", export_bin).add("export.sig", {}).finish());
  write("gaen_damaged_export_sig.zip", ZipBuilder()
                                           .add("export.bin", export_bin)
                                           .add("export.sig", first(sig, sig.size() - 3))
                                           .finish());
  Bytes huge(1 << 20);
  std::copy(kGaenHeader.begin(), kGaenHeader.end(), huge.begin());
  write("gaen_inflates_to_1_mib.zip", ZipBuilder().add("export.bin", huge).finish());

  write("gaen_one_short_key.bin", raw_gaen_export(199, 7, {{15, 2658960, 144}}));
  write("gaen_three_long_keys.bin",
        raw_gaen_export(197, 7, {{96, 2658960, 144}, {96, 2658960, 144}, {96, 2658960, 144}}));
  write("gaen_rolling_period_0.bin", raw_gaen_export(199, 100, {{16, 2658960, 0}}));
  write("gaen_rolling_period_145.bin", raw_gaen_export(199, 199, {{16, 2658960, 145}}));
  write("gaen_negative_start.bin", raw_gaen_export(199, 0, {{16, -1, 144}}));
}

// RFC 8410's form of a public key.
std::string ed25519_pem(const PublicKey& key) {
  std::string text(64, '\0');
  int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), key.bytes().data(), 32);
  text.resize(static_cast<size_t>(size));
  return "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA" + text + "\n-----END PUBLIC KEY-----\n";
}

void nearzone_lists() {
  SeededRandom random(2);
  std::vector<PublishedKey> keys = sample_gaen_keys(20, random);
  for (PublishedKey& key : sample_bluezone_keys(5, random)) keys.push_back(key);
  std::vector<Secret<32>> seeds;
  seeds.push_back(sample_seed(1));
  NearzoneListHeader header = sample_nearzone_header();
  Bytes list = *write_nearzone_list(header, keys, seeds);
  write("nearzone_signed.nzlist", list);
  write("nearzone_truncated.nzlist", first(list, 300));
  // Another length of the first key, which follows the region and its own tag.
  auto region = std::search(list.begin(), list.end(), header.region.begin(), header.region.end());
  write("nearzone_flipped_bit.nzlist",
        flipped(list, static_cast<size_t>(region - list.begin()) + header.region.size() + 1));
  write("nearzone_newer_major.nzlist", flipped(list, 14));
  write("nearzone_tampered.nzlist", flipped(list, 21));  // within the list id
  write("nearzone_unsigned.nzlist", *write_nearzone_list(header, keys, {}));
  seeds.push_back(sample_seed(2));
  write("nearzone_two_signatures.nzlist", *write_nearzone_list(header, keys, seeds));
  SeededRandom dp3t(4);
  seeds.pop_back();
  write("nearzone_dp3t.nzlist", *write_nearzone_list(header, sample_dp3t_keys(12, dp3t), seeds));
  SeededRandom tcn(5);
  write("nearzone_tcn.nzlist", *write_nearzone_list(header, sample_tcn_reports(4, tcn), seeds));
  SeededRandom set(6);
  const Bytes small =
      *write_nearzone_set(header, SchemeTag::dp3t_unlinkable, sample_items(480, set), seeds);
  write("nearzone_set.nzset", small);
  write("nearzone_set_flipped_bit.nzset", flipped(small, small.size() - 200));
  write("nearzone_set_newer_major.nzset", flipped(small, 14));
  write("nearzone_set_truncated.nzset", first(small, 1000));
  write("nearzone_set_empty.nzset",
        *write_nearzone_set(header, SchemeTag::dp3t_unlinkable, {}, seeds));
  write("ed25519_public.pem", ed25519_pem(sample_ed25519_key(1)));
}

void bluezone() {
  SeededRandom random(3);
  write("bluezone.json", *write_bluezone_list(sample_bluezone_keys(6, random)));
  auto record = [](const char* key, const char* start, const char* end, const char* max) {
    return std::string("{\"daily_key\":") + key + ",\"time_start\":" + start +
           ",\"time_end\":" + end + ",\"max\":" + max + "}";
  };
  const char* key = "\"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\"";
  const char* good[] = {key, "1596844800", "1598054400", "96"};
  std::string text = "{\"data\":[";
  text += record(good[0], good[1], good[2], good[3]) + ",\n";
  text += record("\"00010\"", good[1], good[2], good[3]) + ",\n";       // 1: odd length
  text += record("\"0001\"", good[1], good[2], good[3]) + ",\n";        // 2: short key
  text += record("17", good[1], good[2], good[3]) + ",\n";              // 3: key is a number
  text += record(good[0], "\"1596844800\"", good[2], good[3]) + ",\n";  // 4: number as text
  text += record(good[0], good[1], "1598054400.5", good[3]) + ",\n";    // 5: not whole
  text += record(good[0], good[1], "1596844799", good[3]) + ",\n";      // 6: ends before it starts
  text += record(good[0], good[1], "1602201601", good[3]) + ",\n";      // 7: 62 days and a second
  text += record(good[0], good[1], good[2], "0") + ",\n";               // 8: no identifiers
  text += record(good[0], good[1], good[2], "1441") + ",\n";            // 9: too many
  text += record(good[0], "-1", good[2], good[3]) + ",\n";              // 10: before 1970
  text += "{\"daily_key\":" + std::string(key) + "},\n";                // 11: fields missing
  text += "null,\n";                                                    // 12: no object
  text += record(good[0], good[1], good[2], "[96]") + ",\n";            // 13: an array
  text += record(good[0], good[1], good[2], "96,\"max\":96") + ",\n";   // 14: a field twice
  text += record(good[0], good[1], good[2], "1440,\"note\":{\"max\":0}") + "]}";  // 15: good
  write("bluezone_bad_records.json", text);
  write("bluezone_broken.json", text.substr(0, text.size() / 2));
  write("bluezone_bare_array.json", "[" + record(good[0], good[1], good[2], good[3]) + "]");
  write("bluezone_deep.json", "{\"x\":" + std::string(40, '[') + std::string(40, ']') + "}");
  write("bluezone_list_is_text.json", "{\"data\":\"[]\"}");
}

void sightings() {
  write("sightings.csv",
        "time_ms,identifier,rssi_dbm,metadata,source,scan_ms,scheme\n"
        "1595376000000,000102030405060708090a0b0c0d0e0f,-61,40080000,advertisement,1595375999000,"
        "gaen\n"
        "1595376000250,286bce589ab994efa5f73cad,-74,,gatt,1595375999000,bluezone\n"
        "1595376300000,101112131415161718191A1B1C1D1E1F,127,f4,,,\n");
  write("bluezone_history.tsv",
        "286BCE589AB994EFA5F73CAD\tAAAAAAAAAAAAAAAAAAAAAAAA\t-74\t1596887252275\n"
        "286BCE589AB994EFA5F73CAD\tAAAAAAAAAAAAAAAAAAAAAAAA\t-53\t1596887262\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::printf("make_fixtures FOLDER\n");
    return 2;
  }
  folder = argv[1];
  gaen();
  nearzone_lists();
  bluezone();
  sightings();
  return 0;
}
