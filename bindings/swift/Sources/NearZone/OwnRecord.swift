internal import CNearZone
import Foundation

// The person's own record: to look at, to take along, and to erase.
extension Device {
  /// What the log holds in all.
  public func statistics() async throws(NearZoneError) -> Statistics {
    try await worker.run { [self] () throws(NearZoneError) in
      var statistics = nz_statistics.sized
      try call { nz_device_statistics(handle.pointer, &statistics, $0) }
      return Statistics(statistics)
    }
  }

  /// What the log holds by UTC day, ascending; what was recorded at times that cannot be right comes
  /// first.
  public func days() async throws(NearZoneError) -> [DayCounts] {
    try await worker.run { [self] () throws(NearZoneError) in
      try readAll { nz_device_days(handle.pointer, $0, $1, $2, $3) }.map(DayCounts.init)
    }
  }

  /// The same by the days of a local clock, as people's days are local.
  ///
  /// - Parameter timeZone: The clock; how far it is ahead of UTC now counts for all days.
  public func days(in timeZone: TimeZone) async throws(NearZoneError) -> [DayCounts] {
    try await days(aheadOfUTC: .seconds(timeZone.secondsFromGMT()))
  }

  /// The same by the days of a clock that is so far ahead of UTC, at most a day.
  public func days(aheadOfUTC offset: Duration) async throws(NearZoneError) -> [DayCounts] {
    try await worker.run { [self] () throws(NearZoneError) in
      try readAll {
        nz_device_local_days(handle.pointer, offset.wholeMilliseconds, $0, $1, $2, $3)
      }.map(DayCounts.init)
    }
  }

  /// What was recorded and is not there any more, by UTC day, ascending.
  public func losses(_ kind: LossKind) async throws(NearZoneError) -> [DayCounts] {
    try await worker.run { [self] () throws(NearZoneError) in
      try readAll { nz_device_losses(handle.pointer, kind.rawValue, $0, $1, $2, $3) }
        .map(DayCounts.init)
    }
  }

  /// Erases what was heard and found on a day; own keys stay. When it returns, the keys of what was
  /// erased are overwritten on the disk.
  public func erase(_ day: Day) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { nz_device_erase_day(handle.pointer, day.number, $0) }
    }
  }

  /// Erases everything, own keys too; the phone is then a new one. When it returns, the keys of what
  /// was erased are overwritten on the disk.
  public func eraseAll() async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { nz_device_erase_all(handle.pointer, $0) }
    }
  }

  /// Everything that the log holds, as text, decrypted.
  public func export(_ format: LogExport.Format) -> LogExport {
    LogExport(of: self, as: format)
  }

  /// Writes everything that the log holds, as text, decrypted.
  ///
  /// - Throws: A `NearZoneError`, with `cancelled` where the task was; or what writing failed with.
  public func export(_ format: LogExport.Format, to file: FileHandle) async throws {
    let text = try LogText(of: self, as: format)
    try await text.write(to: file)
  }

  /// The same to a new file that only its owner may read and, on a phone, only while it is unlocked.
  /// Where it fails, there is no file.
  public func export(_ format: LogExport.Format, to url: URL) async throws {
    try url.requireFile("url")
    var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
    #if os(iOS)
      attributes[.protectionKey] = FileProtectionType.complete
    #endif
    try? FileManager.default.removeItem(at: url)
    guard
      FileManager.default.createFile(atPath: url.path, contents: nil, attributes: attributes)
    else {
      throw CocoaError(.fileWriteUnknown)
    }
    do {
      let file = try FileHandle(forWritingTo: url)
      try await export(format, to: file)
      try file.close()
    } catch {
      try? FileManager.default.removeItem(at: url)
      throw error
    }
  }
}
