#include <algorithm>
#include <array>
#include <cmath>

#include "core/waiting.h"
#include "nearzone/upload.h"
#include "upload/body.h"

namespace nearzone {
namespace {

constexpr uint8_t kVersion = 1;
// A gap of more than ten times the mean comes once in 22,000 draws.
constexpr int kMostGaps = 10;
// A real upload would go on for hours; whoever cannot reach the server hides nothing.
constexpr uint8_t kMostFailures = 4;

constexpr std::array kGaenSteps{UploadStep::verify, UploadStep::certify, UploadStep::publish};
constexpr std::array kBluezoneSteps{UploadStep::report_bluezone};

std::span<const UploadStep> steps_of(SchemeTag scheme) {
  if (scheme == SchemeTag::bluezone) return kBluezoneSteps;
  return kGaenSteps;
}

// Exponential, so that what has passed of a gap says nothing about the rest.
Millis draw_gap(Millis mean, Random& random) {
  const double gap = -std::log1p(-random.unit()) * static_cast<double>(mean.count());
  return std::min(Millis(static_cast<int64_t>(gap)), mean * kMostGaps);
}

}  // namespace

Chaff Chaff::begin(Instant now, Millis gap, Random& random) {
  Chaff chaff;
  chaff.wake_at_ = now + draw_gap(gap, random);
  return chaff;
}

Result<Chaff> Chaff::load(ByteView state) {
  if (!state.empty() && state[0] > kVersion)
    return Status(Code::newer_format, "cover traffic was stored by a newer version");
  if (state.size() != kStateBytes || state[0] != kVersion || state[1] >= kGaenSteps.size() ||
      state[2] >= kMostFailures || state[3] != 0)
    return Status(Code::corrupt, "stored cover traffic has an impossible state");
  Chaff chaff;
  chaff.step_ = state[1];
  chaff.failures_ = state[2];
  chaff.wake_at_ = {static_cast<int64_t>(load_le64(&state[4]))};
  return chaff;
}

std::array<uint8_t, Chaff::kStateBytes> Chaff::save() const {
  std::array<uint8_t, kStateBytes> state{kVersion, step_, failures_, 0};
  store_le64(&state[4], static_cast<uint64_t>(wake_at_.ms));
  return state;
}

std::optional<UploadRequest> Chaff::next_request(SchemeTag scheme, Millis gap, Instant now,
                                                 Random& random) {
  if (gap == Millis(0)) return {};
  if (wake_at_ - now > gap * kMostGaps) wake_at_ = now + draw_gap(gap, random);
  if (now < wake_at_) return {};
  const std::span<const UploadStep> steps = steps_of(scheme);
  UploadRequest request;
  request.step = steps[std::min<size_t>(step_, steps.size() - 1)];
  request.server = server_of(request.step);
  request.chaff = true;
  request.body = upload::chaff_body(request.step, random);
  return request;
}

void Chaff::answered(SchemeTag scheme, int32_t status, Millis gap, Instant now, Random& random) {
  const bool failed = status == 0 || status == 429 || status >= 500;
  if (failed && ++failures_ < kMostFailures) {
    wake_at_ = now + wait_after_failures(failures_, {}, random);
    return;
  }
  const bool goes_on = status == 200 && ++step_ < steps_of(scheme).size();
  failures_ = 0;
  wake_at_ = now;
  if (goes_on) return;
  step_ = 0;
  wake_at_ = now + draw_gap(gap, random);
}

}  // namespace nearzone
