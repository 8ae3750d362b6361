/* Identifiers of published keys, keys given away, and what errors say. */
#include <stdio.h>
#include <string.h>

#include "test.h"

/* The first key of the published test vectors of Exposure Notification, and its first and last
 * identifier. */
static nz_published_key vector_key(void) {
  static const uint8_t bytes[16] = {0x75, 0xc7, 0x34, 0xc6, 0xdd, 0x1a, 0x78, 0x2d,
                                    0xe7, 0xa9, 0x65, 0xda, 0x5e, 0xb9, 0x31, 0x25};
  nz_published_key key = {0};
  memcpy(key.bytes, bytes, sizeof(bytes));
  key.valid_from_ms = INT64_C(1585785600000);
  key.valid_to_ms = key.valid_from_ms + one_day;
  key.scheme = NZ_SCHEME_GAEN;
  key.identifiers_per_day = 144;
  key.days_since_onset = NZ_UNKNOWN;
  return key;
}
static const uint8_t first_identifier[16] = {0x8b, 0xe6, 0xcd, 0x37, 0x1c, 0x5c, 0x89, 0x16,
                                             0x04, 0xbf, 0xbe, 0x49, 0xdf, 0x84, 0x50, 0x96};

void test_identifiers(void) {
  nz_published_key key = vector_key();
  nz_broadcast all[144];
  size_t count = 0, i;
  OK(nz_derive_identifiers(&key, NULL, 0, &count, &error));
  CHECK(count == 144);
  OK(nz_derive_identifiers(&key, all, 144, &count, &error));
  CHECK(count == 144);
  CHECK(memcmp(all[0].identifier, first_identifier, 16) == 0);
  for (i = 0; i < count; ++i) {
    CHECK(all[i].start_ms == key.valid_from_ms + (int64_t)i * 10 * one_minute);
    CHECK(all[i].end_ms == all[i].start_ms + 10 * one_minute);
  }
  /* No more are written than there is room for. */
  memset(all, 0, sizeof(all));
  OK(nz_derive_identifiers(&key, all, 1, &count, &error));
  CHECK(count == 144 && memcmp(all[0].identifier, first_identifier, 16) == 0);
  CHECK(all[1].end_ms == 0);

  count = 5;
  key.scheme = 7;
  FAILS(NZ_INVALID_ARGUMENT, "scheme", nz_derive_identifiers(&key, all, 144, &count, &error));
  key = vector_key();
  key.report_type = NZ_REPORT_REVOKED + 1;
  FAILS(NZ_INVALID_ARGUMENT, "report_type", nz_derive_identifiers(&key, all, 144, &count, &error));
  key = vector_key();
  key.days_since_onset = 15;
  FAILS(NZ_INVALID_ARGUMENT, "days_since_onset",
        nz_derive_identifiers(&key, all, 144, &count, &error));
  key = vector_key();
  key.transmission_risk_level = -1;
  FAILS(NZ_INVALID_ARGUMENT, "transmission_risk_level",
        nz_derive_identifiers(&key, all, 144, &count, &error));
  CHECK(count == 5);
}

static nz_advertisement advertisement_of(nz_device* phone) {
  nz_advertisement air = {0};
  air.size = sizeof(air);
  OK(nz_device_advertisement(phone, &air, &error));
  return air;
}

