/* c_interface_test NAME: runs one test of the C interface. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static const struct {
  const char* name;
  void (*run)(void);
} tests[] = {
    {"identifiers", test_identifiers},
    {"disclosure", test_disclosure},
    {"schemes", test_schemes},
    {"errors", test_errors},
    {"life", test_life},
    {"record", test_record},
    {"export", test_export},
    {"forgetting", test_forgetting},
    {"lists", test_lists},
    {"changed_list", test_changed_list},
    {"matching", test_matching},
    {"windows", test_windows},
    {"calibration", test_calibration},
    {"order_of_free", test_order_of_free},
    {"threads", test_threads},
    {"uploads", test_uploads},
    {"chaff", test_chaff},
    {"index", test_index},
    {"uuids", test_uuids},
    {"air", test_air},
    {"air_of_others", test_air_of_others},
    {"planner", test_planner},
    {"planner_misuse", test_planner_misuse},
    {"null", test_null},
    {"struct_sizes", test_struct_sizes},
    {"other_values", test_other_values},
};

nz_error* error;
static char folder[] = "/tmp/nearzone-c-XXXXXX";

void check(int holds, const char* what, const char* file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
  exit(1);
}

void expect(int32_t code, const char* field, int32_t got, const char* call, const char* file,
            int line) {
  const char* found = nz_error_field(error);
  const int told = nz_error_code(error) == got && (error == NULL) == (got == NZ_OK);
  if (got == code && told && strcmp(found, field) == 0) {
    nz_error_free(error);
    error = NULL;
    return;
  }
  fprintf(stderr, "%s:%d: %s gave %s, \"%s\" in the field \"%s\"; expected %s in \"%s\"\n", file,
          line, call, nz_code_name(got), nz_error_message(error), found, nz_code_name(code), field);
  exit(1);
}

const char* path_in_folder(const char* name) {
  static char paths[5][128];
  static int next = 0;
  next = (next + 1) % 5;
  snprintf(paths[next], sizeof(paths[next]), "%s/%s", folder, name);
  return paths[next];
}

static int remove_one(const char* path, const struct stat* status, int kind, struct FTW* place) {
  (void)status, (void)kind, (void)place;
  return remove(path);
}

static void remove_folder(void) { nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

int main(int count, char** arguments) {
  size_t i;
  CHECK(count == 2);
  CHECK(nz_abi_version() == NZ_ABI_VERSION);
  for (i = 0; i < sizeof(tests) / sizeof(tests[0]); ++i) {
    if (strcmp(tests[i].name, arguments[1]) != 0) continue;
    CHECK(mkdtemp(folder) != NULL);
    CHECK(atexit(remove_folder) == 0);
    tests[i].run();
    return 0;
  }
  fprintf(stderr, "there is no test \"%s\"\n", arguments[1]);
  return 1;
}
