#include "authority/exports/metrics.h"

#include <string_view>

namespace nearzone::authority {
namespace {

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    line_of({"# HELP ", name, " ", help});
    line_of({"# TYPE ", name, " ", type});
  }
  // `labels` with their braces, or empty.
  void sample(std::string_view name, std::string_view labels, const std::string& value) {
    line_of({name, labels, " ", value});
  }
  std::string take() { return std::move(text_); }

 private:
  void line_of(std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces) text_.append(piece);
    text_ += '\n';
  }
  std::string text_;
};

// Names of series and paths need no escapes.
std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  return text.append("=\"").append(value).append("\"");
}

std::string braced(std::string_view inner) {
  std::string text("{");
  return text.append(inner).append("}");
}

}  // namespace

void RequestCounts::add(const std::string& path, int status) {
  const std::lock_guard lock(mutex_);
  ++counts_[{path, status}];
}

std::map<std::pair<std::string, int>, uint64_t> RequestCounts::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void RequestCounts::add_upload(const char* result) {
  const std::lock_guard lock(mutex_);
  ++uploads_[result];
}

std::map<std::string, uint64_t> RequestCounts::uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_;
}

std::string prometheus_text(const RequestCounts& requests,
                            const std::map<std::string, SeriesState>& series, Instant now) {
  Text text;
  text.family("nearzone_requests_total", "counter",
              "Answers by path and status; cover traffic included.");
  for (const auto& [what, count] : requests.counts())
    text.sample("nearzone_requests_total",
                braced(label("path", what.first)
                           .append(",")
                           .append(label("status", std::to_string(what.second)))),
                std::to_string(count));
  text.family("nearzone_uploads_total", "counter",
              "Uploads of keys by what became of them, without cover traffic.");
  for (const auto& [result, count] : requests.uploads())
    text.sample("nearzone_uploads_total", braced(label("result", result)), std::to_string(count));
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        auto value) {
    text.family(name, type, help);
    for (const auto& [one, state] : series)
      if (const std::string found = value(state); !found.empty())
        text.sample(name, braced(label("series", one)), found);
  };
  each("nearzone_export_age_seconds", "gauge", "Since the newest batch was published.",
       [&](const SeriesState& state) {
         if (!state.newest_published) return std::string();
         return std::to_string((now - *state.newest_published).count() / 1000);
       });
  each(
      "nearzone_export_last_run_seconds", "gauge",
      "Since the last run of the export worker that did not fail, whether anything was due or not.",
      [&](const SeriesState& state) {
        if (!state.last_good) return std::string();
        return std::to_string((now - *state.last_good).count() / 1000);
      });
  each("nearzone_export_redecided_total", "counter",
       "Batches whose keys were no longer those that they were closed with.",
       [](const SeriesState& state) { return std::to_string(state.redecided); });
  each("nearzone_export_batches_total", "counter", "Batches published by this process.",
       [](const SeriesState& state) { return std::to_string(state.batches); });
  each("nearzone_export_failures_total", "counter", "Runs of the export worker that failed.",
       [](const SeriesState& state) { return std::to_string(state.failures); });
  each("nearzone_export_failing", "gauge", "1 while the last run failed.",
       [](const SeriesState& state) { return std::string(state.failed_last ? "1" : "0"); });
  return text.take();
}

}  // namespace nearzone::authority
