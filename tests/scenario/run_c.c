/* Runs a scenario through the C interface: run_c SCENARIO FOLDER. README.md says what it prints. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearzone.h"

enum { most_words = 64, most_things = 32, most_rows = 4096 };

static const char* folder;
static nz_error* error;

/* What has a name: phones, lists and sets of public keys. */
struct thing {
  char kind;
  char name[32];
  void* object;
  void* memory;
};
static struct thing things[most_things];

static struct thing* find(char kind, const char* name) {
  int i;
  for (i = 0; i < most_things; ++i)
    if (things[i].kind == kind && strcmp(things[i].name, name) == 0) return &things[i];
  return NULL;
}

static struct thing* find_or_make(char kind, const char* name) {
  struct thing* found = find(kind, name);
  int i;
  for (i = 0; found == NULL && i < most_things; ++i)
    if (things[i].kind == 0) found = &things[i];
  if (found == NULL || strlen(name) >= sizeof(found->name)) abort();
  found->kind = kind;
  strcpy(found->name, name);
  return found;
}

static void* object(char kind, const char* name) {
  struct thing* found = find(kind, name);
  if (found == NULL) abort();
  return found->object;
}
static nz_device* phone(const char* name) { return object('p', name); }
static nz_list* list_of(const char* name) { return object('l', name); }

static int truth(const char* word) { return strcmp(word, "yes") == 0; }
static const char* told(int64_t value) { return value != 0 ? "yes" : "no"; }
static int64_t number(const char* word) { return strtoll(word, NULL, 10); }
static const char* scheme_name(int64_t scheme) {
  static const char* const names[] = {"-",           "bluezone", "gaen",           "dp3t-lowcost",
                                      "dp3t-hybrid", "tcn",      "dp3t-unlinkable"};
  return names[scheme];
}
static int scheme_of(const char* word) {
  int scheme = NZ_SCHEME_BLUEZONE;
  while (strcmp(word, scheme_name(scheme)) != 0) ++scheme;
  return scheme;
}
static size_t key_size(int64_t scheme) {
  return scheme == NZ_SCHEME_GAEN || scheme == NZ_SCHEME_DP3T_HYBRID ? 16 : 32;
}
static size_t identifier_size(int64_t scheme) { return scheme == NZ_SCHEME_BLUEZONE ? 12 : 16; }

/* At most `room` bytes of a word in hex; their number. */
static size_t bytes(const char* word, void* out, size_t room) {
  const size_t size = strcmp(word, "-") == 0 ? 0 : strlen(word) / 2;
  size_t i;
  for (i = 0; i < size && i < room; ++i) {
    unsigned value;
    if (sscanf(word + 2 * i, "%2x", &value) != 1) abort();
    ((uint8_t*)out)[i] = (uint8_t)value;
  }
  return size;
}

static void print_hex(const uint8_t* bytes, size_t size) {
  size_t i;
  if (size == 0) putchar('-');
  for (i = 0; i < size; ++i) printf("%02x", bytes[i]);
}

static void print_known(int64_t value, int64_t unknown) {
  if (value == unknown)
    putchar('-');
  else
    printf("%" PRId64, value);
}

static void print_failure(const nz_error* failure) {
  const char* field = nz_error_field(failure);
  printf("! %s\t%s\t", nz_code_name(nz_error_code(failure)), *field == 0 ? "-" : field);
  print_known(nz_error_offset(failure), -1);
  putchar('\t');
  print_known(nz_error_record(failure), -1);
  putchar('\n');
}

static void print_key(const nz_published_key* key) {
  printf("%s\t", scheme_name(key->scheme));
  print_hex(key->bytes, key_size(key->scheme));
  printf("\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu32 "\t%" PRId32 "\t", key->valid_from_ms,
         key->valid_to_ms, key->record, key->identifiers_per_day, key->report_type);
  print_known(key->days_since_onset, NZ_UNKNOWN);
  printf("\t%" PRId32 "\t%s\t", key->transmission_risk_level, told(key->revised));
  print_known(key->released_at_ms, 0);
}

static void print_exposures(const nz_exposure* exposures, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i) {
    printf("%" PRId32 "\t%" PRId64 "\t", exposures[i].day, exposures[i].duration_ms);
    print_known(exposures[i].minimum_attenuation_db, NZ_UNKNOWN);
    printf("\t%" PRId32 "\t%" PRId32 "\t%" PRId32, exposures[i].report_type, exposures[i].band,
           exposures[i].near_ms);
    printf("\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\n", exposures[i].near_low_ms,
           exposures[i].near_high_ms, exposures[i].dose_ms);
  }
}

static void print_days(const nz_day_counts* days, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i)
    printf("%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\n", days[i].day, days[i].scans,
           days[i].sightings);
}

/* Each step returns what its last call did. */

