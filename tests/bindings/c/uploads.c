/* Uploads on their way, cover traffic, and an index that is followed. */
#include <string.h>

#include "test.h"

static nz_upload_config config_of(int64_t chaff_gap_ms) {
  nz_upload_config config;
  config.size = sizeof(config);
  nz_upload_config_init(&config);
  CHECK(config.health_authority == NULL && config.chaff_gap_ms == 48 * (int64_t)one_hour);
  config.health_authority = "org.example.app";
  config.chaff_gap_ms = chaff_gap_ms;
  return config;
}

static nz_upload_status status_of(const nz_device* phone) {
  nz_upload_status status;
  status.size = sizeof(status);
  OK(nz_device_upload_status(phone, &status, &error));
  return status;
}

static nz_upload_request_info info_of(const nz_upload_request* request) {
  nz_upload_request_info info;
  info.size = sizeof(info);
  OK(nz_upload_request_get_info(request, &info, &error));
  return info;
}

void test_uploads(void) {
  static const char yes[] =
      "{\"token\":\"t\",\"certificate\":\"c\",\"revisionToken\":\"r\",\"insertedExposures\":1}";
  static const char* const paths[] = {"/api/verify", "/api/certificate", "/v1/publish"};
  static const uint64_t sizes[] = {2048, 2048, 8192};
  const nz_upload_config config = config_of(0);
  nz_device* phone = simulated_phone("phone", day_start + 8 * one_hour);
  nz_advertisement air;
  nz_upload_status status;
  nz_upload_request* request = NULL;
  nz_upload_request* late;
  nz_upload_request_info info;
  int64_t wake_at;
  int i;
  air.size = sizeof(air);
  status.size = sizeof(status);
  OK(nz_device_advertisement(phone, &air, &error));

  FAILS(NZ_NOT_FOUND, "", nz_device_upload_status(phone, &status, &error));
  FAILS(NZ_NOT_FOUND, "", nz_device_enter_upload_code(phone, "12345678", &error));
  FAILS(NZ_CONSENT_REQUIRED, "consent", nz_device_begin_upload(phone, 1, 14, &error));
  FAILS(NZ_INVALID_ARGUMENT, "days",
        nz_device_begin_upload(phone, NZ_THE_PERSON_CONSENTS, 15, &error));
  FAILS(NZ_NOT_FOUND, "", nz_device_upload_status(phone, &status, &error));
  OK(nz_device_begin_upload(phone, NZ_THE_PERSON_CONSENTS, 14, &error));
  CHECK(status_of(phone).state == NZ_UPLOAD_STATE_CODE_NEEDED && status_of(phone).keys == 1);
  CHECK(status_of(phone).consented_at_ms == day_start + 8 * one_hour);
  OK(nz_device_upload_request(phone, &config, &request, &error));
  CHECK(request == NULL);
  OK(nz_device_upload_wake_at(phone, &config, &wake_at, &error));
  CHECK(wake_at == NZ_UNKNOWN_TIME);
  FAILS(NZ_INVALID_ARGUMENT, "code", nz_device_enter_upload_code(phone, "?", &error));

  OK(nz_device_enter_upload_code(phone, "1234 5678", &error));
  OK(nz_device_upload_request(phone, &config, &request, &error));
  OK(nz_device_upload_answered(phone, &config, request, 0, NULL, 0, -1, &error));
  CHECK(status_of(phone).problem == NZ_UPLOAD_PROBLEM_UNREACHABLE);
  OK(nz_device_upload_answered(phone, &config, request, 429, NULL, 0, 7000, &error));
  nz_upload_request_free(request);
  OK(nz_device_upload_wake_at(phone, &config, &wake_at, &error));
  CHECK(wake_at >= day_start + 8 * one_hour + 7000 && wake_at == status_of(phone).wake_at_ms);
  OK(nz_device_set_simulated_time(phone, wake_at, &error));
  for (i = 0; i < 3; ++i) {
    /* What is asked for again is the same step. */
    OK(nz_device_upload_request(phone, &config, &late, &error));
    OK(nz_device_upload_request(phone, &config, &request, &error));
    info = info_of(request);
    CHECK(strcmp(info.path, paths[i]) == 0 && info.body_size == sizes[i]);
    CHECK(info.step == i + 1 && info.chaff == 0 && strcmp(info.marking_header, "X-Grain") == 0);
    CHECK(info.server == (i < 2 ? NZ_UPLOAD_SERVER_VERIFICATION : NZ_UPLOAD_SERVER_KEY_SERVER));
    CHECK(((const char*)info.body)[0] == '{' && info_of(late).step == info.step);
    OK(nz_device_upload_answered(phone, &config, request, 200, yes, strlen(yes), -1, &error));
    OK(nz_device_upload_answered(phone, &config, late, 200, yes, strlen(yes), -1, &error));
    nz_upload_request_free(request);
    nz_upload_request_free(late);
  }
  CHECK(status_of(phone).state == NZ_UPLOAD_STATE_ACCEPTED);
  CHECK(status_of(phone).keys_inserted == 1 && status_of(phone).partly_refused == 0);
  OK(nz_device_upload_request(phone, &config, &request, &error));
  CHECK(request == NULL);
  OK(nz_device_discard_upload(phone, &error));
  FAILS(NZ_NOT_FOUND, "", nz_device_upload_status(phone, &status, &error));
  nz_device_free(phone);
}

