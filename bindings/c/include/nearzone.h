/*
 * NearZone's C interface: what an application needs of it, and what the Java and Swift interfaces
 * are made of.
 *
 *     nz_error *error = NULL;
 *     nz_device *device = NULL;
 *     if (nz_device_open(folder, root_secret, NULL, &device, &error) != NZ_OK) {
 *       show(nz_error_message(error));
 *       nz_error_free(error);
 *     }
 *
 * The rules, which hold for every function:
 *
 * 1. A function that can fail returns NZ_OK or another NZ_... code of the list below and, where
 *    `error` is not NULL, makes an nz_error of the failure, which the caller frees. What is given
 *    back through a pointer is left alone by a failure.
 * 2. Objects are opaque. nz_x_free(NULL) does nothing. An object lives until its own free, whatever
 *    else is freed before it: what it needs, it keeps. Every object may be used from any thread,
 *    unless its description says otherwise; no object may be used during or after its free.
 * 3. Memory passed in is borrowed for the call, unless the function says longer. Memory given back
 *    is the caller's own buffer, or belongs to the object it was asked of and lives as long.
 * 4. Lists are given back into the caller's array: `capacity` elements of it at most are written,
 *    and `*count` is the number that there are. With capacity 0 the array may be NULL.
 * 5. Structs with a `size` grow at their end. Before it passes one, to nz_..._init too, the caller
 *    sets `size` to the sizeof that it was compiled with; no more than that is read or written.
 *    nz_..._init then gives every option its default. Other structs never change.
 * 6. Times are milliseconds since 1970-01-01 UTC, days are days since then. Durations are in
 *    milliseconds. Texts are UTF-8, those given back ASCII unless they come out of a list.
 * 7. No text and no error ever holds an identifier, a key, or a file's name.
 * 8. Nothing calls back, and no thread is made: work is done in the calls.
 */
#ifndef NEARZONE_H
#define NEARZONE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NZ_API __attribute__((visibility("default")))
#else
#define NZ_API
#endif

/* ---- Version ---- */

/* Grows with every change that a program compiled with an older header could not live with. */
#define NZ_ABI_VERSION 1u

/* The NZ_ABI_VERSION that the library was compiled with: compare it before anything else. */
NZ_API uint32_t nz_abi_version(void);
/* "0.1.0" */
NZ_API const char* nz_version(void);

/* ---- Errors ---- */

#define NZ_OK 0
#define NZ_INVALID_ARGUMENT 1  /* the caller asked for something that cannot be */
#define NZ_CORRUPT 2           /* foreign or stored bytes are malformed or damaged */
#define NZ_WRONG_KEY 3         /* a log was opened with a root secret that is not its own */
#define NZ_SIGNATURE_REFUSED 4 /* no given public key verifies the list */
#define NZ_NOT_FOUND 5
#define NZ_IO 6           /* the operating system failed a read or a write */
#define NZ_NO_SPACE 7     /* the disk or a byte budget is full */
#define NZ_IN_USE 8       /* another process holds the log */
#define NZ_NEWER_FORMAT 9 /* written by a newer version of NearZone */
#define NZ_UNSUPPORTED 10
#define NZ_CANCELLED 11
#define NZ_LIMIT_EXCEEDED 12 /* input is larger than a stated limit */
#define NZ_CLOSED 13         /* the object was closed, suspended or used up */
#define NZ_CONSENT_REQUIRED 14
#define NZ_INTERNAL 15 /* a fault of NearZone's own */

/* The lower-case name of a code, such as "signature_refused"; "unknown" for other numbers. */
NZ_API const char* nz_code_name(int32_t code);

/* A failure. Immutable. */
typedef struct nz_error nz_error;
NZ_API int32_t nz_error_code(const nz_error* error);
/* One sentence that a developer can act on, with field and position. */
NZ_API const char* nz_error_message(const nz_error* error);
/* The field, option or member that is wrong; "" where none is. */
NZ_API const char* nz_error_field(const nz_error* error);
/* Byte offset in the input at which the fault was seen, or -1. */
NZ_API int64_t nz_error_offset(const nz_error* error);
/* Zero-based index of the record (key, sighting, line) at fault, or -1. */
NZ_API int64_t nz_error_record(const nz_error* error);
NZ_API void nz_error_free(nz_error* error);

/* ---- Stopping long work ---- */

/* A flag that long work polls; it then ends with NZ_CANCELLED within milliseconds. It stays set. */
typedef struct nz_cancel nz_cancel;
NZ_API nz_cancel* nz_cancel_new(void); /* NULL where there is no memory */
NZ_API void nz_cancel_request(nz_cancel* cancel);
NZ_API void nz_cancel_free(nz_cancel* cancel);

/* ---- What is heard, and what is published ---- */

#define NZ_SCHEME_BLUEZONE 1 /* 12-byte identifiers, 32-byte keys */
#define NZ_SCHEME_GAEN 2     /* Exposure Notification: 16-byte identifiers and keys */
/* Those that follow have 16-byte identifiers and, but for DP-3T hybrid with 16, 32-byte keys. */
#define NZ_SCHEME_DP3T_LOW_COST 3
#define NZ_SCHEME_DP3T_HYBRID 4
#define NZ_SCHEME_TCN 5
#define NZ_SCHEME_DP3T_UNLINKABLE 6

#define NZ_HEARD_BY_ADVERTISEMENT 0
#define NZ_HEARD_BY_GATT 1

#define NZ_REPORT_UNKNOWN 0
#define NZ_REPORT_CONFIRMED_TEST 1
#define NZ_REPORT_CONFIRMED_CLINICAL_DIAGNOSIS 2
#define NZ_REPORT_SELF_REPORT 3
#define NZ_REPORT_RECURSIVE 4
#define NZ_REPORT_REVOKED 5

/* A time, an attenuation, or a number of days that is not known. */
#define NZ_UNKNOWN_TIME INT64_MIN
#define NZ_UNKNOWN INT32_MIN
/* The RSSI of a radio that gave none. */
#define NZ_NO_RSSI 127

/* One identifier heard once: 32 bytes without padding, so that an array of them can be filled from
 * any language. */
typedef struct nz_sighting {
  int64_t time_ms;
  uint8_t identifier[16]; /* shorter ones are followed by zeros */
  uint8_t scheme;         /* NZ_SCHEME_... */
  uint8_t heard_by;       /* NZ_HEARD_BY_... */
  int8_t rssi_dbm;        /* as the radio gave it; NZ_NO_RSSI where it gave none */
  uint8_t metadata_size;  /* 4: sealed metadata (Exposure Notification); 1: transmit power; 0 */
  uint8_t metadata[4];
} nz_sighting;

