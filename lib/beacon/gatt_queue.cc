#include <algorithm>

#include "nearzone/beacon_planner.h"

namespace nearzone::beacon {

void GattQueue::want(const Peer& peer, int8_t rssi_dbm, Millis now) {
  if (asking_ == peer) return;
  for (const Remembered& one : remembered_)
    if (one.peer == peer && now < one.until) return;
  Waiting* weakest = nullptr;
  for (size_t i = 0; i < waiting_count_; ++i) {
    if (waiting_[i].peer == peer) {
      waiting_[i].rssi_dbm = rssi_dbm;
      waiting_[i].since = now;
      return;
    }
    if (weakest == nullptr || waiting_[i].rssi_dbm < weakest->rssi_dbm) weakest = &waiting_[i];
  }
  if (waiting_count_ < kWaiting)
    waiting_[waiting_count_++] = {peer, rssi_dbm, now};
  else if (weakest->rssi_dbm < rssi_dbm)
    *weakest = {peer, rssi_dbm, now};
}

void GattQueue::answered(const Peer& peer, Millis now) { finish(peer, now); }

void GattQueue::stranger(const Peer& peer, Millis now) {
  remember(peer, now + kStranger);
  finish(peer, now);
}

void GattQueue::unreachable(const Peer& peer, Millis now) {
  remember(peer, now + kUnreachable);
  finish(peer, now);
}

void GattQueue::clear() {
  asking_.reset();
  waiting_count_ = 0;
}

std::optional<Peer> GattQueue::timed_out(Millis now) {
  if (!asking_ || now < deadline_) return std::nullopt;
  const Peer peer = *asking_;
  unreachable(peer, now);
  return peer;
}

std::optional<Peer> GattQueue::next(Millis now) {
  for (size_t i = waiting_count_; i-- > 0;)
    if (now - waiting_[i].since > kLongestWait) drop(i);
  if (asking_ || now < free_at_ || waiting_count_ == 0) return std::nullopt;
  size_t best = 0;
  for (size_t i = 1; i < waiting_count_; ++i)
    if (waiting_[i].rssi_dbm > waiting_[best].rssi_dbm) best = i;
  asking_ = waiting_[best].peer;
  deadline_ = now + kTimeout;
  drop(best);
  return asking_;
}

std::optional<Millis> GattQueue::wakeup() const {
  if (asking_) return deadline_;
  if (waiting_count_ > 0) return free_at_;
  return std::nullopt;
}

// Someone who answers after the time was over is heard all the same.
void GattQueue::finish(const Peer& peer, Millis now) {
  if (asking_ != peer) return;
  asking_.reset();
  free_at_ = now + kPause;
}

void GattQueue::remember(const Peer& peer, Millis until) {
  Remembered* to = &remembered_[0];
  for (Remembered& one : remembered_) {
    if (one.peer == peer) {
      to = &one;
      break;
    }
    if (one.until < to->until) to = &one;
  }
  *to = {peer, until};
}

void GattQueue::drop(size_t index) {
  waiting_[index] = waiting_[--waiting_count_];
  waiting_[waiting_count_] = {};
}

}  // namespace nearzone::beacon
