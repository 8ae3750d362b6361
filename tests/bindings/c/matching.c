/* Lists matched with what was heard. */
#include <pthread.h>
#include <string.h>

#include "test.h"

static nz_match_report report_of(const nz_match* match) {
  nz_match_report report = {0};
  report.size = sizeof(report);
  OK(nz_match_get_report(match, &report, &error));
  return report;
}

static nz_match* begin(nz_device* phone, nz_list* list, const nz_public_keys* keys) {
  nz_match* match = NULL;
  OK(nz_match_begin(phone, list, keys, NULL, NULL, &match, &error));
  return match;
}

static void run_to_end(nz_match* match, uint64_t keys_a_step) {
  int32_t more = 1;
  while (more != 0) OK(nz_match_step(match, keys_a_step, &more, &error));
}

static void check_exposure(const nz_exposure* exposure, int scans) {
  CHECK(exposure->day == day_start / one_day && exposure->band != NZ_BAND_UNKNOWN);
  CHECK(exposure->report_type == NZ_REPORT_RECURSIVE);
  CHECK(exposure->duration_ms > 0 && exposure->duration_ms <= (scans + 5) * (int64_t)one_minute);
  CHECK(exposure->minimum_attenuation_db != NZ_UNKNOWN);
  CHECK(0 <= exposure->near_low_ms && exposure->near_low_ms <= exposure->near_ms);
  CHECK(exposure->near_ms > 0 && exposure->near_ms <= exposure->near_high_ms);
  CHECK(exposure->near_high_ms <= exposure->duration_ms + 6000);
  CHECK(0 <= exposure->dose_ms && exposure->dose_ms <= exposure->near_ms);
}

static void check_trust(nz_device* phone, nz_list* list) {
  nz_public_keys* none = nz_public_keys_new();
  nz_match* match = NULL;
  nz_match_config config = {0};
  config.size = sizeof(config);
  nz_match_config_init(&config);
  FAILS(NZ_SIGNATURE_REFUSED, "signature",
        nz_match_begin(phone, list, NULL, NULL, NULL, &match, &error));
  FAILS(NZ_SIGNATURE_REFUSED, "signature",
        nz_match_begin(phone, list, none, &config, NULL, &match, &error));
  CHECK(match == NULL);
  config.bluezone_windows = 2;
  FAILS(NZ_INVALID_ARGUMENT, "bluezone_windows",
        nz_match_begin(phone, list, none, &config, NULL, &match, &error));
  config.bluezone_windows = NZ_BLUEZONE_STRICT;
  config.accept_unverified_lists = 1;
  OK(nz_match_begin(phone, list, NULL, &config, NULL, &match, &error));
  CHECK(report_of(match).signature == NZ_SIGNATURE_UNKNOWN_KEY);
  nz_match_free(match);
  nz_public_keys_free(none);
}

void test_matching(void) {
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  nz_cancel* cancel = nz_cancel_new();
  const nz_published_key near = near_key();
  nz_match* match = NULL;
  nz_exposure exposures[4];
  size_t count = 9;
  int32_t more = 1;
  hear(phone, &near, 60, 8);
  check_trust(phone, list);

  /* Stopped in the middle, saved, and gone on with after a restart. */
  OK(nz_match_begin(phone, list, keys, NULL, cancel, &match, &error));
  OK(nz_match_step(match, 10, &more, &error));
  CHECK(more == 1 && report_of(match).done == 0 && report_of(match).keys_tried == 10);
  OK(nz_match_exposures(match, exposures, 4, &count, &error));
  CHECK(count == 0);
  nz_cancel_request(cancel);
  nz_cancel_free(cancel);
  FAILS(NZ_CANCELLED, "", nz_match_step(match, 10, &more, &error));
  OK(nz_match_save(match, &error));
  nz_match_free(match);
  nz_device_free(phone);
  phone = simulated_phone("phone", day_start + 20 * one_hour);
  match = begin(phone, list, keys);
  run_to_end(match, 5);
  CHECK(report_of(match).done != 0 && report_of(match).known == 0);
  CHECK(report_of(match).signature == NZ_SIGNATURE_VERIFIED);
  CHECK(report_of(match).keys_in_list == 24 && report_of(match).keys_tried == 24);
  CHECK(report_of(match).keys_refused == 0);
  OK(nz_match_exposures(match, exposures, 4, &count, &error));
  CHECK(count == 1);
  check_exposure(&exposures[0], 8);
  OK(nz_match_step(match, 5, &more, &error)); /* it is done, and stays so */
  CHECK(more == 0);
  OK(nz_match_save(match, &error));
  nz_match_free(match);
  OK(nz_device_exposures(phone, exposures, 0, &count, &error));
  CHECK(count == 1);

  /* It is known, until something is heard that it may concern. */
  match = begin(phone, list, keys);
  CHECK(report_of(match).known != 0 && report_of(match).done != 0);
  CHECK(report_of(match).keys_tried == 0);
  OK(nz_match_exposures(match, exposures, 4, &count, &error));
  CHECK(count == 1);
  nz_match_free(match);
  hear(phone, &near, 120, 3);
  match = begin(phone, list, keys);
  CHECK(report_of(match).known == 0);
  run_to_end(match, UINT64_MAX);
  OK(nz_match_exposures(match, exposures, 4, &count, &error));
  CHECK(count == 1);
  check_exposure(&exposures[0], 11);
  nz_match_free(match);

  /* In the background it waits. */
  hear(phone, &near, 125, 1);
  match = begin(phone, list, keys);
  OK(nz_device_suspend(phone, &error));
  OK(nz_match_step(match, 24, &more, &error));
  FAILS(NZ_CLOSED, "", nz_match_step(match, 24, &more, &error));
  FAILS(NZ_CLOSED, "", nz_match_save(match, &error));
  CHECK(report_of(match).done == 0);
  OK(nz_device_resume(phone, &error));
  run_to_end(match, 24);
  CHECK(report_of(match).done != 0);
  nz_match_free(match);
  nz_public_keys_free(keys);
  nz_list_free(list);
  nz_device_free(phone);
}