/* One opening of the radio's ear. One that heard nothing counts too. 24 bytes without padding. */
typedef struct nz_scan {
  int64_t start_ms;
  int64_t previous_start_ms; /* of the scan before this one, or NZ_UNKNOWN_TIME */
  uint64_t sightings;        /* how many of the array's sightings, in order, are this scan's */
} nz_scan;

/* One record of a published list. 88 bytes without padding. */
typedef struct nz_published_key {
  uint8_t bytes[32];     /* 16-byte keys are followed by zeros; of TCN, the verification key */
  int64_t valid_from_ms; /* of Bluezone, the record's time_start */
  int64_t valid_to_ms;   /* exclusive */
  uint64_t record;       /* zero-based position in its list, refused records counted */
  int32_t scheme;        /* NZ_SCHEME_... */
  uint32_t identifiers_per_day;
  int32_t report_type;             /* NZ_REPORT_... */
  int32_t days_since_onset;        /* -14 to 14, or NZ_UNKNOWN */
  int32_t transmission_risk_level; /* 0 to 8; 0 where the list does not say */
  int32_t revised;                 /* not 0: a later statement about a key published before */
  int64_t released_at_ms;          /* of DP-3T and TCN, from when on anybody may know it; else 0 */
} nz_published_key;

/* An identifier, and when it is on the air; where its place in a day or window is the sender's
 * secret (DP-3T), those. 32 bytes without padding. */
typedef struct nz_broadcast {
  int64_t start_ms;
  int64_t end_ms; /* exclusive */
  uint8_t identifier[16];
} nz_broadcast;

/* The identifiers that a published key stands for, in order of their derivation, which is that of
 * time. Fails with NZ_INVALID_ARGUMENT or NZ_LIMIT_EXCEEDED on a key that no honest list holds, and
 * where it is one of TCN: its report tells them. */
NZ_API int32_t nz_derive_identifiers(const nz_published_key* key, nz_broadcast* out,
                                     size_t capacity, size_t* count, nz_error** error);
/* The numbers that a signed TCN report reveals. They are bound to no time: each is on the air from
 * NZ_UNKNOWN_TIME to INT64_MAX. Fails with NZ_INVALID_ARGUMENT or NZ_LIMIT_EXCEEDED on a report
 * that no honest list holds, and with NZ_SIGNATURE_REFUSED where its own key did not sign it. */
NZ_API int32_t nz_derive_report_identifiers(const void* report, size_t size, nz_broadcast* out,
                                            size_t capacity, size_t* count, nz_error** error);

/* ---- What is known of a phone model ---- */

/* How it was come by, from least to best known. */
#define NZ_CALIBRATION_NONE 0          /* of no table */
#define NZ_CALIBRATION_FLEET 1         /* the average of all phones */
#define NZ_CALIBRATION_MAKER 2         /* the average of the maker's phones */
#define NZ_CALIBRATION_SIMILAR_MODEL 3 /* phones of the same device or model name */
#define NZ_CALIBRATION_EXACT_MODEL 4   /* this very model */

/* What to say in nz_device_config. Attenuation is what the sender sent less what was received, and
 * phone models differ in both by tens of decibels. */
typedef struct nz_calibration {
  uint32_t size;
  int32_t rssi_correction_db;
  int32_t transmit_power_dbm;
  int32_t confidence; /* calibration_confidence */
  int32_t source;     /* NZ_CALIBRATION_... */
} nz_calibration;

/* Looks a phone up in a table that `nearzone calibration import` wrote: maker, device and model as
 * Android's Build has them, each "" where it is not known. Fails with NZ_CORRUPT on a table that is
 * damaged, with the offset, and with NZ_NEWER_FORMAT. */
NZ_API int32_t nz_calibration_look_up(const void* table, size_t table_size, const char* maker,
                                      const char* device, const char* model,
                                      nz_calibration* calibration, nz_error** error);

/* ---- The device: one phone's keys, its encrypted log, and what was found ---- */

typedef struct nz_device nz_device;

#define NZ_DURABILITY_POWER_LOSS 0   /* synced before recording returns */
#define NZ_DURABILITY_LAST_MOMENTS 1 /* a power cut may lose the newest scans */

#define NZ_DEDUPLICATION_RAW 0          /* all sightings are kept */
#define NZ_DEDUPLICATION_FIVE_SECONDS 1 /* none within 5 s of the last one kept, as Bluezone */
#define NZ_DEDUPLICATION_SCAN 2         /* of each scan the first */

typedef struct nz_device_config {
  uint32_t size;
  int32_t own_scheme;                 /* what this phone sends; it hears all schemes */
  int32_t transmit_power_dbm;         /* of this phone model */
  int32_t rssi_correction_db;         /* of this phone model */
  int32_t assumed_transmit_power_dbm; /* of senders that do not state theirs */
  int32_t retention_days;             /* 1 to 30 */
  int32_t durability;                 /* NZ_DURABILITY_... */
  int32_t deduplication;              /* NZ_DEDUPLICATION_... */
  uint64_t byte_budget;               /* at least 1 MiB; the oldest days go first, never today */
  /* The highest nz_device_counter that the phone's key store has seen, or 0. */
  uint64_t least_counter;
  int32_t calibration_confidence; /* 0 to 3: how well the transmit power is known */
  int32_t reserved;               /* 0 */
} nz_device_config;

NZ_API void nz_device_config_init(nz_device_config* config);

/* Opens or makes a phone's state in a folder, whose parent must exist. `root_secret` is 32 random
 * bytes, kept in the phone's key store: without them nothing in the folder can be read. NULL as
 * config means the defaults. Fails with NZ_WRONG_KEY, and the field "restored" where the folder was
 * restored from a backup without its keys; with NZ_IN_USE, NZ_CORRUPT, NZ_NEWER_FORMAT, NZ_IO,
 * NZ_NO_SPACE. A failed opening overwrites nothing. */
NZ_API int32_t nz_device_open(const char* folder, const void* root_secret,
                              const nz_device_config* config, nz_device** device, nz_error** error);
/* For tests only, of applications too: a phone whose clock stands still but for
 * nz_device_set_simulated_time, and whose keys follow from the seed, so that anybody can guess
 * them. Times are of the years 1970 to 9999. */
NZ_API int32_t nz_device_open_simulated(const char* folder, const void* root_secret,
                                        const nz_device_config* config, int64_t time_ms,
                                        uint64_t seed, nz_device** device, nz_error** error);
/* Fails with NZ_UNSUPPORTED on a device that is not simulated. */
NZ_API int32_t nz_device_set_simulated_time(nz_device* device, int64_t time_ms, nz_error** error);
NZ_API void nz_device_free(nz_device* device);

