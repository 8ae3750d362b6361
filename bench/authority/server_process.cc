#include "authority/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace nearzone::bench {

void stop(const char* what) {
  std::fprintf(stderr, "bench_authority: %s\n", what);
  std::exit(1);
}

ServerProcess::ServerProcess(const std::string& program, const std::string& public_key_pem) {
  std::string pattern = std::filesystem::temp_directory_path() / "nearzone-load-XXXXXX";
  folder_ = ::mkdtemp(pattern.data());
  std::ofstream(folder_ + "/issuer.pem") << public_key_pem;
  std::ofstream(folder_ + "/config.toml")
      << "[storage]\nfolder = \"" << folder_ << "/data\"\n"
      << "[log]\nlevel = \"warning\"\n"
      << "[[trusted_issuer]]\n"
      << "health_authority = \"org.nearzone.bench\"\n"
      << "issuer = \"bench\"\naudience = \"bench\"\n"
      << "regions = [\"VN\"]\n"
      << "[[trusted_issuer.key]]\nid = \"1\"\npublic_key = \"" << folder_ << "/issuer.pem\"\n";
  const std::string config = folder_ + "/config.toml";
  for (const char* algorithm : {"p256", "ed25519"}) {
    const std::string made = "'" + program + "' key new " + algorithm + " --algorithm " +
                             algorithm + " --config " + config + " > /dev/null 2>&1";
    if (std::system(made.c_str()) != 0) stop("no signing key");
  }
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) stop("no pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(program.c_str(), "nearzone-authority", "serve", "--port", "0", "--config",
            config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(ends[1]);
  const std::unique_ptr<FILE, int (*)(FILE*)> said(::fdopen(ends[0], "r"), std::fclose);
  char line[256] = {};
  const char* colon = nullptr;
  if (std::fgets(line, sizeof(line), said.get()) != nullptr) colon = std::strrchr(line, ':');
  if (colon == nullptr) stop("the server does not start");
  port_ = static_cast<uint16_t>(std::atoi(colon + 1));
}

ServerProcess::~ServerProcess() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

uint64_t ServerProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  if (!(file >> size >> resident)) stop("the server is gone");
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

double ServerProcess::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/stat");
  std::string text;
  std::getline(file, text);
  // Behind the name, which ends with a bracket: the 12th and 13th are user and system time.
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string passed_over;
  for (int i = 0; i < 11; ++i) rest >> passed_over;
  double user = 0;
  double system = 0;
  if (!(rest >> user >> system)) stop("the server is gone");
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace nearzone::bench
