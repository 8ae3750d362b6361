internal import CNearZone
import Foundation

/// How much is left in the battery, in steps that matter.
public enum Power: Int32, Sendable, CaseIterable {
  /// Enough.
  case full = 0
  /// The radio scans half as often.
  case low = 1
  /// The radio does not scan.
  case critical = 2
}

/// What a planner says.
public enum ActionKind: Int32, Sendable, CaseIterable {
  /// Stop sending.
  case stopAdvertising = 1
  /// Send `Device.transmission`, as a new advertising with a new address.
  case advertise = 2
  /// Stop hearing, and record the scan, also one that heard nothing.
  case stopScanning = 3
  /// Begin to hear.
  case scan = 4
  /// End the connection to the peer.
  case disconnect = 5
  /// Connect to the peer, read its characteristic, and tell `Planner.answered`.
  case connect = 6
}

/// What is to be done.
public struct Action: Equatable, Sendable {
  /// What.
  public let kind: ActionKind
  /// Of advertising, scanning and connecting: for how long at most.
  public let lasts: Duration
  /// Of connecting and disconnecting: with whom.
  public let peer: UUID

  init(_ raw: nz_action) {
    kind = ActionKind(rawValue: raw.kind) ?? .stopScanning
    lasts = .milliseconds(raw.lasts_ms)
    peer = UUID(uuid: raw.peer)
  }
}

/// What a radio does all day.
public struct Plan: Sendable {
  let raw: nz_plan

  /// The plan of a scheme on a phone's system.
  public init(of scheme: Scheme, on system: PhoneSystem) throws(NearZoneError) {
    var raw = nz_plan.sized
    try call { nz_plan_of(scheme.rawValue, system.rawValue, &raw, $0) }
    self.raw = raw
  }

  private init(_ raw: nz_plan) throws(NearZoneError) {
    self.raw = raw
    _ = try secondsADay(in: .foreground)  // fails where no planner could follow it
  }

  /// With another duty cycle of sending: on, then off for a random time of `pause`, and so on. Without
  /// a pause it is always on, in pieces of `on`.
  ///
  /// - Throws: As all of these, `invalidArgument` where no planner could follow it.
  public func withAdvertising(
    in state: AppState, on: Duration, pause: ClosedRange<Duration>
  ) throws(NearZoneError) -> Plan {
    var raw = raw
    state.set(&raw.advertise_on_ms, on)
    state.set(&raw.advertise_least_pause_ms, pause.lowerBound)
    state.set(&raw.advertise_most_pause_ms, pause.upperBound)
    return try Plan(raw)
  }

  /// With another duty cycle of listening.
  public func withScanning(
    in state: AppState, on: Duration, pause: ClosedRange<Duration>
  ) throws(NearZoneError) -> Plan {
    var raw = raw
    state.set(&raw.scan_on_ms, on)
    state.set(&raw.scan_least_pause_ms, pause.lowerBound)
    state.set(&raw.scan_most_pause_ms, pause.upperBound)
    return try Plan(raw)
  }

  /// With identifiers that change at the borders of slots, counted from UTC midnight.
  public func withSlots(of length: Duration) throws(NearZoneError) -> Plan {
    var raw = raw
    raw.slot_ms = length.wholeMilliseconds
    (raw.rotation_least_ms, raw.rotation_most_ms) = (0, 0)
    return try Plan(raw)
  }

  /// With identifiers that change after a random time.
  public func withRandomRotation(
    after time: ClosedRange<Duration>
  ) throws(NearZoneError) -> Plan {
    var raw = raw
    raw.slot_ms = 0
    raw.rotation_least_ms = time.lowerBound.wholeMilliseconds
    raw.rotation_most_ms = time.upperBound.wholeMilliseconds
    return try Plan(raw)
  }

  /// With other limits of the battery, in percent, below which it listens half as often, and not at
  /// all.
  public func withBattery(low: Int, critical: Int) throws(NearZoneError) -> Plan {
    var raw = raw
    raw.low_percent = Int32(exactly: low) ?? -1
    raw.critical_percent = Int32(exactly: critical) ?? -1
    return try Plan(raw)
  }

  /// For how many seconds of a day the radio sends, and listens.
  public func secondsADay(
    in state: AppState, _ power: Power = .full
  ) throws(NearZoneError) -> (advertising: Int, scanning: Int) {
    var (advertising, scanning) = (Int64(0), Int64(0))
    try call { failure in
      withUnsafePointer(to: raw) {
        nz_plan_seconds_a_day($0, state.rawValue, power.rawValue, &advertising, &scanning, failure)
      }
    }
    return (Int(advertising), Int(scanning))
  }
}

