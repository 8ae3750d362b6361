// Weeks of a phone's life in a moment: clocks that are set, processes that are killed, a person
// who opens and closes the app, strangers' phones. What must hold all the time is checked all the
// time.
#include <gtest/gtest.h>

#include <map>

#include "beacon/slot.h"
#include "nearzone/beacon_planner.h"
#include "nearzone/broadcaster.h"

namespace nearzone::beacon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Habits {
  SchemeTag scheme = SchemeTag::bluezone;
  System system = System::android;
  bool clock_is_set = false;
  bool process_dies = false;
  bool person_looks = false;
  bool strangers = false;
};

class Life {
 public:
  Life(const Habits& habits, uint64_t seed)
      : habits_(habits), random_(seed), plan_(plan_for(habits.scheme, habits.system)) {
    start_process();
  }

  void live(Millis time) {
    const Millis end = now_.monotonic + time;
    while (now_.monotonic < end) {
      const Millis pause = planner_->advance(now_, actions_);
      ASSERT_GT(pause, Millis(0));
      ASSERT_LE(actions_.size(), Planner::kMostActions);
      for (const Action& action : actions_) carry_out(action);
      const Millis next = next_event_ - now_.monotonic;
      pass(std::min({pause, next, end - now_.monotonic}));
      if (now_.monotonic >= next_event_) something_happens();
    }
  }

  void check_budget(double tolerance) const {
    double sent = 0, heard = 0;
    for (const auto& [state, time] : lived_) {
      const RadioSeconds daily = radio_seconds_a_day(plan_, state);
      const double days = static_cast<double>(time.count()) / 86'400'000.0;
      sent += days * static_cast<double>(daily.advertising);
      heard += days * static_cast<double>(daily.scanning);
    }
    EXPECT_NEAR(static_cast<double>(sent_.count()) / 1000 / sent, 1, tolerance);
    EXPECT_NEAR(static_cast<double>(heard_.count()) / 1000 / heard, 1, tolerance);
  }

  int addresses() const { return addresses_; }
  int connections() const { return connections_; }
  int clocks_set() const { return clocks_set_; }
  int deaths() const { return deaths_; }

 private:
  void start_process() {
    planner_ = std::make_unique<Planner>(plan_, random_);
    planner_->set_state(state_);
    on_air_.reset();
    scanning_ = false;
    asking_.reset();
  }

  // The identifier that the own keys give now. Those of Exposure Notification may be sent beyond
  // their ten minutes, which receivers allow for.
  Identifier own_identifier() {
    if (habits_.scheme == SchemeTag::gaen) return {};
    return own_->advertise_at(now_.utc, {-20}, random_)->identifier;
  }

  void carry_out(const Action& action) {
    switch (action.kind) {
      case ActionKind::advertise:
        ASSERT_FALSE(on_air_) << "two at once";
        // A new advertising has a new address: so this is all that one address ever sends.
        on_air_ = own_identifier();
        begun_ = now_.monotonic;
        ++addresses_;
        break;
      case ActionKind::stop_advertising:
        ASSERT_TRUE(on_air_);
        on_air_.reset();
        break;
      case ActionKind::scan:
        ASSERT_FALSE(scanning_);
        scanning_ = true;
        break;
      case ActionKind::stop_scanning:
        ASSERT_TRUE(scanning_);
        scanning_ = false;
        break;
      case ActionKind::connect:
        ASSERT_FALSE(asking_) << "one at a time";
        asking_ = action.peer;
        ++connections_;
        ASSERT_TRUE(!is_stranger(*asking_) || now_.monotonic >= strangers_[asking_->bytes])
            << "a stranger again";
        break;
      case ActionKind::disconnect:
        ASSERT_EQ(asking_, action.peer);
        asking_.reset();
        break;
    }
  }

  void pass(Millis time) {
    if (on_air_) {
      sent_ += time;
      if (plan_.rotation.slot == Millis(0)) {
        ASSERT_LE(now_.monotonic + time - begun_, plan_.rotation.most);
      } else {
        // Nothing of this slot is sent in another one, not for a millisecond.
        ASSERT_EQ(*on_air_, own_identifier());
        ASSERT_LE(now_.utc + time, slot_of(now_.utc, plan_.rotation.slot).to);
      }
    }
    if (scanning_) heard_ += time;
    lived_[state_] += time;
    now_ = {now_.utc + time, now_.monotonic + time};
  }

