/// When a phone's radio does what: a machine without a clock, a thread or a radio. A shell tells it
/// the time and what happened, and does what it says.
///
///     nearzone::beacon::Planner planner(plan, random);
///     std::vector<nearzone::beacon::Action> actions;
///     nearzone::Millis pause = planner.advance(nearzone::beacon::Moment::of(clock), actions);
///     for (const nearzone::beacon::Action& action : actions) carry_out(action);
///     call_again_after(pause);
///
/// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "nearzone/beacon.h"
#include "nearzone/random.h"
#include "nearzone/sighting.h"
#include "nearzone/time.h"

namespace nearzone::beacon {

/// One moment on both clocks: slots are counted in UTC, which may jump; periods are measured on
/// the other one, which must count a phone's sleep too and never goes back.
struct Moment {
  Instant utc;
  Millis monotonic{0};
  static Moment of(const Clock& clock) { return {clock.now(), clock.monotonic()}; }
};

/// On for `on`, then off for a random time of [least_pause, most_pause], and so on. Without a
/// pause it is always on, in pieces of `on`.
struct DutyCycle {
  Millis on{0};
  Millis least_pause{0};
  Millis most_pause{0};
  constexpr Millis mean_period() const { return on + (least_pause + most_pause) / 2; }
  constexpr bool always() const { return most_pause == Millis(0); }
  bool operator==(const DutyCycle&) const = default;
};

/// When the identifier changes, and the radio's address with it.
struct Rotation {
  /// At the borders of slots of this length, counted from UTC midnight; or, where it is 0, after a
  /// random time of [least, most].
  Millis slot{0};
  Millis least{0};
  Millis most{0};
  /// For how long, from the border of its slot on, what a phone was asked for holds.
  constexpr Millis reading_slot() const { return slot > Millis(0) ? slot : Interval::kLength; }
  bool operator==(const Rotation&) const = default;
};

/// How much is left in the battery, in steps that matter.
enum class Power : uint8_t {
  full = 0,
  low = 1,       ///< scans half as often
  critical = 2,  ///< does not scan; goes on sending, so that others hear
};

/// What a radio does all day. `advertise` and `scan` are those of the foreground and of the
/// background, in this order.
struct Plan {
  Rotation rotation;
  std::array<DutyCycle, 2> advertise;
  std::array<DutyCycle, 2> scan;
  uint8_t low_percent = 15;
  uint8_t critical_percent = 5;
  const DutyCycle& advertising(AppState state) const { return advertise[state_index(state)]; }
  const DutyCycle& scanning(AppState state) const { return scan[state_index(state)]; }

 private:
  static constexpr size_t state_index(AppState state) {
    return state == AppState::background ? 1 : 0;
  }
};

/// The plan of a scheme on a phone's system. Sources: docs/beacon.md.
Plan plan_for(SchemeTag scheme, System system);
/// Fails with invalid_argument where a planner could not follow it.
Status check(const Plan& plan);

/// For how many seconds of a day the radio is on.
struct RadioSeconds {
  int64_t advertising = 0;
  int64_t scanning = 0;
};
RadioSeconds radio_seconds_a_day(const Plan& plan, AppState state, Power power = Power::full);

/// Another phone's radio, as the system names it: an address (6 bytes, zeros behind) or a UUID.
struct Peer {
  std::array<uint8_t, 16> bytes{};
  bool operator==(const Peer&) const = default;
};

/// What a phone was asked for over GATT.
struct Reading {
  Identifier identifier;
  Metadata metadata;
};

/// Which identifier a radio's address had, for the one slot of the one day in which it was read.
/// In memory only, bounded, wiped.
class ReadingCache {
 public:
  static constexpr size_t kCapacity = 128;

  /// `slot` > 0: counted from UTC midnight.
  explicit ReadingCache(Millis slot);
  ~ReadingCache();
  ReadingCache(const ReadingCache&) = delete;
  ReadingCache& operator=(const ReadingCache&) = delete;

  /// Replaces what the peer had; where all is full, the oldest.
  void put(const Peer& peer, const Reading& reading, Moment at);
  std::optional<Reading> find(const Peer& peer, Moment at) const;
  /// Wipes what is not valid any more.
  void forget_expired(Moment at);
  size_t size() const;

 private:
  struct Entry {
    Peer peer;
    Reading reading;
    Instant slot_start;
    Millis read_at{0};
    bool used = false;
  };
  bool is_valid(const Entry& entry, Moment at) const;

