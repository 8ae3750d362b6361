/* What nobody should do, and what then happens: an error, never a crash. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define REFUSED(call) FAILS(NZ_INVALID_ARGUMENT, "", call)

static void check_null_objects(void) {
  size_t size;
  int32_t value;
  uint64_t counter;
  char text[4];
  nz_scan scan = {0};
  nz_published_key key = {0};
  nz_advertisement air = {0};
  nz_list_info info = {0};
  nz_error* reason = NULL;
  nz_public_keys* keys = nz_public_keys_new();
  nz_device* device = NULL;
  nz_list* list = NULL;
  nz_match* match = NULL;
  nz_export* export = NULL;
  nz_disclosure* disclosure = NULL;
  air.size = sizeof(air);
  info.size = sizeof(info);
  REFUSED(nz_derive_identifiers(NULL, NULL, 0, &size, &error));
  REFUSED(nz_device_open(NULL, root_secret, NULL, &device, &error));
  REFUSED(nz_device_open(path_in_folder("x"), NULL, NULL, &device, &error));
  REFUSED(nz_device_open_simulated(NULL, root_secret, NULL, 0, 0, &device, &error));
  REFUSED(nz_device_set_simulated_time(NULL, 0, &error));
  REFUSED(nz_device_opening(NULL, NULL, &error));
  REFUSED(nz_device_counter(NULL, &counter, &error));
  REFUSED(nz_device_advertisement(NULL, &air, &error));
  REFUSED(nz_device_record(NULL, &scan, 1, NULL, 0, &error));
  REFUSED(nz_device_exposures(NULL, NULL, 0, &size, &error));
  REFUSED(nz_device_exposure_windows(NULL, NULL, NULL, 0, &size, &error));
  REFUSED(nz_device_purge(NULL, &value, &error));
  REFUSED(nz_device_compact(NULL, 0, &value, &error));
  REFUSED(nz_device_erase_day(NULL, 0, &error));
  REFUSED(nz_device_erase_all(NULL, &error));
  REFUSED(nz_device_suspend(NULL, &error));
  REFUSED(nz_device_resume(NULL, &error));
  REFUSED(nz_device_statistics(NULL, NULL, &error));
  REFUSED(nz_device_days(NULL, NULL, 0, &size, &error));
  REFUSED(nz_device_local_days(NULL, 0, NULL, 0, &size, &error));
  REFUSED(nz_device_losses(NULL, NZ_LOSS_DAMAGE, NULL, 0, &size, &error));
  REFUSED(nz_device_export(NULL, NZ_EXPORT_CSV, NULL, &export, &error));
  REFUSED(nz_export_read(NULL, text, sizeof(text), &size, &error));
  REFUSED(nz_public_keys_add(NULL, text, 1, &error));
  REFUSED(nz_public_keys_add(keys, NULL, 1, &error));
  REFUSED(nz_list_open_file(NULL, NULL, NULL, &list, &error));
  REFUSED(nz_list_open_memory(NULL, 1, NULL, NULL, &list, &error));
  REFUSED(nz_list_get_info(NULL, &info, &error));
  REFUSED(nz_list_signature(NULL, 0, NULL, &error));
  REFUSED(nz_list_refusal(NULL, 0, &reason, &error));
  REFUSED(nz_list_verify(NULL, keys, NULL, &error));
  REFUSED(nz_list_read_keys(NULL, &key, 1, &size, &error));
  REFUSED(nz_list_rewind(NULL, &error));
  REFUSED(nz_device_begin_upload(NULL, NZ_THE_PERSON_CONSENTS, 1, &error));
  REFUSED(nz_device_enter_upload_code(NULL, "12345678", &error));
  REFUSED(nz_device_discard_upload(NULL, &error));
  REFUSED(nz_device_upload_status(NULL, NULL, &error));
  REFUSED(nz_device_upload_request(NULL, NULL, NULL, &error));
  REFUSED(nz_device_upload_answered(NULL, NULL, NULL, 200, NULL, 0, -1, &error));
  REFUSED(nz_device_upload_wake_at(NULL, NULL, NULL, &error));
  REFUSED(nz_upload_request_get_info(NULL, NULL, &error));
  REFUSED(nz_device_follow_index(NULL, "s", NULL, NULL, &error));
  REFUSED(nz_index_next(NULL, NULL, &error));
  REFUSED(nz_index_answered(NULL, 200, NULL, 0, NULL, -1, &error));
  REFUSED(nz_index_list_handled(NULL, "x", 0, -1, &error));
  REFUSED(nz_index_get_status(NULL, NULL, &error));
  nz_upload_request_free(NULL);
  nz_index_free(NULL);
  REFUSED(nz_match_begin(NULL, NULL, NULL, NULL, NULL, &match, &error));
  REFUSED(nz_match_step(NULL, 1, &value, &error));
  REFUSED(nz_match_save(NULL, &error));
  REFUSED(nz_match_get_report(NULL, NULL, &error));
  REFUSED(nz_match_exposures(NULL, NULL, 0, &size, &error));
  REFUSED(nz_device_disclose(NULL, NZ_THE_PERSON_CONSENTS, 1, &disclosure, &error));
  REFUSED(
      nz_device_disclose_redacted(NULL, NZ_THE_PERSON_CONSENTS, 1, NULL, 0, &disclosure, &error));
  REFUSED(nz_derive_report_identifiers(NULL, 0, NULL, 0, &size, &error));
  REFUSED(nz_disclosure_report(NULL, 0, NULL, 0, &size, &error));
  REFUSED(nz_disclosure_size(NULL, &size, &error));
  REFUSED(nz_disclosure_take(NULL, &key, 1, &size, &error));
  /* And nobody has to ask why. */
  CHECK(nz_device_erase_all(NULL, NULL) == NZ_INVALID_ARGUMENT);
  nz_public_keys_free(keys);
}