/* Whatever is freed first: what is left goes on. */
void test_order_of_free(void) {
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  nz_cancel* cancel = nz_cancel_new();
  const nz_published_key near = near_key();
  nz_match *match = NULL, *other = NULL;
  nz_exposure exposure;
  size_t count = 0;
  int order;
  hear(phone, &near, 60, 8);
  OK(nz_match_begin(phone, list, keys, NULL, cancel, &match, &error));
  OK(nz_match_begin(phone, list, keys, NULL, cancel, &other, &error));
  nz_device_free(phone);
  nz_cancel_free(cancel);
  nz_public_keys_free(keys);
  nz_list_free(list);
  run_to_end(match, 7);
  OK(nz_match_exposures(match, &exposure, 1, &count, &error));
  CHECK(count == 1);
  nz_match_free(match);
  nz_match_free(other); /* never run */

  /* The log was let go of with the last of them. */
  for (order = 0; order < 2; ++order) {
    phone = simulated_phone("phone", day_start + 20 * one_hour);
    list = published_list();
    keys = authority();
    match = begin(phone, list, keys);
    if (order == 0) nz_match_free(match);
    nz_device_free(phone);
    nz_list_free(list);
    nz_public_keys_free(keys);
    if (order == 1) nz_match_free(match);
  }
}

/* ---- Many threads on the same objects ---- */

enum { rounds = 12 };

struct shared {
  nz_device* phone;
  nz_list* list;
  nz_public_keys* keys;
  nz_match* match;
  nz_cancel* cancel;
};

static void* record_much(void* given) {
  const struct shared* all = given;
  nz_scan scan = {0};
  int i;
  scan.previous_start_ms = NZ_UNKNOWN_TIME;
  for (i = 0; i < rounds; ++i) {
    scan.start_ms = day_start + 21 * (int64_t)one_hour + i * one_minute;
    CHECK(nz_device_set_simulated_time(all->phone, scan.start_ms, NULL) == NZ_OK);
    CHECK(nz_device_record(all->phone, &scan, 1, NULL, 0, NULL) == NZ_OK);
  }
  return NULL;
}

static void* match_much(void* given) {
  const struct shared* all = given;
  int32_t more = 1;
  int i;
  for (i = 0; i < rounds; ++i) {
    CHECK(nz_match_step(all->match, 2, &more, NULL) == NZ_OK);
    CHECK(nz_match_save(all->match, NULL) == NZ_OK);
  }
  return NULL;
}

static void* look_much(void* given) {
  const struct shared* all = given;
  nz_match_report report = {0};
  nz_signature_report signature = {0};
  nz_advertisement air = {0};
  nz_published_key keys[5];
  nz_opening opening = {0};
  uint64_t counter;
  size_t count;
  int i;
  report.size = sizeof(report);
  signature.size = sizeof(signature);
  air.size = sizeof(air);
  opening.size = sizeof(opening);
  for (i = 0; i < rounds; ++i) {
    CHECK(nz_match_get_report(all->match, &report, NULL) == NZ_OK);
    CHECK(nz_match_exposures(all->match, NULL, 0, &count, NULL) == NZ_OK);
    CHECK(nz_list_verify(all->list, all->keys, &signature, NULL) == NZ_OK);
    CHECK(nz_list_read_keys(all->list, keys, 5, &count, NULL) == NZ_OK);
    CHECK(nz_list_rewind(all->list, NULL) == NZ_OK);
    CHECK(nz_device_advertisement(all->phone, &air, NULL) == NZ_OK);
    CHECK(nz_device_exposures(all->phone, NULL, 0, &count, NULL) == NZ_OK);
    CHECK(nz_device_opening(all->phone, &opening, NULL) == NZ_OK);
    CHECK(nz_device_counter(all->phone, &counter, NULL) == NZ_OK);
  }
  nz_cancel_request(all->cancel);
  return NULL;
}

void test_threads(void) {
  void* (*const work[])(void*) = {record_much, match_much, look_much, match_much, look_much};
  enum { threads = sizeof(work) / sizeof(work[0]) };
  const nz_published_key near = near_key();
  pthread_t running[threads];
  struct shared all;
  size_t count = 0;
  int i;
  all.phone = simulated_phone("phone", day_start);
  all.list = published_list();
  all.keys = authority();
  all.cancel = nz_cancel_new();
  hear(all.phone, &near, 60, 8);
  all.match = begin(all.phone, all.list, all.keys);
  for (i = 0; i < threads; ++i) CHECK(pthread_create(&running[i], NULL, work[i], &all) == 0);
  for (i = 0; i < threads; ++i) CHECK(pthread_join(running[i], NULL) == 0);
  CHECK(report_of(all.match).done != 0);
  OK(nz_device_exposures(all.phone, NULL, 0, &count, &error));
  CHECK(count == 1);
  nz_match_free(all.match);
  nz_cancel_free(all.cancel);
  nz_public_keys_free(all.keys);
  nz_list_free(all.list);
  nz_device_free(all.phone);
}
