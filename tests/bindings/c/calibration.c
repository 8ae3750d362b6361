/* What is known of phone models, and what a phone says of it on the air. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

static nz_calibration look_up(const bytes* table, const char* maker, const char* device,
                              const char* model) {
  nz_calibration found = {0};
  found.size = sizeof(found);
  OK(nz_calibration_look_up(table->data, table->size, maker, device, model, &found, &error));
  return found;
}

static void finds_phones(const bytes* table) {
  const nz_calibration exact = look_up(table, "SAMSUNG", "alpha", "SM-A");
  const nz_calibration similar = look_up(table, "", "beta", "");
  const nz_calibration maker = look_up(table, "Samsung", "new", "SM-N");
  const nz_calibration fleet = look_up(table, "", "", "");
  CHECK(exact.rssi_correction_db == -3 && exact.transmit_power_dbm == -31);
  CHECK(exact.confidence == 3 && exact.source == NZ_CALIBRATION_EXACT_MODEL);
  CHECK(similar.rssi_correction_db == 5 && similar.confidence == 2);
  CHECK(similar.source == NZ_CALIBRATION_SIMILAR_MODEL);
  CHECK(maker.rssi_correction_db == 1 && maker.transmit_power_dbm == -25);
  CHECK(maker.confidence == 1 && maker.source == NZ_CALIBRATION_MAKER);
  CHECK(fleet.rssi_correction_db == 3 && fleet.transmit_power_dbm == -24);
  CHECK(fleet.confidence == 0 && fleet.source == NZ_CALIBRATION_FLEET);
}

static void refuses_others(const bytes* table) {
  nz_calibration found = {0};
  FAILS(NZ_INVALID_ARGUMENT, "size",
        nz_calibration_look_up(table->data, table->size, "", "", "", &found, &error));
  found.size = sizeof(found);
  FAILS(NZ_INVALID_ARGUMENT, "",
        nz_calibration_look_up(NULL, table->size, "", "", "", &found, &error));
  FAILS(NZ_INVALID_ARGUMENT, "",
        nz_calibration_look_up(table->data, table->size, NULL, "", "", &found, &error));
  FAILS(NZ_INVALID_ARGUMENT, "",
        nz_calibration_look_up(table->data, table->size, "", NULL, "", &found, &error));
  FAILS(NZ_INVALID_ARGUMENT, "",
        nz_calibration_look_up(table->data, table->size, "", "", NULL, &found, &error));
  FAILS(NZ_INVALID_ARGUMENT, "",
        nz_calibration_look_up(table->data, table->size, "", "", "", NULL, &error));
  FAILS(NZ_CORRUPT, "magic", nz_calibration_look_up(NULL, 0, "", "", "", &found, &error));
  FAILS(NZ_CORRUPT, "checksum",
        nz_calibration_look_up(table->data, table->size - 1, "", "", "", &found, &error));
  table->data[8] = 2;
  FAILS(NZ_NEWER_FORMAT, "version",
        nz_calibration_look_up(table->data, table->size, "", "", "", &found, &error));
}

static nz_advertisement air_of_phone(const char* folder, int32_t confidence) {
  nz_device_config config = {0};
  nz_advertisement air = {0};
  nz_device* phone = NULL;
  air.size = sizeof(air);
  config.size = sizeof(config);
  nz_device_config_init(&config);
  CHECK(config.calibration_confidence == 0 && config.reserved == 0);
  config.calibration_confidence = confidence;
  OK(nz_device_open_simulated(path_in_folder(folder), root_secret, &config, day_start, 5, &phone,
                              &error));
  OK(nz_device_advertisement(phone, &air, &error));
  nz_device_free(phone);
  return air;
}

/* Phones of one seed send the same but for what they state, under the same key stream. */
static void states_its_confidence(void) {
  const nz_advertisement unknown = air_of_phone("unknown", 0), known = air_of_phone("known", 3);
  CHECK(memcmp(unknown.identifier, known.identifier, sizeof(known.identifier)) == 0);
  CHECK((unknown.metadata[0] ^ known.metadata[0]) == 3 << 2);
  CHECK(memcmp(unknown.metadata + 1, known.metadata + 1, 3) == 0);
}

/* A program that was compiled before there was a confidence. */
static void takes_older_configs(void) {
  nz_device_config config = {0};
  nz_device* phone = NULL;
  config.size = offsetof(nz_device_config, calibration_confidence);
  nz_device_config_init(&config);
  config.calibration_confidence = 77;
  OK(nz_device_open(path_in_folder("older"), root_secret, &config, &phone, &error));
  nz_device_free(phone);
}

void test_calibration(void) {
  const bytes table = read_fixture("../../proximity/golden/calibration.v1");
  finds_phones(&table);
  refuses_others(&table);
  states_its_confidence();
  takes_older_configs();
  free(table.data);
}