/* What opening found wrong. Nothing, nearly always. */
typedef struct nz_opening {
  uint32_t size;
  int32_t repaired;     /* not 0: the database was damaged; what could be read was kept */
  int32_t older_folder; /* not 0: an older copy of the folder was put back */
  uint64_t states_lost; /* records of own state that are gone */
} nz_opening;

NZ_API int32_t nz_device_opening(const nz_device* device, nz_opening* opening, nz_error** error);
/* Grows with every change of the log's keys. Kept in the phone's key store and given back as
 * least_counter, it tells of an older folder put back. */
NZ_API int32_t nz_device_counter(const nz_device* device, uint64_t* counter, nz_error** error);

/* What to send, and until when: then it changes together with the radio's address. */
typedef struct nz_advertisement {
  uint32_t size;
  int32_t scheme;
  int64_t valid_until_ms;
  uint32_t identifier_size; /* 12 or 16 */
  uint32_t metadata_size;   /* 4 or 0 */
  uint8_t identifier[16];
  uint8_t metadata[4];
} nz_advertisement;

NZ_API int32_t nz_device_advertisement(nz_device* device, nz_advertisement* advertisement,
                                       nz_error** error);

/* Stores what scans heard, all of it or nothing, before it returns. The scans' counts must add up
 * to `sighting_count`. After a failure the same call may be repeated: nothing is stored twice. */
NZ_API int32_t nz_device_record(nz_device* device, const nz_scan* scans, size_t scan_count,
                                const nz_sighting* sightings, size_t sighting_count,
                                nz_error** error);

/* Whether somebody was within two metres for a quarter of an hour. */
#define NZ_BAND_UNKNOWN 0  /* nothing was measured, or by an older version */
#define NZ_BAND_UNLIKELY 1 /* near_high_ms is shorter */
#define NZ_BAND_POSSIBLE 2 /* near_high_ms is as long, near_low_ms is not */
#define NZ_BAND_LIKELY 3   /* near_low_ms is as long */

/* One key's worth of nearness on one UTC day. 40 bytes without padding. People are shown minutes
 * and the band, never metres: radio cannot tell them, see docs/proximity.md. */
typedef struct nz_exposure {
  int64_t duration_ms; /* that it was heard for, near or not */
  int32_t day;
  int32_t minimum_attenuation_db; /* or NZ_UNKNOWN */
  int32_t report_type;            /* NZ_REPORT_... */
  int32_t band;                   /* NZ_BAND_... */
  int32_t near_ms;                /* within two metres, as expected, in whole tenths of a minute */
  int32_t near_low_ms;            /* this and the next enclose eight cases of ten */
  int32_t near_high_ms;
  int32_t dose_ms; /* near_ms weighted by how infectious the day was; adds up over exposures */
} nz_exposure;

/* The exposures of all lists matched, ascending by day, of the days that the log still keeps. */
NZ_API int32_t nz_device_exposures(const nz_device* device, nz_exposure* out, size_t capacity,
                                   size_t* count, nz_error** error);

/* The same findings as Exposure Notification's exposure windows, for apps that have rules of their
 * own: what was heard of one key, in pieces of at most half an hour, scan by scan. */
#define NZ_INFECTIOUSNESS_NONE 0
#define NZ_INFECTIOUSNESS_STANDARD 1
#define NZ_INFECTIOUSNESS_HIGH 2

/* What is said of a key, and what it means. */
typedef struct nz_diagnosis_key_mapping {
  uint32_t size;
  int32_t report_type_when_missing; /* NZ_REPORT_..., not NZ_REPORT_UNKNOWN */
  int32_t when_onset_unknown;       /* NZ_INFECTIOUSNESS_..., also beyond 14 days */
  uint8_t by_days_since_onset[29];  /* NZ_INFECTIOUSNESS_..., of the days from -14 to 14 */
} nz_diagnosis_key_mapping;

NZ_API void nz_diagnosis_key_mapping_init(nz_diagnosis_key_mapping* mapping);

/* What one scan heard of a key. Those with the same `window` follow each other and say the same of
 * it. 32 bytes without padding. */
typedef struct nz_window_scan {
  int32_t window; /* from 0 */
  int32_t day;    /* UTC, of the window's first sighting */
  int32_t report_type;
  int32_t infectiousness;
  int32_t calibration_confidence; /* 0 to 3, of the sender's transmit power */
  int32_t typical_attenuation_db; /* the mean */
  int32_t minimum_attenuation_db;
  int32_t since_last_scan_ms; /* whole minutes, five at most, perhaps none */
} nz_window_scan;

/* The windows of all lists matched, of the days that the log still keeps, in a random order, so
 * that their place does not tell which are of one key. Revoked keys, and those that are not
 * infectious by `mapping` (NULL: all are, in the standard way), give none. */
NZ_API int32_t nz_device_exposure_windows(const nz_device* device,
                                          const nz_diagnosis_key_mapping* mapping,
                                          nz_window_scan* out, size_t capacity, size_t* count,
                                          nz_error** error);

/* Exposure Notification's daily summaries: seconds, weighted by attenuation, report type and
 * infectiousness. Weights are 0 to 2.5; with weights of 1 a quarter of an hour scores 900. */
typedef struct nz_daily_summary_config {
  uint32_t size;
  int32_t days_since_exposure_threshold; /* days that lie further back are dropped; 0 keeps all */
  int32_t attenuation_thresholds_db[3];  /* ascending, within 0 to 255 */
  int32_t reserved;                      /* 0 */
  double attenuation_weights[4];         /* up to each of the thresholds, and above */
  double report_type_weights[6];         /* by NZ_REPORT_... */
  double infectiousness_weights[3];      /* by NZ_INFECTIOUSNESS_... */
  double minimum_window_score;           /* windows below it are dropped; 0 or more */
} nz_daily_summary_config;

NZ_API void nz_daily_summary_config_init(nz_daily_summary_config* config);

/* What a day's windows amount to: of all of them where `report_type` is NZ_UNKNOWN, and behind that
 * of each report type that anything counted of. 32 bytes without padding. */
typedef struct nz_daily_summary {
  int32_t day;
  int32_t report_type;
  double maximum_score; /* of one window; of a day: of one report type's windows */
  double score_sum;
  double weighted_duration_sum; /* weighted by attenuation alone */
} nz_daily_summary;

/* Ascending by day. `config` may be NULL; `today` is the UTC day that its threshold counts from. */
NZ_API int32_t nz_daily_summaries(const nz_window_scan* scans, size_t scan_count,
                                  const nz_daily_summary_config* config, int32_t today,
                                  nz_daily_summary* out, size_t capacity, size_t* count,
                                  nz_error** error);

/* Erases what is older than the retention, and says how many days; never on the word of a clock
 * that cannot be right. To be called once a day. */
