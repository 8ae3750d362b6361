#include "matching/process.h"

#include <malloc.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace nearzone::bench {
namespace {

// A field of /proc/self/status in MiB; the file gives KiB.
double status_mib(const std::string& field) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  return 0;
}

// As C wants them, with a null at the end. Borrowed.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers(texts.size() + 1);
  for (size_t i = 0; i < texts.size(); ++i) pointers[i] = texts[i].data();
  return pointers;
}

}  // namespace

std::optional<PeakMemory> PeakMemory::start() {
  malloc_trim(0);
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5";  // the peak becomes what is resident now: proc(5)
  if (!clear.flush().good()) return {};
  return PeakMemory(status_mib("VmRSS"));
}

double PeakMemory::extra_mib() const { return process_mib() - resident_mib_; }

double PeakMemory::process_mib() const { return status_mib("VmHWM"); }

bool run_again(const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment) {
  std::vector<std::string> settings;
  for (char** setting = environ; *setting != nullptr; ++setting) {
    const std::string text = *setting;
    if (!environment.contains(text.substr(0, text.find('=')))) settings.push_back(text);
  }
  for (const auto& [name, value] : environment)
    settings.push_back(std::string(name).append("=").append(value));
  std::vector<std::string> words = {"bench_matching"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> word_pointers = pointers_to(words);
  std::vector<char*> setting_pointers = pointers_to(settings);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, word_pointers.data(),
                  setting_pointers.data()) != 0)
    return false;
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace nearzone::bench