void test_chaff(void) {
  const nz_upload_config config = config_of(one_hour);
  nz_upload_config other = config_of(one_hour - 1);
  nz_device* phone = simulated_phone("phone", day_start);
  nz_upload_request* request = NULL;
  int64_t wake_at;
  FAILS(NZ_INVALID_ARGUMENT, "chaff_gap",
        nz_device_upload_request(phone, &other, &request, &error));
  other.health_authority = NULL;
  FAILS(NZ_INVALID_ARGUMENT, "health_authority",
        nz_device_upload_wake_at(phone, &other, &wake_at, &error));
  FAILS(NZ_INVALID_ARGUMENT, "", nz_device_upload_request(phone, NULL, &request, &error));
  OK(nz_device_upload_request(phone, &config, &request, &error));
  CHECK(request == NULL);
  OK(nz_device_upload_wake_at(phone, &config, &wake_at, &error));
  CHECK(wake_at > day_start);
  OK(nz_device_set_simulated_time(phone, wake_at, &error));
  OK(nz_device_upload_request(phone, &config, &request, &error));
  CHECK(info_of(request).chaff != 0 && info_of(request).body_size == 2048);
  CHECK(strcmp(info_of(request).marking_header, "X-Chaff") == 0);
  /* It outlives the phone. */
  nz_device_free(phone);
  CHECK(info_of(request).step == NZ_UPLOAD_STEP_VERIFY);
  nz_upload_request_free(request);
}

static nz_fetch fetch_of(nz_index* index) {
  nz_fetch fetch;
  fetch.size = sizeof(fetch);
  OK(nz_index_next(index, &fetch, &error));
  return fetch;
}

void test_index(void) {
  static const char lists[] = "e/1.zip\ne/2.zip";
  nz_device* phone = simulated_phone("phone", day_start);
  nz_index* index = NULL;
  nz_index_config config;
  nz_index_status status;
  nz_fetch fetch;
  config.size = sizeof(config);
  nz_index_config_init(&config);
  CHECK(strcmp(config.path, "index.txt") == 0 && strcmp(config.suffix, ".zip") == 0);
  config.path = "/index.txt";
  FAILS(NZ_INVALID_ARGUMENT, "path", nz_device_follow_index(phone, "s", &config, &index, &error));
  config.path = NULL;
  FAILS(NZ_INVALID_ARGUMENT, "", nz_device_follow_index(phone, "s", &config, &index, &error));
  OK(nz_device_follow_index(phone, "https://keys.example.org", NULL, &index, &error));
  nz_device_free(phone); /* which the index keeps */
  fetch = fetch_of(index);
  CHECK(fetch.is_index != 0 && strcmp(fetch.path, "index.txt") == 0 && *fetch.etag == 0);
  FAILS(NZ_CORRUPT, "index", nz_index_answered(index, 200, "../x", 4, NULL, -1, &error));
  CHECK(fetch_of(index).path == NULL && fetch_of(index).wake_at_ms > day_start);
  FAILS(NZ_NOT_FOUND, "", nz_index_answered(index, 404, NULL, 0, NULL, 5, &error));
  OK(nz_index_answered(index, 200, lists, strlen(lists), "\"v1\"", -1, &error));
  fetch = fetch_of(index);
  CHECK(fetch.is_index == 0 && strcmp(fetch.path, "e/1.zip") == 0);
  CHECK(fetch.most_bytes == UINT64_C(64) << 20);
  FAILS(NZ_NOT_FOUND, "path",
        nz_index_list_handled(index, "e/2.zip", NZ_LIST_OUTCOME_DONE, -1, &error));
  FAILS(NZ_INVALID_ARGUMENT, "outcome", nz_index_list_handled(index, "e/1.zip", 3, -1, &error));
  OK(nz_index_list_handled(index, "e/1.zip", NZ_LIST_OUTCOME_DONE, -1, &error));
  OK(nz_index_list_handled(index, "e/2.zip", NZ_LIST_OUTCOME_FAILED, 60000, &error));
  status.size = sizeof(status);
  OK(nz_index_get_status(index, &status, &error));
  CHECK(status.listed == 2 && status.waiting == 1 && status.given_up == 0);
  CHECK(status.wake_at_ms == day_start + 60000 && fetch_of(index).path == NULL);
  nz_index_free(index);
}
