/* A phone's own record: what is heard, kept, counted, exported, forgotten. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

static nz_statistics statistics_of(const nz_device* phone) {
  nz_statistics all = {0};
  all.size = sizeof(all);
  OK(nz_device_statistics(phone, &all, &error));
  return all;
}

static nz_scan scan_at(int64_t start_ms, uint64_t sightings) {
  nz_scan scan;
  scan.start_ms = start_ms;
  scan.previous_start_ms = NZ_UNKNOWN_TIME;
  scan.sightings = sightings;
  return scan;
}

static nz_sighting sighting_at(int64_t time_ms, uint8_t first_byte) {
  nz_sighting sighting = {0};
  sighting.time_ms = time_ms;
  sighting.identifier[0] = first_byte;
  sighting.scheme = NZ_SCHEME_GAEN;
  sighting.rssi_dbm = -70;
  return sighting;
}

/* On the system's own clock and randomness. */
void test_life(void) {
  const char* folder = path_in_folder("phone");
  const uint8_t other_secret[32] = {9};
  nz_device* phone = NULL;
  nz_device* second = NULL;
  nz_device_config config = {0};
  nz_opening opening = {0};
  nz_advertisement air = {0}, again = {0};
  const int64_t now = (int64_t)time(NULL) * 1000;
  const nz_scan scan = scan_at(now, 2);
  nz_sighting heard[2];
  nz_exposure exposure;
  uint64_t counter = 0;
  size_t count = 5;
  config.size = sizeof(config);
  opening.size = sizeof(opening);
  air.size = again.size = sizeof(air);
  heard[0] = sighting_at(now, 1);
  heard[1] = sighting_at(now + 500, 2);
  heard[1].scheme = NZ_SCHEME_BLUEZONE;
  heard[1].heard_by = NZ_HEARD_BY_GATT;
  heard[1].rssi_dbm = NZ_NO_RSSI;

  nz_device_config_init(&config);
  CHECK(config.size == sizeof(config) && config.own_scheme == NZ_SCHEME_GAEN);
  CHECK(config.retention_days == 14 && config.durability == NZ_DURABILITY_POWER_LOSS);
  CHECK(config.deduplication == NZ_DEDUPLICATION_RAW && config.byte_budget == 32u << 20);
  config.own_scheme = NZ_SCHEME_BLUEZONE;
  OK(nz_device_open(folder, root_secret, &config, &phone, &error));
  FAILS(NZ_IN_USE, "", nz_device_open(folder, root_secret, NULL, &second, &error));
  FAILS(NZ_UNSUPPORTED, "", nz_device_set_simulated_time(phone, 0, &error));
  OK(nz_device_opening(phone, &opening, &error));
  CHECK(!opening.repaired && !opening.older_folder && opening.states_lost == 0);
  OK(nz_device_advertisement(phone, &air, &error));
  CHECK(air.scheme == NZ_SCHEME_BLUEZONE && air.identifier_size == 12 && air.metadata_size == 0);
  CHECK(air.valid_until_ms > now && air.valid_until_ms < now + one_day);
  OK(nz_device_record(phone, &scan, 1, heard, 2, &error));
  CHECK(statistics_of(phone).scans == 1 && statistics_of(phone).sightings == 2);
  CHECK(statistics_of(phone).bytes_on_disk > 0 && !statistics_of(phone).clock_in_doubt);
  OK(nz_device_exposures(phone, &exposure, 1, &count, &error));
  CHECK(count == 0);
  OK(nz_device_counter(phone, &counter, &error));
  CHECK(counter > 0);
  nz_device_free(phone);

  FAILS(NZ_WRONG_KEY, "", nz_device_open(folder, other_secret, &config, &second, &error));
  CHECK(second == NULL);
  config.least_counter = counter + 5;
  OK(nz_device_open(folder, root_secret, &config, &phone, &error));
  OK(nz_device_opening(phone, &opening, &error));
  CHECK(opening.older_folder && statistics_of(phone).sightings == 2);
  OK(nz_device_advertisement(phone, &again, &error));
  CHECK(again.valid_until_ms > air.valid_until_ms ||
        memcmp(again.identifier, air.identifier, 12) == 0);

  OK(nz_device_suspend(phone, &error));
  OK(nz_device_open(folder, root_secret, NULL, &second, &error));
  FAILS(NZ_IN_USE, "", nz_device_resume(phone, &error));
  nz_device_free(second);
  OK(nz_device_resume(phone, &error));
  OK(nz_device_erase_all(phone, &error));
  CHECK(statistics_of(phone).scans == 0);
  nz_device_free(phone);
}

