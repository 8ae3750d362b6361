#include "output.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace nearzone::tools {
namespace {

std::string position_of(const Status& status) {
  std::string text;
  if (status.record() != Status::kNone) text = "record " + std::to_string(status.record());
  if (status.offset() != Status::kNone)
    text += (text.empty() ? "" : ", ") + ("offset " + std::to_string(status.offset()));
  return text.empty() ? text : " (" + text + ")";
}

}  // namespace

int exit_code_of(const Status& status) {
  switch (status.code()) {
    case Code::ok: return kDone;
    case Code::signature_refused: return kSignatureRefused;
    case Code::invalid_argument:
    case Code::corrupt:
    case Code::wrong_key:
    case Code::not_found:
    case Code::newer_format:
    case Code::unsupported:
    case Code::limit_exceeded: return kBadInput;
    default: return kFailed;
  }
}

int report(const std::string& file, const Status& status) {
  std::fprintf(stderr, "nearzone: %s%s%s%s%s%s\n", file.c_str(), file.empty() ? "" : ": ",
               status.field() != nullptr ? status.field() : "",
               status.field() != nullptr ? ": " : "", status.text(), position_of(status).c_str());
  return exit_code_of(status);
}

int report_usage(const Status& status) {
  report("", status);
  return kBadUsage;
}

void raise(int& exit_code, int other) { exit_code = std::max(exit_code, other); }

void print_json(const nlohmann::json& value) {
  std::printf("%s\n", value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void print_json(const nlohmann::ordered_json& value) {
  std::printf("%s\n", value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      std::printf("%-*s%s", last ? 0 : static_cast<int>(widths[i]), row[i].c_str(),
                  last ? "\n" : "  ");
    }
  }
}

Progress::Progress(const char* what) : what_(what), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::show(uint64_t done) {
  if (!terminal_) return;
  std::fprintf(stderr, "\r%s: %llu", what_, static_cast<unsigned long long>(done));
  shown_ = true;
}

}  // namespace nearzone::tools
