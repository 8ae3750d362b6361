internal import CNearZone
import Foundation

/// A list being matched with what was heard. What was done is kept, sealed, in the device's log: a
/// match that is stopped at any point, even by the end of the process, goes on where it was saved
/// last when the same list is matched again.
///
///     let match = try await device.match(list, verifiedBy: keys)
///     for try await progress in match.progress() { bar.progress = progress.fractionCompleted }
///     let found = try await match.finish()
///
/// Cancelling a task that waits for it saves and ends it: what it does then fails with `cancelled`.
public final class Match: Sendable {
  /// The options of matching. What is not set has the library's default.
  public struct Options: Equatable, Sendable {
    /// How Bluezone's windows are read.
    public var bluezoneWindows: BluezoneWindows
    /// Whether lists that nobody vouches for are used as well.
    public var acceptUnverifiedLists: Bool

    /// The defaults.
    public init() {
      var raw = nz_match_config.sized
      nz_match_config_init(&raw)
      bluezoneWindows = BluezoneWindows(rawValue: raw.bluezone_windows) ?? .tolerant
      acceptUnverifiedLists = raw.accept_unverified_lists != 0
    }

    var raw: nz_match_config {
      var raw = nz_match_config.sized
      raw.bluezone_windows = bluezoneWindows.rawValue
      raw.accept_unverified_lists = acceptUnverifiedLists ? 1 : 0
      return raw
    }
  }

  /// How Bluezone's windows are read.
  public enum BluezoneWindows: Int32, Sendable, CaseIterable {
    /// Five minutes more on either side.
    case tolerant = 0
    /// Bit for bit as the original.
    case strict = 1
  }

  /// How many keys a step has, unless it is told: some milliseconds of work.
  public static let keysPerStep = 1 << 14

  private let handle: MatchHandle
  // It may be reading from the list's bytes.
  private let list: KeyList
  private let worker: Worker
  private let cancel: Cancel

  fileprivate init(
    _ list: KeyList, on device: Device, verifiedBy keys: PublicKeys?, options: Options
  ) async throws(NearZoneError) {
    let worker = Worker("match")
    let cancel = try Cancel()
    let made = try await worker.run(until: cancel) { () throws(NearZoneError) in
      try make { match, failure in
        withUnsafePointer(to: options.raw) {
          nz_match_begin(
            device.handle.pointer, list.handle.pointer, keys?.handle.pointer, $0,
            cancel.handle.pointer, match, failure)
        }
      }
    }
    handle = MatchHandle(pointer: made.pointer)
    self.list = list
    self.worker = worker
    self.cancel = cancel
  }

  /// Matches all that is left.
  ///
  /// - Throws: `cancelled`, after which what was done is kept; `closed` where the device is
  ///   suspended; or as the log and the list do.
  public func finish() async throws(NearZoneError) -> MatchReport {
    try await worker.run(until: cancel) { [self] () throws(NearZoneError) in
      while try step(Self.keysPerStep) {}
      return try MatchReport(of: handle.pointer)
    }
  }

  /// How far it is.
  public var report: MatchReport {
    get async throws(NearZoneError) {
      try await worker.run { [self] () throws(NearZoneError) in
        try MatchReport(of: handle.pointer)
      }
    }
  }

  /// Keeps what was done so far. A match does so itself every 2^18 keys and when it is cancelled.
  public func save() async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in try saveNow() }
  }

  /// Matches some more, and says how far it is.
  func advance(_ mostKeys: Int) async throws(NearZoneError) -> MatchProgress {
    try await worker.run(until: cancel) { [self] () throws(NearZoneError) in
      let more = try step(mostKeys)
      return MatchProgress(try matchReport(of: handle.pointer), isDone: !more)
    }
  }

  /// On the worker's queue.
  private func step(_ mostKeys: Int) throws(NearZoneError) -> Bool {
    do {
      var more: Int32 = 0
      try call { nz_match_step(handle.pointer, UInt64(mostKeys), &more, $0) }
      return more != 0
    } catch {
      if error.code == .cancelled { try saveNow() }
      throw error
    }
  }

  private func saveNow() throws(NearZoneError) {
    try call { nz_match_save(handle.pointer, $0) }
  }
}

extension Device {
  /// Begins to match a list with what was heard. Verifies the list first. Recording goes on beside
  /// it. Can be cancelled.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - keys: The authority's keys, any of which must verify the list; or nil where the options
  ///     accept unverified lists.
  ///   - options: The options.
  /// - Throws: `signatureRefused` where no key verifies the list or its validity has ended;
  ///   `invalidArgument` where it is older than one of its series that was matched; `cancelled`; or
  ///   as the log does.
  public func match(
    _ list: KeyList, verifiedBy keys: PublicKeys?, options: Match.Options = Match.Options()
  ) async throws(NearZoneError) -> Match {
    try await Match(list, on: self, verifiedBy: keys, options: options)
  }

  /// Opens, verifies and matches a list, with the default options. Cancelled, or the app ended, it
  /// goes on from where it was when it is called again.
  ///
  /// - Throws: As `KeyList.init(contentsOf:)`, `match` and `Match.finish()`.
  public func check(listAt url: URL, verifiedBy keys: PublicKeys) async throws(NearZoneError)
    -> MatchReport
  {
    try await match(KeyList(contentsOf: url), verifiedBy: keys).finish()
  }
}