NZ_API int32_t nz_device_purge(nz_device* device, int32_t* days_erased, nz_error** error);
/* Packs days that are over for about as long as the budget; *more is not 0 where there is more to
 * do. To be called in quiet moments, until it says no. */
NZ_API int32_t nz_device_compact(nz_device* device, int64_t budget_ms, int32_t* more,
                                 nz_error** error);
/* Erases what was heard and found on a day, or everything with the own keys. When it returns, the
 * keys of what was erased are overwritten on the disk. */
NZ_API int32_t nz_device_erase_day(nz_device* device, int32_t day, nz_error** error);
NZ_API int32_t nz_device_erase_all(nz_device* device, nz_error** error);

/* Lets go of every file and lock within 100 ms, before an app goes into the background. Until
 * nz_device_resume everything that needs the log fails with NZ_CLOSED. */
NZ_API int32_t nz_device_suspend(nz_device* device, nz_error** error);
NZ_API int32_t nz_device_resume(nz_device* device, nz_error** error);

/* ---- On the air ---- */

#define NZ_SYSTEM_ANDROID 1
#define NZ_SYSTEM_IOS 2

#define NZ_APP_FOREGROUND 1
#define NZ_APP_BACKGROUND 2

#define NZ_ACT_ADVERTISE 1
#define NZ_ACT_SCAN 2
#define NZ_ACT_GATT 3 /* to serve the identifier, and to connect and read it */

#define NZ_ABILITY_NO 0
#define NZ_ABILITY_LIMITED 1
#define NZ_ABILITY_YES 2

/* What holds the identifier in an Android phone's advertisement. */
#define NZ_CARRIER_MANUFACTURER_DATA 1
#define NZ_CARRIER_SERVICE_DATA 2
#define NZ_CARRIER_GATT_ONLY 3 /* nothing: it is read over a connection */

/* A deployment's numbers on the air: filled by one of the functions below, or by hand, for any
 * scheme under numbers of one's own. What takes one checks it. UUIDs have their bytes in the order
 * in which they are written; all zero, there is none. */
typedef struct nz_air {
  uint32_t size;
  int32_t scheme;        /* NZ_SCHEME_...: whose identifiers it carries */
  int32_t carrier;       /* NZ_CARRIER_... */
  int32_t metadata_size; /* sealed bytes sent after the identifier: 4 or 0 */
  int32_t company;       /* with NZ_CARRIER_MANUFACTURER_DATA only */
  /* 0 to 127: the bit of iOS's overflow area that its service sets while the app is in the
   * background, the highest of the first byte being 0; -1 where it is not known. */
  int32_t overflow_bit;
  uint8_t service[16];        /* what an Android phone advertises */
  uint8_t ios_service[16];    /* what an iPhone advertises */
  uint8_t characteristic[16]; /* read only, in that service */
} nz_air;

/* 16 bytes of "fd68" or "0000fd68-0000-1000-8000-00805f9b34fb". */
NZ_API int32_t nz_uuid_parse(const char* text, void* uuid, nz_error** error);
/* The shorter of the two where there is one; `text` has room for 37 characters. */
NZ_API int32_t nz_uuid_format(const void* uuid, char* text, nz_error** error);

/* The numbers of a scheme's published system, for interoperation and tests: they belong to
 * others. */
NZ_API int32_t nz_air_published(int32_t scheme, nz_air* air, nz_error** error);
/* NearZone's own profile under UUIDs of one's own, with sealed metadata where `metadata` is not
 * 0. */
NZ_API int32_t nz_air_own(const void* service, const void* characteristic, int32_t metadata,
                          nz_air* air, nz_error** error);

/* What an app may do on a phone's system (NZ_ABILITY_...), by which note of docs/beacon.md (0: none
 * is needed), and that note in one sentence, which lives for ever. */
NZ_API int32_t nz_air_can(const nz_air* air, int32_t system, int32_t state, int32_t act,
                          int32_t* ability, int32_t* note, const char** reason, nz_error** error);

/* What to let a scan through for. 64 bytes without padding. */
typedef struct nz_scan_filter {
  int32_t company;     /* whose data, where there is no service */
  uint32_t size;       /* of data and mask */
  uint8_t service[16]; /* advertisements that name it */
  uint8_t data[18];
  uint8_t mask[18]; /* the bits of data that matter */
  uint8_t reserved[4];
} nz_scan_filter;

/* Any of several, at most three. */
NZ_API int32_t nz_air_scan_filters(const nz_air* air, int32_t system, nz_scan_filter* out,
                                   size_t capacity, size_t* count, nz_error** error);

#define NZ_FORM_SCAN_RECORD 1       /* a whole advertisement, with its scan response */
#define NZ_FORM_SERVICE_DATA 2      /* without the UUID */
#define NZ_FORM_MANUFACTURER_DATA 3 /* beginning with the company's two bytes */
#define NZ_FORM_GATT_VALUE 4

#define NZ_FINDING_NOTHING 0 /* not ours, or malformed */
#define NZ_FINDING_IDENTIFIER 1
#define NZ_FINDING_ASK 2       /* ours, without an identifier: it is to be read */
#define NZ_FINDING_ASK_MAYBE 3 /* an iPhone in the background, perhaps with our app: the same */

/* What bytes say. 28 bytes without padding. */
typedef struct nz_heard {
  int32_t finding; /* NZ_FINDING_... */
  uint8_t identifier[16];
  uint8_t metadata[4];
  uint32_t metadata_size; /* 4: sealed; 1: a transmit power; 0 */
} nz_heard;

/* Reads whatever bytes there are: malformed ones are NZ_FINDING_NOTHING. */
NZ_API int32_t nz_air_decode(const nz_air* air, int32_t form, const void* bytes, size_t size,
                             nz_heard* heard, nz_error** error);

/* What an app hands to its phone's advertiser and GATT server. */
typedef struct nz_transmission {
  uint32_t size;
  int32_t carrier; /* on an iPhone always NZ_CARRIER_GATT_ONLY */
  int32_t company;
  int32_t connectable; /* not 0: it must be */
  uint32_t payload_size;
  uint32_t advertisement_size;
  uint8_t service[16];
  uint8_t payload[20]; /* the data of the service or company, and the characteristic's value */
  uint8_t advertisement[32]; /* the whole, but for the flags that the phone's system adds */
} nz_transmission;

/* nz_device_advertisement as bytes. Fails with NZ_UNSUPPORTED where the system lets no app send
 * it. */
NZ_API int32_t nz_device_transmission(nz_device* device, const nz_air* air, int32_t system,
                                      nz_transmission* transmission, nz_error** error);

/* ---- When the radio does what ---- */

#define NZ_POWER_FULL 0
#define NZ_POWER_LOW 1      /* scans half as often */
#define NZ_POWER_CRITICAL 2 /* does not scan */

