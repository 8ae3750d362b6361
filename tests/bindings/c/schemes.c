/* DP-3T and TCN, by keys and as a phone's own. */
#include <string.h>

#include "test.h"

/* tests/vectors/dp3t_tcn.json: the low-cost design's key of zeros, and the same bytes as a window's
 * seed in the hybrid one. */
static void check_dp3t_vectors(void) {
  static const uint8_t low_cost[16] = {0xeb, 0x09, 0x58, 0xc0, 0x11, 0x49, 0x27, 0x32,
                                       0xc5, 0x9e, 0x3e, 0xd2, 0xa5, 0xee, 0xf0, 0x1d};
  static const uint8_t hybrid[16] = {0x44, 0x30, 0xc9, 0x1b, 0x59, 0x8a, 0x5f, 0x0b,
                                     0x40, 0xde, 0xde, 0xf7, 0x53, 0x83, 0x16, 0x76};
  nz_published_key key = {0};
  nz_broadcast all[2 * 96];
  size_t count, i;
  key.scheme = NZ_SCHEME_DP3T_LOW_COST;
  key.valid_from_ms = day_start;
  key.valid_to_ms = day_start + 2 * one_day;
  key.released_at_ms = day_start + one_day + one_hour;
  key.identifiers_per_day = 96;
  key.days_since_onset = NZ_UNKNOWN;
  OK(nz_derive_identifiers(&key, all, 192, &count, &error));
  CHECK(count == 192 && memcmp(all[0].identifier, low_cost, 16) == 0);
  for (i = 0; i < count; ++i) {
    CHECK(all[i].start_ms == day_start + (i < 96 ? 0 : one_day));
    CHECK(all[i].end_ms == all[i].start_ms + one_day);
  }
  key.released_at_ms = 0;
  FAILS(NZ_INVALID_ARGUMENT, "released_at", nz_derive_identifiers(&key, all, 192, &count, &error));

  key.scheme = NZ_SCHEME_DP3T_HYBRID;
  key.valid_to_ms = day_start + 2 * one_hour;
  key.released_at_ms = key.valid_to_ms;
  OK(nz_derive_identifiers(&key, all, 192, &count, &error));
  CHECK(count == 8 && memcmp(all[0].identifier, hybrid, 16) == 0);
  CHECK(all[7].start_ms == day_start && all[7].end_ms == key.valid_to_ms);

  /* A key of TCN says nothing without its report. */
  key.scheme = NZ_SCHEME_TCN;
  FAILS(NZ_INVALID_ARGUMENT, "report", nz_derive_identifiers(&key, all, 192, &count, &error));
}

static nz_device* phone_of(int32_t scheme, const char* name, int64_t time_ms) {
  nz_device_config config = {0};
  nz_device* phone = NULL;
  config.size = sizeof(config);
  nz_device_config_init(&config);
  config.own_scheme = scheme;
  OK(nz_device_open_simulated(path_in_folder(name), root_secret, &config, time_ms, 7, &phone,
                              &error));
  return phone;
}

/* What the phone sends at eight, and at nine; it is told that it is ten. */
static void send_identifiers(nz_device* phone, uint8_t (*sent)[16]) {
  int i;
  for (i = 0; i < 2; ++i) {
    nz_advertisement air = {0};
    air.size = sizeof(air);
    OK(nz_device_set_simulated_time(phone, day_start + (8 + i) * one_hour, &error));
    OK(nz_device_advertisement(phone, &air, &error));
    CHECK(air.identifier_size == 16 && air.metadata_size == 0);
    CHECK(air.valid_until_ms == day_start + (8 + i) * one_hour + 15 * one_minute);
    memcpy(sent[i], air.identifier, 16);
  }
  OK(nz_device_set_simulated_time(phone, day_start + 10 * one_hour, &error));
}

