import Foundation
import NearZone

/// Gathers what is heard into scans of a minute, and records them.
actor Ear {
  private static let scanLength: TimeInterval = 60

  private let phone: Phone
  private var scan: Scan?
  private var previousStart: Date?

  init(phone: Phone) {
    self.phone = phone
  }

  /// - Returns: Whether a scan is over and another one is to be begun.
  func hear(_ sighting: Sighting) async throws -> Bool {
    var over = false
    if let scan, sighting.time.timeIntervalSince(scan.start) >= Self.scanLength {
      try await record()
      over = true
    }
    if scan == nil { scan = Scan(start: sighting.time, previousStart: previousStart) }
    scan?.sightings.append(sighting)
    return over
  }

  /// Records what was gathered. To be called before the app is suspended, too.
  func record() async throws {
    guard let recorded = scan else { return }
    try await phone.use { try await $0.record(recorded) }
    previousStart = recorded.start
    // What was heard meanwhile belongs to the next one.
    let rest = scan?.sightings.dropFirst(recorded.sightings.count) ?? []
    scan = rest.first.map {
      Scan(start: $0.time, previousStart: recorded.start, sightings: Array(rest))
    }
  }
}