extension AppState {
  fileprivate func set(_ times: inout (Int64, Int64), _ time: Duration) {
    if self == .foreground {
      times.0 = time.wholeMilliseconds
    } else {
      times.1 = time.wholeMilliseconds
    }
  }
}

/// Says when a phone's radio is to do what: a machine without a clock or a radio, which is told the
/// time and what happened. What it is told takes effect with the next `advance`, which is due at
/// once then; it is due as well when the phone's clock was set.
///
/// Of two times, one is the phone's clock, and the other one of a clock that counts its sleep too and
/// never goes back, such as `ContinuousClock`. Peers are what Core Bluetooth calls identifiers.
public final class Planner: Sendable {
  private let handle: PlannerHandle
  private let scheme: Scheme

  /// One that begins now, for identifiers of a scheme.
  public init(for scheme: Scheme, following plan: Plan) throws(NearZoneError) {
    self.scheme = scheme
    let made = try make { planner, failure in
      withUnsafePointer(to: plan.raw) { nz_planner_new($0, planner, failure) }
    }
    handle = PlannerHandle(pointer: made.pointer)
  }

  /// For tests only: what is random follows from the seed.
  public init(
    simulatedFor scheme: Scheme, following plan: Plan, seed: UInt64
  ) throws(NearZoneError) {
    self.scheme = scheme
    let made = try make { planner, failure in
      withUnsafePointer(to: plan.raw) { nz_planner_new_simulated($0, seed, planner, failure) }
    }
    handle = PlannerHandle(pointer: made.pointer)
  }

  /// Whether the app is being looked at.
  public func set(_ state: AppState) throws(NearZoneError) {
    try call { nz_planner_set_state(handle.pointer, state.rawValue, $0) }
  }

  /// How much is left in the battery, and whether it is being charged.
  public func setBattery(percent: Int, isCharging: Bool) throws(NearZoneError) {
    let percent = Int32(exactly: percent) ?? -1
    try call { nz_planner_set_battery(handle.pointer, percent, isCharging ? 1 : 0, $0) }
  }

  /// Whether Bluetooth is on and the person wants it to be used.
  public func setRadio(isOn: Bool) throws(NearZoneError) {
    try call { nz_planner_set_radio(handle.pointer, isOn ? 1 : 0, $0) }
  }

  /// The own keys have changed: so must the identifier, at once.
  public func renew() throws(NearZoneError) {
    try call { nz_planner_renew(handle.pointer, $0) }
  }

  /// Somebody was heard who is to be asked.
  ///
  /// - Returns: What it said before in this slot; or nothing, and it is queued.
  public func heard(
    _ peer: UUID, rssi: Int, at time: Date, uptime: Duration
  ) throws(NearZoneError) -> Heard {
    var known = nz_heard()
    let now = try time.milliseconds("time")
    let rssi = Int32(exactly: rssi) ?? 1000
    try withBytes(of: peer) { peer, failure in
      nz_planner_heard(
        handle.pointer, peer, rssi, now, uptime.wholeMilliseconds, &known, failure)
    }
    return Heard(raw: known, scheme: scheme)
  }

  /// What a connection gave.
  ///
  /// - Parameter heard: What the characteristic says, which is nothing of a stranger; nil where the
  ///   peer could not be reached.
  public func answered(
    _ peer: UUID, _ heard: Heard?, at time: Date, uptime: Duration
  ) throws(NearZoneError) {
    let now = try time.milliseconds("time")
    let uptime = uptime.wholeMilliseconds
    try withBytes(of: peer) { peer, failure in
      guard let heard else {
        return nz_planner_answered(handle.pointer, peer, nil, now, uptime, failure)
      }
      return withUnsafePointer(to: heard.raw) {
        nz_planner_answered(handle.pointer, peer, $0, now, uptime, failure)
      }
    }
  }

  /// What is to be done now, in order, and after how long at most to ask again.
  public func advance(
    to time: Date, uptime: Duration
  ) throws(NearZoneError) -> (actions: [Action], pause: Duration) {
    let now = try time.milliseconds("time")
    let uptime = uptime.wholeMilliseconds
    var pause = Int64(0)
    let actions: [nz_action] = try readAll {
      nz_planner_advance(handle.pointer, now, uptime, $0, $1, $2, &pause, $3)
    }
    return (actions.map(Action.init), .milliseconds(pause))
  }

  private func withBytes(
    of peer: UUID, _ body: (UnsafeRawPointer?, ErrorSlot) -> Int32
  ) throws(NearZoneError) {
    try call { failure in withUnsafeBytes(of: peer.uuid) { body($0.baseAddress, failure) } }
  }
}