static void check_null_results(void) {
  nz_device* device = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  nz_match* match = NULL;
  nz_export* export = NULL;
  nz_disclosure* disclosure = NULL;
  nz_published_key key = near_key();
  nz_broadcast broadcast;
  nz_scan scan = {0};
  size_t size;
  OK(nz_match_begin(device, list, keys, NULL, NULL, &match, &error));
  OK(nz_device_export(device, NZ_EXPORT_CSV, NULL, &export, &error));
  OK(nz_device_disclose(device, NZ_THE_PERSON_CONSENTS, 1, &disclosure, &error));
  REFUSED(nz_derive_identifiers(&key, NULL, 1, &size, &error));
  REFUSED(nz_derive_identifiers(&key, &broadcast, 1, NULL, &error));
  REFUSED(nz_device_open(path_in_folder("x"), root_secret, NULL, NULL, &error));
  REFUSED(nz_device_opening(device, NULL, &error));
  REFUSED(nz_device_counter(device, NULL, &error));
  REFUSED(nz_device_advertisement(device, NULL, &error));
  REFUSED(nz_device_record(device, NULL, 1, NULL, 0, &error));
  REFUSED(nz_device_record(device, &scan, 1, NULL, 1, &error));
  REFUSED(nz_device_exposures(device, NULL, 1, &size, &error));
  REFUSED(nz_device_exposures(device, NULL, 0, NULL, &error));
  REFUSED(nz_device_exposure_windows(device, NULL, NULL, 1, &size, &error));
  REFUSED(nz_device_exposure_windows(device, NULL, NULL, 0, NULL, &error));
  REFUSED(nz_daily_summaries(NULL, 1, NULL, 0, NULL, 0, &size, &error));
  REFUSED(nz_daily_summaries(NULL, 0, NULL, 0, NULL, 1, &size, &error));
  REFUSED(nz_daily_summaries(NULL, 0, NULL, 0, NULL, 0, NULL, &error));
  REFUSED(nz_device_purge(device, NULL, &error));
  REFUSED(nz_device_compact(device, 0, NULL, &error));
  REFUSED(nz_device_statistics(device, NULL, &error));
  REFUSED(nz_device_days(device, NULL, 1, &size, &error));
  REFUSED(nz_device_local_days(device, 0, NULL, 0, NULL, &error));
  REFUSED(nz_device_losses(device, NZ_LOSS_DAMAGE, NULL, 1, &size, &error));
  REFUSED(nz_device_export(device, NZ_EXPORT_CSV, NULL, NULL, &error));
  REFUSED(nz_export_read(export, NULL, 1, &size, &error));
  REFUSED(nz_export_read(export, &scan, sizeof(scan), NULL, &error));
  REFUSED(nz_list_open_file("/", NULL, NULL, NULL, &error));
  REFUSED(nz_list_open_memory("{}", 2, NULL, NULL, NULL, &error));
  REFUSED(nz_list_get_info(list, NULL, &error));
  REFUSED(nz_list_signature(list, 0, NULL, &error));
  REFUSED(nz_list_refusal(list, 0, NULL, &error));
  REFUSED(nz_list_verify(list, NULL, NULL, &error));
  REFUSED(nz_list_verify(list, keys, NULL, &error));
  REFUSED(nz_list_read_keys(list, NULL, 1, &size, &error));
  REFUSED(nz_list_read_keys(list, &key, 1, NULL, &error));
  REFUSED(nz_match_begin(device, NULL, keys, NULL, NULL, &match, &error));
  REFUSED(nz_match_begin(device, list, keys, NULL, NULL, NULL, &error));
  REFUSED(nz_match_step(match, 1, NULL, &error));
  REFUSED(nz_match_get_report(match, NULL, &error));
  REFUSED(nz_match_exposures(match, NULL, 1, &size, &error));
  REFUSED(nz_device_disclose(device, NZ_THE_PERSON_CONSENTS, 1, NULL, &error));
  REFUSED(nz_disclosure_size(disclosure, NULL, &error));
  REFUSED(nz_disclosure_report(disclosure, 0, NULL, 0, NULL, &error));
  REFUSED(nz_disclosure_report(disclosure, 0, NULL, 1, &size, &error));
  REFUSED(
      nz_device_disclose_redacted(device, NZ_THE_PERSON_CONSENTS, 1, NULL, 1, &disclosure, &error));
  REFUSED(nz_derive_report_identifiers("text", 4, NULL, 0, NULL, &error));
  REFUSED(nz_disclosure_take(disclosure, &key, 1, NULL, &error));
  REFUSED(nz_disclosure_take(disclosure, NULL, 1, &size, &error));
  nz_disclosure_free(disclosure);
  nz_export_free(export);
  nz_match_free(match);
  nz_public_keys_free(keys);
  nz_list_free(list);
  nz_device_free(device);
}