static int32_t identifiers(char** a, size_t count) {
  static nz_broadcast out[most_rows];
  nz_published_key key;
  size_t i, all;
  int32_t code;
  (void)count;
  memset(&key, 0, sizeof(key));
  key.scheme = scheme_of(a[0]);
  bytes(a[1], key.bytes, sizeof(key.bytes));
  key.valid_from_ms = number(a[2]);
  key.valid_to_ms = number(a[3]);
  key.identifiers_per_day = (uint32_t)number(a[4]);
  key.released_at_ms = number(a[5]);
  key.days_since_onset = NZ_UNKNOWN;
  code = nz_derive_identifiers(&key, out, most_rows, &all, &error);
  for (i = 0; code == NZ_OK && i < all; ++i) {
    printf("%" PRId64 "\t%" PRId64 "\t", out[i].start_ms, out[i].end_ms);
    print_hex(out[i].identifier, identifier_size(key.scheme));
    putchar('\n');
  }
  return code;
}

static int32_t report(char** a, size_t count) {
  static nz_broadcast out[most_rows];
  uint8_t signed_report[NZ_MOST_REPORT_BYTES];
  const size_t size = bytes(a[0], signed_report, sizeof(signed_report));
  size_t i, all;
  const int32_t code =
      nz_derive_report_identifiers(signed_report, size, out, most_rows, &all, &error);
  (void)count;
  for (i = 0; code == NZ_OK && i < all; ++i) {
    print_hex(out[i].identifier, 16);
    putchar('\n');
  }
  return code;
}

static int32_t open_phone(char** a, size_t count) {
  nz_device_config config;
  nz_opening opening;
  nz_device* device;
  uint8_t root[32];
  char path[512];
  int32_t code;
  (void)count;
  config.size = sizeof(config);
  nz_device_config_init(&config);
  config.own_scheme = scheme_of(a[4]);
  config.retention_days = (int32_t)number(a[5]);
  config.deduplication = (int32_t)number(a[6]);
  bytes(a[1], root, sizeof(root));
  snprintf(path, sizeof(path), "%s/%s", folder, a[0]);
  code = nz_device_open_simulated(path, root, &config, number(a[3]), strtoull(a[2], NULL, 10),
                                  &device, &error);
  if (code != NZ_OK) return code;
  find_or_make('p', a[0])->object = device;
  opening.size = sizeof(opening);
  code = nz_device_opening(device, &opening, &error);
  if (code == NZ_OK)
    printf("%s\t%s\t%" PRIu64 "\n", told(opening.repaired), told(opening.older_folder),
           opening.states_lost);
  return code;
}

static int32_t close_phone(char** a, size_t count) {
  struct thing* closed = find('p', a[0]);
  (void)count;
  nz_device_free(closed->object);
  memset(closed, 0, sizeof(*closed));
  return NZ_OK;
}

static int32_t set_time(char** a, size_t count) {
  (void)count;
  return nz_device_set_simulated_time(phone(a[0]), number(a[1]), &error);
}

static int32_t advertisement(char** a, size_t count) {
  nz_advertisement air;
  int32_t code;
  (void)count;
  air.size = sizeof(air);
  code = nz_device_advertisement(phone(a[0]), &air, &error);
  if (code != NZ_OK) return code;
  printf("%s\t", scheme_name(air.scheme));
  print_hex(air.identifier, air.identifier_size);
  putchar('\t');
  print_hex(air.metadata, air.metadata_size);
  printf("\t%" PRId64 "\n", air.valid_until_ms);
  return code;
}

static int32_t record(char** a, size_t count) {
  nz_sighting sightings[most_words];
  nz_scan scan;
  size_t i;
  scan.start_ms = number(a[1]);
  scan.previous_start_ms = strcmp(a[2], "-") == 0 ? NZ_UNKNOWN_TIME : number(a[2]);
  scan.sightings = count - 3;
  memset(sightings, 0, sizeof(sightings));
  for (i = 3; i < count; ++i) {
    nz_sighting* sighting = &sightings[i - 3];
    sighting->scheme = (uint8_t)scheme_of(strtok(a[i], ","));
    bytes(strtok(NULL, ","), sighting->identifier, sizeof(sighting->identifier));
    sighting->time_ms = number(strtok(NULL, ","));
    sighting->rssi_dbm = (int8_t)number(strtok(NULL, ","));
    sighting->heard_by = (uint8_t)number(strtok(NULL, ","));
    sighting->metadata_size =
        (uint8_t)bytes(strtok(NULL, ","), sighting->metadata, sizeof(sighting->metadata));
  }
  return nz_device_record(phone(a[0]), &scan, 1, sightings, count - 3, &error);
}

