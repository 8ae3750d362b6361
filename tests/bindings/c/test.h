/* What the tests of the C interface are made of. The first check that fails ends the program. */
#ifndef NEARZONE_TESTS_C_TEST_H
#define NEARZONE_TESTS_C_TEST_H

#include "nearzone.h"

/* Every call under test is given this one's address; it is NULL between them. */
extern nz_error* error;

#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)
#define OK(call) expect(NZ_OK, "", (call), #call, __FILE__, __LINE__)
/* The call fails with this code, and with an error that names this field ("": none). */
#define FAILS(code, field, call) expect((code), (field), (call), #call, __FILE__, __LINE__)

void check(int holds, const char* what, const char* file, int line);
void expect(int32_t code, const char* field, int32_t got, const char* call, const char* file,
            int line);

/* In the test's own folder, which is empty when it begins. The text lasts for four more calls. */
const char* path_in_folder(const char* name);
void copy_to_folder(const void* bytes, size_t size, const char* name);

typedef struct bytes {
  uint8_t* data;
  size_t size;
} bytes;

/* Of tests/lists/fixtures. */
const char* fixture_path(const char* name);
bytes read_fixture(const char* name);

extern const uint8_t root_secret[32];

/* 2020-07-27. */
extern const int64_t day_start;
enum { one_minute = 60 * 1000, one_hour = 60 * one_minute, one_day = 24 * one_hour };

/* A phone in a folder of this name, with a clock that stands at that time. */
nz_device* simulated_phone(const char* name, int64_t time_ms);
/* The health authority's key, with which gaen_signed.zip is signed. */
nz_public_keys* authority(void);
/* gaen_signed.zip, which holds 24 keys. */
nz_list* published_list(void);
nz_published_key key_of_list(nz_list* list, uint64_t record);
/* One of that list, from 1:50 of that day on, ten minutes a slot. */
nz_published_key near_key(void);
/* In each of so many scans, a minute apart, the key's identifier of that slot is heard. */
void hear(nz_device* phone, const nz_published_key* key, size_t slot, int scans);

void test_identifiers(void);
void test_disclosure(void);
void test_schemes(void);
void test_errors(void);
void test_life(void);
void test_record(void);
void test_export(void);
void test_forgetting(void);
void test_lists(void);
void test_changed_list(void);
void test_matching(void);
void test_windows(void);
void test_calibration(void);
void test_order_of_free(void);
void test_threads(void);
void test_uploads(void);
void test_chaff(void);
void test_index(void);
void test_uuids(void);
void test_air(void);
void test_air_of_others(void);
void test_planner(void);
void test_planner_misuse(void);
void test_null(void);
void test_struct_sizes(void);
void test_other_values(void);

#endif
