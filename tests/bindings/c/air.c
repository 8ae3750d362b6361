/* What goes on the air, and when. */
#include <string.h>

#include "test.h"

#define REFUSED(call) FAILS(NZ_INVALID_ARGUMENT, "", call)

static nz_air own_air(void) {
  uint8_t service[16];
  uint8_t characteristic[16];
  nz_air air = {0};
  air.size = sizeof(air);
  OK(nz_uuid_parse("0f3b8d9e-5a61-4e0c-9d2b-7c1a4f6e8b20", service, &error));
  OK(nz_uuid_parse("0f3b8d9f-5a61-4e0c-9d2b-7c1a4f6e8b20", characteristic, &error));
  OK(nz_air_own(service, characteristic, 1, &air, &error));
  return air;
}

static nz_plan gaen_plan(void) {
  nz_plan plan = {0};
  plan.size = sizeof(plan);
  OK(nz_plan_of(NZ_SCHEME_GAEN, NZ_SYSTEM_ANDROID, &plan, &error));
  return plan;
}

void test_uuids(void) {
  static const char* const texts[] = {"fd68", "0f3b8d9e-5a61-4e0c-9d2b-7c1a4f6e8b20"};
  uint8_t uuid[16];
  uint8_t same[16];
  char text[37];
  size_t i;
  for (i = 0; i < 2; ++i) {
    OK(nz_uuid_parse(texts[i], uuid, &error));
    OK(nz_uuid_format(uuid, text, &error));
    CHECK(strcmp(text, texts[i]) == 0);
  }
  CHECK(uuid[0] == 0x0f && uuid[15] == 0x20);
  OK(nz_uuid_parse("fd68", uuid, &error));
  OK(nz_uuid_parse("0000fd68-0000-1000-8000-00805f9b34fb", same, &error));
  CHECK(memcmp(uuid, same, 16) == 0);
  FAILS(NZ_INVALID_ARGUMENT, "uuid", nz_uuid_parse("fd6", uuid, &error));
  FAILS(NZ_INVALID_ARGUMENT, "uuid", nz_uuid_parse("", uuid, &error));
  REFUSED(nz_uuid_parse(NULL, uuid, &error));
  REFUSED(nz_uuid_parse("fd68", NULL, &error));
  REFUSED(nz_uuid_format(NULL, text, &error));
  REFUSED(nz_uuid_format(uuid, NULL, &error));
}