static int32_t meet(char** a, size_t count) {
  int64_t i;
  (void)count;
  for (i = 0; i < number(a[3]); ++i) {
    const int64_t at = number(a[2]) + 60000 * i;
    nz_advertisement air;
    nz_sighting heard;
    nz_scan scan;
    int32_t code;
    air.size = sizeof(air);
    nz_device_set_simulated_time(phone(a[0]), at, NULL);
    nz_device_set_simulated_time(phone(a[1]), at, NULL);
    code = nz_device_advertisement(phone(a[1]), &air, &error);
    if (code != NZ_OK) return code;
    memset(&heard, 0, sizeof(heard));
    heard.time_ms = at;
    memcpy(heard.identifier, air.identifier, sizeof(heard.identifier));
    heard.scheme = (uint8_t)air.scheme;
    heard.rssi_dbm = (int8_t)(-60 - i % 10);
    heard.metadata_size = (uint8_t)air.metadata_size;
    memcpy(heard.metadata, air.metadata, sizeof(heard.metadata));
    scan.start_ms = at;
    scan.previous_start_ms = at - 60000;
    scan.sightings = 1;
    code = nz_device_record(phone(a[0]), &scan, 1, &heard, 1, &error);
    if (code != NZ_OK) return code;
  }
  return NZ_OK;
}

static int32_t list(char** a, size_t count) {
  const size_t size = strlen(a[1]) / 2;
  uint8_t* content = malloc(size + 1);
  nz_list* opened;
  nz_list_info info;
  struct thing* made;
  int32_t code;
  (void)count;
  bytes(a[1], content, size);
  code = nz_list_open_memory(content, size, NULL, NULL, &opened, &error);
  if (code != NZ_OK) {
    free(content);
    return code;
  }
  made = find_or_make('l', a[0]);
  made->object = opened;
  made->memory = content;
  info.size = sizeof(info);
  code = nz_list_get_info(opened, &info, &error);
  if (code != NZ_OK) return code;
  printf("%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRId64 "\t%" PRId64, info.format,
         info.keys, info.revised_keys, info.refused_keys, info.start_ms, info.end_ms);
  printf("\t%" PRId32 "\t%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\t",
         info.batch_number, info.batch_size, info.list_id, info.sequence, info.signatures,
         info.region);
  print_hex(info.content_digest, sizeof(info.content_digest));
  putchar('\n');
  return code;
}

static int32_t signature(char** a, size_t count) {
  nz_signature_info info;
  int32_t code;
  (void)count;
  info.size = sizeof(info);
  code = nz_list_signature(list_of(a[0]), (uint64_t)number(a[1]), &info, &error);
  if (code == NZ_OK) printf("%s\t%s\t%s\n", info.key_id, info.key_version, info.algorithm);
  return code;
}

static int32_t refusal(char** a, size_t count) {
  nz_error* reason = NULL;
  const int32_t code = nz_list_refusal(list_of(a[0]), (uint64_t)number(a[1]), &reason, &error);
  (void)count;
  if (code == NZ_OK) print_failure(reason);
  nz_error_free(reason);
  return code;
}

static int32_t keys(char** a, size_t count) {
  nz_published_key some[7];
  size_t read = 1, i;
  int32_t code = nz_list_rewind(list_of(a[0]), &error);
  (void)count;
  while (code == NZ_OK && read != 0) {
    code = nz_list_read_keys(list_of(a[0]), some, 7, &read, &error);
    for (i = 0; code == NZ_OK && i < read; ++i) {
      print_key(&some[i]);
      putchar('\n');
    }
  }
  return code;
}

static int32_t public_key(char** a, size_t count) {
  uint8_t pem[1024];
  struct thing* set = find_or_make('k', a[0]);
  (void)count;
  if (set->object == NULL) set->object = nz_public_keys_new();
  return nz_public_keys_add(set->object, pem, bytes(a[1], pem, sizeof(pem)), &error);
}

static int32_t verify(char** a, size_t count) {
  nz_signature_report report;
  int32_t code;
  (void)count;
  report.size = sizeof(report);
  code = nz_list_verify(list_of(a[0]), object('k', a[1]), &report, &error);
  if (code == NZ_OK)
    printf("%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\n", report.outcome, report.public_key,
           report.signature);
  return code;
}

static int32_t match(char** a, size_t count) {
  static nz_exposure exposures[most_rows];
  nz_match_config config;
  nz_match_report report;
  nz_match* begun = NULL;
  size_t found = 0;
  int64_t left = number(a[6]);
  int32_t more = 1, code;
  (void)count;
  config.size = sizeof(config);
  nz_match_config_init(&config);
  config.bluezone_windows = (int32_t)number(a[3]);
  config.accept_unverified_lists = truth(a[4]);
  code =
      nz_match_begin(phone(a[0]), list_of(a[1]), strcmp(a[2], "-") == 0 ? NULL : object('k', a[2]),
                     &config, NULL, &begun, &error);
  while (code == NZ_OK && more) {
    code = nz_match_step(begun, (uint64_t)number(a[5]), &more, &error);
    if (left-- == 1) break;
  }
  if (code == NZ_OK) code = nz_match_save(begun, &error);
  report.size = sizeof(report);
  if (code == NZ_OK) code = nz_match_get_report(begun, &report, &error);
  if (code == NZ_OK) code = nz_match_exposures(begun, exposures, most_rows, &found, &error);
  if (code == NZ_OK) {
    printf("%s\t%s\t%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", told(report.done),
           told(report.known), report.signature, report.keys_in_list, report.keys_tried,
           report.keys_refused);
    print_exposures(exposures, found);
  }
  nz_match_free(begun);
  return code;
}

