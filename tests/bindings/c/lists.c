/* Published lists: opened, verified, read. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

static nz_list_info info_of(const nz_list* list) {
  nz_list_info info = {0};
  info.size = sizeof(info);
  OK(nz_list_get_info(list, &info, &error));
  return info;
}

static nz_signature_report verify(const nz_list* list, const nz_public_keys* keys) {
  nz_signature_report report = {0};
  report.size = sizeof(report);
  OK(nz_list_verify(list, keys, &report, &error));
  return report;
}

static size_t read_all(nz_list* list, nz_published_key* keys, size_t room, size_t at_once) {
  size_t all = 0, count = 0;
  do {
    CHECK(all + at_once <= room);
    OK(nz_list_read_keys(list, keys + all, at_once, &count, &error));
    CHECK(count <= at_once);
    all += count;
  } while (count != 0);
  return all;
}

static void check_memory_and_file(void) {
  const bytes zip = read_fixture("gaen_signed.zip");
  nz_list *file = published_list(), *memory = NULL;
  nz_list_info info = info_of(file), same;
  nz_published_key of_file[64], of_memory[64];
  OK(nz_list_open_memory(zip.data, zip.size, NULL, NULL, &memory, &error));
  same = info_of(memory);
  CHECK(info.format == NZ_FORMAT_GAEN_EXPORT && info.keys == 24 && info.revised_keys == 9);
  CHECK(info.refused_keys == 0 && info.signatures == 1 && strcmp(info.region, "VN") == 0);
  CHECK(memcmp(info.content_digest, same.content_digest, sizeof(info.content_digest)) == 0);
  memset(of_file, 0, sizeof(of_file));
  memset(of_memory, 0, sizeof(of_memory));
  CHECK(read_all(file, of_file, 64, 7) == 24 && read_all(memory, of_memory, 64, 30) == 24);
  CHECK(memcmp(of_file, of_memory, sizeof(of_file)) == 0);
  CHECK(of_file[3].days_since_onset == NZ_UNKNOWN && of_file[0].days_since_onset == 10);
  CHECK(of_file[15].revised == 1 && of_file[14].revised == 0 && of_file[23].record == 23);
  /* At its end it stays, until it is rewound. */
  CHECK(read_all(memory, of_memory, 64, 1) == 0);
  OK(nz_list_rewind(memory, &error));
  CHECK(read_all(memory, of_memory, 64, 24) == 24);
  nz_list_free(memory);
  nz_list_free(file);
  free(zip.data);
}

static void check_signatures(void) {
  const char* const other_keys[] = {"other_p256_public.pem", "ed25519_public.pem"};
  nz_list* list = published_list();
  nz_list* tampered = NULL;
  nz_public_keys* keys = nz_public_keys_new();
  nz_signature_info signature = {0};
  bytes pem;
  size_t i;
  CHECK(verify(list, keys).outcome == NZ_SIGNATURE_UNKNOWN_KEY);
  for (i = 0; i < 2; ++i) {
    pem = read_fixture(other_keys[i]);
    OK(nz_public_keys_add(keys, pem.data, pem.size, &error));
    free(pem.data);
  }
  CHECK(verify(list, keys).outcome == NZ_SIGNATURE_FAILED);
  pem = read_fixture("p256_public.pem");
  OK(nz_public_keys_add(keys, pem.data, pem.size, &error));
  FAILS(NZ_CORRUPT, "key", nz_public_keys_add(keys, pem.data, 0, &error));
  FAILS(NZ_CORRUPT, "key", nz_public_keys_add(keys, "no key", 6, &error));
  free(pem.data);
  CHECK(verify(list, keys).outcome == NZ_SIGNATURE_VERIFIED);
  CHECK(verify(list, keys).public_key == 2 && verify(list, keys).signature == 0);
  CHECK(strlen(verify(list, keys).detail) > 0);
  OK(nz_list_open_file(fixture_path("gaen_tampered.zip"), NULL, NULL, &tampered, &error));
  CHECK(verify(tampered, keys).outcome == NZ_SIGNATURE_FAILED);
  nz_list_free(tampered);
  OK(nz_list_open_file(fixture_path("nearzone_unsigned.nzlist"), NULL, NULL, &tampered, &error));
  CHECK(info_of(tampered).format == NZ_FORMAT_NEARZONE);
  CHECK(verify(tampered, keys).outcome == NZ_SIGNATURE_UNSIGNED);
  nz_list_free(tampered);

  signature.size = sizeof(signature);
  OK(nz_list_signature(list, 0, &signature, &error));
  CHECK(strcmp(signature.key_id, "452") == 0 && strcmp(signature.key_version, "v1") == 0);
  CHECK(strcmp(signature.algorithm, "1.2.840.10045.4.3.2") == 0);
  FAILS(NZ_NOT_FOUND, "index", nz_list_signature(list, 1, &signature, &error));
  FAILS(NZ_NOT_FOUND, "index", nz_list_signature(list, UINT64_MAX, &signature, &error));
  nz_public_keys_free(keys);
  nz_list_free(list);
}

