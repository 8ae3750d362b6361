/* What the scenario does not reach: real devices, files, misuse, cancelling, any order of freeing.
 * c_test FIXTURES FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearzone.h"

static int failures;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static const char* fixtures;
static char folder[512];
static const uint8_t root[32] = {1, 2, 3};

static const char* path_of(const char* name) {
  static char path[600];
  snprintf(path, sizeof(path), "%s/%s", fixtures, name);
  return path;
}

static nz_device* open_real(void) {
  nz_device* device = NULL;
  nz_error* error = NULL;
  CHECK(nz_device_open(folder, root, NULL, &device, &error) == NZ_OK);
  CHECK(error == NULL);
  return device;
}

static nz_list* open_list(const char* name) {
  nz_list* list = NULL;
  CHECK(nz_list_open_file(path_of(name), NULL, NULL, &list, NULL) == NZ_OK);
  return list;
}

static void versions_agree(void) {
  CHECK(nz_abi_version() == NZ_ABI_VERSION);
  CHECK(strchr(nz_version(), '.') != NULL);
  CHECK(strcmp(nz_code_name(NZ_LIMIT_EXCEEDED), "limit_exceeded") == 0);
  CHECK(strcmp(nz_code_name(-1), "unknown") == 0 && strcmp(nz_code_name(16), "unknown") == 0);
}

static void structs_are_without_padding(void) {
  CHECK(sizeof(nz_sighting) == 32 && sizeof(nz_scan) == 24 && sizeof(nz_published_key) == 88);
  CHECK(sizeof(nz_broadcast) == 32 && sizeof(nz_exposure) == 24 && sizeof(nz_day_counts) == 32);
}

static void null_is_refused(void) {
  nz_error* error = NULL;
  nz_device* device;
  nz_list* list;
  nz_match* match;
  nz_export* text;
  nz_disclosure* disclosure;
  nz_advertisement air;
  size_t count;
  uint64_t counter;
  int32_t more;
  const int32_t refused = NZ_INVALID_ARGUMENT;
  air.size = sizeof(air);
  CHECK(nz_device_open(NULL, root, NULL, &device, &error) == refused);
  CHECK(strlen(nz_error_message(error)) > 10 && nz_error_code(error) == refused);
  nz_error_free(error);
  CHECK(nz_device_open(folder, NULL, NULL, &device, NULL) == refused);
  CHECK(nz_device_open(folder, root, NULL, NULL, NULL) == refused);
  CHECK(nz_device_set_simulated_time(NULL, 0, NULL) == refused);
  CHECK(nz_device_opening(NULL, NULL, NULL) == refused);
  CHECK(nz_device_counter(NULL, &counter, NULL) == refused);
  CHECK(nz_device_advertisement(NULL, &air, NULL) == refused);
  CHECK(nz_device_record(NULL, NULL, 0, NULL, 0, NULL) == refused);
  CHECK(nz_device_exposures(NULL, NULL, 0, &count, NULL) == refused);
  CHECK(nz_device_purge(NULL, &more, NULL) == refused);
  CHECK(nz_device_compact(NULL, 0, &more, NULL) == refused);
  CHECK(nz_device_erase_day(NULL, 0, NULL) == refused);
  CHECK(nz_device_erase_all(NULL, NULL) == refused);
  CHECK(nz_device_suspend(NULL, NULL) == refused);
  CHECK(nz_device_resume(NULL, NULL) == refused);
  CHECK(nz_device_statistics(NULL, NULL, NULL) == refused);
  CHECK(nz_device_days(NULL, NULL, 0, &count, NULL) == refused);
  CHECK(nz_device_local_days(NULL, 0, NULL, 0, &count, NULL) == refused);
  CHECK(nz_device_losses(NULL, 1, NULL, 0, &count, NULL) == refused);
  CHECK(nz_device_export(NULL, 1, NULL, &text, NULL) == refused);
  CHECK(nz_export_read(NULL, &more, 1, &count, NULL) == refused);
  CHECK(nz_public_keys_add(NULL, "x", 1, NULL) == refused);
  CHECK(nz_list_open_file(NULL, NULL, NULL, &list, NULL) == refused);
  CHECK(nz_list_open_memory(NULL, 1, NULL, NULL, &list, NULL) == refused);
  CHECK(nz_list_get_info(NULL, NULL, NULL) == refused);
  CHECK(nz_list_signature(NULL, 0, NULL, NULL) == refused);
  CHECK(nz_list_refusal(NULL, 0, &error, NULL) == refused);
  CHECK(nz_list_verify(NULL, NULL, NULL, NULL) == refused);
  CHECK(nz_list_read_keys(NULL, NULL, 1, &count, NULL) == refused);
  CHECK(nz_list_rewind(NULL, NULL) == refused);
  CHECK(nz_match_begin(NULL, NULL, NULL, NULL, NULL, &match, NULL) == refused);
  CHECK(nz_match_step(NULL, 1, &more, NULL) == refused);
  CHECK(nz_match_save(NULL, NULL) == refused);
  CHECK(nz_match_get_report(NULL, NULL, NULL) == refused);
  CHECK(nz_match_exposures(NULL, NULL, 0, &count, NULL) == refused);
  CHECK(nz_device_disclose(NULL, NZ_THE_PERSON_CONSENTS, 1, &disclosure, NULL) == refused);
  CHECK(nz_disclosure_size(NULL, &count, NULL) == refused);
  CHECK(nz_disclosure_take(NULL, NULL, 0, &count, NULL) == refused);
  CHECK(nz_derive_identifiers(NULL, NULL, 0, &count, NULL) == refused);
  nz_device_config_init(NULL);
  nz_list_config_init(NULL);
  nz_match_config_init(NULL);
  nz_cancel_request(NULL);
  nz_error_free(NULL);
  nz_cancel_free(NULL);
  nz_device_free(NULL);
  nz_list_free(NULL);
  nz_match_free(NULL);
  nz_export_free(NULL);
  nz_disclosure_free(NULL);
  nz_public_keys_free(NULL);
  CHECK(nz_error_code(NULL) == NZ_OK && *nz_error_message(NULL) == 0);
}

static void structs_of_other_versions(void) {
  struct {
    nz_device_config known;
    uint64_t newer;
  } config;
  struct {
    nz_opening known;
    uint64_t newer;
  } opening;
  nz_device* device = NULL;
  nz_error* error = NULL;
  memset(&config, 0, sizeof(config));
  nz_device_config_init(&config.known);
  CHECK(config.known.size == sizeof(nz_device_config) && config.known.retention_days == 14);
  config.known.size = sizeof(config);
  config.newer = 1;
  CHECK(nz_device_open(folder, root, &config.known, &device, NULL) == NZ_UNSUPPORTED);
  config.newer = 0;
  config.known.size = 8;
  CHECK(nz_device_open(folder, root, &config.known, &device, &error) == NZ_INVALID_ARGUMENT);
  CHECK(strcmp(nz_error_field(error), "size") == 0);
  nz_error_free(error);
  config.known.size = sizeof(config);
  CHECK(nz_device_open(folder, root, &config.known, &device, NULL) == NZ_OK);
  memset(&opening, 0xff, sizeof(opening));
  opening.known.size = sizeof(opening);
  CHECK(nz_device_opening(device, &opening.known, NULL) == NZ_OK);
  CHECK(opening.known.size == sizeof(opening) && opening.newer == 0);
  CHECK(opening.known.repaired == 0 && opening.known.older_folder == 0);
  opening.known.size = 3;
  CHECK(nz_device_opening(device, &opening.known, NULL) == NZ_INVALID_ARGUMENT);
  nz_device_free(device);
}

static void options_out_of_range(void) {
  nz_device_config config;
  nz_device* device;
  nz_error* error = NULL;
#define REFUSED(field, value)                                                           \
  nz_device_config_init(&config);                                                       \
  config.field = value;                                                                 \
  CHECK(nz_device_open(folder, root, &config, &device, &error) == NZ_INVALID_ARGUMENT); \
  CHECK(strcmp(nz_error_field(error), #field) == 0);                                    \
  nz_error_free(error)
  REFUSED(own_scheme, 9);
  REFUSED(transmit_power_dbm, 200);
  REFUSED(rssi_correction_db, 100000);
  REFUSED(assumed_transmit_power_dbm, -129);
  REFUSED(retention_days, 0);
  REFUSED(durability, 2);
  REFUSED(deduplication, 3);
  REFUSED(byte_budget, 5);
#undef REFUSED
}

static void only_simulated_time_is_set(void) {
  nz_device* device = open_real();
  nz_device* second = NULL;
  CHECK(nz_device_set_simulated_time(device, 5, NULL) == NZ_UNSUPPORTED);
  CHECK(nz_device_open(folder, root, NULL, &second, NULL) == NZ_IN_USE && second == NULL);
  nz_device_free(device);
}

static void scans_and_sightings_must_agree(void) {
  nz_device* device = open_real();
  nz_error* error = NULL;
  nz_scan scans[2] = {{1600000000000, NZ_UNKNOWN_TIME, 1}, {1600000060000, 1600000000000, 2}};
  nz_sighting sightings[3];
  memset(sightings, 0, sizeof(sightings));
  CHECK(nz_device_record(device, scans, 2, sightings, 2, &error) == NZ_INVALID_ARGUMENT);
  CHECK(nz_error_record(error) == 1 && strcmp(nz_error_field(error), "sightings") == 0);
  nz_error_free(error);
  CHECK(nz_device_record(device, scans, 1, sightings, 2, &error) == NZ_INVALID_ARGUMENT);
  CHECK(strcmp(nz_error_field(error), "sighting_count") == 0);
  nz_error_free(error);
  sightings[0].scheme = NZ_SCHEME_GAEN;
  sightings[1].scheme = 77;
  sightings[2].scheme = NZ_SCHEME_GAEN;
  CHECK(nz_device_record(device, scans, 2, sightings, 3, &error) == NZ_INVALID_ARGUMENT);
  CHECK(nz_error_record(error) == 1 && strcmp(nz_error_field(error), "scheme") == 0);
  nz_error_free(error);
  CHECK(nz_device_record(device, NULL, 0, NULL, 0, NULL) == NZ_OK);
  nz_device_free(device);
}

static void lists_come_from_files(void) {
  nz_list* list = NULL;
  nz_list_info info;
  nz_list_config config;
  nz_published_key keys[100];
  nz_cancel* cancel = nz_cancel_new();
  size_t count = 9;
  CHECK(nz_list_open_file(path_of("nobody"), NULL, NULL, &list, NULL) == NZ_NOT_FOUND);
  nz_list_config_init(&config);
  config.max_bytes = 10;
  CHECK(nz_list_open_file(path_of("gaen_signed.zip"), &config, NULL, &list, NULL) ==
        NZ_LIMIT_EXCEEDED);
  nz_list_config_init(&config);
  config.refuse_extra_members = 1;
  CHECK(nz_list_open_file(path_of("gaen_extra_member.zip"), &config, NULL, &list, NULL) ==
        NZ_CORRUPT);
  nz_cancel_request(cancel);
  CHECK(nz_list_open_file(path_of("gaen_signed.zip"), NULL, cancel, &list, NULL) == NZ_CANCELLED);
  CHECK(list == NULL);
  nz_cancel_free(cancel);
  list = open_list("gaen_signed.zip");
  info.size = sizeof(info);
  CHECK(nz_list_get_info(list, &info, NULL) == NZ_OK && info.keys == 24 &&
        info.format == NZ_FORMAT_GAEN_EXPORT);
  CHECK(nz_list_read_keys(list, keys, 0, &count, NULL) == NZ_INVALID_ARGUMENT && count == 9);
  CHECK(nz_list_read_keys(list, keys, 100, &count, NULL) == NZ_OK && count == 24);
  CHECK(nz_list_read_keys(list, keys, 100, &count, NULL) == NZ_OK && count == 0);
  CHECK(nz_list_rewind(list, NULL) == NZ_OK);
  CHECK(nz_list_read_keys(list, keys, 5, &count, NULL) == NZ_OK && count == 5);
  nz_list_free(list);
}

static void lists_in_arrays_tell_their_length(void) {
  nz_published_key key;
  nz_broadcast some[3];
  size_t count = 0;
  memset(&key, 0, sizeof(key));
  memset(some, 0, sizeof(some));
  key.scheme = NZ_SCHEME_GAEN;
  key.valid_from_ms = 1600041600000;
  key.valid_to_ms = key.valid_from_ms + 86400000;
  key.identifiers_per_day = 144;
  key.days_since_onset = NZ_UNKNOWN;
  CHECK(nz_derive_identifiers(&key, NULL, 0, &count, NULL) == NZ_OK && count == 144);
  CHECK(nz_derive_identifiers(&key, some, 2, &count, NULL) == NZ_OK && count == 144);
  CHECK(some[1].start_ms == key.valid_from_ms + 600000 && some[2].start_ms == 0);
  CHECK(nz_derive_identifiers(&key, NULL, 2, &count, NULL) == NZ_INVALID_ARGUMENT);
  key.days_since_onset = 15;
  CHECK(nz_derive_identifiers(&key, some, 2, &count, NULL) == NZ_INVALID_ARGUMENT);
}

static void freed_in_any_order(void) {
  nz_device* device = open_real();
  nz_list* list = open_list("gaen_signed.zip");
  nz_cancel* cancel = nz_cancel_new();
  nz_match* match = NULL;
  nz_match_config config;
  nz_match_report report;
  nz_export* text = NULL;
  nz_error* error = NULL;
  char piece[8];
  size_t size;
  int32_t more = 1;
  nz_match_config_init(&config);
  config.accept_unverified_lists = 1;
  CHECK(nz_match_begin(device, list, NULL, &config, cancel, &match, NULL) == NZ_OK);
  CHECK(nz_device_export(device, NZ_EXPORT_CSV, NULL, &text, NULL) == NZ_OK);
  nz_device_free(device);
  nz_list_free(list);
  CHECK(nz_match_step(match, 0, &more, NULL) == NZ_INVALID_ARGUMENT);
  CHECK(nz_match_step(match, 5, &more, NULL) == NZ_OK && more == 1);
  nz_cancel_request(cancel);
  nz_cancel_free(cancel);
  CHECK(nz_match_step(match, 5, &more, &error) == NZ_CANCELLED && more == 1);
  nz_error_free(error);
  CHECK(nz_match_save(match, NULL) == NZ_OK);
  report.size = sizeof(report);
  CHECK(nz_match_get_report(match, &report, NULL) == NZ_OK && report.keys_tried == 5 &&
        report.done == 0 && report.keys_in_list == 24);
  CHECK(nz_export_read(text, piece, sizeof(piece), &size, NULL) == NZ_OK && size == 8 &&
        memcmp(piece, "time_ms,", 8) == 0);
  CHECK(nz_export_read(text, piece, 0, &size, NULL) == NZ_INVALID_ARGUMENT);
  nz_export_free(text);
  nz_match_free(match);
  /* All of it is gone, so that the folder can be opened again. */
  nz_device_free(open_real());
}