static int32_t exposures(char** a, size_t count) {
  static nz_exposure out[most_rows];
  size_t found;
  const int32_t code = nz_device_exposures(phone(a[0]), out, most_rows, &found, &error);
  (void)count;
  if (code == NZ_OK) print_exposures(out, found);
  return code;
}

static const char* name_or_nothing(const char* word) { return strcmp(word, "-") == 0 ? "" : word; }

static int32_t calibration(char** a, size_t count) {
  const size_t size = strcmp(a[0], "-") == 0 ? 0 : strlen(a[0]) / 2;
  uint8_t* table = malloc(size + 1);
  nz_calibration found;
  int32_t code;
  (void)count;
  bytes(a[0], table, size);
  found.size = sizeof(found);
  code = nz_calibration_look_up(table, size, name_or_nothing(a[1]), name_or_nothing(a[2]),
                                name_or_nothing(a[3]), &found, &error);
  if (code == NZ_OK)
    printf("%" PRId32 "\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\n", found.rssi_correction_db,
           found.transmit_power_dbm, found.confidence, found.source);
  free(table);
  return code;
}

static int32_t windows_of(char* name, nz_window_scan* out, size_t* found) {
  return nz_device_exposure_windows(phone(name), NULL, out, most_rows, found, &error);
}

static int32_t windows(char** a, size_t count) {
  static nz_window_scan out[most_rows];
  size_t found, i;
  const int32_t code = windows_of(a[0], out, &found);
  (void)count;
  for (i = 0; code == NZ_OK && i < found; ++i) {
    printf("%" PRId32 "\t%" PRId32 "\t%" PRId32 "\t%" PRId32, out[i].window, out[i].day,
           out[i].report_type, out[i].infectiousness);
    printf("\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\t%" PRId32 "\n", out[i].calibration_confidence,
           out[i].typical_attenuation_db, out[i].minimum_attenuation_db, out[i].since_last_scan_ms);
  }
  return code;
}

static int32_t summaries(char** a, size_t count) {
  static nz_window_scan scans[most_rows];
  static nz_daily_summary out[most_rows];
  nz_daily_summary_config config;
  size_t scan_count = 0, found = 0, i;
  int32_t code;
  (void)count;
  config.size = sizeof(config);
  nz_daily_summary_config_init(&config);
  for (i = 0; i < 3; ++i)
    config.attenuation_thresholds_db[i] = (int32_t)number(strtok(i == 0 ? a[2] : NULL, ","));
  for (i = 0; i < 4; ++i)
    config.attenuation_weights[i] = (double)number(strtok(i == 0 ? a[3] : NULL, ",")) / 100;
  code = windows_of(a[0], scans, &scan_count);
  if (code == NZ_OK)
    code = nz_daily_summaries(scans, scan_count, &config, (int32_t)number(a[1]), out, most_rows,
                              &found, &error);
  for (i = 0; code == NZ_OK && i < found; ++i) {
    printf("%" PRId32 "\t", out[i].day);
    print_known(out[i].report_type, NZ_UNKNOWN);
    printf("\t%.0f\t%.0f\t%.0f\n", 1000 * out[i].maximum_score, 1000 * out[i].score_sum,
           1000 * out[i].weighted_duration_sum);
  }
  return code;
}

static int32_t statistics(char** a, size_t count) {
  nz_statistics all;
  int32_t code;
  (void)count;
  all.size = sizeof(all);
  code = nz_device_statistics(phone(a[0]), &all, &error);
  if (code == NZ_OK)
    printf("%s\t%" PRIu64 "\t%" PRIu64 "\n", told(all.clock_in_doubt), all.scans, all.sightings);
  return code;
}

static nz_day_counts day_counts[most_rows];

static int32_t days(char** a, size_t count) {
  size_t found;
  const int32_t code = nz_device_days(phone(a[0]), day_counts, most_rows, &found, &error);
  (void)count;
  if (code == NZ_OK) print_days(day_counts, found);
  return code;
}

static int32_t local_days(char** a, size_t count) {
  size_t found;
  const int32_t code =
      nz_device_local_days(phone(a[0]), number(a[1]), day_counts, most_rows, &found, &error);
  (void)count;
  if (code == NZ_OK) print_days(day_counts, found);
  return code;
}

static int32_t losses(char** a, size_t count) {
  size_t found;
  const int32_t code =
      nz_device_losses(phone(a[0]), (int32_t)number(a[1]), day_counts, most_rows, &found, &error);
  (void)count;
  if (code == NZ_OK) print_days(day_counts, found);
  return code;
}

static int32_t export_log(char** a, size_t count) {
  nz_export* text;
  char piece[100];
  size_t size = 1;
  int32_t code = nz_device_export(phone(a[0]), (int32_t)number(a[1]), NULL, &text, &error);
  (void)count;
  if (code != NZ_OK) return code;
  while (code == NZ_OK && size != 0) {
    code = nz_export_read(text, piece, sizeof(piece), &size, &error);
    if (code == NZ_OK) fwrite(piece, 1, size, stdout);
  }
  nz_export_free(text);
  return code;
}