void test_air(void) {
  const nz_air air = own_air();
  nz_device* phone = simulated_phone("phone", day_start + 12 * one_hour);
  nz_advertisement sent = {0};
  nz_transmission transmission = {0};
  nz_heard heard;
  nz_scan_filter filters[3];
  size_t count;
  int32_t ability;
  int32_t note;
  const char* reason;
  sent.size = sizeof(sent);
  transmission.size = sizeof(transmission);

  /* What one phone sends, another finds in it. */
  OK(nz_device_advertisement(phone, &sent, &error));
  OK(nz_device_transmission(phone, &air, NZ_SYSTEM_IOS, &transmission, &error));
  CHECK(transmission.carrier == NZ_CARRIER_GATT_ONLY && transmission.payload_size == 20);
  OK(nz_air_decode(&air, NZ_FORM_GATT_VALUE, transmission.payload, transmission.payload_size,
                   &heard, &error));
  CHECK(heard.finding == NZ_FINDING_IDENTIFIER && heard.metadata_size == 4);
  CHECK(memcmp(heard.identifier, sent.identifier, 16) == 0);
  CHECK(memcmp(heard.metadata, sent.metadata, 4) == 0);
  OK(nz_air_decode(&air, NZ_FORM_GATT_VALUE, "what", 4, &heard, &error));
  CHECK(heard.finding == NZ_FINDING_NOTHING);
  OK(nz_air_decode(&air, NZ_FORM_SCAN_RECORD, NULL, 0, &heard, &error));
  CHECK(heard.finding == NZ_FINDING_NOTHING);

  OK(nz_air_scan_filters(&air, NZ_SYSTEM_ANDROID, NULL, 0, &count, &error));
  CHECK(count >= 1 && count <= 3);
  OK(nz_air_scan_filters(&air, NZ_SYSTEM_ANDROID, filters, 3, &count, &error));
  CHECK(memcmp(filters[0].service, air.service, 16) == 0);
  OK(nz_air_can(&air, NZ_SYSTEM_IOS, NZ_APP_BACKGROUND, NZ_ACT_ADVERTISE, &ability, &note, &reason,
                &error));
  CHECK(ability == NZ_ABILITY_LIMITED && note > 0 && strlen(reason) > 0);

  FAILS(NZ_INVALID_ARGUMENT, "system",
        nz_device_transmission(phone, &air, 3, &transmission, &error));
  FAILS(NZ_INVALID_ARGUMENT, "form", nz_air_decode(&air, 5, "what", 4, &heard, &error));
  FAILS(NZ_INVALID_ARGUMENT, "act",
        nz_air_can(&air, NZ_SYSTEM_IOS, NZ_APP_BACKGROUND, 0, &ability, &note, &reason, &error));
  REFUSED(nz_air_own(air.service, air.characteristic, 1, NULL, &error));
  REFUSED(nz_air_can(&air, NZ_SYSTEM_IOS, NZ_APP_BACKGROUND, NZ_ACT_SCAN, NULL, &note, &reason,
                     &error));
  REFUSED(nz_air_scan_filters(NULL, NZ_SYSTEM_IOS, filters, 3, &count, &error));
  REFUSED(nz_air_scan_filters(&air, NZ_SYSTEM_IOS, NULL, 3, &count, &error));
  REFUSED(nz_air_scan_filters(&air, NZ_SYSTEM_IOS, filters, 3, NULL, &error));
  REFUSED(nz_air_decode(NULL, NZ_FORM_GATT_VALUE, "what", 4, &heard, &error));
  REFUSED(nz_air_decode(&air, NZ_FORM_GATT_VALUE, NULL, 4, &heard, &error));
  REFUSED(nz_air_decode(&air, NZ_FORM_GATT_VALUE, "what", 4, NULL, &error));
  REFUSED(nz_air_published(NZ_SCHEME_GAEN, NULL, &error));
  REFUSED(nz_device_transmission(NULL, &air, NZ_SYSTEM_IOS, &transmission, &error));
  REFUSED(nz_device_transmission(phone, NULL, NZ_SYSTEM_IOS, &transmission, &error));
  REFUSED(nz_device_transmission(phone, &air, NZ_SYSTEM_IOS, NULL, &error));
  nz_device_free(phone);
}

void test_air_of_others(void) {
  nz_air air = {0};
  nz_device* phone = simulated_phone("phone", day_start);
  nz_transmission transmission = {0};
  air.size = sizeof(air);
  transmission.size = sizeof(transmission);
  OK(nz_air_published(NZ_SCHEME_GAEN, &air, &error));
  CHECK(air.scheme == NZ_SCHEME_GAEN && air.metadata_size == 4);
  OK(nz_device_transmission(phone, &air, NZ_SYSTEM_ANDROID, &transmission, &error));
  CHECK(transmission.carrier == NZ_CARRIER_SERVICE_DATA && transmission.connectable == 0);
  FAILS(NZ_UNSUPPORTED, "system",
        nz_device_transmission(phone, &air, NZ_SYSTEM_IOS, &transmission, &error));
  FAILS(NZ_INVALID_ARGUMENT, "scheme", nz_air_published(99, &air, &error));
  nz_device_free(phone);
}

/* How many actions of the kind the planner asks for at a time. */
static int actions_of(nz_planner* planner, int32_t kind, int64_t after_ms) {
  nz_action actions[NZ_MOST_ACTIONS];
  size_t count;
  size_t i;
  int found = 0;
  int64_t pause;
  OK(nz_planner_advance(planner, day_start + after_ms, after_ms, actions, NZ_MOST_ACTIONS, &count,
                        &pause, &error));
  CHECK(count <= NZ_MOST_ACTIONS && pause > 0);
  for (i = 0; i < count; ++i) found += actions[i].kind == kind;
  return found;
}