static void check_limits(void) {
  nz_list_config config = {0};
  nz_list* list = NULL;
  nz_cancel* cancel = nz_cancel_new();
  nz_public_keys* keys = authority();
  nz_device* phone = simulated_phone("phone", day_start);
  nz_match* match = NULL;
  nz_signature_report report = {0};
  nz_published_key key;
  size_t count;
  config.size = sizeof(config);
  report.size = sizeof(report);
  nz_list_config_init(&config);
  CHECK(config.max_bytes == 256u << 20 && config.hold_in_memory == 16u << 20);
  CHECK(config.refuse_extra_members == 0);
  OK(nz_list_open_file(fixture_path("gaen_extra_member.zip"), &config, NULL, &list, &error));
  nz_list_free(list);
  config.refuse_extra_members = 1;
  FAILS(NZ_CORRUPT, "zip",
        nz_list_open_file(fixture_path("gaen_extra_member.zip"), &config, NULL, &list, &error));
  config.max_bytes = 100;
  FAILS(NZ_LIMIT_EXCEEDED, "",
        nz_list_open_file(fixture_path("gaen_signed.zip"), &config, NULL, &list, &error));
  FAILS(NZ_UNSUPPORTED, "path", nz_list_open_file("/", NULL, NULL, &list, &error));
  FAILS(NZ_CORRUPT, "", nz_list_open_memory(NULL, 0, NULL, NULL, &list, &error));
  FAILS(NZ_NEWER_FORMAT, "header",
        nz_list_open_file(fixture_path("nearzone_newer_major.nzlist"), NULL, NULL, &list, &error));

  /* One flag stops everything that is done with the list. */
  OK(nz_list_open_file(fixture_path("gaen_signed.zip"), NULL, cancel, &list, &error));
  nz_cancel_request(cancel);
  nz_cancel_free(cancel);
  FAILS(NZ_CANCELLED, "", nz_list_read_keys(list, &key, 1, &count, &error));
  FAILS(NZ_CANCELLED, "", nz_list_verify(list, keys, &report, &error));
  FAILS(NZ_CANCELLED, "", nz_match_begin(phone, list, keys, NULL, NULL, &match, &error));
  nz_list_free(list);
  nz_device_free(phone);
  cancel = nz_cancel_new();
  nz_cancel_request(cancel);
  FAILS(NZ_CANCELLED, "zip",
        nz_list_open_file(fixture_path("gaen_signed.zip"), NULL, cancel, &list, &error));
  nz_cancel_free(cancel);
  nz_public_keys_free(keys);
}

void test_lists(void) {
  check_memory_and_file();
  check_signatures();
  check_limits();
}

/* A list that is read again for every pass, and is another then. */
void test_changed_list(void) {
  const bytes export = read_fixture("gaen_export.bin");
  nz_device* phone = simulated_phone("phone", day_start);
  nz_list_config config = {0};
  nz_match_config accepting = {0};
  nz_list* list = NULL;
  nz_match* match = NULL;
  nz_match_report report = {0};
  nz_published_key keys[64];
  size_t count = 7, i;
  int32_t more = 1, code = NZ_OK;
  config.size = sizeof(config);
  accepting.size = sizeof(accepting);
  report.size = sizeof(report);
  nz_list_config_init(&config);
  nz_match_config_init(&accepting);
  CHECK(accepting.bluezone_windows == NZ_BLUEZONE_TOLERANT);
  CHECK(accepting.accept_unverified_lists == 0);
  accepting.accept_unverified_lists = 1;
  config.hold_in_memory = 0;
  hear(phone,
       &(nz_published_key){.bytes = {1},
                           .valid_from_ms = day_start,
                           .valid_to_ms = day_start + one_day,
                           .scheme = NZ_SCHEME_GAEN,
                           .identifiers_per_day = 144},
       0, 1);
  OK(nz_list_open_memory(export.data, export.size, &config, NULL, &list, &error));
  export.data[export.size - 3] ^= 1;
  OK(nz_match_begin(phone, list, NULL, &accepting, NULL, &match, &error));
  while (more != 0 && code == NZ_OK) code = nz_match_step(match, 1, &more, NULL);
  CHECK(code == NZ_CORRUPT);
  for (i = 0; i < 3; ++i) FAILS(NZ_CORRUPT, "", nz_match_step(match, 100, &more, &error));
  OK(nz_match_get_report(match, &report, &error));
  CHECK(report.done == 0);
  code = NZ_OK;
  while (count != 0 && code == NZ_OK) code = nz_list_read_keys(list, keys, 64, &count, NULL);
  CHECK(code == NZ_CORRUPT);
  FAILS(NZ_CORRUPT, "", nz_list_read_keys(list, keys, 64, &count, &error));
  nz_match_free(match);
  nz_list_free(list);
  nz_device_free(phone);
  free(export.data);
}