/* What a radio does all day: on for a while, off for a random time between two, and so on; always
 * on where the pauses are 0. Of two numbers, the first is the foreground's. What nz_plan_of gives
 * may be changed, and is checked where it is used. */
typedef struct nz_plan {
  uint32_t size;
  int32_t low_percent;       /* of the battery */
  int32_t critical_percent;  /* not above it */
  int32_t reserved;          /* 0 */
  int64_t slot_ms;           /* the identifier changes at the borders of slots of a UTC day; or, */
  int64_t rotation_least_ms; /* where it is 0, after a random time between these two */
  int64_t rotation_most_ms;
  int64_t advertise_on_ms[2];
  int64_t advertise_least_pause_ms[2];
  int64_t advertise_most_pause_ms[2];
  int64_t scan_on_ms[2];
  int64_t scan_least_pause_ms[2];
  int64_t scan_most_pause_ms[2];
} nz_plan;

NZ_API int32_t nz_plan_of(int32_t scheme, int32_t system, nz_plan* plan, nz_error** error);
/* For how many seconds of a day the radio is on. */
NZ_API int32_t nz_plan_seconds_a_day(const nz_plan* plan, int32_t state, int32_t power,
                                     int64_t* advertising, int64_t* scanning, nz_error** error);

/* A machine without a clock or a radio: it is told the time and what happened, and says what to
 * do. `monotonic_ms` is of a clock that counts a phone's sleep too and never goes back. A radio is
 * named by 16 bytes: an address with zeros behind it, or what iOS has. */
typedef struct nz_planner nz_planner;
NZ_API int32_t nz_planner_new(const nz_plan* plan, nz_planner** planner, nz_error** error);
/* For tests only: what is random follows from the seed. */
NZ_API int32_t nz_planner_new_simulated(const nz_plan* plan, uint64_t seed, nz_planner** planner,
                                        nz_error** error);
NZ_API void nz_planner_free(nz_planner* planner);

NZ_API int32_t nz_planner_set_state(nz_planner* planner, int32_t state, nz_error** error);
NZ_API int32_t nz_planner_set_battery(nz_planner* planner, int32_t percent, int32_t charging,
                                      nz_error** error);
/* Whether Bluetooth is on and the person wants it to be used. */
NZ_API int32_t nz_planner_set_radio(nz_planner* planner, int32_t on, nz_error** error);
/* The own keys have changed: so must the identifier, at once. */
NZ_API int32_t nz_planner_renew(nz_planner* planner, nz_error** error);

/* Somebody was heard who is to be asked: NZ_FINDING_IDENTIFIER where it was in this slot, else
 * NZ_FINDING_NOTHING, and it is queued. */
NZ_API int32_t nz_planner_heard(nz_planner* planner, const void* peer, int32_t rssi_dbm,
                                int64_t time_ms, int64_t monotonic_ms, nz_heard* known,
                                nz_error** error);
/* What a connection gave: `heard` is what its value says, or NULL where it could not be reached.
 * Without an identifier, it was a stranger, and is left alone for a while. */
NZ_API int32_t nz_planner_answered(nz_planner* planner, const void* peer, const nz_heard* heard,
                                   int64_t time_ms, int64_t monotonic_ms, nz_error** error);

/* To advertise is to send nz_device_transmission as a new advertising, so that the address is a new
 * one too. A scan that is over is recorded, also one that heard nothing. Whoever is connected to is
 * asked for the characteristic, and nz_planner_answered is told. */
#define NZ_ACTION_STOP_ADVERTISING 1
#define NZ_ACTION_ADVERTISE 2
#define NZ_ACTION_STOP_SCANNING 3
#define NZ_ACTION_SCAN 4
#define NZ_ACTION_DISCONNECT 5
#define NZ_ACTION_CONNECT 6

/* 32 bytes without padding. */
typedef struct nz_action {
  int64_t lasts_ms; /* of advertise, scan and connect: how long at most */
  int32_t kind;     /* NZ_ACTION_... */
  int32_t reserved; /* 0 */
  uint8_t peer[16]; /* of connect and disconnect */
} nz_action;

/* The most actions of one nz_planner_advance. */
#define NZ_MOST_ACTIONS 6

/* What is to be done now, in order, and after how long at most to call it again. Also to be called
 * when the clock was set, and after telling it anything. Fails with NZ_LIMIT_EXCEEDED where there
 * is no room for NZ_MOST_ACTIONS. */
NZ_API int32_t nz_planner_advance(nz_planner* planner, int64_t time_ms, int64_t monotonic_ms,
                                  nz_action* out, size_t capacity, size_t* count, int64_t* pause_ms,
                                  nz_error** error);

/* ---- The person's own record ---- */

/* The day of sightings whose time cannot be right. */
#define NZ_DOUBTFUL_DAY (-1)

typedef struct nz_statistics {
  uint32_t size;
  int32_t clock_in_doubt; /* not 0: nothing is erased by age until the clock is right again */
  uint64_t scans;
  uint64_t sightings;
  uint64_t bytes_on_disk;
} nz_statistics;

NZ_API int32_t nz_device_statistics(const nz_device* device, nz_statistics* statistics,
                                    nz_error** error);

/* Counts of one day. 32 bytes without padding. */
typedef struct nz_day_counts {
  uint64_t scans;
  uint64_t sightings;
  uint64_t sealed_bytes; /* 0 where they are not counted */
  int32_t day;
  int32_t reserved; /* 0 */
} nz_day_counts;

/* What the log holds by UTC day, ascending, NZ_DOUBTFUL_DAY first. */
NZ_API int32_t nz_device_days(const nz_device* device, nz_day_counts* out, size_t capacity,
                              size_t* count, nz_error** error);
/* The same by the days of a clock that is so far ahead of UTC, at most a day in either direction:
 * people's days are local. */
NZ_API int32_t nz_device_local_days(const nz_device* device, int64_t utc_offset_ms,
                                    nz_day_counts* out, size_t capacity, size_t* count,
                                    nz_error** error);

#define NZ_LOSS_AT_OPENING 1 /* what this opening found missing */
#define NZ_LOSS_DAMAGE 2     /* what damage took so far */
#define NZ_LOSS_BUDGET 3     /* what went because of the byte budget */

/* What was recorded and is not there any more, by UTC day, ascending. */
NZ_API int32_t nz_device_losses(const nz_device* device, int32_t kind, nz_day_counts* out,
                                size_t capacity, size_t* count, nz_error** error);

#define NZ_EXPORT_CSV 1
#define NZ_EXPORT_JSON_LINES 2
/* The same, with what this phone itself sent at the time beside each sighting: not for others who
 * are given the text to learn whom it heard. Nothing is known of keys that were given away. */