  static bool is_stranger(const Peer& peer) { return peer.bytes[0] % 2 == 0; }

  void something_happens() {
    next_event_ = now_.monotonic + Millis(random_.below(600'000));
    if (asking_) {
      const Peer peer = *asking_;
      asking_.reset();
      if (is_stranger(peer)) {
        planner_->stranger(peer, now_);
        strangers_[peer.bytes] = now_.monotonic + GattQueue::kStranger;
      } else {
        planner_->read(peer, {}, now_);
      }
    }
    if (habits_.strangers) {
      for (int i = 0; i < 5; ++i)
        planner_->heard(Peer{{static_cast<uint8_t>(random_.below(40))}}, -70, now_);
      next_event_ = now_.monotonic + Millis(random_.below(5'000));
    }
    switch (random_.below(20)) {
      case 0:
        if (habits_.clock_is_set) {
          const auto by = static_cast<int64_t>(random_.below(40 * 3'600'000)) - 20 * 3'600'000;
          now_.utc = now_.utc + Millis(by);
          ++clocks_set_;
        }
        break;
      case 1:
        if (habits_.process_dies) {
          start_process();
          ++deaths_;
        }
        break;
      case 2:
        if (habits_.person_looks) {
          state_ = state_ == AppState::background ? AppState::foreground : AppState::background;
          planner_->set_state(state_);
        }
        break;
      default: break;
    }
  }

  Habits habits_;
  SeededRandom random_;
  Plan plan_;
  std::unique_ptr<Broadcaster> own_ = new_broadcaster(habits_.scheme);
  std::unique_ptr<Planner> planner_;
  std::vector<Action> actions_;
  Moment now_{Day{18500}.start() + hours(5), Millis(12345)};
  Millis next_event_{0};
  AppState state_ = AppState::background;
  std::optional<Identifier> on_air_;
  Millis begun_{0};
  bool scanning_ = false;
  std::optional<Peer> asking_;
  std::map<std::array<uint8_t, 16>, Millis> strangers_;
  std::map<AppState, Millis> lived_;
  Millis sent_{0}, heard_{0};
  int addresses_ = 0, connections_ = 0, clocks_set_ = 0, deaths_ = 0;
};

constexpr Millis kWeek = hours(24 * 7);

TEST(WeeksProperties, QuietWeeksKeepToTheBudget) {
  for (const SchemeTag scheme : {SchemeTag::bluezone, SchemeTag::gaen, SchemeTag::tcn})
    for (const System system : {System::android, System::ios}) {
      Life life({.scheme = scheme, .system = system}, 1);
      life.live(kWeek);
      life.check_budget(0.01);
    }
}

TEST(WeeksProperties, ClocksThatAreSetNeverPutTwoIdentifiersUnderOneAddress) {
  for (uint64_t seed = 0; seed < 2; ++seed) {
    Life life({.clock_is_set = true, .person_looks = true}, seed);
    life.live(kWeek);
    EXPECT_GT(life.clocks_set(), 20);
    EXPECT_GT(life.addresses(), 10'000);
    life.check_budget(0.03);
  }
}

// The same of every scheme whose identifier changes by slots.
TEST(WeeksProperties, NoSchemeSendsInASlotThatIsNotTheIdentifiers) {
  for (const SchemeTag scheme : kSchemeTags) {
    if (scheme == SchemeTag::gaen) continue;
    Life life({.scheme = scheme, .clock_is_set = true, .person_looks = true}, 3);
    life.live(kWeek / 7);
    EXPECT_GT(life.clocks_set(), 2) << scheme_name(scheme);
    EXPECT_GT(life.addresses(), 96) << scheme_name(scheme);
  }
}

TEST(WeeksProperties, DyingOftenNeitherAddsToTheRadiosTimeNorTakesFromIt) {
  for (const SchemeTag scheme : {SchemeTag::bluezone, SchemeTag::gaen}) {
    Life life({.scheme = scheme, .clock_is_set = true, .process_dies = true}, 5);
    life.live(4 * kWeek);
    EXPECT_GT(life.deaths(), 100);
    life.check_budget(0.05);
  }
}

TEST(WeeksProperties, StrangersAreLeftAloneAndTheQueueStaysInOrder) {
  Life life({.clock_is_set = true, .person_looks = true, .strangers = true}, 9);
  life.live(kWeek / 7);
  EXPECT_GT(life.connections(), 300);
}

}  // namespace
}  // namespace nearzone::beacon
