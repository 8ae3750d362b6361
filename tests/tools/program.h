// Runs a program as a person would, in a folder that goes with the test.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace nearzone::test {

struct Ran {
  int exit_code;
  std::string output;
  std::string errors;
};

class ProgramFolder {
 public:
  ProgramFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "nearzone-tool-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ProgramFolder(const ProgramFolder&) = delete;
  ProgramFolder& operator=(const ProgramFolder&) = delete;
  ~ProgramFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  Ran run(const std::string& program, const std::string& arguments) const {
    const std::string command =
        "cd '" + path_ + "' && '" + program + "' " + arguments + " 2>errors </dev/null";
    FILE* pipe = ::popen(command.c_str(), "r");
    Ran ran{-1, "", ""};
    if (pipe == nullptr) return ran;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
      ran.output.push_back(static_cast<char>(c));
    const int status = ::pclose(pipe);
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ran.errors = read("errors");
    return ran;
  }
  std::string read(const std::string& name) const { return text_of(file_of(name)); }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file_of(name), std::ios::binary) << text;
  }
  std::string file_of(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace nearzone::test
