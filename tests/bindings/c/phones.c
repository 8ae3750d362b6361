/* Phones, lists and keys for the tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

const uint8_t root_secret[32] = {1, 2, 3};
const int64_t day_start = INT64_C(1595808000000);

const char* fixture_path(const char* name) {
  static char path[512];
  snprintf(path, sizeof(path), "%s/lists/fixtures/%s", NEARZONE_TEST_DIR, name);
  return path;
}

bytes read_fixture(const char* name) {
  bytes read = {NULL, 0};
  FILE* file = fopen(fixture_path(name), "rb");
  long size;
  CHECK(file != NULL);
  CHECK(fseek(file, 0, SEEK_END) == 0);
  size = ftell(file);
  CHECK(size > 0 && fseek(file, 0, SEEK_SET) == 0);
  read.size = (size_t)size;
  read.data = malloc(read.size);
  CHECK(read.data != NULL && fread(read.data, 1, read.size, file) == read.size);
  fclose(file);
  return read;
}

void copy_to_folder(const void* data, size_t size, const char* name) {
  FILE* file = fopen(path_in_folder(name), "wb");
  CHECK(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

nz_device* simulated_phone(const char* name, int64_t time_ms) {
  nz_device* phone = NULL;
  OK(nz_device_open_simulated(path_in_folder(name), root_secret, NULL, time_ms, 7, &phone, &error));
  return phone;
}

nz_public_keys* authority(void) {
  nz_public_keys* keys = nz_public_keys_new();
  const bytes pem = read_fixture("p256_public.pem");
  CHECK(keys != NULL);
  OK(nz_public_keys_add(keys, pem.data, pem.size, &error));
  free(pem.data);
  return keys;
}

nz_list* published_list(void) {
  nz_list* list = NULL;
  OK(nz_list_open_file(fixture_path("gaen_signed.zip"), NULL, NULL, &list, &error));
  return list;
}

nz_published_key key_of_list(nz_list* list, uint64_t record) {
  nz_published_key key;
  size_t count;
  OK(nz_list_rewind(list, &error));
  do {
    OK(nz_list_read_keys(list, &key, 1, &count, &error));
    CHECK(count == 1);
  } while (key.record != record);
  return key;
}

nz_published_key near_key(void) {
  nz_list* list = published_list();
  const nz_published_key key = key_of_list(list, 9);
  nz_list_free(list);
  CHECK(key.valid_from_ms == day_start + 110 * one_minute);
  CHECK(key.valid_to_ms == key.valid_from_ms + one_day);
  return key;
}

void hear(nz_device* phone, const nz_published_key* key, size_t slot, int scans) {
  nz_broadcast all[144];
  nz_sighting sighting = {0};
  nz_scan scan = {0};
  size_t count;
  int i;
  OK(nz_derive_identifiers(key, all, 144, &count, &error));
  CHECK(count == 144 && slot < count);
  memcpy(sighting.identifier, all[slot].identifier, sizeof(sighting.identifier));
  sighting.scheme = NZ_SCHEME_GAEN;
  sighting.rssi_dbm = -60;
  for (i = 0; i < scans; ++i) {
    scan.start_ms = all[slot].start_ms + i * one_minute;
    scan.previous_start_ms = i == 0 ? NZ_UNKNOWN_TIME : scan.start_ms - one_minute;
    scan.sightings = 1;
    sighting.time_ms = scan.start_ms;
    OK(nz_device_set_simulated_time(phone, scan.start_ms, &error));
    OK(nz_device_record(phone, &scan, 1, &sighting, 1, &error));
  }
}
