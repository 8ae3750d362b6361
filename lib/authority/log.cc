#include "authority/log.h"

#include "authority/json.h"

namespace nearzone::authority {
namespace {

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "";
}

}  // namespace

void Log::write(LogLevel level, Literal event, std::initializer_list<LogField> fields) {
  if (level < least_) return;
  std::string line = "{\"at\":" + json_text(format_instant(clock_.now())) + ",\"level\":\"" +
                     name_of(level) + "\",\"event\":" + json_text(event.text());
  for (const LogField& field : fields) {
    line += ',' + json_text(field.name.text()) + ':';
    if (const auto* number = std::get_if<int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      line += json_text(std::get<Literal>(field.value).text());
    }
  }
  line += '}';
  const std::lock_guard lock(mutex_);
  sink_(line, context_);
}

}  // namespace nearzone::authority