static int32_t purge(char** a, size_t count) {
  int32_t erased;
  const int32_t code = nz_device_purge(phone(a[0]), &erased, &error);
  (void)count;
  if (code == NZ_OK) printf("%" PRId32 "\n", erased);
  return code;
}

static int32_t compact(char** a, size_t count) {
  int32_t more = 1, code = NZ_OK;
  (void)count;
  while (code == NZ_OK && more) code = nz_device_compact(phone(a[0]), 0, &more, &error);
  return code;
}

static int32_t erase_day(char** a, size_t count) {
  (void)count;
  return nz_device_erase_day(phone(a[0]), (int32_t)number(a[1]), &error);
}
static int32_t erase_all(char** a, size_t count) {
  (void)count;
  return nz_device_erase_all(phone(a[0]), &error);
}
static int32_t suspend(char** a, size_t count) {
  (void)count;
  return nz_device_suspend(phone(a[0]), &error);
}
static int32_t resume(char** a, size_t count) {
  (void)count;
  return nz_device_resume(phone(a[0]), &error);
}

static int32_t counter(char** a, size_t count) {
  uint64_t value;
  const int32_t code = nz_device_counter(phone(a[0]), &value, &error);
  (void)count;
  if (code == NZ_OK) printf("%" PRIu64 "\n", value);
  return code;
}

static int32_t disclose(char** a, size_t count) {
  static nz_published_key given[most_rows];
  static uint8_t reports[most_rows][NZ_MOST_REPORT_BYTES];
  static size_t sizes[most_rows];
  nz_time_range redactions[8];
  nz_disclosure* disclosure = NULL;
  size_t keys_given = 0, ranges = 0, i;
  int32_t code;
  for (i = 3; i + 1 < count; i += 2, ++ranges) {
    redactions[ranges].from_ms = number(a[i]);
    redactions[ranges].to_ms = number(a[i + 1]);
  }
  code =
      nz_device_disclose_redacted(phone(a[0]), truth(a[1]) ? NZ_THE_PERSON_CONSENTS : 0,
                                  (int32_t)number(a[2]), redactions, ranges, &disclosure, &error);
  if (code == NZ_OK) code = nz_disclosure_size(disclosure, &keys_given, &error);
  for (i = 0; code == NZ_OK && i < keys_given; ++i)
    code = nz_disclosure_report(disclosure, i, reports[i], NZ_MOST_REPORT_BYTES, &sizes[i], &error);
  if (code == NZ_OK) code = nz_disclosure_take(disclosure, given, most_rows, &keys_given, &error);
  for (i = 0; code == NZ_OK && i < keys_given; ++i) {
    print_key(&given[i]);
    putchar('\t');
    print_hex(reports[i], sizes[i]);
    putchar('\n');
  }
  nz_disclosure_free(disclosure);
  return code;
}

/* The one made last. */
static nz_upload_request* request;

static const char* text(const char* word) { return strcmp(word, "-") == 0 ? "" : word; }

static nz_upload_config upload_config(char** a) {
  nz_upload_config config;
  memset(&config, 0, sizeof(config));
  config.size = sizeof(config);
  config.health_authority = text(a[1]);
  config.chaff_gap_ms = number(a[2]);
  return config;
}

static int32_t begin_upload(char** a, size_t count) {
  (void)count;
  return nz_device_begin_upload(phone(a[0]), truth(a[1]) ? NZ_THE_PERSON_CONSENTS : 0,
                                (int32_t)number(a[2]), &error);
}

static int32_t upload_code(char** a, size_t count) {
  (void)count;
  return nz_device_enter_upload_code(phone(a[0]), a[1], &error);
}

static int32_t discard_upload(char** a, size_t count) {
  (void)count;
  return nz_device_discard_upload(phone(a[0]), &error);
}

static int32_t upload_status(char** a, size_t count) {
  nz_upload_status s;
  int32_t code;
  (void)count;
  s.size = sizeof(s);
  code = nz_device_upload_status(phone(a[0]), &s, &error);
  if (code != NZ_OK) return code;
  printf("%" PRId32 "\t%" PRId32 "\t%s\t%" PRId32 "\t%" PRIu32 "\t%" PRIu32 "\t%" PRId64
         "\t%" PRId64 "\n",
         s.state, s.problem, told(s.partly_refused), s.report_type, s.keys, s.keys_inserted,
         s.consented_at_ms, s.wake_at_ms);
  return code;
}

static int32_t upload_request(char** a, size_t count) {
  const nz_upload_config config = upload_config(a);
  nz_upload_request* next = NULL;
  nz_upload_request_info info;
  int32_t code = nz_device_upload_request(phone(a[0]), &config, &next, &error);
  (void)count;
  if (code != NZ_OK) return code;
  if (next == NULL) {
    puts("-");
    return code;
  }
  nz_upload_request_free(request);
  request = next;
  info.size = sizeof(info);
  code = nz_upload_request_get_info(request, &info, &error);
  if (code != NZ_OK) return code;
  printf("%" PRId32 "\t%" PRId32 "\t%s\t%s\t%s\t%" PRIu64 "\t", info.step, info.server,
         told(info.chaff), info.path, info.marking_header, info.body_size);
  print_hex(info.body, 96);
  putchar('\n');
  return code;
}