static void keys_go_once(void) {
  nz_device* device = open_real();
  nz_disclosure* disclosure = NULL;
  nz_advertisement air;
  nz_published_key keys[14];
  size_t count = 0;
  air.size = sizeof(air);
  CHECK(nz_device_advertisement(device, &air, NULL) == NZ_OK && air.identifier_size == 16);
  CHECK(nz_device_disclose(device, 1, 1, &disclosure, NULL) == NZ_CONSENT_REQUIRED);
  CHECK(disclosure == NULL);
  CHECK(nz_device_disclose(device, NZ_THE_PERSON_CONSENTS, 1, &disclosure, NULL) == NZ_OK);
  CHECK(nz_disclosure_size(disclosure, &count, NULL) == NZ_OK && count == 1);
  CHECK(nz_disclosure_take(disclosure, keys, 0, &count, NULL) == NZ_LIMIT_EXCEEDED);
  CHECK(nz_disclosure_take(disclosure, keys, 14, &count, NULL) == NZ_OK && count == 1);
  CHECK(nz_disclosure_take(disclosure, keys, 14, &count, NULL) == NZ_CLOSED);
  nz_disclosure_free(disclosure);
  nz_device_free(device);
}

int main(int count, char** arguments) {
  if (count != 3) return 2;
  fixtures = arguments[1];
  snprintf(folder, sizeof(folder), "%s/phone", arguments[2]);
  versions_agree();
  structs_are_without_padding();
  null_is_refused();
  options_out_of_range();
  structs_of_other_versions();
  only_simulated_time_is_set();
  scans_and_sightings_must_agree();
  lists_come_from_files();
  lists_in_arrays_tell_their_length();
  freed_in_any_order();
  keys_go_once();
  if (failures == 0) puts("all is as it should be");
  return failures == 0 ? 0 : 1;
}
