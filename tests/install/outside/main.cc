// A program that has NearZone only as it is installed: derives a published identifier and opens a
// phone's state in the folder given.
#include <nearzone/bytes.h>
#include <nearzone/device.h>
#include <nearzone/gaen.h>
#include <nearzone/version.h>

#include <cstdio>
#include <filesystem>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto key =
      nearzone::gaen::TemporaryExposureKey::from_hex_text("75c734c6dd1a782de7a965da5eb93125");
  if (!key.ok()) return 1;
  nearzone::Identifier identifier =
      nearzone::gaen::rolling_proximity_identifier(*key, nearzone::Interval{2642976});

  std::filesystem::create_directories(argv[1]);
  nearzone::SystemClock clock;
  nearzone::SystemRandom random;
  auto root = nearzone::Secret<32>::random(random);
  auto device = nearzone::Device::open(argv[1], root, clock, random);
  if (!device.ok() || !(*device)->advertisement().ok()) return 1;

  std::printf("NearZone %s\n%s\n", nearzone::kVersion, nearzone::to_hex(identifier.bytes).c_str());
  return 0;
}
