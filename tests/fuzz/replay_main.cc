// A plain main for fuzz targets: gives every file of a corpus folder to the target once, so that
// what fuzzing found stays tested in builds without a fuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
    return 2;
  }
  std::error_code error;
  size_t replayed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1], error)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
      std::fprintf(stderr, "cannot read %s\n", entry.path().c_str());
      return 1;
    }
    // An exact copy on the heap, so that AddressSanitizer sees a read beyond the end.
    std::vector<uint8_t> input(bytes.begin(), bytes.end());
    std::printf("%s, %zu bytes\n", entry.path().filename().c_str(), input.size());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++replayed;
  }
  if (replayed == 0) {
    std::fprintf(stderr, "%s holds no input\n", argv[1]);
    return 1;
  }
  std::printf("replayed %zu inputs\n", replayed);
  return 0;
}