#define NZ_EXPORT_CSV_WITH_OWN 3
#define NZ_EXPORT_JSON_LINES_WITH_OWN 4

/* Everything the log holds, as text, a piece at a time. It holds the decrypted log until it is
 * freed. Not to be used from two threads at once. */
typedef struct nz_export nz_export;
/* `cancel` may be NULL. */
NZ_API int32_t nz_device_export(const nz_device* device, int32_t format, nz_cancel* cancel,
                                nz_export** out, nz_error** error);
/* The next piece of the text; *size is 0 at its end. capacity must not be 0. */
NZ_API int32_t nz_export_read(nz_export* text, void* out, size_t capacity, size_t* size,
                              nz_error** error);
NZ_API void nz_export_free(nz_export* text);

/* ---- Published lists ---- */

/* Keys that lists are verified with. */
typedef struct nz_public_keys nz_public_keys;
NZ_API nz_public_keys* nz_public_keys_new(void); /* NULL where there is no memory */
/* Adds a P-256 or Ed25519 key, in PEM or DER. */
NZ_API int32_t nz_public_keys_add(nz_public_keys* keys, const void* pem_or_der, size_t size,
                                  nz_error** error);
NZ_API void nz_public_keys_free(nz_public_keys* keys);

typedef struct nz_list_config {
  uint32_t size;
  int32_t refuse_extra_members; /* not 0: of a zip anything besides export.bin and export.sig */
  uint64_t max_bytes;           /* of the list, inflated */
  uint64_t hold_in_memory;      /* larger ones are inflated again for each pass */
} nz_list_config;

NZ_API void nz_list_config_init(nz_list_config* config);

/* A list of published keys, of any format. */
typedef struct nz_list nz_list;

/* Recognises the format and reads the whole structure once. `config` and `cancel` may be NULL;
 * `cancel` serves whatever is done with the list later, too. Fails with NZ_CORRUPT,
 * NZ_LIMIT_EXCEEDED, NZ_UNSUPPORTED, NZ_NEWER_FORMAT, NZ_CANCELLED, NZ_NOT_FOUND, NZ_IO. */
NZ_API int32_t nz_list_open_file(const char* path, const nz_list_config* config, nz_cancel* cancel,
                                 nz_list** list, nz_error** error);
/* The bytes are borrowed until the list, and every match of it, is freed. */
NZ_API int32_t nz_list_open_memory(const void* bytes, size_t size, const nz_list_config* config,
                                   nz_cancel* cancel, nz_list** list, nz_error** error);
NZ_API void nz_list_free(nz_list* list);

#define NZ_FORMAT_BLUEZONE_JSON 0
#define NZ_FORMAT_GAEN_EXPORT 1
#define NZ_FORMAT_NEARZONE 2
#define NZ_FORMAT_NEARZONE_SET 3 /* of DP-3T unlinkable: items, and no keys */

/* A list's header. Claims, until the list is verified. */
typedef struct nz_list_info {
  uint32_t size;
  int32_t format; /* NZ_FORMAT_... */
  uint64_t keys;  /* usable ones, revised ones included */
  uint64_t revised_keys;
  uint64_t refused_keys; /* skipped as malformed */
  int64_t start_ms;      /* of the export's window, or of a NearZone list's validity */
  int64_t end_ms;
  int32_t batch_number;
  int32_t batch_size;
  uint64_t list_id;  /* NearZone: which series this list belongs to */
  uint64_t sequence; /* NearZone: its position in the series */
  uint64_t signatures;
  const char* region;         /* the list's */
  uint8_t content_digest[32]; /* SHA-256 of what is signed */
} nz_list_info;

NZ_API int32_t nz_list_get_info(const nz_list* list, nz_list_info* info, nz_error** error);

/* What a list says about one signature. The texts are the list's. */
typedef struct nz_signature_info {
  uint32_t size;
  const char* key_id;
  const char* key_version;
  const char* algorithm;
} nz_signature_info;

/* Fails with NZ_NOT_FOUND beyond the last one. */
NZ_API int32_t nz_list_signature(const nz_list* list, uint64_t index, nz_signature_info* info,
                                 nz_error** error);
/* Why the refused key number `index`, of the first 100, was refused: `*reason` is the caller's.
 * Fails with NZ_NOT_FOUND beyond the last one. */
NZ_API int32_t nz_list_refusal(const nz_list* list, uint64_t index, nz_error** reason,
                               nz_error** error);

#define NZ_SIGNATURE_VERIFIED 0
#define NZ_SIGNATURE_UNSIGNED 1    /* it carries no signature at all */
#define NZ_SIGNATURE_UNKNOWN_KEY 2 /* signed, but no public key was given */
#define NZ_SIGNATURE_FAILED 3      /* signed, and none of the given keys verifies it */

typedef struct nz_signature_report {
  uint32_t size;
  int32_t outcome;     /* NZ_SIGNATURE_... */
  uint64_t public_key; /* where verified: index of the key that did it */
  uint64_t signature;  /* and of the signature */
  const char* detail;  /* one sentence that says which rule decided; lives for ever */
} nz_signature_report;

/* Tries every key on every signature. */
NZ_API int32_t nz_list_verify(const nz_list* list, const nz_public_keys* keys,
                              nz_signature_report* report, nz_error** error);

/* The next keys of the list, at most `capacity` (not 0); *count is 0 at the end. After a failure,
 * none of the keys it gave may be trusted: the list changed while it was read. */
NZ_API int32_t nz_list_read_keys(nz_list* list, nz_published_key* out, size_t capacity,
                                 size_t* count, nz_error** error);
/* The next nz_list_read_keys begins with the first key again. */
NZ_API int32_t nz_list_rewind(nz_list* list, nz_error** error);

/* ---- Matching a list with what was heard ---- */

/* How Bluezone's windows are read. */
#define NZ_BLUEZONE_TOLERANT 0 /* five minutes more on either side */
#define NZ_BLUEZONE_STRICT 1   /* bit for bit as the original */

typedef struct nz_match_config {
  uint32_t size;
  int32_t bluezone_windows;        /* NZ_BLUEZONE_... */
  int32_t accept_unverified_lists; /* not 0: lists that nobody vouches for are used as well */
} nz_match_config;

NZ_API void nz_match_config_init(nz_match_config* config);

/* A list being matched, in pieces that the caller decides on. What was done is kept, sealed, in the
 * device's log: a match stopped at any point, even by the end of the process, goes on where it was
 * saved last when the same list is matched again; a list that is done is only compared with what
 * has been recorded since. */
typedef struct nz_match nz_match;

