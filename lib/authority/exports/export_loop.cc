#include "authority/exports/export_loop.h"

#include "authority/exports/export_worker.h"

namespace nearzone::authority {

ExportLoop::ExportLoop(const Parts& parts, std::vector<Series> series,
                       const RetentionSettings& retention)
    : parts_(parts), series_(std::move(series)), retention_(retention) {
  for (const Series& one : series_) states_[one.name];
}

ExportLoop::~ExportLoop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ExportLoop::note(const std::string& series, const Status& status) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto state = states_.find(series); state != states_.end()) {
      state->second.failed_last = !status.ok();
      if (!status.ok()) ++state->second.failures;
    }
  }
  if (!status.ok() && parts_.on_failure) parts_.on_failure(series, status);
}

void ExportLoop::run_once() {
  const Instant now = parts_.clock.now();
  ExportWorker worker(parts_.store, parts_.folder, parts_.signing_keys, system_file_calls(),
                      parts_.random);
  for (const Series& series : series_) {
    const Result<ExportReport> report = worker.run(series, now);
    Status status = report.status();
    if (status.ok()) status = worker.remove_old(series, now, false).status();
    std::optional<ExportBatch> latest;
    if (status.ok())
      status = parts_.store.read([&](Reader& rows) -> Status {
        NEARZONE_ASSIGN(latest, rows.latest_batch(series.name));
        return {};
      });
    if (status.ok()) {
      const std::lock_guard lock(mutex_);
      SeriesState& state = states_[series.name];
      state.batches += report->batches;
      state.keys += report->keys;
      state.redecided += report->redecided;
      state.last_good = now;
      if (latest) state.newest_published = latest->published_at;
    }
    note(series.name, status);
  }
  note("", remove_expired_rows(parts_.store, retention_, now, false).status());
}

void ExportLoop::start(Millis gap) {
  thread_ = std::thread([this, gap] {
    for (;;) {
      run_once();
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, gap, [this] { return stops_; })) return;
    }
  });
}

std::map<std::string, SeriesState> ExportLoop::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

}  // namespace nearzone::authority
