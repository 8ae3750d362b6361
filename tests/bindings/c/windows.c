/* Exposure windows, and what they amount to by the day. */
#include "test.h"

static void refuses_mappings(nz_device* phone) {
  nz_diagnosis_key_mapping mapping = {0};
  size_t count;
  mapping.size = sizeof(mapping);
  nz_diagnosis_key_mapping_init(&mapping);
  CHECK(mapping.report_type_when_missing == NZ_REPORT_CONFIRMED_TEST);
  CHECK(mapping.when_onset_unknown == NZ_INFECTIOUSNESS_STANDARD);
  CHECK(mapping.by_days_since_onset[0] == NZ_INFECTIOUSNESS_STANDARD);
  CHECK(mapping.by_days_since_onset[28] == NZ_INFECTIOUSNESS_STANDARD);
  mapping.report_type_when_missing = 256 + NZ_REPORT_CONFIRMED_TEST;
  FAILS(NZ_INVALID_ARGUMENT, "report_type_when_missing",
        nz_device_exposure_windows(phone, &mapping, NULL, 0, &count, &error));
  mapping.report_type_when_missing = NZ_REPORT_CONFIRMED_TEST;
  mapping.when_onset_unknown = -1;
  FAILS(NZ_INVALID_ARGUMENT, "when_onset_unknown",
        nz_device_exposure_windows(phone, &mapping, NULL, 0, &count, &error));
  mapping.when_onset_unknown = NZ_INFECTIOUSNESS_NONE;
  mapping.by_days_since_onset[28] = 3;
  FAILS(NZ_INVALID_ARGUMENT, "by_days_since_onset",
        nz_device_exposure_windows(phone, &mapping, NULL, 0, &count, &error));
}

static void refuses_configs(const nz_window_scan* scans, size_t count) {
  nz_daily_summary_config config = {0};
  nz_window_scan bad = scans[0];
  nz_daily_summary summary;
  size_t found;
  const int32_t today = bad.day;
  config.size = sizeof(config);
  nz_daily_summary_config_init(&config);
  CHECK(config.attenuation_thresholds_db[1] == 55 && config.attenuation_weights[3] == 1);
  CHECK(config.report_type_weights[5] == 1 && config.infectiousness_weights[0] == 0);
  config.attenuation_weights[3] = 2.6;
  FAILS(NZ_INVALID_ARGUMENT, "attenuation_weights",
        nz_daily_summaries(scans, count, &config, today, &summary, 1, &found, &error));
  config.attenuation_weights[3] = 0;
  config.reserved = 1;
  FAILS(NZ_INVALID_ARGUMENT, "reserved",
        nz_daily_summaries(scans, count, &config, today, &summary, 1, &found, &error));
  FAILS(NZ_INVALID_ARGUMENT, "today",
        nz_daily_summaries(scans, count, NULL, -1, &summary, 1, &found, &error));
  bad.day = INT32_MAX;
  FAILS(NZ_INVALID_ARGUMENT, "day",
        nz_daily_summaries(&bad, 1, NULL, today, &summary, 1, &found, &error));
  bad.day = today;
  bad.report_type = 6;
  FAILS(NZ_INVALID_ARGUMENT, "report_type",
        nz_daily_summaries(&bad, 1, NULL, today, &summary, 1, &found, &error));
  bad.report_type = 0;
  bad.infectiousness = -1;
  FAILS(NZ_INVALID_ARGUMENT, "infectiousness",
        nz_daily_summaries(&bad, 1, NULL, today, &summary, 1, &found, &error));
  bad.infectiousness = 0;
  bad.since_last_scan_ms = -1;
  FAILS(NZ_INVALID_ARGUMENT, "since_last_scan_ms",
        nz_daily_summaries(&bad, 1, NULL, today, &summary, 1, &found, &error));
}

void test_windows(void) {
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list* list = published_list();
  nz_public_keys* keys = authority();
  const nz_published_key near = near_key();
  nz_diagnosis_key_mapping mapping = {0};
  nz_daily_summary_config config = {0};
  nz_window_scan scans[64];
  nz_daily_summary summaries[4];
  nz_match* match = NULL;
  size_t count = 9, scan_count, i;
  int32_t more = 1;
  double seconds = 0;
  hear(phone, &near, 60, 8);
  OK(nz_device_exposure_windows(phone, NULL, scans, 64, &count, &error));
  CHECK(count == 0);
  OK(nz_match_begin(phone, list, keys, NULL, NULL, &match, &error));
  while (more != 0) OK(nz_match_step(match, UINT64_MAX, &more, &error));
  OK(nz_device_exposure_windows(phone, NULL, scans, 64, &scan_count, &error));
  CHECK(scan_count == 8);
  for (i = 0; i < scan_count; ++i) {
    CHECK(scans[i].window == 0 && scans[i].day == day_start / one_day);
    CHECK(scans[i].report_type == NZ_REPORT_RECURSIVE);
    CHECK(scans[i].infectiousness == NZ_INFECTIOUSNESS_STANDARD);
    CHECK(scans[i].minimum_attenuation_db == scans[i].typical_attenuation_db);
    seconds += scans[i].since_last_scan_ms / 1000.0;
  }
  CHECK(seconds > 0);

  OK(nz_daily_summaries(scans, scan_count, NULL, scans[0].day, summaries, 4, &count, &error));
  CHECK(count == 2);
  CHECK(summaries[0].report_type == NZ_UNKNOWN && summaries[0].day == scans[0].day);
  CHECK(summaries[1].report_type == NZ_REPORT_RECURSIVE);
  CHECK(summaries[0].score_sum == seconds && summaries[1].maximum_score == seconds);
  config.size = sizeof(config);
  nz_daily_summary_config_init(&config);
  config.report_type_weights[NZ_REPORT_RECURSIVE] = 0.5;
  config.minimum_window_score = seconds / 2;
  OK(nz_daily_summaries(scans, scan_count, &config, scans[0].day, summaries, 4, &count, &error));
  CHECK(count == 2 && summaries[0].score_sum == seconds / 2);
  CHECK(summaries[0].weighted_duration_sum == seconds);
  config.minimum_window_score = seconds;
  OK(nz_daily_summaries(scans, scan_count, &config, scans[0].day, summaries, 4, &count, &error));
  CHECK(count == 0);
  OK(nz_daily_summaries(NULL, 0, NULL, 0, NULL, 0, &count, &error));
  CHECK(count == 0);

  mapping.size = sizeof(mapping);
  nz_diagnosis_key_mapping_init(&mapping);
  mapping.when_onset_unknown = NZ_INFECTIOUSNESS_NONE;
  for (i = 0; i < sizeof(mapping.by_days_since_onset); ++i)
    mapping.by_days_since_onset[i] = NZ_INFECTIOUSNESS_NONE;
  OK(nz_device_exposure_windows(phone, &mapping, scans, 64, &count, &error));
  CHECK(count == 0);
  refuses_mappings(phone);
  refuses_configs(scans, scan_count);
  nz_match_free(match);
  nz_public_keys_free(keys);
  nz_list_free(list);
  nz_device_free(phone);
}