void test_planner(void) {
  static const uint8_t peer[16] = {1, 2, 3, 4, 5, 6};
  const nz_plan plan = gaen_plan();
  nz_planner* planner = NULL;
  nz_heard heard = {0};
  int64_t advertising;
  int64_t scanning;
  OK(nz_plan_seconds_a_day(&plan, NZ_APP_FOREGROUND, NZ_POWER_FULL, &advertising, &scanning,
                           &error));
  CHECK(advertising > 0 && scanning > 0 && scanning < 86400);

  OK(nz_planner_new(&plan, &planner, &error));
  OK(nz_planner_set_state(planner, NZ_APP_BACKGROUND, &error));
  OK(nz_planner_set_battery(planner, 80, 0, &error));
  CHECK(actions_of(planner, NZ_ACTION_ADVERTISE, 1) == 1);
  CHECK(actions_of(planner, NZ_ACTION_ADVERTISE, 2) == 0);
  OK(nz_planner_renew(planner, &error));
  CHECK(actions_of(planner, NZ_ACTION_ADVERTISE, 3) == 1);

  /* Who is heard is asked once, and known from then on. */
  OK(nz_planner_heard(planner, peer, -60, day_start + 4, 4, &heard, &error));
  CHECK(heard.finding == NZ_FINDING_NOTHING);
  CHECK(actions_of(planner, NZ_ACTION_CONNECT, 5) == 1);
  heard.finding = NZ_FINDING_IDENTIFIER;
  heard.identifier[0] = 77;
  OK(nz_planner_answered(planner, peer, &heard, day_start + 6, 6, &error));
  memset(&heard, 0, sizeof(heard));
  OK(nz_planner_heard(planner, peer, -60, day_start + 7, 7, &heard, &error));
  CHECK(heard.finding == NZ_FINDING_IDENTIFIER && heard.identifier[0] == 77);

  OK(nz_planner_set_radio(planner, 0, &error));
  /* By itself: the system has stopped it. */
  CHECK(actions_of(planner, NZ_ACTION_ADVERTISE, 8) == 0);
  OK(nz_planner_set_radio(planner, 1, &error));
  CHECK(actions_of(planner, NZ_ACTION_ADVERTISE, 9) == 1);
  nz_planner_free(planner);
  nz_planner_free(NULL);
}

void test_planner_misuse(void) {
  static const uint8_t peer[16] = {1};
  nz_plan plan = gaen_plan();
  nz_planner* planner = NULL;
  nz_heard heard = {0};
  nz_action actions[NZ_MOST_ACTIONS];
  size_t count;
  int64_t pause;
  OK(nz_planner_new_simulated(&plan, 1, &planner, &error));
  FAILS(NZ_INVALID_ARGUMENT, "percent", nz_planner_set_battery(planner, 101, 0, &error));
  FAILS(NZ_INVALID_ARGUMENT, "state", nz_planner_set_state(planner, 9, &error));
  FAILS(NZ_INVALID_ARGUMENT, "rssi_dbm",
        nz_planner_heard(planner, peer, -129, day_start, 0, &heard, &error));
  FAILS(NZ_LIMIT_EXCEEDED, "capacity",
        nz_planner_advance(planner, day_start, 0, actions, NZ_MOST_ACTIONS - 1, &count, &pause,
                           &error));
  REFUSED(nz_planner_advance(planner, day_start, 0, NULL, NZ_MOST_ACTIONS, &count, &pause, &error));
  REFUSED(
      nz_planner_advance(planner, day_start, 0, actions, NZ_MOST_ACTIONS, NULL, &pause, &error));
  REFUSED(
      nz_planner_advance(planner, day_start, 0, actions, NZ_MOST_ACTIONS, &count, NULL, &error));
  REFUSED(nz_planner_advance(NULL, 0, 0, actions, NZ_MOST_ACTIONS, &count, &pause, &error));
  REFUSED(nz_planner_heard(planner, NULL, -60, day_start, 0, &heard, &error));
  REFUSED(nz_planner_heard(planner, peer, -60, day_start, 0, NULL, &error));
  REFUSED(nz_planner_answered(planner, NULL, &heard, day_start, 0, &error));
  REFUSED(nz_planner_set_state(NULL, NZ_APP_FOREGROUND, &error));
  REFUSED(nz_planner_set_battery(NULL, 50, 0, &error));
  REFUSED(nz_planner_set_radio(NULL, 1, &error));
  REFUSED(nz_planner_renew(NULL, &error));
  REFUSED(nz_planner_new(&plan, NULL, &error));
  REFUSED(nz_plan_of(NZ_SCHEME_GAEN, NZ_SYSTEM_ANDROID, NULL, &error));
  REFUSED(nz_plan_seconds_a_day(&plan, NZ_APP_FOREGROUND, NZ_POWER_FULL, NULL, &pause, &error));
  nz_planner_free(planner);
  planner = NULL;
  REFUSED(nz_planner_new(NULL, &planner, &error));
  plan.scan_on_ms[0] = -1;
  CHECK(nz_planner_new(&plan, &planner, &error) == NZ_INVALID_ARGUMENT);
  CHECK(planner == NULL && strlen(nz_error_field(error)) > 0);
  nz_error_free(error);
  error = NULL;
}