static int32_t upload_answer(char** a, size_t count) {
  static uint8_t body[1 << 16];
  const nz_upload_config config = upload_config(a);
  const size_t size = bytes(a[5], body, sizeof(body));
  (void)count;
  return nz_device_upload_answered(phone(a[0]), &config, request, (int32_t)number(a[3]), body, size,
                                   number(a[4]), &error);
}

static int32_t upload_wake_at(char** a, size_t count) {
  const nz_upload_config config = upload_config(a);
  int64_t wake_at;
  const int32_t code = nz_device_upload_wake_at(phone(a[0]), &config, &wake_at, &error);
  (void)count;
  if (code != NZ_OK) return code;
  print_known(wake_at, NZ_UNKNOWN_TIME);
  putchar('\n');
  return code;
}

static int32_t follow(char** a, size_t count) {
  nz_index_config config;
  nz_index* index = NULL;
  int32_t code;
  (void)count;
  memset(&config, 0, sizeof(config));
  config.size = sizeof(config);
  config.path = text(a[3]);
  config.suffix = text(a[4]);
  config.gap_ms = number(a[5]);
  config.most_list_bytes = (uint64_t)number(a[6]);
  code = nz_device_follow_index(phone(a[1]), a[2], &config, &index, &error);
  if (code == NZ_OK) find_or_make('i', a[0])->object = index;
  return code;
}

static int32_t unfollow(char** a, size_t count) {
  struct thing* found = find('i', a[0]);
  (void)count;
  nz_index_free(found->object);
  found->kind = 0;
  return NZ_OK;
}

static int32_t fetch_next(char** a, size_t count) {
  nz_fetch fetch;
  int32_t code;
  (void)count;
  fetch.size = sizeof(fetch);
  code = nz_index_next(object('i', a[0]), &fetch, &error);
  if (code != NZ_OK) return code;
  if (fetch.path == NULL)
    puts("-");
  else
    printf("%s\t%s\t%s\t%" PRIu64 "\n", told(fetch.is_index), fetch.path,
           *fetch.etag == 0 ? "-" : fetch.etag, fetch.most_bytes);
  return code;
}

static int32_t index_answer(char** a, size_t count) {
  static uint8_t body[1 << 16];
  const size_t size = bytes(a[4], body, sizeof(body));
  (void)count;
  return nz_index_answered(object('i', a[0]), (int32_t)number(a[1]), body, size, text(a[2]),
                           number(a[3]), &error);
}

static int32_t list_handled(char** a, size_t count) {
  (void)count;
  return nz_index_list_handled(object('i', a[0]), a[1], (int32_t)number(a[2]), number(a[3]),
                               &error);
}

static int32_t index_status(char** a, size_t count) {
  nz_index_status s;
  int32_t code;
  (void)count;
  s.size = sizeof(s);
  code = nz_index_get_status(object('i', a[0]), &s, &error);
  if (code == NZ_OK)
    printf("%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRId64 "\n", s.listed, s.waiting, s.given_up,
           s.wake_at_ms);
  return code;
}

static nz_planner* planner_of(const char* name) { return object('r', name); }

static int32_t air_of(char* word, nz_air* air) {
  uint8_t service[16], characteristic[16];
  const char* metadata;
  size_t i, commas = 0;
  for (i = 0; word[i] != 0; ++i) commas += word[i] == ',';
  if (commas == 7) { /* filled by hand */
    memset(air, 0, sizeof(*air));
    air->size = sizeof(*air);
    air->scheme = scheme_of(strtok(word, ","));
    air->carrier = (int32_t)number(strtok(NULL, ","));
    bytes(strtok(NULL, ","), air->service, sizeof(air->service));
    bytes(strtok(NULL, ","), air->ios_service, sizeof(air->ios_service));
    bytes(strtok(NULL, ","), air->characteristic, sizeof(air->characteristic));
    air->metadata_size = truth(strtok(NULL, ",")) ? 4 : 0;
    air->company = (int32_t)number(strtok(NULL, ","));
    air->overflow_bit = (int32_t)number(strtok(NULL, ","));
    return NZ_OK;
  }
  air->size = sizeof(*air);
  if (strchr(word, ',') == NULL) return nz_air_published(scheme_of(word), air, &error);
  bytes(strtok(word, ","), service, sizeof(service));
  bytes(strtok(NULL, ","), characteristic, sizeof(characteristic));
  metadata = strtok(NULL, ",");
  return nz_air_own(service, characteristic, truth(metadata), air, &error);
}