void test_disclosure(void) {
  nz_device* phone = simulated_phone("phone", day_start + 8 * one_hour);
  nz_disclosure* disclosure = NULL;
  nz_advertisement before, after;
  nz_published_key keys[15];
  nz_broadcast all[144];
  size_t given = 9, count, i;
  int found = 0;

  before = advertisement_of(phone);
  CHECK(before.scheme == NZ_SCHEME_GAEN && before.identifier_size == 16);
  CHECK(before.metadata_size == 4 && before.valid_until_ms == day_start + 8 * one_hour + 600000);
  FAILS(NZ_CONSENT_REQUIRED, "consent", nz_device_disclose(phone, 1, 14, &disclosure, &error));
  FAILS(NZ_CONSENT_REQUIRED, "consent", nz_device_disclose(phone, 0, 14, &disclosure, &error));
  FAILS(NZ_INVALID_ARGUMENT, "days",
        nz_device_disclose(phone, NZ_THE_PERSON_CONSENTS, 0, &disclosure, &error));
  FAILS(NZ_INVALID_ARGUMENT, "days",
        nz_device_disclose(phone, NZ_THE_PERSON_CONSENTS, 15, &disclosure, &error));
  CHECK(disclosure == NULL);
  after = advertisement_of(phone);
  CHECK(memcmp(before.identifier, after.identifier, 16) == 0);

  OK(nz_device_disclose(phone, NZ_THE_PERSON_CONSENTS, 14, &disclosure, &error));
  OK(nz_disclosure_size(disclosure, &given, &error));
  CHECK(given == 1);
  FAILS(NZ_LIMIT_EXCEEDED, "capacity", nz_disclosure_take(disclosure, NULL, 0, &count, &error));
  OK(nz_disclosure_take(disclosure, keys, 15, &count, &error));
  CHECK(count == given && keys[0].scheme == NZ_SCHEME_GAEN);
  FAILS(NZ_CLOSED, "", nz_disclosure_take(disclosure, keys, 15, &count, &error));
  OK(nz_disclosure_size(disclosure, &given, &error));
  CHECK(given == 0);
  nz_disclosure_free(disclosure);

  /* It is the key of what was on the air; what is on the air now is of another. */
  after = advertisement_of(phone);
  OK(nz_derive_identifiers(&keys[0], all, 144, &count, &error));
  for (i = 0; i < count; ++i) {
    found += memcmp(all[i].identifier, before.identifier, 16) == 0;
    CHECK(memcmp(all[i].identifier, after.identifier, 16) != 0);
  }
  CHECK(found == 1);

  /* One that is given up wipes its keys. */
  OK(nz_device_disclose(phone, NZ_THE_PERSON_CONSENTS, 1, &disclosure, &error));
  nz_device_free(phone);
  OK(nz_disclosure_size(disclosure, &given, &error));
  nz_disclosure_free(disclosure);
}

void test_errors(void) {
  nz_list* list = NULL;
  nz_error* reason = NULL;
  int32_t code;
  nz_list_config config = {0};
  CHECK(strcmp(nz_version(), NEARZONE_VERSION) == 0);
  for (code = NZ_OK; code <= NZ_INTERNAL; ++code) CHECK(strcmp(nz_code_name(code), "unknown") != 0);
  CHECK(strcmp(nz_code_name(NZ_SIGNATURE_REFUSED), "signature_refused") == 0);
  CHECK(strcmp(nz_code_name(-1), "unknown") == 0 && strcmp(nz_code_name(16), "unknown") == 0);
  CHECK(strcmp(nz_code_name(INT32_MAX), "unknown") == 0);

  code = nz_list_open_file(fixture_path("gaen_truncated.zip"), NULL, NULL, &list, &reason);
  CHECK(code == NZ_CORRUPT && nz_error_code(reason) == NZ_CORRUPT && list == NULL);
  CHECK(strcmp(nz_error_field(reason), "zip") == 0);
  CHECK(nz_error_offset(reason) == 535 && nz_error_record(reason) == -1);
  CHECK(strncmp(nz_error_message(reason), "zip: ", 5) == 0);
  CHECK(strstr(nz_error_message(reason), " (offset 535)") != NULL);
  CHECK(strstr(nz_error_message(reason), "truncated") == NULL); /* not the file's name */
  nz_error_free(reason);

  /* Field, record and offset in one sentence. */
  OK(nz_list_open_file(fixture_path("bluezone_bad_records.json"), NULL, NULL, &list, &error));
  reason = NULL;
  OK(nz_list_refusal(list, 1, &reason, &error));
  CHECK(nz_error_code(reason) == NZ_INVALID_ARGUMENT && nz_error_record(reason) == 2);
  CHECK(strncmp(nz_error_message(reason), "daily_key: ", 11) == 0);
  CHECK(strstr(nz_error_message(reason), " (record 2, offset 224)") != NULL);
  nz_list_free(list);
  CHECK(strcmp(nz_error_field(reason), "daily_key") == 0); /* it outlives the list */
  nz_error_free(reason);

  /* Nobody has to ask for the error. */
  CHECK(nz_list_open_file("/nowhere", NULL, NULL, &list, NULL) == NZ_NOT_FOUND);
  /* What failed leaves alone what it would have given. */
  list = (nz_list*)&config;
  FAILS(NZ_NOT_FOUND, "path", nz_list_open_file("/nowhere", NULL, NULL, &list, &error));
  CHECK(list == (nz_list*)&config);
}
