// Writes life.tsv: make_life tests > tests/scenario/life.tsv
#include <cstdio>
#include <string>
#include <vector>

#include "nearzone/bytes.h"
#include "nearzone/dp3t.h"
#include "nearzone/lists.h"
#include "nearzone/scheme.h"

using namespace nearzone;

namespace {

using Words = std::vector<std::string>;

void comment(const std::string& text) { std::printf("\n# %s\n", text.c_str()); }

std::string hex(std::string_view text) { return text.empty() ? "-" : to_hex(as_bytes(text)); }

void step(const Words& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : "\t") + word;
  std::printf("%s\n", line.c_str());
}

std::string number(int64_t value) { return std::to_string(value); }

std::vector<uint8_t> read_file(const std::string& path) {
  auto source = FileSource::open(path);
  if (!source.ok()) std::exit(1);
  std::vector<uint8_t> bytes((*source)->size());
  if (!(*source)->read(0, bytes).ok()) std::exit(1);
  return bytes;
}

std::vector<PublishedKey> keys_of(ByteView bytes) {
  MemorySource source(bytes);
  const auto list = KeyList::open(source);
  if (!list.ok()) std::exit(1);
  const auto stream = (*list)->keys();
  std::vector<PublishedKey> keys, batch;
  do {
    if (!(*stream)->next(100, batch).ok()) std::exit(1);
    keys.insert(keys.end(), batch.begin(), batch.end());
  } while (!batch.empty());
  return keys;
}

// What a key was on the air as, in its first part's slot.
std::string sighting_of(const PublishedKey& key, uint32_t slot, Millis after, int rssi) {
  const Scheme& scheme = *find_scheme(key.scheme);
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  KeyPart* part = parts.data();
  scheme.prepare({&part, 1});
  const Derivation one{part, {slot, slot + 1}};
  Identifier identifier;
  scheme.expand({&one, 1}, {&identifier, 1});
  const Instant time = scheme.window(*part, slot).from + after;
  return std::string(scheme_name(key.scheme)) + ',' +
         to_hex(ByteView(identifier.bytes).first(identifier_size(key.scheme))) + ',' +
         number(time.ms) + ',' + number(rssi) + ",0," +
         (key.scheme == SchemeTag::gaen ? "40f20000" : "-");
}

Instant heard_at(const PublishedKey& key, uint32_t slot, Millis after) {
  const Scheme& scheme = *find_scheme(key.scheme);
  std::vector<KeyPart> parts;
  scheme.split({&key, 1}, parts);
  return scheme.window(parts[0], slot).from + after;
}

// Scans a minute apart in one slot, each of which heard the key.
void record_near(const std::string& phone, const PublishedKey& key, uint32_t slot, int scans) {
  for (int i = 0; i < scans; ++i) {
    const Millis after = std::chrono::minutes(i);
    const Instant start = heard_at(key, slot, after);
    step({"time", phone, number(start.ms)});
    step({"record", phone, number(start.ms),
          i == 0 ? "-" : number((start - std::chrono::minutes(1)).ms),
          sighting_of(key, slot, after, -50 - i)});
  }
}

std::string hex_of(const std::string& path) { return to_hex(read_file(path)); }

// The number of a report that is the first of all.
Identifier first_number(const PublishedKey& key) {
  std::vector<KeyPart> parts;
  tcn_scheme().split({&key, 1}, parts);
  const Derivation one{parts.data(), {0, 1}};
  Identifier number;
  tcn_scheme().expand({&one, 1}, {&number, 1});
  return number;
}

constexpr const char* kRoot = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