static int32_t transmission(char** a, size_t count) {
  nz_air air;
  nz_transmission sent;
  int32_t code = air_of(a[1], &air);
  (void)count;
  sent.size = sizeof(sent);
  if (code == NZ_OK)
    code = nz_device_transmission(phone(a[0]), &air, (int32_t)number(a[2]), &sent, &error);
  if (code != NZ_OK) return code;
  printf("%" PRId32 "\t%" PRId32 "\t%s\t", sent.carrier, sent.company, told(sent.connectable));
  print_hex(sent.service, sizeof(sent.service));
  putchar('\t');
  print_hex(sent.payload, sent.payload_size);
  putchar('\t');
  print_hex(sent.advertisement, sent.advertisement_size);
  putchar('\n');
  return code;
}

static int32_t abilities(char** a, size_t count) {
  nz_air air;
  int32_t system, state, act, ability, note, code = air_of(a[0], &air);
  const char* reason;
  (void)count;
  for (system = NZ_SYSTEM_ANDROID; system <= NZ_SYSTEM_IOS; ++system)
    for (state = NZ_APP_FOREGROUND; state <= NZ_APP_BACKGROUND; ++state)
      for (act = NZ_ACT_ADVERTISE; code == NZ_OK && act <= NZ_ACT_GATT; ++act) {
        code = nz_air_can(&air, system, state, act, &ability, &note, &reason, &error);
        if (code == NZ_OK) printf("%" PRId32 "\t%" PRId32 "\n", ability, note);
      }
  return code;
}

static void print_heard(const nz_heard* heard, int64_t scheme) {
  printf("%" PRId32 "\t", heard->finding);
  print_hex(heard->identifier,
            heard->finding == NZ_FINDING_IDENTIFIER ? identifier_size(scheme) : 0);
  putchar('\t');
  print_hex(heard->metadata, heard->metadata_size);
  putchar('\n');
}

static int32_t decode(char** a, size_t count) {
  uint8_t given[256];
  nz_air air;
  nz_heard heard;
  int32_t code = air_of(a[0], &air);
  (void)count;
  if (code == NZ_OK)
    code = nz_air_decode(&air, (int32_t)number(a[1]), given, bytes(a[2], given, sizeof(given)),
                         &heard, &error);
  if (code == NZ_OK) print_heard(&heard, air.scheme);
  return code;
}

/* As run_cpp.cc's. */
static void change(nz_plan* plan, char* word) {
  const char* what = strtok(word, ",");
  const int64_t first = number(strtok(NULL, ","));
  if (strcmp(what, "slots") == 0) {
    plan->slot_ms = first;
    plan->rotation_least_ms = plan->rotation_most_ms = 0;
  } else if (strcmp(what, "random") == 0) {
    plan->slot_ms = 0;
    plan->rotation_least_ms = first;
    plan->rotation_most_ms = number(strtok(NULL, ","));
  } else if (strcmp(what, "battery") == 0) {
    plan->low_percent = (int32_t)first;
    plan->critical_percent = (int32_t)number(strtok(NULL, ","));
  } else {
    const int scan = strcmp(what, "scan") == 0;
    (scan ? plan->scan_on_ms : plan->advertise_on_ms)[first - 1] = number(strtok(NULL, ","));
    (scan ? plan->scan_least_pause_ms : plan->advertise_least_pause_ms)[first - 1] =
        number(strtok(NULL, ","));
    (scan ? plan->scan_most_pause_ms : plan->advertise_most_pause_ms)[first - 1] =
        number(strtok(NULL, ","));
  }
}

static int32_t planner(char** a, size_t count) {
  nz_plan plan;
  nz_planner* made;
  int32_t state, code;
  size_t i;
  plan.size = sizeof(plan);
  code = nz_plan_of(scheme_of(a[1]), (int32_t)number(a[2]), &plan, &error);
  for (i = 4; code == NZ_OK && i < count; ++i) change(&plan, a[i]);
  if (code == NZ_OK)
    code = nz_planner_new_simulated(&plan, strtoull(a[3], NULL, 10), &made, &error);
  if (code != NZ_OK) return code;
  find_or_make('r', a[0])->object = made;
  for (state = NZ_APP_FOREGROUND; state <= NZ_APP_BACKGROUND; ++state) {
    int64_t advertising, scanning;
    code = nz_plan_seconds_a_day(&plan, state, NZ_POWER_FULL, &advertising, &scanning, &error);
    if (code != NZ_OK) return code;
    printf("%" PRId64 "\t%" PRId64 "\n", advertising, scanning);
  }
  return code;
}

static int32_t tell(char** a, size_t count) {
  nz_planner* machine = planner_of(a[0]);
  const int32_t value = (int32_t)number(a[2]);
  (void)count;
  if (strcmp(a[1], "state") == 0) return nz_planner_set_state(machine, value, &error);
  if (strcmp(a[1], "battery") == 0) return nz_planner_set_battery(machine, value, 0, &error);
  if (strcmp(a[1], "radio") == 0) return nz_planner_set_radio(machine, value, &error);
  return nz_planner_renew(machine, &error);
}