void test_null(void) {
  nz_error_free(NULL);
  nz_cancel_free(NULL);
  nz_cancel_request(NULL);
  nz_device_free(NULL);
  nz_export_free(NULL);
  nz_public_keys_free(NULL);
  nz_list_free(NULL);
  nz_match_free(NULL);
  nz_disclosure_free(NULL);
  nz_device_config_init(NULL);
  nz_list_config_init(NULL);
  nz_match_config_init(NULL);
  CHECK(nz_error_code(NULL) == NZ_OK && strcmp(nz_error_message(NULL), "") == 0);
  CHECK(strcmp(nz_error_field(NULL), "") == 0);
  CHECK(nz_error_offset(NULL) == -1 && nz_error_record(NULL) == -1);
  check_null_objects();
  check_null_results();
}

/* A program of the future, whose struct is larger. */
struct larger_config {
  nz_match_config known;
  int32_t news[8];
};
struct larger_statistics {
  nz_statistics known;
  int32_t news[8];
};

void test_struct_sizes(void) {
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  nz_match* match = NULL;
  struct larger_config config;
  struct larger_statistics all;
  nz_device_config device_config;
  nz_device* second = NULL;
  const uint32_t impossible[] = {0, 1, sizeof(nz_match_config) - 1, 4097, UINT32_MAX};
  size_t i;

  /* The library's words about what it does not know are none. */
  memset(&config, 0x55, sizeof(config));
  config.known.size = sizeof(config);
  nz_match_config_init(&config.known);
  CHECK(config.known.size == sizeof(config) && config.known.bluezone_windows == 0);
  for (i = 0; i < 8; ++i) CHECK(config.news[i] == 0);
  OK(nz_match_begin(phone, list, keys, &config.known, NULL, &match, &error));
  nz_match_free(match);
  config.news[7] = 1;
  FAILS(NZ_UNSUPPORTED, "size",
        nz_match_begin(phone, list, keys, &config.known, NULL, &match, &error));
  /* What lies behind a struct is not looked at, and left alone. */
  config.known.size = sizeof(config.known);
  OK(nz_match_begin(phone, list, keys, &config.known, NULL, &match, &error));
  nz_match_free(match);
  nz_match_config_init(&config.known);
  CHECK(config.news[7] == 1);

  memset(&all, 0x55, sizeof(all));
  all.known.size = sizeof(all);
  OK(nz_device_statistics(phone, &all.known, &error));
  CHECK(all.known.size == sizeof(all) && all.known.scans == 0 && all.news[7] == 0);
  all.news[0] = 9;
  all.known.size = sizeof(all.known);
  OK(nz_device_statistics(phone, &all.known, &error));
  CHECK(all.news[0] == 9);

  for (i = 0; i < sizeof(impossible) / sizeof(impossible[0]); ++i) {
    memset(&config, 0x55, sizeof(config));
    config.known.size = impossible[i];
    nz_match_config_init(&config.known);
    CHECK(config.known.size == impossible[i] && config.known.bluezone_windows == 0x55555555);
    FAILS(NZ_INVALID_ARGUMENT, "size",
          nz_match_begin(phone, list, keys, &config.known, NULL, &match, &error));
    all.known.size = impossible[i];
    FAILS(NZ_INVALID_ARGUMENT, "size", nz_device_statistics(phone, &all.known, &error));
    device_config.size = impossible[i];
    nz_device_config_init(&device_config);
    FAILS(NZ_INVALID_ARGUMENT, "size",
          nz_device_open(path_in_folder("other"), root_secret, &device_config, &second, &error));
  }
  nz_public_keys_free(keys);
  nz_list_free(list);
  nz_device_free(phone);
}