  Millis slot_;
  std::array<Entry, kCapacity> entries_{};
};

/// Whom to connect to, one at a time, the strongest first; with a time-out, and a memory of those
/// that were not ours. Bounded.
class GattQueue {
 public:
  static constexpr size_t kWaiting = 32;
  static constexpr size_t kRemembered = 256;
  static constexpr Millis kTimeout{10'000};
  static constexpr Millis kPause{1'000};           ///< from one connection to the next
  static constexpr Millis kLongestWait{60'000};    ///< after that its address may be another's
  static constexpr Millis kStranger{20 * 60'000};  ///< about as long as a phone has an address
  static constexpr Millis kUnreachable{60'000};

  void want(const Peer& peer, int8_t rssi_dbm, Millis now);
  /// It answered; or it was not ours; or it could not be reached or did not answer.
  void answered(const Peer& peer, Millis now);
  void stranger(const Peer& peer, Millis now);
  void unreachable(const Peer& peer, Millis now);
  /// Forgets who waits and who is being asked.
  void clear();

  /// Who is to be disconnected because the time is over, and whom to connect to.
  std::optional<Peer> timed_out(Millis now);
  std::optional<Peer> next(Millis now);
  /// When to ask again; none where nobody waits.
  std::optional<Millis> wakeup() const;
  const std::optional<Peer>& asking() const { return asking_; }
  size_t waiting() const { return waiting_count_; }

 private:
  struct Waiting {
    Peer peer;
    int8_t rssi_dbm = 0;
    Millis since{0};
  };
  struct Remembered {
    Peer peer;
    Millis until{0};
  };
  void finish(const Peer& peer, Millis now);
  void remember(const Peer& peer, Millis until);
  void drop(size_t index);

  std::optional<Peer> asking_;
  Millis deadline_{0};
  Millis free_at_{0};
  std::array<Waiting, kWaiting> waiting_{};
  size_t waiting_count_ = 0;
  std::array<Remembered, kRemembered> remembered_{};
};

enum class ActionKind : uint8_t {
  stop_advertising = 1,
  /// Send what Device gives now, as a new advertising, so that the address is a new one too.
  advertise = 2,
  stop_scanning = 3,  ///< and record the scan, also one that heard nothing
  scan = 4,
  disconnect = 5,
  connect = 6,  ///< read the characteristic, and tell read(), stranger() or unreachable()
};

struct Action {
  ActionKind kind = ActionKind::advertise;
  Millis lasts{0};  ///< of advertise, scan and connect: how long at most
  Peer peer;        ///< of connect and disconnect
};

/// The machine. What it is told takes effect with the next advance(), which is due at once then.
/// After the process died, a new one goes on without harm: it begins at a random point of its
/// periods, so that dying often neither adds to the radio's time nor takes from it.
class Planner {
 public:
  /// The most actions of one advance().
  static constexpr size_t kMostActions = 6;

  /// `plan` must pass check(); `random` is borrowed.
  Planner(const Plan& plan, Random& random);

  void set_state(AppState state) { state_ = state; }
  void set_battery(int percent, bool charging);
  /// Whether Bluetooth is on and the person wants it to be used. When it goes off, nothing is to be
  /// stopped any more: the system did.
  void set_radio(bool on) { radio_ = on; }
  /// The own keys have changed: so must the identifier, at once.
  void renew() { renew_ = true; }

  /// Somebody was heard who is to be asked: what it said in this slot, else it is queued.
  std::optional<Reading> heard(const Peer& peer, int8_t rssi_dbm, Moment now);
  /// What became of a connection.
  void read(const Peer& peer, const Reading& reading, Moment now);
  void stranger(const Peer& peer, Moment now) { queue_.stranger(peer, now.monotonic); }
  void unreachable(const Peer& peer, Moment now) { queue_.unreachable(peer, now.monotonic); }

  /// Replaces `actions` by what is to be done now, in order. Returns after how long at most it is
  /// to be called again: never later than the next border. To be called as well when the phone's
  /// clock was set, and after telling it anything.
  Millis advance(Moment now, std::vector<Action>& actions);

  bool advertising() const { return advertising_; }
  bool scanning() const { return scanning_; }
  Power power() const { return power_; }

 private:
  // One duty cycle's place in its period.
  struct Phase {
    bool on = false;
    uint32_t piece = 0;  // counts, so that a piece that follows another without a pause is seen
    Millis until{0};
  };
  void begin_period(Phase& phase, const DutyCycle& cycle, bool stretched, Millis now);
  void follow(Phase& phase, const DutyCycle& cycle, bool stretched, Millis now);
  Millis pause_of(const DutyCycle& cycle, bool stretched);
  bool must_rotate(Moment now) const;
  void begin_rotation(Moment now);
  Millis until_rotation(Moment now) const;
  void plan_advertising(Moment now, std::vector<Action>& actions);
  void plan_scanning(Moment now, std::vector<Action>& actions);
  void plan_reading(Moment now, std::vector<Action>& actions);
  Millis scan_allowed_at() const;

  const Plan plan_;
  Random& random_;
  AppState state_ = AppState::background;
  Power power_ = Power::full;
  bool radio_ = true;
  bool renew_ = false;

  // What the phases were begun for: another one begins them anew.
  std::optional<AppState> phased_for_;
  Power phased_power_ = Power::full;
  Phase advertise_phase_;
  Phase scan_phase_;
  bool advertising_ = false;
  uint32_t advertised_piece_ = 0;
  bool scanning_ = false;
  uint32_t scanned_piece_ = 0;
  TimeRange slot_;       // in which the identifier on the air may be sent
  Millis rotate_at_{0};  // the same of a random rotation
  std::optional<Moment> last_;
  std::array<std::optional<Millis>, 4> scan_starts_{};  // the latest, for Android's limit
  size_t next_scan_start_ = 0;
  GattQueue queue_;
  ReadingCache readings_;
};

}  // namespace nearzone::beacon
