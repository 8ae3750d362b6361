#include "output.h"

#include <algorithm>
#include <cstdio>

namespace nearzone::authority_tool {

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

int report(const std::string& what, const Status& status) {
  std::fprintf(stderr, "nearzone-authority: %s%s%s%s%s\n", what.c_str(), what.empty() ? "" : ": ",
               status.field() != nullptr ? status.field() : "",
               status.field() != nullptr ? ": " : "", status.text());
  return exit_code_of(status);
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const bool is_last = i + 1 == row.size();
      std::printf("%-*s%s", is_last ? 0 : static_cast<int>(widths[i]), row[i].c_str(),
                  is_last ? "\n" : "  ");
    }
  }
}

}  // namespace nearzone::authority_tool