static void check_config(const char* field, nz_device_config config) {
  nz_device* phone = NULL;
  FAILS(NZ_INVALID_ARGUMENT, field,
        nz_device_open_simulated(path_in_folder("other"), root_secret, &config, day_start, 1,
                                 &phone, &error));
  CHECK(phone == NULL);
}

#define CHECK_CONFIG(member, value)  \
  do {                               \
    nz_device_config wrong = config; \
    wrong.member = (value);          \
    check_config(#member, wrong);    \
  } while (0)

void test_other_values(void) {
  const int64_t times[] = {INT64_MIN, -1, INT64_C(253402300800000), INT64_MAX};
  const int32_t days[] = {INT32_MIN, -2, -1, 0, INT32_MAX};
  nz_device_config config = {0};
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  nz_published_key key = near_key();
  nz_match* match = NULL;
  nz_broadcast broadcast;
  size_t count, i, j;
  int32_t more;
  config.size = sizeof(config);
  nz_device_config_init(&config);
  CHECK_CONFIG(own_scheme, 0);
  CHECK_CONFIG(own_scheme, 7);
  CHECK_CONFIG(own_scheme, 257); /* 1, if it were cut to a byte */
  CHECK_CONFIG(transmit_power_dbm, 128);
  CHECK_CONFIG(rssi_correction_db, INT32_MIN);
  CHECK_CONFIG(assumed_transmit_power_dbm, -129);
  CHECK_CONFIG(retention_days, 0);
  CHECK_CONFIG(retention_days, 31);
  CHECK_CONFIG(durability, 2); /* what simulations of the library's own may do */
  CHECK_CONFIG(deduplication, -1);
  CHECK_CONFIG(byte_budget, 1000);
  CHECK_CONFIG(calibration_confidence, -1);
  CHECK_CONFIG(calibration_confidence, 4);
  CHECK_CONFIG(calibration_confidence, 256);
  CHECK_CONFIG(reserved, 1);

  for (i = 0; i < sizeof(times) / sizeof(times[0]); ++i) {
    nz_device* other = NULL;
    FAILS(NZ_INVALID_ARGUMENT, "time_ms", nz_device_set_simulated_time(phone, times[i], &error));
    FAILS(NZ_INVALID_ARGUMENT, "time_ms",
          nz_device_open_simulated(path_in_folder("other"), root_secret, NULL, times[i], 1, &other,
                                   &error));
    for (j = 0; j < sizeof(times) / sizeof(times[0]); ++j) {
      key.valid_from_ms = times[i];
      key.valid_to_ms = times[j];
      CHECK(nz_derive_identifiers(&key, &broadcast, 1, &count, NULL) == NZ_INVALID_ARGUMENT);
    }
  }
  key = near_key();
  key.scheme = NZ_SCHEME_BLUEZONE;
  key.identifiers_per_day = 0;
  CHECK(nz_derive_identifiers(&key, &broadcast, 1, &count, NULL) == NZ_INVALID_ARGUMENT);
  key.identifiers_per_day = UINT32_MAX;
  CHECK(nz_derive_identifiers(&key, &broadcast, 1, &count, NULL) == NZ_INVALID_ARGUMENT);

  for (i = 0; i < sizeof(days) / sizeof(days[0]); ++i) {
    const int32_t code = nz_device_erase_day(phone, days[i], NULL);
    CHECK(code == NZ_OK || code == NZ_INVALID_ARGUMENT);
  }
  OK(nz_device_compact(phone, INT64_MIN, &more, &error));
  OK(nz_device_compact(phone, INT64_MAX, &more, &error));
  OK(nz_match_begin(phone, list, keys, NULL, NULL, &match, &error));
  FAILS(NZ_INVALID_ARGUMENT, "most_keys", nz_match_step(match, 0, &more, &error));
  FAILS(NZ_INVALID_ARGUMENT, "capacity", nz_list_read_keys(list, &key, 0, &count, &error));
  nz_match_free(match);
  nz_public_keys_free(keys);
  nz_list_free(list);
  nz_device_free(phone);
}