/* Verifies the list and prepares the log. `keys`, `config` and `cancel` may be NULL; `cancel`
 * serves every step. Fails with NZ_SIGNATURE_REFUSED where no key verifies the list or its validity
 * has ended, with NZ_INVALID_ARGUMENT where it is older than one of its series that was matched,
 * with NZ_CANCELLED, or as the log does. */
NZ_API int32_t nz_match_begin(nz_device* device, nz_list* list, const nz_public_keys* keys,
                              const nz_match_config* config, nz_cancel* cancel, nz_match** match,
                              nz_error** error);
/* Matches at most `most_keys` (not 0) keys. *more is 0 when all is done and the exposures are
 * stored. After NZ_CANCELLED the match can be saved. */
NZ_API int32_t nz_match_step(nz_match* match, uint64_t most_keys, int32_t* more, nz_error** error);
/* Keeps what was done so far; steps do so themselves every 2^18 keys. */
NZ_API int32_t nz_match_save(nz_match* match, nz_error** error);

typedef struct nz_match_report {
  uint32_t size;
  int32_t done;      /* not 0: the exposures are complete, and stored */
  int32_t known;     /* not 0: the list was matched before, and nothing recorded since matters */
  int32_t signature; /* NZ_SIGNATURE_... */
  uint64_t keys_in_list;
  uint64_t keys_tried;
  uint64_t keys_refused;
} nz_match_report;

NZ_API int32_t nz_match_get_report(const nz_match* match, nz_match_report* report,
                                   nz_error** error);
/* The exposures found in this list, ascending by day; none until it is done. */
NZ_API int32_t nz_match_exposures(const nz_match* match, nz_exposure* out, size_t capacity,
                                  size_t* count, nz_error** error);
NZ_API void nz_match_free(nz_match* match);

/* ---- Giving keys away ---- */

/* To be passed in the handler of the button with which the person agrees, and nowhere else. */
#define NZ_THE_PERSON_CONSENTS 0x59657321

/* The keys that a person consented to publish. They are wiped when it is freed. */
typedef struct nz_disclosure nz_disclosure;

/* Gives away the keys of the last `days` (1 to 14) days, today included, and makes new ones. Fails
 * with NZ_CONSENT_REQUIRED where `consent` is not NZ_THE_PERSON_CONSENTS. */
NZ_API int32_t nz_device_disclose(nz_device* device, int32_t consent, int32_t days,
                                  nz_disclosure** disclosure, nz_error** error);
/* From one time until another, exclusive. 16 bytes without padding. */
typedef struct nz_time_range {
  int64_t from_ms;
  int64_t to_ms;
} nz_time_range;

/* The same, but for keys that were on the air within one of the redactions. Fails with
 * NZ_UNSUPPORTED where there are some and every key of the device's scheme stands for all that
 * follows it (Bluezone, DP-3T low-cost), and with NZ_INVALID_ARGUMENT where one ends before it
 * begins. */
NZ_API int32_t nz_device_disclose_redacted(nz_device* device, int32_t consent, int32_t days,
                                           const nz_time_range* redactions, size_t redaction_count,
                                           nz_disclosure** disclosure, nz_error** error);
NZ_API int32_t nz_disclosure_size(const nz_disclosure* disclosure, size_t* keys, nz_error** error);
/* Hands the keys out, once: then it fails with NZ_CLOSED. Fails with NZ_LIMIT_EXCEEDED where the
 * array is too small for all of them. */
NZ_API int32_t nz_disclosure_take(nz_disclosure* disclosure, nz_published_key* out, size_t capacity,
                                  size_t* count, nz_error** error);
/* Of TCN, the signed report that key number `index` of those not taken yet stands for: at most
 * NZ_MOST_REPORT_BYTES. As many bytes as there is room for; *size is that of all of it, 0 for other
 * schemes. Fails with NZ_NOT_FOUND beyond the last key. */
#define NZ_MOST_REPORT_BYTES 389
NZ_API int32_t nz_disclosure_report(const nz_disclosure* disclosure, size_t index, void* out,
                                    size_t capacity, size_t* size, nz_error** error);
NZ_API void nz_disclosure_free(nz_disclosure* disclosure);

/* ---- Uploads: the same keys on their way to the health authority ---- */

/* Gives away keys as nz_device_disclose does, as an upload that stays pending, sealed in the log,
 * until the server accepts it or the person discards it, but no longer than 15 days: then no server
 * takes any of the keys. One that is there already is added to. */
NZ_API int32_t nz_device_begin_upload(nz_device* device, int32_t consent, int32_t days,
                                      nz_error** error);
/* The code as the person typed it. Fails with NZ_INVALID_ARGUMENT where it cannot be one, and with
 * NZ_NOT_FOUND where there is no upload. */
NZ_API int32_t nz_device_enter_upload_code(nz_device* device, const char* code, nz_error** error);
/* Forgets the upload: keys that no server has are then lost, as the person wants it. */
NZ_API int32_t nz_device_discard_upload(nz_device* device, nz_error** error);

#define NZ_UPLOAD_STATE_CODE_NEEDED 0  /* waits for the person to enter a code */
#define NZ_UPLOAD_STATE_CODE_ENTERED 1 /* the code is to be sent */
#define NZ_UPLOAD_STATE_VERIFIED 2     /* its token is to be turned into a certificate */
#define NZ_UPLOAD_STATE_CERTIFIED 3    /* the keys are to be sent */
#define NZ_UPLOAD_STATE_ACCEPTED 4     /* the server has them; a further code revises the report */

/* Why the last answer was not what it should be. Up to NZ_UPLOAD_PROBLEM_REVISION_REFUSED the
 * person needs a new code; after the others the upload waits, and tries again. */
#define NZ_UPLOAD_PROBLEM_NONE 0
#define NZ_UPLOAD_PROBLEM_CODE_REFUSED 1 /* unknown, or used before */
#define NZ_UPLOAD_PROBLEM_CODE_EXPIRED 2
#define NZ_UPLOAD_PROBLEM_REPORT_REFUSED 3 /* for a kind of report that this app cannot make */
#define NZ_UPLOAD_PROBLEM_TOKEN_REFUSED 4  /* too much time passed between two steps */
#define NZ_UPLOAD_PROBLEM_CERTIFICATE_REFUSED 5
#define NZ_UPLOAD_PROBLEM_KEYS_REFUSED 6 /* all of them: too old by now, or otherwise */
#define NZ_UPLOAD_PROBLEM_REVISION_REFUSED 7
#define NZ_UPLOAD_PROBLEM_APP_REFUSED 8 /* the app's settings are wrong */
#define NZ_UPLOAD_PROBLEM_BUSY 9
#define NZ_UPLOAD_PROBLEM_SERVER_FAILED 10
#define NZ_UPLOAD_PROBLEM_UNREACHABLE 11
#define NZ_UPLOAD_PROBLEM_ANSWER_MALFORMED 12

