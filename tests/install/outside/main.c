/* The same from C, with the shared library. */
#include <nearzone.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char** argv) {
  static const uint8_t vector[16] = {0x75, 0xc7, 0x34, 0xc6, 0xdd, 0x1a, 0x78, 0x2d,
                                     0xe7, 0xa9, 0x65, 0xda, 0x5e, 0xb9, 0x31, 0x25};
  static const uint8_t root_secret[32] = {1};
  nz_published_key key = {{0}, 0, 0, 0, NZ_SCHEME_GAEN, 144, NZ_REPORT_UNKNOWN, NZ_UNKNOWN, 0, 0};
  nz_broadcast first;
  nz_device* device = NULL;
  size_t count, i;
  if (argc != 2 || nz_abi_version() != NZ_ABI_VERSION) return 2;
  memcpy(key.bytes, vector, sizeof(vector));
  key.valid_from_ms = INT64_C(2642976) * 600000;
  key.valid_to_ms = key.valid_from_ms + 600000;
  if (nz_derive_identifiers(&key, &first, 1, &count, NULL) != NZ_OK || count != 1) return 1;
  if (nz_device_open(argv[1], root_secret, NULL, &device, NULL) != NZ_OK) return 1;
  nz_device_free(device);

  printf("NearZone %s\n", nz_version());
  for (i = 0; i < sizeof(first.identifier); ++i) printf("%02x", first.identifier[i]);
  printf("\n");
  return 0;
}