void test_record(void) {
  nz_device* phone = simulated_phone("phone", day_start + one_hour);
  nz_scan scans[3];
  nz_sighting heard[3];
  nz_day_counts days[4];
  size_t count = 0;
  scans[0] = scan_at(day_start + one_hour, 2);
  scans[1] = scan_at(day_start + one_hour + one_minute, 0);
  scans[2] = scan_at(day_start - one_hour, 1);
  heard[0] = sighting_at(day_start + one_hour, 1);
  heard[1] = sighting_at(day_start + one_hour + 10, 2);
  heard[2] = sighting_at(day_start - one_hour, 3);

  OK(nz_device_record(phone, NULL, 0, NULL, 0, &error));
  /* The counts of the scans must add up to what is given. */
  FAILS(NZ_INVALID_ARGUMENT, "sighting_count", nz_device_record(phone, scans, 1, heard, 3, &error));
  FAILS(NZ_INVALID_ARGUMENT, "sightings", nz_device_record(phone, scans, 1, heard, 1, &error));
  scans[0].sightings = UINT64_MAX;
  FAILS(NZ_INVALID_ARGUMENT, "sightings", nz_device_record(phone, scans, 1, heard, 3, &error));
  scans[0].sightings = 2;
  /* One malformed sighting, and nothing is stored. */
  heard[2].metadata_size = 5;
  FAILS(NZ_INVALID_ARGUMENT, "metadata", nz_device_record(phone, scans, 3, heard, 3, &error));
  heard[2].metadata_size = 0;
  heard[2].scheme = 0;
  FAILS(NZ_INVALID_ARGUMENT, "scheme", nz_device_record(phone, scans, 3, heard, 3, &error));
  heard[2].scheme = NZ_SCHEME_GAEN;
  heard[2].heard_by = 2;
  FAILS(NZ_INVALID_ARGUMENT, "heard_by", nz_device_record(phone, scans, 3, heard, 3, &error));
  heard[2].heard_by = NZ_HEARD_BY_ADVERTISEMENT;
  heard[2].time_ms = INT64_MAX;
  FAILS(NZ_INVALID_ARGUMENT, "time", nz_device_record(phone, scans, 3, heard, 3, &error));
  heard[2].time_ms = day_start - one_hour;
  scans[1].start_ms = INT64_MIN;
  FAILS(NZ_INVALID_ARGUMENT, "scan.start", nz_device_record(phone, scans, 3, heard, 3, &error));
  scans[1].start_ms = day_start + one_hour + one_minute;
  CHECK(statistics_of(phone).scans == 0);

  /* Told twice, stored once. */
  OK(nz_device_record(phone, scans, 3, heard, 3, &error));
  OK(nz_device_record(phone, scans, 3, heard, 3, &error));
  CHECK(statistics_of(phone).scans == 3 && statistics_of(phone).sightings == 3);
  OK(nz_device_days(phone, NULL, 0, &count, &error));
  CHECK(count == 2);
  OK(nz_device_days(phone, days, 4, &count, &error));
  CHECK(count == 2 && days[0].day + 1 == days[1].day && days[1].day == day_start / one_day);
  CHECK(days[0].scans == 1 && days[0].sightings == 1 && days[0].sealed_bytes > 0);
  CHECK(days[1].scans == 2 && days[1].sightings == 2 && days[1].reserved == 0);
  /* Two hours ahead, all of them are of one day. */
  OK(nz_device_local_days(phone, 2 * one_hour, days, 4, &count, &error));
  CHECK(count == 1 && days[0].day == day_start / one_day && days[0].scans == 3);
  CHECK(days[0].sightings == 3 && days[0].sealed_bytes == 0);
  FAILS(NZ_INVALID_ARGUMENT, "utc_offset_ms",
        nz_device_local_days(phone, one_day + 1, days, 4, &count, &error));
  FAILS(NZ_INVALID_ARGUMENT, "utc_offset_ms",
        nz_device_local_days(phone, INT64_MIN, days, 4, &count, &error));
  OK(nz_device_losses(phone, NZ_LOSS_AT_OPENING, days, 4, &count, &error));
  CHECK(count == 0);
  OK(nz_device_losses(phone, NZ_LOSS_DAMAGE, NULL, 0, &count, &error));
  OK(nz_device_losses(phone, NZ_LOSS_BUDGET, NULL, 0, &count, &error));
  FAILS(NZ_INVALID_ARGUMENT, "kind", nz_device_losses(phone, 0, NULL, 0, &count, &error));
  nz_device_free(phone);
}

