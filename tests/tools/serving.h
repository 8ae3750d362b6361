// A nearzone-authority that serves on a port that is free, until it dies.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace nearzone::test {

class Serving {
 public:
  // `options` of `nearzone-authority serve`, besides the port. What it says goes to `errors`.
  Serving(const std::vector<std::string>& options, const std::string& errors) {
    std::vector<std::string> words{"nearzone-authority", "serve", "--port", "0"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      const int to = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      if (to >= 0) ::dup2(to, STDERR_FILENO);
      ::execv(NEARZONE_AUTHORITY_PROGRAM, arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    const std::unique_ptr<FILE, int (*)(FILE*)> said(::fdopen(ends[0], "r"), std::fclose);
    char line[256] = {};
    if (std::fgets(line, sizeof(line), said.get()) != nullptr)
      if (const char* colon = std::strrchr(line, ':')) port_ = std::atoi(colon + 1);
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() { stop(); }

  // Its exit code.
  int stop() {
    if (process_ <= 0) return -1;
    ::kill(process_, SIGTERM);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // 0 where it does not serve.
  int port() const { return port_; }

 private:
  pid_t process_ = -1;
  int port_ = 0;
};

}  // namespace nearzone::test