typedef struct nz_upload_status {
  uint32_t size;
  int32_t state;          /* NZ_UPLOAD_STATE_... */
  int32_t problem;        /* NZ_UPLOAD_PROBLEM_... */
  int32_t partly_refused; /* not 0: the server did not take all keys */
  int32_t report_type;    /* NZ_REPORT_...: what the code stands for */
  uint32_t keys;
  uint32_t keys_inserted; /* as the server counted */
  uint32_t reserved;      /* 0 */
  int64_t consented_at_ms;
  int64_t wake_at_ms; /* when the next request may be made */
} nz_upload_status;

/* Fails with NZ_NOT_FOUND where there is no upload. */
NZ_API int32_t nz_device_upload_status(const nz_device* device, nz_upload_status* status,
                                       nz_error** error);

typedef struct nz_upload_config {
  uint32_t size;
  int32_t reserved;             /* 0 */
  const char* health_authority; /* the app's name at the key server, such as "org.example.app" */
  int64_t chaff_gap_ms;         /* mean time between rounds of cover traffic; 0 sends none */
} nz_upload_config;

/* The health authority has no default, and stays NULL. */
NZ_API void nz_upload_config_init(nz_upload_config* config);

#define NZ_UPLOAD_SERVER_VERIFICATION 0 /* wants the app's X-API-Key as well */
#define NZ_UPLOAD_SERVER_KEY_SERVER 1

#define NZ_UPLOAD_STEP_VERIFY 1  /* code to token */
#define NZ_UPLOAD_STEP_CERTIFY 2 /* token to certificate */
#define NZ_UPLOAD_STEP_PUBLISH 3 /* certificate and keys */
#define NZ_UPLOAD_STEP_REPORT_BLUEZONE 4

/* One HTTP request to make: a POST with `Content-Type: application/json` and `marking_header: 1`,
 * and nothing else that tells a real upload from cover traffic. Immutable. */
typedef struct nz_upload_request nz_upload_request;

typedef struct nz_upload_request_info {
  uint32_t size;
  int32_t step;   /* NZ_UPLOAD_STEP_... */
  int32_t server; /* NZ_UPLOAD_SERVER_... */
  int32_t chaff;  /* not 0: cover traffic */
  const char* path;
  const char* marking_header;
  const void* body; /* lives as long as the request */
  uint64_t body_size;
} nz_upload_request_info;

/* What to send now: the next step of the upload, or cover traffic, or nothing (NULL) before
 * nz_device_upload_wake_at. To be asked until there is nothing, by one caller at a time, whenever
 * that time has come or the person entered a code. */
NZ_API int32_t nz_device_upload_request(nz_device* device, const nz_upload_config* config,
                                        nz_upload_request** request, nz_error** error);
NZ_API int32_t nz_upload_request_get_info(const nz_upload_request* request,
                                          nz_upload_request_info* info, nz_error** error);
NZ_API void nz_upload_request_free(nz_upload_request* request);

/* Takes the answer to a request, and stores what follows from it before it returns. `http_status` 0
 * says that none came. Of an answer no more than 64 KiB and a byte need be read. `retry_after_ms`
 * is that of the header Retry-After, or negative. */
NZ_API int32_t nz_device_upload_answered(nz_device* device, const nz_upload_config* config,
                                         const nz_upload_request* request, int32_t http_status,
                                         const void* body, size_t size, int64_t retry_after_ms,
                                         nz_error** error);
/* When nz_device_upload_request may have something to send, or NZ_UNKNOWN_TIME. */
NZ_API int32_t nz_device_upload_wake_at(const nz_device* device, const nz_upload_config* config,
                                        int64_t* wake_at_ms, nz_error** error);

/* ---- Following an index of lists ---- */

typedef struct nz_index_config {
  uint32_t size;
  int32_t reserved;   /* 0 */
  const char* path;   /* of the index, relative to the base URL: "index.txt" */
  const char* suffix; /* of the lists that are wanted: ".zip" */
  int64_t gap_ms;     /* between two looks: five minutes to seven days */
  uint64_t most_list_bytes;
} nz_index_config;

NZ_API void nz_index_config_init(nz_index_config* config);

/* Which lists of a server are new, and what to fetch next. What was done is kept, sealed, in the
 * device's log. */
typedef struct nz_index nz_index;

/* `server` names the server: its base URL, or any other text. NULL as config means the defaults. */
NZ_API int32_t nz_device_follow_index(nz_device* device, const char* server,
                                      const nz_index_config* config, nz_index** index,
                                      nz_error** error);
NZ_API void nz_index_free(nz_index* index);

/* One HTTP GET to make. The texts live until the index is asked or told anything else. */
typedef struct nz_fetch {
  uint32_t size;
  int32_t is_index;    /* not 0: the index itself; else a list */
  const char* path;    /* relative to the base URL; NULL: there is nothing to fetch now */
  const char* etag;    /* for If-None-Match, or "" */
  uint64_t most_bytes; /* of the answer: a longer one may be given up */
  int64_t wake_at_ms;  /* when to ask again, where there is nothing */
} nz_fetch;

NZ_API int32_t nz_index_next(nz_index* index, nz_fetch* fetch, nz_error** error);
/* `etag` may be NULL. Fails with NZ_LIMIT_EXCEEDED or NZ_CORRUPT on an index that cannot be, with
 * NZ_NOT_FOUND or NZ_IO where there is none; the index then knows when to ask again. */
NZ_API int32_t nz_index_answered(nz_index* index, int32_t http_status, const void* body,
                                 size_t size, const char* etag, int64_t retry_after_ms,
                                 nz_error** error);

#define NZ_LIST_OUTCOME_DONE 0    /* used, or known not to concern this phone */
#define NZ_LIST_OUTCOME_MISSING 1 /* 404 */
#define NZ_LIST_OUTCOME_FAILED 2  /* to be tried again, five times in all */

/* What became of the list that nz_index_next gave; NZ_NOT_FOUND where it is another. */
NZ_API int32_t nz_index_list_handled(nz_index* index, const char* path, int32_t outcome,
                                     int64_t retry_after_ms, nz_error** error);

typedef struct nz_index_status {
  uint32_t size;
  int32_t reserved; /* 0 */
  uint64_t listed;  /* wanted lists of the newest index */
  uint64_t waiting; /* of them, to be fetched */
  uint64_t given_up;
  int64_t wake_at_ms; /* when the next request may be made */
} nz_index_status;

NZ_API int32_t nz_index_get_status(const nz_index* index, nz_index_status* status,
                                   nz_error** error);

#ifdef __cplusplus
}
#endif

#endif /* NEARZONE_H */