static int32_t drive(char** a, size_t count) {
  static const uint8_t nobody[16];
  int64_t passed = 0, pause;
  (void)count;
  while (passed < number(a[3])) {
    nz_action actions[NZ_MOST_ACTIONS];
    size_t i, all;
    const int32_t code =
        nz_planner_advance(planner_of(a[0]), number(a[1]) + passed, number(a[2]) + passed, actions,
                           NZ_MOST_ACTIONS, &all, &pause, &error);
    if (code != NZ_OK) return code;
    for (i = 0; i < all; ++i) {
      printf("%" PRId64 "\t%" PRId32 "\t%" PRId64 "\t", number(a[1]) + passed, actions[i].kind,
             actions[i].lasts_ms);
      print_hex(actions[i].peer, memcmp(actions[i].peer, nobody, 16) == 0 ? 0 : 16);
      putchar('\n');
    }
    passed += pause;
  }
  return NZ_OK;
}

static int32_t ask(char** a, size_t count) {
  uint8_t peer[16];
  nz_heard known;
  int32_t code;
  (void)count;
  bytes(a[1], peer, sizeof(peer));
  code = nz_planner_heard(planner_of(a[0]), peer, (int32_t)number(a[2]), number(a[3]), number(a[4]),
                          &known, &error);
  if (code == NZ_OK) print_heard(&known, NZ_SCHEME_BLUEZONE);
  return code;
}

static int32_t answered(char** a, size_t count) {
  uint8_t peer[16], given[256];
  nz_air air;
  nz_heard heard;
  int32_t code = NZ_OK;
  const int reached = strcmp(a[2], "-") != 0;
  (void)count;
  bytes(a[1], peer, sizeof(peer));
  if (reached) {
    code = air_of(a[2], &air);
    if (code == NZ_OK)
      code = nz_air_decode(&air, NZ_FORM_GATT_VALUE, given, bytes(a[3], given, sizeof(given)),
                           &heard, &error);
  }
  if (code != NZ_OK) return code;
  return nz_planner_answered(planner_of(a[0]), peer, reached ? &heard : NULL, number(a[4]),
                             number(a[5]), &error);
}

static const struct {
  const char* verb;
  int32_t (*run)(char** arguments, size_t count);
} steps[] = {{"identifiers", identifiers},
             {"report", report},
             {"open", open_phone},
             {"close", close_phone},
             {"time", set_time},
             {"advertisement", advertisement},
             {"record", record},
             {"meet", meet},
             {"list", list},
             {"signature", signature},
             {"refusal", refusal},
             {"keys", keys},
             {"public_key", public_key},
             {"verify", verify},
             {"match", match},
             {"exposures", exposures},
             {"calibration", calibration},
             {"windows", windows},
             {"summaries", summaries},
             {"statistics", statistics},
             {"days", days},
             {"local_days", local_days},
             {"losses", losses},
             {"export", export_log},
             {"purge", purge},
             {"compact", compact},
             {"erase_day", erase_day},
             {"erase_all", erase_all},
             {"suspend", suspend},
             {"resume", resume},
             {"counter", counter},
             {"disclose", disclose},
             {"begin_upload", begin_upload},
             {"upload_code", upload_code},
             {"discard_upload", discard_upload},
             {"upload_status", upload_status},
             {"upload_request", upload_request},
             {"upload_answer", upload_answer},
             {"upload_wake_at", upload_wake_at},
             {"follow", follow},
             {"unfollow", unfollow},
             {"fetch", fetch_next},
             {"index_answer", index_answer},
             {"list_handled", list_handled},
             {"index_status", index_status},
             {"transmission", transmission},
             {"abilities", abilities},
             {"decode", decode},
             {"planner", planner},
             {"tell", tell},
             {"drive", drive},
             {"ask", ask},
             {"answered", answered}};

static void run(char* line) {
  char* words[most_words];
  size_t count = 0, i;
  char* word;
  for (word = strtok(line, "\t\n"); word != NULL && count < most_words; word = strtok(NULL, "\t\n"))
    words[count++] = word;
  printf("> %s\n", words[0]);
  for (i = 0; i < sizeof(steps) / sizeof(steps[0]); ++i) {
    if (strcmp(steps[i].verb, words[0]) != 0) continue;
    error = NULL;
    if (steps[i].run(words + 1, count - 1) != NZ_OK) print_failure(error);
    nz_error_free(error);
    return;
  }
  abort();
}

int main(int count, char** arguments) {
  static char line[1 << 20];
  FILE* scenario;
  int i;
  if (count != 3 || nz_abi_version() != NZ_ABI_VERSION) return 2;
  folder = arguments[2];
  scenario = fopen(arguments[1], "r");
  if (scenario == NULL) return 2;
  while (fgets(line, sizeof(line), scenario) != NULL)
    if (line[0] != '#' && line[0] != '\n') run(line);
  fclose(scenario);
  nz_upload_request_free(request);
  for (i = 0; i < most_things; ++i) {
    if (things[i].kind == 'p') nz_device_free(things[i].object);
    if (things[i].kind == 'l') nz_list_free(things[i].object);
    if (things[i].kind == 'r') nz_planner_free(things[i].object);
    if (things[i].kind == 'k') nz_public_keys_free(things[i].object);
    free(things[i].memory);
  }
  return 0;
}
