internal import CNearZone
import Foundation

/// One phone's keys, its encrypted log, and what was found.
///
///     let device = try await Device(at: folder, rootSecret: secret)
///     let air = try await device.advertisement()  // to be sent until air.validUntil
///     try await device.record(Scan(start: start, previousStart: previous, sightings: heard))
///     let found = try await device.check(listAt: url, verifiedBy: keys)
///
/// Calls may be made from anywhere and at the same time. They wait for the disk on a queue of the
/// device's own, one after the other; a list is matched beside them. The folder is let go of when
/// the device, its matches and its exports are.
public final class Device: Sendable {
  /// What opening it found wrong.
  public let opening: Opening

  let handle: DeviceHandle
  let worker: Worker
  // Suspending must not wait for what the worker has yet to do.
  private let suspending = Worker("suspending")

  /// Opens or makes a phone's state. A failed opening overwrites nothing.
  ///
  /// - Parameters:
  ///   - folder: Where it is kept; its parent must exist.
  ///   - rootSecret: What it is encrypted under.
  ///   - configuration: The options.
  /// - Throws: `wrongKey`, with the field "restored" where the folder was restored from a backup
  ///   without its keys; `inUse`, `corrupt`, `newerFormat`, `io`, `noSpace`.
  public convenience init(
    at folder: URL, rootSecret: RootSecret, configuration: Configuration = Configuration()
  ) async throws(NearZoneError) {
    try await self.init(at: folder) { path, device, failure in
      rootSecret.withBytes { secret in
        withUnsafePointer(to: configuration.raw) {
          nz_device_open(path, secret.baseAddress, $0, device, failure)
        }
      }
    }
  }

  /// For tests: its clock stands still, and anybody can guess its keys.
  package convenience init(
    simulatedAt folder: URL, rootSecret: RootSecret, configuration: Configuration, time: Date,
    seed: UInt64
  ) async throws(NearZoneError) {
    let milliseconds = try time.milliseconds("time")
    try await self.init(at: folder) { path, device, failure in
      rootSecret.withBytes { secret in
        withUnsafePointer(to: configuration.raw) {
          nz_device_open_simulated(
            path, secret.baseAddress, $0, milliseconds, seed, device, failure)
        }
      }
    }
  }

  private typealias Open =
    @Sendable (UnsafePointer<CChar>?, UnsafeMutablePointer<OpaquePointer?>, ErrorSlot) -> Int32

  private init(at folder: URL, _ open: @escaping Open) async throws(NearZoneError) {
    try folder.requireFile("folder")
    let worker = Worker("device")
    let made = try await worker.run { () throws(NearZoneError) in
      try make { device, failure in folder.withPath { open($0, device, failure) } }
    }
    handle = DeviceHandle(pointer: made.pointer)
    self.worker = worker
    var opening = nz_opening.sized
    try call { nz_device_opening(made.pointer, &opening, $0) }
    self.opening = Opening(opening)
  }

  /// For tests: sets the clock of a simulated device.
  package func setSimulatedTime(_ time: Date) async throws(NearZoneError) {
    let milliseconds = try time.milliseconds("time")
    try await worker.run { [self] () throws(NearZoneError) in
      try call { nz_device_set_simulated_time(handle.pointer, milliseconds, $0) }
    }
  }

  /// Grows with every change of the log's keys. Kept in the phone's keychain and given back as
  /// `Configuration.leastCounter`, it tells of an older folder put back.
  public var counter: UInt64 {
    get async throws(NearZoneError) {
      try await worker.run { [self] () throws(NearZoneError) in
        var counter: UInt64 = 0
        try call { nz_device_counter(handle.pointer, &counter, $0) }
        return counter
      }
    }
  }

  /// What to send now.
  ///
  /// - Throws: As the log does, which keeps own keys before they go on the air.
  public func advertisement() async throws(NearZoneError) -> Advertisement {
    try await worker.run { [self] () throws(NearZoneError) in
      var air = nz_advertisement.sized
      try call { nz_device_advertisement(handle.pointer, &air, $0) }
      return Advertisement(air)
    }
  }