/* Whether one of the keys given, or its report, stands for the identifier. */
static int gives(nz_disclosure* disclosure, const uint8_t* identifier) {
  nz_published_key keys[64];
  uint8_t reports[64][NZ_MOST_REPORT_BYTES];
  size_t sizes[64];
  nz_broadcast all[96];
  size_t count, given, i, j;
  int found = 0;
  OK(nz_disclosure_size(disclosure, &given, &error));
  CHECK(given <= 64);
  for (i = 0; i < given; ++i)
    OK(nz_disclosure_report(disclosure, i, reports[i], NZ_MOST_REPORT_BYTES, &sizes[i], &error));
  FAILS(NZ_NOT_FOUND, "index",
        nz_disclosure_report(disclosure, given, reports[0], 0, &count, &error));
  OK(nz_disclosure_take(disclosure, keys, 64, &given, &error));
  FAILS(NZ_NOT_FOUND, "index", nz_disclosure_report(disclosure, 0, reports[0], 0, &count, &error));
  for (i = 0; i < given; ++i) {
    CHECK((sizes[i] == 134) == (keys[i].scheme == NZ_SCHEME_TCN));
    if (sizes[i] == 0)
      OK(nz_derive_identifiers(&keys[i], all, 96, &count, &error));
    else
      OK(nz_derive_report_identifiers(reports[i], sizes[i], all, 96, &count, &error));
    for (j = 0; j < count; ++j) found += memcmp(all[j].identifier, identifier, 16) == 0;
  }
  return found;
}

static void check_phone(int32_t scheme, const char* name, int redacts) {
  nz_device* phone = phone_of(scheme, name, day_start);
  nz_disclosure* disclosure = NULL;
  nz_time_range nine = {0, 0};
  uint8_t sent[2][16];
  send_identifiers(phone, sent);
  nine.from_ms = day_start + 9 * one_hour;
  FAILS(
      redacts ? NZ_INVALID_ARGUMENT : NZ_UNSUPPORTED, "redactions",
      nz_device_disclose_redacted(phone, NZ_THE_PERSON_CONSENTS, 1, &nine, 1, &disclosure, &error));
  FAILS(NZ_CONSENT_REQUIRED, "consent",
        nz_device_disclose_redacted(phone, 0, 1, &nine, 1, &disclosure, &error));
  if (redacts) {
    /* TCN leaves out six hours, the hybrid design two, the unlinkable one a quarter. */
    nine.from_ms = day_start + 12 * one_hour;
    nine.to_ms = nine.from_ms + one_hour;
    OK(nz_device_disclose_redacted(phone, NZ_THE_PERSON_CONSENTS, 1, &nine, 1, &disclosure,
                                   &error));
  } else {
    OK(nz_device_disclose(phone, NZ_THE_PERSON_CONSENTS, 1, &disclosure, &error));
  }
  CHECK(gives(disclosure, sent[0]) == 1);
  nz_disclosure_free(disclosure);
  if (redacts) {
    send_identifiers(phone, sent);
    nine.from_ms = day_start + 9 * one_hour;
    nine.to_ms = nine.from_ms + one_minute;
    OK(nz_device_disclose_redacted(phone, NZ_THE_PERSON_CONSENTS, 1, &nine, 1, &disclosure,
                                   &error));
    CHECK(gives(disclosure, sent[1]) == 0);
    nz_disclosure_free(disclosure);
  }
  nz_device_free(phone);
}

void test_schemes(void) {
  nz_device_config config = {0};
  nz_device* phone = NULL;
  nz_list* set = NULL;
  nz_list_info info = {0};
  nz_published_key key;
  uint8_t report[134] = {0};
  size_t count;
  check_dp3t_vectors();
  check_phone(NZ_SCHEME_DP3T_LOW_COST, "low_cost", 0);
  check_phone(NZ_SCHEME_DP3T_HYBRID, "hybrid", 1);
  check_phone(NZ_SCHEME_DP3T_UNLINKABLE, "unlinkable", 1);
  check_phone(NZ_SCHEME_TCN, "tcn", 1);

  FAILS(NZ_INVALID_ARGUMENT, "report",
        nz_derive_report_identifiers(report, 133, NULL, 0, &count, &error));
  report[64] = report[66] = 1;
  FAILS(NZ_SIGNATURE_REFUSED, "report",
        nz_derive_report_identifiers(report, 134, NULL, 0, &count, &error));

  config.size = sizeof(config);
  nz_device_config_init(&config);
  config.own_scheme = 7;
  FAILS(NZ_INVALID_ARGUMENT, "own_scheme",
        nz_device_open_simulated(path_in_folder("x"), root_secret, &config, 0, 7, &phone, &error));

  OK(nz_list_open_file(fixture_path("nearzone_set.nzset"), NULL, NULL, &set, &error));
  info.size = sizeof(info);
  OK(nz_list_get_info(set, &info, &error));
  CHECK(info.format == NZ_FORMAT_NEARZONE_SET && info.keys == 480);
  OK(nz_list_read_keys(set, &key, 1, &count, &error));
  CHECK(count == 0);
  nz_list_free(set);
}