// The other schemes: what keys stand for, one phone that heard all of them, and a phone of each.
void live_in_a_border_region(const std::string& fixtures) {
  const std::vector<uint8_t> dp3t = read_file(fixtures + "nearzone_dp3t.nzlist");
  const std::vector<uint8_t> tcn = read_file(fixtures + "nearzone_tcn.nzlist");
  const std::vector<PublishedKey> seeds = keys_of(dp3t);
  const PublishedKey& low_cost = seeds.front();
  const PublishedKey& hybrid = seeds.back();
  const PublishedKey report = keys_of(tcn).front();

  comment("Keys of DP-3T, and a report of TCN.");
  const auto identifiers = [](const PublishedKey& key, Instant released) {
    step({"identifiers", std::string(scheme_name(key.scheme)),
          to_hex(ByteView(key.bytes).first(published_key_size(key.scheme))),
          number(key.valid_from.ms), number(key.valid_to.ms), number(key.identifiers_per_day),
          number(released.ms)});
  };
  PublishedKey day = low_cost;
  day.valid_to = day.valid_from + Day::kLength;
  identifiers(day, day.valid_to);
  identifiers(day, {});
  identifiers(hybrid, *hybrid.released_at);
  PublishedKey epoch;
  epoch.scheme = SchemeTag::dp3t_unlinkable;
  epoch.bytes.fill(7);
  epoch.valid_from = low_cost.valid_from + std::chrono::hours(9);
  epoch.valid_to = epoch.valid_from + dp3t::kEpoch;
  epoch.identifiers_per_day = 96;
  identifiers(epoch, {});
  step({"report", to_hex(report.report)});
  std::vector<uint8_t> forged = report.report;
  forged.back() ^= 1;
  step({"report", to_hex(forged)});
  step({"report", "00"});

  comment("One phone heard people of every scheme. Lists of keys and a set tell it so.");
  step({"list", "dp3t", to_hex(dp3t)});
  step({"keys", "dp3t"});
  step({"list", "tcn", to_hex(tcn)});
  step({"keys", "tcn"});
  const NearzoneListHeader header{11, 1, "border", low_cost.valid_from,
                                  low_cost.valid_from + Day::kLength * 30};
  step({"list", "set",
        to_hex(*write_nearzone_set(header, epoch.scheme, dp3t::set_items({&epoch, 1}), {}))});
  step({"keys", "set"});
  step({"open", "em", kRoot, "20", number(low_cost.valid_from.ms), "dp3t-hybrid", "30", "0"});
  record_near("em", low_cost, 40, 5);
  step({"time", "em", number((epoch.valid_from + std::chrono::minutes(4)).ms)});
  for (const PublishedKey& key : {epoch, report}) {
    const Identifier identifier =
        key.report.empty() ? dp3t::identifier_of_epoch({Secret<32>(key.bytes)}) : first_number(key);
    step({"record", "em", number(epoch.valid_from.ms), "-",
          std::string(scheme_name(key.scheme)) + ',' + to_hex(identifier.bytes) + ',' +
              number(epoch.valid_from.ms) + ",-55,0,-"});
  }
  for (const char* list : {"dp3t", "tcn", "set", "set"})
    step({"match", "em", list, "-", "0", "yes", "100", "0"});
  step({"exposures", "em"});

  comment("A phone of each scheme sends, and gives its keys away but for what the person keeps.");
  const Instant morning = low_cost.valid_from + std::chrono::hours(8);
  for (const char* scheme : {"dp3t-lowcost", "dp3t-hybrid", "dp3t-unlinkable", "tcn"}) {
    const std::string phone = std::string("own-") + scheme;
    step({"open", phone, kRoot, "21", number(morning.ms), scheme, "14", "0"});
    step({"advertisement", phone});
    const Instant later = morning + std::chrono::minutes(200);
    step({"time", phone, number(later.ms)});
    step({"advertisement", phone});
    step({"disclose", phone, "yes", "14", number((morning + std::chrono::hours(1)).ms),
          number((morning + std::chrono::hours(2)).ms)});
    step({"disclose", phone, "yes", "14"});
    step({"advertisement", phone});
    step({"disclose", phone, "yes", "1"});
    step({"begin_upload", phone, "yes", "14"});
    step({"close", phone});
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::string fixtures = std::string(arguments[1]) + "/lists/fixtures/";
  const std::vector<uint8_t> archive = read_file(fixtures + "gaen_signed.zip");
  const std::vector<PublishedKey> published = keys_of(archive);
  const std::vector<uint8_t> bluezone = read_file(fixtures + "bluezone.json");
  const PublishedKey traced = keys_of(bluezone).front();

  std::printf(
      "# A phone's life, and what others say of it: see README.md. Written by make_life.\n");
  comment("The official vectors of Exposure Notification, and a captured day of Bluezone.");
  step({"identifiers", "gaen", "75c734c6dd1a782de7a965da5eb93125", "1585785600000", "1585872000000",
        "144", "0"});
  step({"identifiers", "bluezone", to_hex(traced.bytes), number(traced.valid_from.ms),
        number((traced.valid_from + Day::kLength).ms), number(traced.identifiers_per_day), "0"});
  step({"identifiers", "gaen", "75c734c6dd1a782de7a965da5eb93125", "1585785600000", "1585785600000",
        "144", "0"});

  PublishedKey near;
  for (const PublishedKey& key : published)
    if (key.valid_to - key.valid_from == Day::kLength && !key.revised) near = key;
  const Instant morning = near.valid_from + std::chrono::hours(8);
  comment("Two phones are new, and meet.");
  step({"open", "an", kRoot, "7", number(morning.ms), "gaen", "14", "0"});
  step({"open", "binh", kRoot, "8", number(morning.ms), "bluezone", "14", "0"});
  step({"open", "chi", kRoot, "9", number(morning.ms), "gaen", "31", "0"});
  for (int i = 0; i < 4; ++i) {
    const Instant at = morning + std::chrono::minutes(7 * i);
    for (const char* phone : {"an", "binh"}) {
      step({"time", phone, number(at.ms)});
      step({"advertisement", phone});
    }
  }
  const Instant noon = near.valid_from + std::chrono::hours(12);
  step({"meet", "an", "binh", number(noon.ms), "20"});
  step({"meet", "binh", "an", number((noon + std::chrono::hours(1)).ms), "12"});
  step({"statistics", "an"});
  step({"days", "an"});
  step({"local_days", "an", number(7 * 3600 * 1000)});
  step({"local_days", "an", number(int64_t{48} * 3600 * 1000)});

  comment("It hears somebody who will publish, in two scans of which one is told twice.");
  record_near("an", near, 100, 6);
  const Instant again = heard_at(near, 100, Millis(0));
  step({"record", "an", number(again.ms), "-", sighting_of(near, 100, Millis(0), -50)});
  step({"record", "an", number((again + std::chrono::minutes(9)).ms), "-"});
  step({"record", "an", number(again.ms), "-", "gaen,00112233445566778899aabbccddeeff,-5,-70,0,-"});
  step({"record", "an", number(again.ms), "-", "gaen,00112233445566778899aabbccddeeff,5,127,7,-"});
  for (const char* format : {"1", "2", "3", "4"}) step({"export", "an", format});

  comment("The authority's list: verified, or not.");
  step({"list", "today", to_hex(archive)});
  step({"signature", "today", "0"});
  step({"signature", "today", "1"});
  step({"keys", "today"});
  step({"public_key", "ministry", hex_of(fixtures + "p256_public.pem")});
  step({"public_key", "stranger", hex_of(fixtures + "other_p256_public.pem")});
  step({"public_key", "stranger", "2d2d"});
  step({"verify", "today", "ministry"});
  step({"verify", "today", "stranger"});
  step({"match", "an", "today", "stranger", "0", "no", "100", "0"});
  step({"match", "an", "today", "-", "0", "no", "100", "0"});

  comment("It is matched piece by piece, over an ending of the process, and then is known.");
  step({"match", "an", "today", "ministry", "0", "no", "5", "2"});
  step({"close", "an"});
  step({"open", "an", kRoot, "77", number((again + std::chrono::minutes(30)).ms), "gaen", "14",
        "0"});
  step({"match", "an", "today", "ministry", "0", "no", "5", "0"});
  step({"match", "an", "today", "ministry", "0", "no", "5", "0"});
  step({"exposures", "an"});
  step({"match", "binh", "today", "ministry", "0", "no", "1000", "0"});
  record_near("an", near, 120, 2);
  step({"match", "an", "today", "ministry", "0", "no", "1000", "0"});
  step({"windows", "an"});
  const std::string today = number(Day::of(again).number);
  step({"summaries", "an", today, "50,55,70", "100,50,25,0"});
  step({"summaries", "an", today, "40,64,200", "250,33,10,5"});
  step({"summaries", "an", today, "70,55,50", "100,100,100,100"});

  comment("What is known of phone models: this one, a similar one, its maker, all; and no table.");
  const std::string table = hex_of(std::string(arguments[1]) + "/proximity/golden/calibration.v1");
  step({"calibration", table, "Samsung", "alpha", "SM-A"});
  step({"calibration", table, "-", "beta", "-"});
  step({"calibration", table, "xiaomi", "-", "Mi E"});
  step({"calibration", table, "-", "-", "-"});
  step({"calibration", table.substr(2), "-", "-", "-"});
  step({"calibration", table.substr(0, table.size() - 2), "-", "-", "-"});
  step({"calibration", "-", "-", "-", "-"});

  comment("Lists that are damaged, foreign, or of records some of which are refused.");
  step({"list", "x", hex_of(fixtures + "gaen_truncated.zip")});
  step({"list", "x", hex_of(fixtures + "gaen_flipped_bit.bin")});
  step({"list", "x", hex_of(fixtures + "nearzone_newer_major.nzlist")});
  step({"list", "x", hex_of(fixtures + "bluezone_broken.json")});
  step({"list", "x", "00"});
  step({"list", "refused", hex_of(fixtures + "bluezone_bad_records.json")});
  step({"refusal", "refused", "0"});
  step({"refusal", "refused", "1"});
  step({"refusal", "refused", "1000"});
  step({"list", "tampered", hex_of(fixtures + "gaen_tampered.zip")});
  step({"verify", "tampered", "ministry"});

  comment("Bluezone's list, which nobody signs, in either reading of its windows.");
  step({"list", "bluezone", to_hex(bluezone)});
  step({"keys", "bluezone"});
  step({"open", "dung", kRoot, "10", number(traced.valid_from.ms), "bluezone", "30", "1"});
  record_near("dung", traced, 40, 5);
  step({"match", "dung", "bluezone", "-", "0", "no", "100", "0"});
  step({"match", "dung", "bluezone", "-", "0", "yes", "100", "0"});
  step({"match", "dung", "bluezone", "-", "1", "yes", "100", "0"});
  step({"exposures", "dung"});

  comment("NearZone's own list of the same key; an older one of its series is refused then.");
  std::array<uint8_t, 32> seed_bytes;
  seed_bytes.fill(5);
  const Secret<32> seed(seed_bytes);
  const NearzoneListHeader header{9, 2, "VN", traced.valid_from,
                                  traced.valid_from + Day::kLength * 9};
  NearzoneListHeader older = header;
  older.sequence = 1;
  step({"list", "signed", to_hex(*write_nearzone_list(header, {&traced, 1}, {&seed, 1}))});
  step({"list", "older", to_hex(*write_nearzone_list(older, {&traced, 1}, {&seed, 1}))});
  // The seed's public key.
  step({"public_key", "vietnam",
        to_hex(as_bytes("-----BEGIN PUBLIC KEY-----\n"
                        "MCowBQYDK2VwAyEAbnoc3Smwt4/ROvTFWY/v9O8qlxZuPKby5Pv8zYBQW/E=\n"
                        "-----END PUBLIC KEY-----\n"))});
  step({"signature", "signed", "0"});
  step({"verify", "signed", "vietnam"});
  step({"match", "dung", "signed", "vietnam", "0", "no", "100", "0"});
  step({"match", "dung", "older", "vietnam", "0", "no", "100", "0"});
  step({"time", "dung", number((header.valid_to + Day::kLength).ms)});
  step({"match", "dung", "signed", "vietnam", "0", "no", "100", "0"});

  comment("Keys go with consent only, and are others afterwards.");
  step({"disclose", "an", "no", "14"});
  step({"disclose", "an", "yes", "15"});
  step({"disclose", "an", "yes", "14"});
  step({"advertisement", "an"});
  step({"disclose", "binh", "yes", "1"});
  step({"advertisement", "binh"});

  live_in_a_border_region(fixtures);

  comment("Keys on their way to the health authority: sealed between two steps, whatever is said.");
  const auto answer = [](const char* phone, const char* status, const char* retry_after,
                         std::string_view body) {
    step({"upload_answer", phone, "org.example.app", "0", status, retry_after, hex(body)});
  };
  const auto request = [](const char* phone) {
    step({"upload_request", phone, "org.example.app", "0"});
  };
  step({"open", "giang", kRoot, "10", number(morning.ms), "gaen", "14", "0"});
  step({"upload_status", "giang"});
  step({"upload_code", "giang", "12345678"});
  step({"advertisement", "giang"});
  step({"begin_upload", "giang", "no", "14"});
  step({"begin_upload", "giang", "yes", "15"});
  step({"begin_upload", "giang", "yes", "14"});
  step({"upload_status", "giang"});
  request("giang");
  step({"upload_code", "giang", "12"});
  step({"upload_code", "giang", "12345678"});
  step({"upload_request", "giang", "-", "0"});
  step({"upload_request", "giang", "org.example.app", "1"});
  request("giang");
  answer("giang", "400", "-1", R"({"errorCode":"code_expired"})");
  step({"upload_status", "giang"});
  step({"upload_code", "giang", "AB-12"});
  request("giang");
  answer("giang", "429", "5000", "");
  step({"upload_wake_at", "giang", "org.example.app", "0"});
  step({"time", "giang", number((morning + std::chrono::minutes(5)).ms)});
  request("giang");
  answer("giang", "200", "-1",
         R"({"token":"t.k","testtype":"confirmed","symptomDate":"2020-07-20"})");
  step({"close", "giang"});
  step({"open", "giang", kRoot, "11", number((morning + std::chrono::minutes(6)).ms), "gaen", "14",
        "0"});
  request("giang");
  answer("giang", "200", "-1", R"({"certificate":"c.r.t"})");
  request("giang");
  answer("giang", "200", "-1", R"({"revisionToken":"cmV2","insertedExposures":1})");
  request("giang");
  step({"upload_status", "giang"});
  step({"discard_upload", "giang"});
  step({"upload_status", "giang"});
  step({"open", "hanh", kRoot, "12", number(morning.ms), "bluezone", "14", "0"});
  step({"advertisement", "hanh"});
  step({"begin_upload", "hanh", "yes", "14"});
  step({"upload_code", "hanh", "482913"});
  request("hanh");
  answer("hanh", "200", "-1", R"({"insertedExposures":1,"code":"partial_failure"})");
  step({"upload_status", "hanh"});

  comment("Cover traffic, which nobody consents to.");
  step({"upload_wake_at", "hanh", "org.example.app", "0"});
  step({"upload_request", "hanh", "org.example.app", "172800000"});
  step({"upload_wake_at", "hanh", "org.example.app", "172800000"});
  step({"time", "hanh", number((morning + Day::kLength * 20).ms)});
  step({"upload_request", "hanh", "org.example.app", "172800000"});
  step({"upload_answer", "hanh", "org.example.app", "172800000", "200", "-1", "-"});
  step({"upload_request", "hanh", "org.example.app", "172800000"});
  step({"upload_wake_at", "hanh", "org.example.app", "172800000"});

  comment("An index of lists is followed.");
  const auto index = [](const char* status, const char* etag, const char* retry_after,
                        std::string_view body) {
    step({"index_answer", "keys", status, etag, retry_after, hex(body)});
  };
  step({"follow", "keys", "giang", "https://keys.example.org", "../x", ".zip", "14400000", "1000"});
  step({"follow", "keys", "giang", "https://keys.example.org", "index.txt", ".zip", "14400000",
        "1000"});
  step({"fetch", "keys"});
  index("503", "-", "7000", "");
  step({"fetch", "keys"});
  step({"index_status", "keys"});
  step({"time", "giang", number((morning + std::chrono::hours(1)).ms)});
  index("200", "-", "-1", "good.zip\n../bad.zip");
  step({"time", "giang", number((morning + std::chrono::hours(2)).ms)});
  index("200", "\"v1\"", "-1", "e/1.zip\ne/1.nzlist\ne/2.zip");
  step({"fetch", "keys"});
  step({"list_handled", "keys", "e/2.zip", "0", "-1"});
  step({"list_handled", "keys", "e/1.zip", "0", "-1"});
  step({"unfollow", "keys"});
  step({"follow", "keys", "giang", "https://keys.example.org", "index.txt", ".zip", "14400000",
        "1000"});
  step({"fetch", "keys"});
  index("200", "\"v1\"", "-1", "e/1.zip\ne/2.zip");
  step({"fetch", "keys"});
  step({"list_handled", "keys", "e/2.zip", "2", "60000"});
  step({"index_status", "keys"});
  step({"unfollow", "keys"});
  step({"close", "giang"});
  step({"close", "hanh"});

  comment("It goes into the background, packs, forgets with time, and when told.");
  step({"suspend", "an"});
  step({"statistics", "an"});
  step({"advertisement", "an"});
  step({"resume", "an"});
  step({"statistics", "an"});
  step({"time", "an", number((morning + Day::kLength).ms)});
  step({"compact", "an"});
  step({"export", "an", "1"});
  step({"counter", "an"});
  step({"erase_day", "dung", number(Day::of(traced.valid_from).number)});
  step({"days", "dung"});
  step({"exposures", "dung"});
  for (int day = 2; day <= 16; ++day) {
    const Instant at = morning + Day::kLength * day;
    step({"time", "an", number(at.ms)});
    step({"record", "an", number(at.ms), "-"});
  }
  step({"purge", "an"});
  step({"days", "an"});
  step({"exposures", "an"});
  step({"losses", "an", "1"});
  step({"losses", "an", "2"});
  step({"losses", "an", "9"});
  step({"erase_all", "an"});
  step({"statistics", "an"});
  step({"advertisement", "an"});
  comment("What goes on the air, and what may not.");
  const std::string own = "0000fff000001000800000805f9b34fb,5f2e9a107b1d4d0e9a523b8c1f6e2d00,yes";
  const std::string long_own =
      "5f2e9a107b1d4d0e9a523b8c1f6e2d01,5f2e9a107b1d4d0e9a523b8c1f6e2d00,no";
  for (const char* system : {"1", "2", "3"})
    for (const std::string& air : {std::string("gaen"), std::string("bluezone"), own, long_own}) {
      step({"transmission", "an", air, system});
      step({"transmission", "dung", air, system});
    }
  // Other schemes' phones, under the published numbers and under a deployment's own.
  const std::string numbers = "0000fff000001000800000805f9b34fb,5f2e9a107b1d4d0e9a523b8c1f6e2d01,";
  const std::string characteristic = "5f2e9a107b1d4d0e9a523b8c1f6e2d00,no,";
  for (const char* scheme : {"bluezone", "dp3t-lowcost", "dp3t-hybrid", "tcn", "dp3t-unlinkable"}) {
    const std::string phone = std::string("own-") + scheme;
    step({"open", phone, kRoot, "10", number(morning.ms), scheme, "14", "0"});
    const std::string mine =
        scheme + (scheme == std::string("bluezone") ? ",1," + numbers + characteristic + "65535,127"
                                                    : ",2," + numbers + characteristic + "0,-1");
    for (const char* system : {"1", "2"})
      for (const std::string& air : {std::string(scheme), mine})
        step({"transmission", phone, air, system});
    step({"abilities", mine});
    step({"close", phone});
  }
  for (const std::string& air : {std::string("gaen"), std::string("bluezone"), own})
    step({"abilities", air});
  const std::string bluezone_record = "0201060fffb522286bce589ab994efa5f73cad0303564e";
  step({"decode", "bluezone", "1", bluezone_record});
  step({"decode", "gaen", "1", bluezone_record});
  step({"decode", "bluezone", "1", "02011a14ff4c000108000000000000000000000000000000"});
  step({"decode", "bluezone", "1", "02011a110767a607add1172fa1c44bf573564e0000"});
  step({"decode", "bluezone", "3", "b522286bce589ab994efa5f73cad"});
  step({"decode", own, "2", "000102030405060708090a0b0c0d0e0f"});
  step({"decode", own, "4", "000102030405060708090a0b0c0d0e0fdeadbeef"});
  step({"decode", own, "4", "00"});
  step({"decode", own, "4", "-"});
  step({"decode", own, "5", "00"});

  comment("When the radio does what.");
  step({"planner", "loud", "bluezone", "1", "1"});
  step({"planner", "sparse", "gaen", "1", "2"});
  step({"planner", "apple", "gaen", "2", "3"});
  step({"planner", "x", "gaen", "3", "3"});
  step({"planner", "changed", "gaen", "1", "4", "advertise,2,7000,8000,9000",
        "scan,2,3000,20000,30000", "slots,600000", "advertise,1,60000,0,0",
        "scan,1,5000,15000,15000", "battery,30,20"});
  step({"planner", "random", "tcn", "1", "5", "random,300000,400000"});
  for (const char* planner : {"loud", "sparse", "apple", "changed", "random"}) {
    step({"drive", planner, number(morning.ms), "0", "1000000"});
    step({"tell", planner, "state", "1"});
    step({"drive", planner, number(morning.ms + 1000000), "1000000", "400000"});
  }
  step({"tell", "loud", "battery", "10"});
  step({"tell", "loud", "battery", "101"});
  step({"tell", "loud", "state", "3"});
  step({"tell", "loud", "renew", "0"});
  const std::string later = number(morning.ms + 1400000);
  step({"ask", "loud", "0a0b0c0d0e0f00000000000000000000", "-60", later, "1400000"});
  step({"ask", "loud", "1a0b0c0d0e0f00000000000000000000", "-50", later, "1400000"});
  step({"drive", "loud", later, "1400000", "1000"});
  step({"answered", "loud", "1a0b0c0d0e0f00000000000000000000", "bluezone",
        "286bce589ab994efa5f73cad", later, "1401000"});
  step({"ask", "loud", "1a0b0c0d0e0f00000000000000000000", "-50", later, "1401000"});
  step({"drive", "loud", number(morning.ms + 1401000), "1401000", "20000"});
  step(
      {"answered", "loud", "2a0b0c0d0e0f00000000000000000000", "bluezone", "00", later, "1421000"});
  step({"answered", "loud", "3a0b0c0d0e0f00000000000000000000", "-", "-", later, "1421000"});
  step({"tell", "loud", "radio", "0"});
  step({"drive", "loud", number(morning.ms + 1421000), "1421000", "20000"});

  comment("Nobody opens it with another secret, nor while it is open.");
  step({"open", "an", kRoot, "7", number(morning.ms), "gaen", "14", "0"});
  step({"close", "an"});
  step({"open", "an", "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "7",
        number(morning.ms), "gaen", "14", "0"});
  return 0;
}