static char* read_export(const nz_device* phone, int32_t format, size_t piece) {
  nz_export* text = NULL;
  char* all = malloc(1u << 20);
  size_t size = 0, read = 0;
  CHECK(all != NULL);
  OK(nz_device_export(phone, format, NULL, &text, &error));
  do {
    OK(nz_export_read(text, all + size, piece, &read, &error));
    CHECK(read <= piece);
    size += read;
  } while (read != 0);
  OK(nz_export_read(text, all, piece, &read, &error));
  CHECK(read == 0);
  nz_export_free(text);
  all[size] = '\0';
  return all;
}

void test_export(void) {
  static const char head[] =
      "time_ms,identifier,rssi_dbm,metadata,scheme,source,scan_ms,previous_scan_ms\n";
  nz_device* phone = simulated_phone("phone", day_start);
  nz_export* text = NULL;
  nz_cancel* cancel = nz_cancel_new();
  char *whole, *pieces;
  size_t size = 0;
  whole = read_export(phone, NZ_EXPORT_CSV, 4096);
  CHECK(strcmp(whole, head) == 0);
  free(whole);
  whole = read_export(phone, NZ_EXPORT_JSON_LINES, 4096);
  CHECK(strcmp(whole, "") == 0);
  free(whole);
  {
    const nz_scan scan = scan_at(day_start, 1);
    const nz_sighting heard = sighting_at(day_start + 7, 0xab);
    OK(nz_device_record(phone, &scan, 1, &heard, 1, &error));
  }
  whole = read_export(phone, NZ_EXPORT_CSV, 1u << 16);
  CHECK(strncmp(whole, head, strlen(head)) == 0);
  CHECK(strcmp(whole + strlen(head),
               "1595808000007,ab000000000000000000000000000000,-70,,gaen,"
               "advertisement,1595808000000,\n") == 0);
  pieces = read_export(phone, NZ_EXPORT_CSV, 1);
  CHECK(strcmp(whole, pieces) == 0);
  free(whole);
  free(pieces);
  whole = read_export(phone, NZ_EXPORT_JSON_LINES, 3);
  CHECK(strcmp(whole,
               "{\"time_ms\":1595808000007,\"identifier\":\"ab000000000000000000000000000000\","
               "\"rssi_dbm\":-70,\"metadata\":\"\",\"scheme\":\"gaen\",\"source\":"
               "\"advertisement\",\"scan_ms\":1595808000000}\n") == 0);
  free(whole);

  /* Nothing was sent yet; then the field names what was. */
  whole = read_export(phone, NZ_EXPORT_JSON_LINES_WITH_OWN, 4096);
  CHECK(strstr(whole, "own_identifier") == NULL);
  free(whole);
  {
    nz_advertisement air = {0};
    char hex[33];
    size_t i;
    air.size = sizeof(air);
    OK(nz_device_advertisement(phone, &air, &error));
    for (i = 0; i < 16; ++i) sprintf(hex + 2 * i, "%02x", air.identifier[i]);
    whole = read_export(phone, NZ_EXPORT_CSV_WITH_OWN, 4096);
    CHECK(strncmp(whole, head, strlen(head) - 1) == 0);
    CHECK(strncmp(whole + strlen(head) - 1, ",own_identifier\n", 16) == 0);
    CHECK(strstr(whole, hex) != NULL);
    free(whole);
  }

  FAILS(NZ_INVALID_ARGUMENT, "format", nz_device_export(phone, 0, NULL, &text, &error));
  FAILS(NZ_INVALID_ARGUMENT, "format", nz_device_export(phone, 5, NULL, &text, &error));
  nz_cancel_request(cancel);
  FAILS(NZ_CANCELLED, "", nz_device_export(phone, NZ_EXPORT_CSV, cancel, &text, &error));
  nz_cancel_free(cancel);
  OK(nz_device_export(phone, NZ_EXPORT_CSV, NULL, &text, &error));
  nz_device_free(phone); /* the text is there all the same */
  {
    char out[1];
    FAILS(NZ_INVALID_ARGUMENT, "capacity", nz_export_read(text, out, 0, &size, &error));
    OK(nz_export_read(text, out, 1, &size, &error));
    CHECK(size == 1 && out[0] == 't');
  }
  nz_export_free(text);
}

