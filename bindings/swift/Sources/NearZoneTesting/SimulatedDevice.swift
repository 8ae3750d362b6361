public import Foundation
public import NearZone

/// A device for tests of apps: a real one, with a real log, whose clock the test sets, and whose keys
/// follow from a number, so that a test gives the same result every time. Never for people: anybody
/// can guess its keys.
///
///     let mine = try await SimulatedDevice(at: folder, time: noon, seed: 1)
///     let other = try await SimulatedDevice(at: otherFolder, time: noon, seed: 2)
///     try await mine.hear(other, rssi: -60)
public actor SimulatedDevice {
  /// To be given to the app that is tested.
  public nonisolated let device: Device
  /// What its clock shows.
  public private(set) var time: Date
  private var lastScan: Date?

  /// Opens or makes the state of a phone that is simulated.
  ///
  /// - Parameters:
  ///   - folder: As with a device.
  ///   - configuration: The options.
  ///   - time: What its clock shows.
  ///   - seed: What its keys follow from: another one for each phone.
  public init(
    at folder: URL, configuration: Device.Configuration = Device.Configuration(), time: Date,
    seed: UInt64
  ) async throws(NearZoneError) {
    var secret = Data(count: RootSecret.size)
    for i in 0..<8 { secret[i] = UInt8(truncatingIfNeeded: seed >> (8 * i)) }
    device = try await Device(
      simulatedAt: folder, rootSecret: RootSecret(secret), configuration: configuration, time: time,
      seed: seed)
    self.time = time
  }

  /// Sets its clock, to any time.
  public func setTime(_ time: Date) async throws(NearZoneError) {
    try await device.setSimulatedTime(time)
    self.time = time
  }

  /// Lets time pass.
  public func advance(by duration: Duration) async throws(NearZoneError) {
    let (seconds, attoseconds) = duration.components
    try await setTime(
      time.addingTimeInterval(Double(seconds) + Double(attoseconds) / 1_000_000_000_000_000_000))
  }

  /// Records one scan, now, that hears another phone as it sends by its own clock. For how long it
  /// counts follows from the time of the scan before, as with a real one.
  ///
  /// - Parameters:
  ///   - other: The phone that is heard.
  ///   - rssi: How strongly, in dBm.
  public func hear(_ other: SimulatedDevice, rssi: Int) async throws(NearZoneError) {
    let air = try await other.device.advertisement()
    let sighting = try Sighting(
      air.scheme, identifier: air.identifier, at: time, rssi: rssi, metadata: air.metadata)
    let scan = Scan(start: time, previousStart: lastScan, sightings: [sighting])
    lastScan = time
    try await device.record(scan)
  }
}