  /// Stores what a scan heard, all of it or nothing, before it returns, even where the task is
  /// cancelled. After a failure the same call may be repeated: nothing is stored twice.
  public func record(_ scan: Scan) async throws(NearZoneError) {
    try await record([scan])
  }

  /// The same of many scans.
  public func record(_ scans: [Scan]) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in try store(scans) }
  }

  /// The same, waiting for the disk: for code that is not asynchronous, such as what a
  /// `CBCentralManager` calls on a queue of its own.
  public func record(_ scan: Scan) throws(NearZoneError) {
    try store([scan])
  }

  /// The same of many scans.
  public func record(_ scans: [Scan]) throws(NearZoneError) {
    try store(scans)
  }

  private func store(_ scans: [Scan]) throws(NearZoneError) {
    var raw: [nz_scan] = []
    raw.reserveCapacity(scans.count)
    for scan in scans { raw.append(try scan.raw) }
    let heard = Scan.sightings(of: scans)
    try call { nz_device_record(handle.pointer, raw, raw.count, heard, heard.count, $0) }
  }

  /// The exposures of all lists matched, ascending by day, of the days that the log still keeps.
  public func exposures() async throws(NearZoneError) -> [Exposure] {
    try await worker.run { [self] () throws(NearZoneError) in
      try readAll { nz_device_exposures(handle.pointer, $0, $1, $2, $3) }.map(Exposure.init)
    }
  }

  /// The same findings as Exposure Notification's windows, for ``DailySummary`` and for apps that
  /// have rules of their own. In a random order, so that their place does not tell which are of one
  /// key.
  ///
  /// - Throws: `invalidArgument` where the mapping cannot be; else as the log does.
  public func exposureWindows(_ mapping: DiagnosisKeyMapping = DiagnosisKeyMapping())
    async throws(NearZoneError) -> [ExposureWindow]
  {
    let raw = try mapping.raw()
    let rows: [nz_window_scan] = try await worker.run { [self] () throws(NearZoneError) in
      try withUnsafePointer(to: raw) { mapping throws(NearZoneError) in
        try readAll { nz_device_exposure_windows(handle.pointer, mapping, $0, $1, $2, $3) }
      }
    }
    return ExposureWindow.windows(of: rows)
  }

  /// Erases what is older than the retention; never on the word of a clock that cannot be right. To
  /// be called once a day.
  ///
  /// - Returns: How many days were erased.
  @discardableResult
  public func purge() async throws(NearZoneError) -> Int {
    try await worker.run { [self] () throws(NearZoneError) in
      var days: Int32 = 0
      try call { nz_device_purge(handle.pointer, &days, $0) }
      return Int(days)
    }
  }

  /// Packs days that are over. To be called in quiet moments, until it says no.
  ///
  /// - Parameter budget: About how long it may take.
  /// - Returns: Whether there is more to do.
  public func compact(for budget: Duration) async throws(NearZoneError) -> Bool {
    try await worker.run { [self] () throws(NearZoneError) in
      var more: Int32 = 0
      try call { nz_device_compact(handle.pointer, budget.wholeMilliseconds, &more, $0) }
      return more != 0
    }
  }

  /// Lets go of every file and lock within 100 ms, before an app goes into the background: iOS ends
  /// an app that is suspended with a lock held. Until `resume()` everything that needs the log fails
  /// with `closed`; so does a match that is under way, which keeps what it had saved.
  public func suspend() async throws(NearZoneError) {
    try await suspending.run { [self] () throws(NearZoneError) in
      try call { nz_device_suspend(handle.pointer, $0) }
    }
  }

  /// Takes the files up again. Fails as opening does.
  public func resume() async throws(NearZoneError) {
    try await suspending.run { [self] () throws(NearZoneError) in
      try call { nz_device_resume(handle.pointer, $0) }
    }
  }
}