void test_forgetting(void) {
  nz_device* phone = simulated_phone("phone", day_start);
  nz_day_counts days[32];
  nz_scan scan;
  size_t count = 0;
  int32_t erased = -1, more = 1;
  int day;
  for (day = 0; day < 20; ++day) {
    scan = scan_at(day_start + day * (int64_t)one_day, 0);
    OK(nz_device_set_simulated_time(phone, scan.start_ms, &error));
    OK(nz_device_record(phone, &scan, 1, NULL, 0, &error));
    if (day != 14) continue;
    OK(nz_device_purge(phone, &erased, &error));
    CHECK(erased == 0);
  }
  while (more != 0) OK(nz_device_compact(phone, 0, &more, &error));
  OK(nz_device_purge(phone, &erased, &error));
  CHECK(erased == 5);
  OK(nz_device_days(phone, days, 32, &count, &error));
  CHECK(count == 15 && days[0].day == day_start / one_day + 5);
  OK(nz_device_erase_day(phone, days[3].day, &error));
  OK(nz_device_erase_day(phone, days[3].day, &error));
  OK(nz_device_days(phone, days, 32, &count, &error));
  CHECK(count == 14 && days[3].day == day_start / one_day + 9);

  OK(nz_device_suspend(phone, &error));
  OK(nz_device_suspend(phone, &error));
  FAILS(NZ_CLOSED, "", nz_device_record(phone, &scan, 1, NULL, 0, &error));
  FAILS(NZ_CLOSED, "", nz_device_purge(phone, &erased, &error));
  FAILS(NZ_CLOSED, "", nz_device_compact(phone, 1, &more, &error));
  FAILS(NZ_CLOSED, "", nz_device_erase_all(phone, &error));
  FAILS(NZ_CLOSED, "", nz_device_days(phone, days, 32, &count, &error));
  FAILS(NZ_CLOSED, "", nz_device_exposures(phone, NULL, 0, &count, &error));
  CHECK(erased == 5 && count == 14);
  OK(nz_device_resume(phone, &error));
  OK(nz_device_resume(phone, &error));
  OK(nz_device_erase_all(phone, &error));
  OK(nz_device_days(phone, days, 32, &count, &error));
  CHECK(count == 0);
  nz_device_free(phone);
}
